//! Caption files as a [`Transcript`].

use std::path::Path;

use crate::analysis::{Transcript, TranscriptWord};
use crate::captions::{CaptionFile, parse_cues, read_cues};
use crate::error::Result;
use crate::time::rounded;

/// The words of a caption file in order of time. `language` (ISO 639-1) is used where the file names none.
///
/// Errors: those of [`read_cues`].
pub fn read_captions(path: &Path, language: &str) -> Result<Transcript> {
    Ok(transcript(read_cues(path)?, language))
}

/// Like [`read_captions`], from the content of a file; `path` is used in error messages only.
pub fn parse_captions(bytes: &[u8], path: &Path, language: &str) -> Result<Transcript> {
    Ok(transcript(parse_cues(bytes, path)?, language))
}

fn transcript(file: CaptionFile, language: &str) -> Transcript {
    let words = file.cues.into_iter().flat_map(|cue| cue.words);
    Transcript {
        language: file.language.unwrap_or_else(|| language.into()),
        words: words
            .map(|word| TranscriptWord {
                text: word.text,
                start: word.start,
                end: word.end,
                confidence: 1.0,
            })
            .collect(),
    }
}

/// The captions that begin within `duration` seconds, cut to it.
pub(super) fn within(captions: &Transcript, duration: f64) -> Transcript {
    let words = captions.words.iter().filter(|word| word.start < duration);
    Transcript {
        language: captions.language.clone(),
        words: words
            .map(|word| TranscriptWord {
                end: rounded(word.end.min(duration)),
                ..word.clone()
            })
            .collect(),
    }
}

#[cfg(test)]
#[path = "caption_words_tests.rs"]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
