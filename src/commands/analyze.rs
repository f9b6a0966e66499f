//! `tastemaker analyze`: what is in pictures, clips and sounds.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use comfy_table::Table;

use crate::analysis::audio::read_captions;
use crate::analysis::{Analysis, BeatOverride, Effort, FileKind, Part, Scope, Transcript};
use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, OptionalOutput, output,
};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::on_terminal;
use crate::commands::table::table;
use crate::commands::values;
use crate::commands::workshop::workshop;
use crate::error::Error;
use crate::hint::Hint;
use crate::jobs::{AnalyzeJob, Input, analyze_files, expand, refuse_conflicts};
use crate::media::Limits;
use crate::report::analysis_page;
use crate::store::write_atomic;
use crate::task::Task;

/// Tell what is in pictures, clips and sounds
#[derive(Debug, Args)]
#[command(mut_arg("output", output("DIR", "Write DIR/NAME.EXT.json for each file")))]
pub struct Analyze {
    /// Files and folders
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub target: OptionalOutput,
    /// Write one page to look at: storyboards, curves, faces, palettes
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Look for these alone; `safety` is looked for only when it is named
    #[arg(long, value_name = "PART", value_delimiter = ',', value_parser = values::parts())]
    pub only: Vec<Part>,
    /// Speed first: no transcript, no text, fewer networks on films
    #[arg(long, conflicts_with = "full")]
    pub fast: bool,
    /// Everything, as well as it can be told (the default)
    #[arg(long)]
    pub full: bool,
    /// What is said in the one FILE, as SubRip (.srt) or WebVTT (.vtt), instead of a transcript
    #[arg(long, value_name = "FILE")]
    pub captions: Option<PathBuf>,
    /// Beats a minute, 40 to 220, where it is known: beats keep within 4 % of it
    #[arg(long, value_name = "BPM")]
    pub tempo: Option<f64>,
    /// Move beats and downbeats by up to 2 seconds; later where above zero
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub nudge: Option<f64>,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

impl Analyze {
    /// What is asked of each file.
    pub fn scope(&self) -> Scope {
        let only = (!self.only.is_empty()).then(|| self.only.clone());
        Scope::new(
            only,
            if self.fast {
                Effort::Fast
            } else {
                Effort::Full
            },
        )
    }
}

pub fn run(verb: &Analyze, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let inputs = expand(&verb.files)?;
    let targets = match &verb.target.output {
        Some(folder) => targets(&inputs, folder)?,
        None => Vec::new(),
    };
    let written = targets.iter().chain(&verb.html).map(Some);
    refuse_conflicts(written, verb.replace.overwrite())?;
    let job = AnalyzeJob {
        scope: verb.scope(),
        captions: captions(verb, &inputs, &common.language)?,
        beats: BeatOverride::new(verb.tempo, verb.nudge)?,
        inputs,
    };
    if verb.mode.dry_run {
        for (at, input) in job.inputs.iter().enumerate() {
            let target = targets
                .get(at)
                .map_or(String::new(), |target| format!(" -> {}", target.display()));
            printer.data(&format!("{}{target}\n", input.path.display()))?;
        }
        return Ok(Outcome::Done);
    }
    let task = on_terminal(task, printer, verb.print.json);
    let mut results = Results::new(verb, &targets, printer);
    let report = analyze_files(job, &workshop(common), &task, |at, analysis| {
        results.add(at, analysis)
    })?;
    results.finish(&common.limits.limits(), &task)?;
    Ok(Outcome::with_findings(report.failed))
}

/// The captions of the only file.
fn captions(verb: &Analyze, inputs: &[Input], language: &str) -> Result<Option<Transcript>> {
    match &verb.captions {
        Some(_) if inputs.len() != 1 => Err(Error::Usage {
            what: format!("--captions is for one file, not {}", inputs.len()),
            hint: Hint::AnalyzeAlone,
        }
        .into()),
        Some(file) => Ok(Some(read_captions(file, language)?)),
        None => Ok(None),
    }
}

/// `folder/NAME.EXT.json` for each input. Two inputs of one name are refused, since one would replace the other.
fn targets(inputs: &[Input], folder: &Path) -> Result<Vec<PathBuf>> {
    let mut targets: Vec<PathBuf> = Vec::new();
    for input in inputs {
        let mut name = input.path.file_name().unwrap_or_default().to_owned();
        name.push(".json");
        let target = folder.join(name);
        if targets.contains(&target) {
            return Err(Error::Usage {
                what: format!("two inputs would both be written to {}", target.display()),
                hint: Hint::AnalyzeApart,
            }
            .into());
        }
        targets.push(target);
    }
    Ok(targets)
}

/// What becomes of the analyses: files, JSON lines, a table, a page.
struct Results<'a> {
    verb: &'a Analyze,
    targets: &'a [PathBuf],
    printer: &'a Printer,
    table: Table,
    shown: Vec<Analysis>,
}

impl<'a> Results<'a> {
    fn new(verb: &'a Analyze, targets: &'a [PathBuf], printer: &'a Printer) -> Self {
        Self {
            verb,
            targets,
            printer,
            table: table(&["file", "kind", "size", "length", "what is in it"]),
            shown: Vec::new(),
        }
    }

    fn add(&mut self, at: usize, analysis: Analysis) -> Result<()> {
        if let Some(target) = self.targets.get(at) {
            let mut bytes = serde_json::to_vec_pretty(&analysis)?;
            bytes.push(b'\n');
            write_atomic(target, &bytes, self.verb.replace.overwrite())?;
        }
        if self.verb.print.json {
            self.printer.json(&analysis)?;
        } else if self.targets.is_empty() {
            self.table.add_row(row(&analysis));
        }
        if self.verb.html.is_some() {
            self.shown.push(analysis);
        }
        Ok(())
    }

    fn finish(self, limits: &Limits, task: &Task) -> Result<()> {
        let printer = self.printer;
        if !self.verb.print.json && self.table.row_count() > 0 {
            printer.data(&format!("{}\n", self.table))?;
        }
        if let Some(target) = &self.verb.html {
            let page = analysis_page(&self.shown, limits, task)?;
            write_atomic(target, page.as_bytes(), self.verb.replace.overwrite())?;
            printer.talk(&format!("the page is {}", target.display()));
        }
        if let Some(folder) = &self.verb.target.output {
            printer.talk(&format!("results are in {}", folder.display()));
        }
        Ok(())
    }
}

fn row(analysis: &Analysis) -> [String; 5] {
    let file = &analysis.file;
    let kind = match file.kind {
        FileKind::Image => "image",
        FileKind::Video => "video",
        FileKind::Audio => "audio",
    };
    let (mut size, mut length, mut words) = (String::new(), String::new(), Vec::new());
    if let Some(picture) = &analysis.picture {
        size = format!("{}x{}", picture.width, picture.height);
        words.extend(picture.scene.iter().take(4).map(|word| word.label.clone()));
        if !picture.faces.is_empty() {
            words.push(format!(
                "{} {}",
                picture.faces.len(),
                if picture.faces.len() == 1 {
                    "face"
                } else {
                    "faces"
                }
            ));
        }
    }
    if let Some(video) = &analysis.video {
        size = format!("{}x{}", video.width, video.height);
        length = format!("{:.1} s", video.duration);
        words.push(format!(
            "{} {}",
            video.shots.len(),
            if video.shots.len() == 1 {
                "shot"
            } else {
                "shots"
            }
        ));
        let mut scene: Vec<String> = Vec::new();
        for word in video
            .shots
            .iter()
            .flat_map(|shot| shot.picture.scene.iter().take(1))
        {
            if !scene.contains(&word.label) && scene.len() < 3 {
                scene.push(word.label.clone());
            }
        }
        words.extend(scene);
    }
    if let Some(audio) = &analysis.audio {
        if length.is_empty() {
            length = format!("{:.1} s", audio.duration);
        }
        if let Some(loudness) = audio.loudness.integrated_lufs {
            words.push(format!("{loudness:.1} LUFS"));
        }
        if let Some(tempo) = &audio.tempo {
            words.push(format!("{:.0} bpm", tempo.bpm));
        }
        if let Some(key) = &audio.key {
            words.push(format!("{} {}", key.tonic, key.mode));
        }
        if !audio.speech.is_empty() {
            words.push("speech".into());
        }
        words.extend(
            audio
                .mood
                .iter()
                .flat_map(|mood| mood.words.iter().take(2).cloned()),
        );
    }
    [
        file.path.clone(),
        kind.into(),
        size,
        length,
        words.join(", "),
    ]
}
