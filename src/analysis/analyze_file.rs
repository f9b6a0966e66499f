//! Analyzes one file: path in, [`Analysis`] out.

use std::path::Path;

use crate::analysis::audio::analyze_audio;
use crate::analysis::context::AnalysisContext;
use crate::analysis::picture::{PictureDepth, analyze_picture};
use crate::analysis::video::{analyze_video, mark_speakers};
use crate::analysis::{ANALYSIS_SCHEMA, Analysis, FileFacts, FileKind, Partial};
use crate::error::{Error, Result};
use crate::media::{MediaKind, decode_still, probe, to_srgb};
use crate::store::hash_file;

/// Share of the progress of a file at which hashing is done.
const HASHING: f64 = 0.03;
/// Share of the progress of a film with sound at which the picture is done.
const WATCHING: f64 = 0.8;

/// Analyzes one file. A file that breaks off gives what could be read, with `file.partial` set; so does a film whose
/// sound cannot be decoded.
pub fn analyze(context: &AnalysisContext<'_>, path: &Path) -> Result<Analysis> {
    analyze_content(context, path, None)
}

/// Like [`analyze`], for a file whose hash is known, which saves reading it once more.
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
            left_out: facts.left_out,
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
        MediaKind::Video => analyze_film(context, path, facts.audio.is_some(), &mut analysis)?,
    };
    analysis.file.partial = broken.map(|error| Partial {
        code: error.code().into(),
        message: error.to_string(),
    });
    context.task.progress(1.0);
    Ok(analysis)
}

/// Adds picture and sound of a film. Returns the error that it broke off with, if it did; that of the picture first.
fn analyze_film(
    context: &AnalysisContext<'_>,
    path: &Path,
    has_sound: bool,
    analysis: &mut Analysis,
) -> Result<Option<Error>> {
    let seen = context.scope.wants_picture();
    let heard = context.scope.wants_sound() && has_sound;
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
        hear_film(&context.part(until, 1.0), path, analysis)?
    } else {
        None
    };
    if let Some(video) = &mut analysis.video {
        let speech = analysis.audio.as_ref().map(|audio| &audio.speech[..]);
        mark_speakers(&mut video.shots, speech.unwrap_or(&[]));
    }
    Ok(broken.or(unheard))
}

/// Adds the sound of a film. Sound that cannot be decoded is a partial result, not a failure, so the picture is kept.
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
