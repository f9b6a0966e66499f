//! Reads a request: rules first, then phrases, then what is left.

use crate::ask::likeness::{Embed, PhraseComparer};
use crate::ask::phrases::{leftovers, look_phrases, music_phrases, written_looks};
use crate::ask::reader::{Reader, Reading};
use crate::ask::request::AskedFiles;
use crate::ask::resolve::resolve;
use crate::ask::rules::{all_rules, early_rules, late_rules, refusals};
use crate::ask::vocabulary::Vocabulary;
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
    let (text, cut_off) = readable(text);
    let mut reader = Reader::new(text, files);
    let mut comparer = PhraseComparer::new(vocabulary, embed);
    written_looks(&mut reader, vocabulary);
    early_rules().for_each(|rule| reader.apply(rule));
    refusals().iter().for_each(|rule| reader.refuse(rule));
    all_rules().for_each(|rule| reader.apply(rule));
    look_phrases(&mut reader, &mut comparer)?;
    late_rules().for_each(|rule| reader.apply(rule));
    music_phrases(&mut reader);
    leftovers(&mut reader, &mut comparer)?;
    let mut reading = resolve(reader.finish(), files);
    if !cut_off.is_empty() {
        reading.not_understood.push(cut_off.to_owned());
    }
    Ok(reading)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::ask::vocabulary::NamedLook;

    fn clips() -> AskedFiles {
        AskedFiles {
            names: vec!["clip.mp4".into()],
            clips: 1,
            ..AskedFiles::default()
        }
    }

    /// The reading, and how many sentences were embedded for it. No sentence is like another.
    fn read_counted(text: &str, files: &AskedFiles) -> (Reading, usize) {
        let embedded = Cell::new(0);
        let embed = |texts: &[&str]| {
            embedded.set(embedded.get() + texts.len());
            Ok(vec![vec![1.0, 0.0]; texts.len()])
        };
        let look = |id: &str| NamedLook {
            id: id.into(),
            words: Vec::new(),
            summary: String::new(),
        };
        let vocabulary = Vocabulary {
            looks: vec![look("film-warm"), look("noir")],
        };
        let reading = read(text, files, &vocabulary, &embed).unwrap();
        (reading, embedded.get())
    }

    #[test]
    fn few_phrases_are_compared_and_tables_are_embedded_once() {
        let photos = AskedFiles {
            names: vec!["photo.jpg".into()],
            stills: 1,
            ..AskedFiles::default()
        };
        let moods = crate::ask::lists::MOODS.words().len();
        let (reading, embedded) = read_counted(&"zq, ".repeat(500), &clips());
        assert_eq!((reading.not_understood.len(), embedded), (500, moods + 20));
        let (reading, embedded) = read_counted(&"zq, ".repeat(500), &photos);
        assert_eq!((reading.not_understood.len(), embedded), (500, 2 + 20));
        let (reading, embedded) = read_counted(&"zq look, ".repeat(200), &photos);
        assert_eq!((reading.not_understood.len(), embedded), (200, 2 + 20));
        assert_eq!(read_counted("20 seconds", &clips()).1, 0);
    }

    #[test]
    fn numbers_that_nobody_means_are_not_understood() {
        let plan = AskedFiles {
            plan: Some(crate::ask::AskedPlan {
                segments: 2,
                lengths: vec![40_000.0, 40_000.0],
                look: None,
                seed: 0,
            }),
            ..AskedFiles::default()
        };
        let digits = "9".repeat(400);
        for text in [
            format!("{digits} seconds"),
            format!("{digits}s longer"),
            format!("{digits}:30 longer"),
            format!("always show clip.mp4 from 0:05 to {digits}s"),
            format!("always show clip.mp4 from 0:05 to {digits} minutes and a half"),
            format!("without clip.mp4 from 5 to {digits} seconds"),
            "always show clip.mp4 from 0:05 to 90000 seconds".into(),
            "twice as long".into(),
        ] {
            for files in [&clips(), &plan] {
                let (reading, _) = read_counted(&text, files);
                let request = &reading.request;
                let shorter = request.length.is_none_or(|seconds| seconds <= 86_400.0);
                assert!(shorter && request.length_factor.is_none(), "{text}");
                assert!(
                    request.must.is_empty() && request.never.is_empty(),
                    "{text}"
                );
                assert!(!reading.not_understood.is_empty(), "{text}");
            }
        }
        let (reading, _) = read_counted("always show clip.mp4 from 0:05 to 0:12", &clips());
        assert_eq!(
            (reading.request.must[0].start, reading.request.must[0].end),
            (5.0, 12.0)
        );
    }

    #[test]
    fn what_is_too_long_to_read_is_named() {
        let text = format!("{}20 seconds", "é ".repeat(666));
        let (reading, _) = read_counted(&text, &clips());
        assert_eq!(reading.request.length, None);
        assert_eq!(reading.not_understood.last().unwrap(), "20 seconds");
        let (reading, _) = read_counted(&"é".repeat(5000), &clips());
        let letters = reading
            .not_understood
            .iter()
            .map(|text| text.chars().count());
        assert_eq!(letters.sum::<usize>(), 5000);
    }
}
