//! Reads a request: rules first, then phrases, then what is left.

use crate::ask::phrases::{leftovers, look_phrases, music_phrases, written_looks};
use crate::ask::reader::{Reader, Reading};
use crate::ask::request::AskedFiles;
use crate::ask::resolve::resolve;
use crate::ask::rules::{all_rules, late_rules, refusals};
use crate::ask::vocabulary::{Embed, Vocabulary};
use crate::ask::words::readable;
use crate::error::Result;

/// Reads `text`, a request about `files`. `embed` embeds sentences as unit vectors; it is called only for what no rule
/// knows.
///
/// Errors: those of `embed`.
pub fn read(
    text: &str,
    files: &AskedFiles,
    vocabulary: &Vocabulary,
    embed: Embed<'_>,
) -> Result<Reading> {
    let text = readable(text);
    let mut reader = Reader::new(text, files);
    written_looks(&mut reader, vocabulary);
    refusals().iter().for_each(|rule| reader.refuse(rule));
    all_rules().for_each(|rule| reader.apply(rule));
    look_phrases(&mut reader, vocabulary, embed)?;
    late_rules().for_each(|rule| reader.apply(rule));
    music_phrases(&mut reader);
    leftovers(&mut reader, vocabulary, embed)?;
    Ok(resolve(reader.finish(), files))
}
