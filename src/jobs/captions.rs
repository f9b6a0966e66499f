//! The job of `captions`: what is said in a file or a film, as a caption file.

use std::path::{Path, PathBuf};

use crate::analysis::{Analysis, Effort, Part, Scope};
use crate::captions::{
    Caption, CaptionRules, CaptionShape, CaptionStyle, CaptionWord, caption_cues, caption_words,
    read_cues,
};
use crate::edit::{Plan, SourceKind, imported_captions, plan_captions, restyled_captions};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::interchange::{SubtitleFormat, write_subtitles};
use crate::jobs::analyzer::Analyzer;
use crate::jobs::{Workshop, read_plan, refuse_conflicts};
use crate::media::probe;
use crate::store::{Overwrite, write_atomic};
use crate::task::{Stage, Task};

/// The style where none is named.
const USUAL_STYLE: &str = "plain";
/// The picture that a caption file is written for where there is sound alone.
const USUAL_SIZE: Size = Size {
    width: 1920,
    height: 1080,
};
/// Share of a picture's width that captions may take where nothing lies over it.
const SAFE_WIDTH: f64 = 0.9;

/// What is captioned, and where the captions go.
pub struct CaptionsJob {
    /// A clip, a sound or a plan.
    pub file: PathBuf,
    /// Captions to use instead of what is recognized, as SubRip or WebVTT.
    pub from: Option<PathBuf>,
    /// Id of the style; absent: that of the plan, or the plain one.
    pub style: Option<String>,
    /// The file to write; its ending is the format.
    pub target: PathBuf,
    /// What happens to a file that is there already.
    pub overwrite: Overwrite,
    /// False: nothing is written.
    pub write: bool,
}

/// Writes the captions and gives how many there are.
///
/// Errors: `Usage` for an ending that is no format, `Nothing` where nothing is said, and those of the files.
pub fn write_captions(job: &CaptionsJob, workshop: &Workshop, task: &Task) -> Result<usize> {
    let format = format_of(&job.target)?;
    refuse_conflicts([Some(&job.target)], job.overwrite)?;
    let style = job.style.as_deref().map(CaptionStyle::find).transpose()?;
    let is_plan = job.file.extension().is_some_and(|ending| ending == "json");
    let (captions, size) = if is_plan {
        of_plan(job, style, workshop, task)?
    } else {
        of_file(job, style, workshop, task)?
    };
    if captions.is_empty() {
        return Err(Error::Nothing {
            what: format!("there is nothing to caption in {}", job.file.display()),
            hint: Hint::NameCaptions,
        });
    }
    let text = write_subtitles(&captions, size, format)?;
    if job.write {
        write_atomic(&job.target, text.as_bytes(), job.overwrite)?;
    }
    Ok(captions.len())
}

fn format_of(target: &Path) -> Result<SubtitleFormat> {
    let ending = target.extension().unwrap_or_default().to_string_lossy();
    SubtitleFormat::of_ending(&ending).ok_or_else(|| Error::Usage {
        what: format!("{} is no caption file", target.display()),
        hint: Hint::UseKnownName {
            known: SubtitleFormat::ALL
                .map(|format| format!(".{}", format.name()))
                .into(),
        },
    })
}

/// The captions of a plan: those of a file, else its own, else what is said in its sources.
fn of_plan(
    job: &CaptionsJob,
    style: Option<&CaptionStyle>,
    workshop: &Workshop,
    task: &Task,
) -> Result<(Vec<Caption>, Size)> {
    let (plan, folder) = read_plan(&job.file)?;
    let usual = CaptionStyle::find(USUAL_STYLE)?;
    let size = Size::new(plan.output.width, plan.output.height);
    let captions = match (&job.from, style) {
        (Some(from), style) => imported_captions(&plan, &read_cues(from)?, style.unwrap_or(usual)),
        (None, None) if !plan.captions.is_empty() => plan.captions.clone(),
        (None, Some(style)) if !plan.captions.is_empty() => restyled_captions(&plan, &[], style),
        (None, style) => {
            let sources = said_in_sources(&plan, &folder, workshop, task)?;
            plan_captions(&plan, &sources, style.unwrap_or(usual), None)
        }
    };
    Ok((captions, size))
}

fn said_in_sources(
    plan: &Plan,
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<Analysis>> {
    let recordings = match plan.is_of_sound() {
        true => SourceKind::Audio,
        false => SourceKind::Video,
    };
    let heard = plan
        .sources
        .iter()
        .filter(|source| source.kind == recordings);
    let paths: Vec<PathBuf> = heard.map(|source| source.path_from(folder)).collect();
    transcripts(&paths, workshop, task)
}

/// What is said in `paths`, and nothing else of them.
fn transcripts(paths: &[PathBuf], workshop: &Workshop, task: &Task) -> Result<Vec<Analysis>> {
    let scope = Scope::new(Some(vec![Part::Speech, Part::Transcript]), Effort::Full);
    let mut found = Vec::with_capacity(paths.len());
    let analyzer = Analyzer::new(workshop, task)?.with_scope(scope);
    analyzer.run(paths, Stage::Listen, |_, analysis| {
        found.push(analysis?);
        Ok::<(), Error>(())
    })?;
    Ok(found)
}

/// The captions of a clip or a sound.
fn of_file(
    job: &CaptionsJob,
    style: Option<&CaptionStyle>,
    workshop: &Workshop,
    task: &Task,
) -> Result<(Vec<Caption>, Size)> {
    let facts = probe(&job.file, workshop.limits())?;
    let style = match style {
        Some(style) => style,
        None => CaptionStyle::find(USUAL_STYLE)?,
    };
    let video = facts.video.as_ref();
    let shape = video.map(|video| CaptionShape {
        size: video.size,
        safe_width: SAFE_WIDTH,
        frame_rate: video.frame_rate.seconds(),
    });
    let rules = CaptionRules::new(style, shape);
    let lasts = [
        video.and_then(|video| video.duration),
        facts.audio.as_ref().and_then(|audio| audio.duration),
    ];
    let lasts = lasts.into_iter().flatten().max();
    let mut captions = match &job.from {
        Some(from) => {
            // Headers of some streams do not say how long they are: then nothing lies beyond the end.
            let end = lasts.map_or(f64::INFINITY, |end| end.seconds());
            caption_cues(&read_cues(from)?.cues, end, &rules)
        }
        None => recognized(&job.file, &rules, workshop, task)?,
    };
    for caption in &mut captions {
        caption.style = Some(style.id.clone());
        caption.align = Some(style.align);
    }
    Ok((captions, video.map_or(USUAL_SIZE, |video| video.size)))
}

fn recognized(
    file: &PathBuf,
    rules: &CaptionRules,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<Caption>> {
    let found = transcripts(std::slice::from_ref(file), workshop, task)?;
    let Some(audio) = found.first().and_then(|analysis| analysis.audio.as_ref()) else {
        return Err(Error::Nothing {
            what: format!("there is no sound in {}", file.display()),
            hint: Hint::NameCaptions,
        });
    };
    if let (None, Some(why)) = (&audio.transcript, &audio.no_transcript) {
        return Err(Error::Nothing {
            what: format!("{}: {}", file.display(), why.text),
            hint: Hint::NameCaptions,
        });
    }
    let words = audio
        .transcript
        .iter()
        .flat_map(|transcript| &transcript.words);
    let words: Vec<CaptionWord> = words
        .map(|word| CaptionWord {
            text: word.text.clone(),
            start: word.start,
            end: word.end,
        })
        .collect();
    Ok(caption_words(&words, 0.0, audio.duration, rules))
}
