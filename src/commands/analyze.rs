//! `tastemaker analyze`: what is in pictures, clips and sounds.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::analysis::audio::read_captions;
use crate::analysis::{Analysis, BeatOverride, Effort, FileKind, Part, Scope};
use crate::commands::analyzed::Analyzer;
use crate::commands::files::{expand, is_bystander};
use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, OptionalOutput, output,
};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::progress::Progress;
use crate::commands::table::table;
use crate::commands::values;
use crate::error::Error;
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
        Some(folder) => {
            let targets = targets(
                &inputs
                    .iter()
                    .map(|input| input.path.clone())
                    .collect::<Vec<_>>(),
                folder,
            )?;
            if let Some(target) = targets
                .iter()
                .find(|target| target.exists())
                .filter(|_| !verb.replace.force)
            {
                return Err(Error::Exists {
                    path: target.clone(),
                }
                .into());
            }
            targets
        }
        None => Vec::new(),
    };
    if let Some(page) = verb
        .html
        .as_ref()
        .filter(|page| page.exists() && !verb.replace.force)
    {
        return Err(Error::Exists { path: page.clone() }.into());
    }
    let captions = match &verb.captions {
        Some(_) if inputs.len() != 1 => {
            return Err(Error::Usage {
                what: format!("--captions is for one file, not {}", inputs.len()),
                hint: "analyze the file that they belong to alone".into(),
            }
            .into());
        }
        Some(file) => Some(read_captions(file, &common.language)?),
        None => None,
    };
    let beats = BeatOverride::new(verb.tempo, verb.nudge)?;
    if verb.mode.dry_run {
        for (at, input) in inputs.iter().enumerate() {
            let target = targets
                .get(at)
                .map_or(String::new(), |target| format!(" -> {}", target.display()));
            printer.data(&format!("{}{target}\n", input.path.display()))?;
        }
        return Ok(Outcome::Done);
    }
    let models = places::open_models(common)?;
    let analyzer = Analyzer::new(common, &models, task).asking(verb.scope());
    let analyzer = match captions {
        Some(captions) => analyzer.with_captions(captions),
        None => analyzer,
    };
    let progress = Progress::new("analyze", common.quiet);
    let paths: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    let analyzer = analyzer.with_beats(paths.iter().map(|path| (path.clone(), beats)).collect());
    let (mut outcome, mut bystanders) = (Outcome::Done, 0usize);
    let mut shown: Vec<Analysis> = Vec::new();
    let mut table = table(&["file", "kind", "size", "length", "what is in it"]);
    analyzer.run(&paths, &progress, |at, answer| {
        let Some(input) = inputs.get(at) else {
            return Ok(());
        };
        progress.message(&input.path.display().to_string());
        match answer {
            Ok(analysis) => {
                if let Some(partial) = &analysis.file.partial {
                    outcome = Outcome::Findings;
                    printer.note(&format!("only a part of it was read: {}", partial.message));
                }
                if verb.captions.is_some() && analysis.audio.is_none() {
                    printer.note("it has no sound: the captions were not used");
                }
                if let Some(target) = targets.get(at) {
                    let overwrite = verb.replace.overwrite();
                    let mut bytes = serde_json::to_vec_pretty(&analysis)?;
                    bytes.push(b'\n');
                    write_atomic(target, &bytes, overwrite)?;
                }
                if verb.print.json {
                    printer.json(&analysis)?;
                } else if targets.is_empty() {
                    table.add_row(row(&analysis));
                }
                if verb.html.is_some() {
                    shown.push(analysis);
                }
            }
            Err(problem) if is_bystander(input, &problem) => bystanders += 1,
            Err(problem) => {
                outcome = Outcome::Findings;
                if verb.print.json {
                    printer.error_json(&input.path, &problem)?;
                }
                printer.error(&problem);
            }
        }
        Ok(())
    })?;
    progress.finish();
    if bystanders > 0 {
        printer.note(&format!(
            "{bystanders} files in the folders are not media and were left alone"
        ));
    }
    if !verb.print.json && table.row_count() > 0 {
        printer.data(&format!("{table}\n"))?;
    }
    if let Some(target) = &verb.html {
        let page = analysis_page(&shown, &common.limits.limits(), task)?;
        let overwrite = verb.replace.overwrite();
        write_atomic(target, page.as_bytes(), overwrite)?;
        printer.talk(&format!("the page is {}", target.display()));
    }
    if let Some(folder) = &verb.target.output {
        printer.talk(&format!("results are in {}", folder.display()));
    }
    Ok(outcome)
}

/// `folder/NAME.EXT.json` for each input; two inputs of the same name are told apart by refusing them.
fn targets(paths: &[PathBuf], folder: &Path) -> Result<Vec<PathBuf>> {
    let mut targets: Vec<PathBuf> = Vec::new();
    for path in paths {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".json");
        let target = folder.join(name);
        if targets.contains(&target) {
            return Err(Error::Usage {
                what: format!("two inputs would both be written to {}", target.display()),
                hint: "analyze them into different folders".into(),
            }
            .into());
        }
        targets.push(target);
    }
    Ok(targets)
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
