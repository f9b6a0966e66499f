//! The words of each source, with what a person corrected in an earlier plan.

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::captions::{Caption, CaptionWord};
use crate::edit::Plan;
use crate::edit::captions::heard_parts::{HeardPart, heard_parts};

/// What is said in the sources of a plan.
#[derive(Debug, Clone, Default)]
pub(super) struct SourceWords {
    /// The words by the id of their source, in order, in seconds of the source.
    words: BTreeMap<String, Vec<CaptionWord>>,
    /// The id of a source by its content.
    ids: BTreeMap<String, String>,
}

impl SourceWords {
    /// What was recognized in the sources of `plan`.
    pub fn new(plan: &Plan, sources: &[Analysis]) -> Self {
        let mut found = Self::default();
        for source in &plan.sources {
            let analysis = sources
                .iter()
                .find(|analysis| analysis.file.blake3 == source.blake3);
            let audio = analysis.and_then(|analysis| analysis.audio.as_ref());
            let Some(transcript) = audio.and_then(|audio| audio.transcript.as_ref()) else {
                continue;
            };
            let words = transcript.words.iter().map(|word| CaptionWord {
                text: word.text.clone(),
                start: word.start,
                end: word.end,
            });
            found.words.insert(source.id.clone(), words.collect());
            found.ids.insert(source.blake3.clone(), source.id.clone());
        }
        found
    }

    /// The words of the source with this id.
    pub(super) fn of(&self, id: &str) -> &[CaptionWord] {
        self.words.get(id).map_or(&[], Vec::as_slice)
    }

    /// Takes the words of an earlier plan where it has captions. A person may have corrected them, and what nobody
    /// touched says the same as before.
    pub fn correct(&mut self, earlier: &Plan) {
        let parts = heard_parts(earlier);
        for caption in &earlier.captions {
            for (part, words) in by_part(caption, &parts) {
                let source = earlier
                    .sources
                    .iter()
                    .find(|source| source.id == part.source);
                let id = source.and_then(|source| self.ids.get(&source.blake3));
                if let Some(own) = id.and_then(|id| self.words.get_mut(id)) {
                    replace(own, words);
                }
            }
        }
    }
}

/// The words of a caption in seconds of their sources, by the part of the film in which they begin.
fn by_part<'a>(
    caption: &Caption,
    parts: &'a [HeardPart],
) -> Vec<(&'a HeardPart, Vec<CaptionWord>)> {
    let mut groups: Vec<(&HeardPart, Vec<CaptionWord>)> = Vec::new();
    for word in caption.timed_words() {
        let middle = (word.start + word.end) / 2.0;
        let Some(part) = parts.iter().find(|part| part.holds(middle)) else {
            continue;
        };
        let in_source = CaptionWord {
            text: word.text,
            start: part.in_source(word.start),
            end: part.in_source(word.end),
        };
        match groups.last_mut() {
            Some((last, words)) if std::ptr::eq(*last, part) => words.push(in_source),
            _ => groups.push((part, vec![in_source])),
        }
    }
    groups
}

/// Puts `words` in the place of those that are said in their time.
fn replace(own: &mut Vec<CaptionWord>, words: Vec<CaptionWord>) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return;
    };
    let (start, end) = (first.start, last.end);
    let middle = |word: &CaptionWord| (word.start + word.end) / 2.0;
    let from = own.partition_point(|word| middle(word) < start);
    let to = own.partition_point(|word| middle(word) <= end).max(from);
    own.splice(from..to, words);
}

#[cfg(test)]
#[path = "corrected_tests.rs"]
mod tests;
