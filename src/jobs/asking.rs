//! The job of `ask`: a request in plain English into a request in plain data.
//!
//! It only reads. An outside spells the request as a command or as a request of its own, shows it, and runs it.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::ask::{
    AskedFiles, AskedPlan, AskedRequest, NamedLook, Reading, Refused, Understood, Vocabulary, read,
};
use crate::edit::Plan;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::draft::read_plan;
use crate::jobs::inputs::expand;

/// The schema that this version writes.
pub const ASKED_SCHEMA: &str = "tastemaker.asked/1";

/// Endings of files with sound alone.
const SOUND_ENDINGS: [&str; 11] = [
    "aac", "ac3", "aif", "aiff", "caf", "flac", "m4a", "mka", "mp3", "ogg", "wav",
];

/// Endings of pictures that stand still.
const STILL_ENDINGS: [&str; 10] = [
    "avif", "bmp", "heic", "heif", "jpeg", "jpg", "png", "tif", "tiff", "webp",
];

/// What is asked.
#[derive(Debug, Clone)]
pub struct AskJob {
    /// In plain English.
    pub text: String,
    /// Files and folders that it is about, or one plan.
    pub files: Vec<PathBuf>,
    /// Whether there is a place to take music from.
    pub music: bool,
}

/// What was asked, read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRequest {
    /// What the words were taken for.
    pub reading: Reading,
    /// The files that are meant: those that were named, less those that are left out.
    pub files: Vec<PathBuf>,
    /// The one track among the files, which a film gets as its music.
    pub track: Option<PathBuf>,
}

/// What was asked, as it was understood, `tastemaker.asked/1`.
#[derive(Serialize, JsonSchema)]
pub struct AskedDocument<'a> {
    /// `tastemaker.asked/1`.
    pub schema: &'static str,
    /// Pieces of the text and what they were taken for.
    pub understood: &'a [Understood],
    /// Words that mean nothing here.
    pub not_understood: &'a [String],
    /// What was understood and cannot be done.
    pub cannot: &'a [Refused],
    /// The request as plain data.
    pub request: &'a AskedRequest,
    /// The command that it stands for, a word each; on the terminal alone.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub command: &'a [String],
}

impl ReadRequest {
    /// For machines. `command` is what an outside makes of the request; empty where it has none.
    pub fn document<'a>(&'a self, command: &'a [String]) -> AskedDocument<'a> {
        AskedDocument {
            schema: ASKED_SCHEMA,
            understood: &self.reading.understood,
            not_understood: &self.reading.not_understood,
            cannot: &self.reading.cannot,
            request: &self.reading.request,
            command,
        }
    }

    /// Whether anything was understood.
    pub fn is_understood(&self) -> bool {
        !self.reading.understood.is_empty()
    }
}

/// Reads a request.
///
/// Errors: `Nothing` where no file is named or all are left out, those of a folder, a plan and of missing networks.
pub fn ask(job: &AskJob, workshop: &Workshop) -> Result<ReadRequest> {
    let mut files: Vec<PathBuf> = job.files.clone();
    let inputs: Vec<PathBuf> = expand(&files)?
        .into_iter()
        .map(|input| input.path)
        .collect();
    let sounds: Vec<&PathBuf> = inputs
        .iter()
        .filter(|path| has_ending(path, &SOUND_ENDINGS))
        .collect();
    let stills = inputs
        .iter()
        .filter(|path| has_ending(path, &STILL_ENDINGS))
        .count();
    let plan = match &files[..] {
        [path] if has_ending(path, &["json"]) => Some(read_plan(path)?.0),
        _ => None,
    };
    let has_pictures = inputs.len() > sounds.len();
    let track = match &sounds[..] {
        [track] if has_pictures && files.contains(track) => Some((*track).clone()),
        _ => None,
    };
    files.retain(|path| Some(path) != track.as_ref());
    let facts = AskedFiles {
        names: inputs.iter().map(|path| name(path)).collect(),
        stills,
        clips: if plan.is_some() {
            0
        } else {
            inputs.len() - sounds.len() - stills
        },
        sounds: sounds.len() - usize::from(track.is_some()),
        plan: plan.as_ref().map(plan_facts),
        music: job.music || track.is_some(),
    };
    let embed = |texts: &[&str]| workshop.models()?.embed_sentences(texts);
    let reading = read(&job.text, &facts, &ask_vocabulary(workshop)?, &embed)?;
    let left_out = &reading.request.left_out;
    if !left_out.is_empty() {
        files = inputs
            .into_iter()
            .filter(|path| Some(path) != track.as_ref())
            .collect();
        files.retain(|path| {
            !left_out
                .iter()
                .any(|out| out.eq_ignore_ascii_case(&name(path)))
        });
    }
    if files.is_empty() {
        return Err(Error::Nothing {
            what: "no file is left".into(),
            hint: Hint::NameFiles,
        });
    }
    Ok(ReadRequest {
        reading,
        files,
        track,
    })
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

fn plan_facts(plan: &Plan) -> AskedPlan {
    AskedPlan {
        segments: plan.picture.len(),
        lengths: plan
            .picture
            .iter()
            .map(|segment| segment.length().seconds())
            .collect(),
        look: plan.picture.iter().find_map(|segment| segment.look.clone()),
        seed: plan.output.seed,
    }
}

/// What can be named: the looks of this person.
pub fn ask_vocabulary(workshop: &Workshop) -> Result<Vocabulary> {
    let library = workshop.looks()?;
    let looks = library.looks().iter().map(|look| NamedLook {
        id: look.id.clone(),
        words: look.mood.iter().chain(&look.tags).cloned().collect(),
        summary: look.summary.clone(),
    });
    Ok(Vocabulary {
        looks: looks.collect(),
    })
}
