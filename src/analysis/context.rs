//! One file from path to [`Analysis`].

use std::path::Path;
use std::sync::Arc;

use crate::analysis::audio::analyze_audio;
use crate::analysis::picture::{PictureDepth, analyze_picture};
use crate::analysis::video::{analyze_video, mark_speakers};
use crate::analysis::{
    ANALYSIS_SCHEMA, Analysis, BeatOverride, FileFacts, FileKind, NoTranscript, Partial, Scope,
    Transcript,
};
use crate::error::{Error, Result};
use crate::media::{Limits, MediaKind, decode_still, probe, to_srgb};
use crate::models::Models;
use crate::store::hash_file;
use crate::task::Task;

/// Share of the work on a file that hashing it is.
const HASHING: f64 = 0.03;
/// Share of the work on a film with sound that watching it is.
const WATCHING: f64 = 0.8;

/// What analysis works with.
#[derive(Clone)]
pub struct AnalysisContext<'a> {
    /// The networks.
    pub models: &'a Models,
    /// The limits.
    pub limits: Limits,
    /// Progress and cancel.
    pub task: Task,
    /// Decoder threads; 0 = as many as there are cores.
    pub threads: usize,
    /// What is spoken.
    pub language: Language,
    /// What is asked.
    pub scope: Scope,
    /// What is said, if somebody wrote it down: used instead of a transcript.
    pub captions: Option<Arc<Transcript>>,
    /// What a person decided about its beats.
    pub beats: BeatOverride,
}

/// The language of speech, ISO 639-1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(pub String);

impl Default for Language {
    fn default() -> Self {
        Self("en".into())
    }
}

impl Language {
    /// There is a network for it.
    pub(super) fn is_transcribed(&self) -> bool {
        self.0 == "en"
    }

    pub(super) fn no_transcript(&self) -> NoTranscript {
        NoTranscript {
            code: "language".into(),
            text: format!("Only English (en) is transcribed, not {}.", self.0),
        }
    }
}

impl AnalysisContext<'_> {
    /// The same, with the progress of a part of the work laid between the shares `from` and `to`.
    fn part(&self, from: f64, to: f64) -> Self {
        let whole = self.task.clone();
        let task = self
            .task
            .reporting(move |share| whole.progress(from + (to - from) * share));
        Self {
            task,
            ..self.clone()
        }
    }
}

/// Everything the contract asks of one file. A file that breaks off gives what was read, with `file.partial`; so does a
/// film whose sound cannot be decoded.
pub fn analyze(context: &AnalysisContext<'_>, path: &Path) -> Result<Analysis> {
    analyze_content(context, path, None)
}

/// Like [`analyze`], for a file whose content is known to hash to `blake3`, so that it is not read once more.
pub fn analyze_hashed(
    context: &AnalysisContext<'_>,
    path: &Path,
    blake3: String,
) -> Result<Analysis> {
    analyze_content(context, path, Some(blake3))
}

fn analyze_content(
    context: &AnalysisContext<'_>,
    path: &Path,
    blake3: Option<String>,
) -> Result<Analysis> {
    let facts = probe(path, &context.limits)?;
    let blake3 = match blake3 {
        Some(blake3) => blake3,
        None => hash_file(path, &context.part(0.0, HASHING).task)?,
    };
    let mut analysis = Analysis {
        schema: ANALYSIS_SCHEMA.into(),
        file: FileFacts {
            path: path.to_string_lossy().into_owned(),
            bytes: facts.bytes,
            blake3,
            kind: match facts.kind {
                MediaKind::Image => FileKind::Image,
                MediaKind::Video => FileKind::Video,
                MediaKind::Audio => FileKind::Audio,
            },
            partial: None,
            only: context.scope.only().map(Into::into),
            fast: context.scope.is_fast(),
        },
        picture: None,
        video: None,
        audio: None,
    };
    let broken = match facts.kind {
        MediaKind::Image if !context.scope.wants_picture() => None,
        MediaKind::Audio if !context.scope.wants_sound() => None,
        MediaKind::Image => {
            let still = decode_still(path, &context.limits)?;
            context.task.check()?;
            let picture = to_srgb(&still.picture);
            analysis.picture = Some(analyze_picture(
                context.models,
                &picture,
                PictureDepth::Full,
                &context.scope,
            )?);
            still.partial
        }
        MediaKind::Audio => {
            let (audio, broken) = analyze_audio(&context.part(HASHING, 1.0), path)?;
            analysis.audio = Some(audio);
            broken
        }
        MediaKind::Video => {
            let (seen, heard) = (
                context.scope.wants_picture(),
                context.scope.wants_sound() && facts.audio.is_some(),
            );
            let until = match (seen, heard) {
                (true, true) => WATCHING,
                (true, false) => 1.0,
                (false, _) => HASHING,
            };
            let broken = if seen {
                let (video, broken) = analyze_video(&context.part(HASHING, until), path)?;
                analysis.video = Some(video);
                broken
            } else {
                None
            };
            let unheard = if heard {
                hear_film(&context.part(until, 1.0), path, &mut analysis)?
            } else {
                None
            };
            if let Some(video) = &mut analysis.video {
                let speech = analysis.audio.as_ref().map(|audio| &audio.speech[..]);
                mark_speakers(&mut video.shots, speech.unwrap_or(&[]));
            }
            broken.or(unheard)
        }
    };
    analysis.file.partial = broken.map(|error| Partial {
        code: error.code().into(),
        message: error.to_string(),
    });
    context.task.progress(1.0);
    Ok(analysis)
}

/// Adds the sound of a film. That it cannot be decoded does not take away what was seen.
fn hear_film(
    context: &AnalysisContext<'_>,
    path: &Path,
    analysis: &mut Analysis,
) -> Result<Option<Error>> {
    match analyze_audio(context, path) {
        Ok((audio, broken)) => {
            analysis.audio = Some(audio);
            Ok(broken)
        }
        Err(error) if error.is_fatal() || matches!(error, Error::Inference { .. }) => Err(error),
        Err(error) => Ok(Some(error)),
    }
}
