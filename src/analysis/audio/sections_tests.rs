//! Sections of bars that were made up, with a structure that is known.

use proptest::prelude::*;

use super::*;

/// Bars of two seconds, one letter each; letters in upper case are loud.
fn bars(form: &str) -> (Vec<Bar>, Vec<f64>) {
    let mut bars = Vec::new();
    let mut curve = Vec::new();
    for (at, letter) in form.bytes().enumerate() {
        let kind = usize::from(letter.to_ascii_lowercase() - b'a');
        let energy = if letter.is_ascii_uppercase() {
            0.9
        } else {
            0.4
        };
        let mut notes = [0.1; 12];
        notes[kind % 12] = 1.0;
        notes[(kind + at % 2) % 12] += 0.2;
        let mut embedding = vec![0.1; 8];
        embedding[kind % 8] = 1.0;
        curve.extend([energy; 2]);
        bars.push(Bar {
            start: 2.0 * at as f64,
            end: 2.0 * (at + 1) as f64,
            embedding,
            notes,
            energy,
        });
    }
    (bars, curve)
}

fn told(form: &str) -> Vec<(f64, SectionKind, u32)> {
    let (bars, curve) = bars(form);
    let end = 2.0 * bars.len() as f64;
    let sections = sections(&bars, &curve, 0.0, end);
    let tell = |section: &Section| (section.start, section.kind, section.group);
    sections.iter().map(tell).collect()
}

#[test]
fn a_song_is_cut_where_its_parts_change() {
    use SectionKind::{Break, Drop, Intro, Outro};
    let found = told("aaaaaaaaBBBBBBBBccccccccBBBBBBBBaaaaaaaa");
    assert_eq!(
        found,
        [
            (0.0, Intro, 0),
            (16.0, Drop, 1),
            (32.0, Break, 2),
            (48.0, Drop, 1),
            (64.0, Outro, 0)
        ]
    );
    assert_eq!(told("aaaaaaaaaaaaaaaa").len(), 1);
    assert!(told("aaa").is_empty());
    assert!(told("").is_empty());
}

#[test]
fn phrases_count_from_where_sections_begin() {
    let (bars, curve) = bars("aaaaaaBBBBBBBBB");
    let sections = sections(&bars, &curve, 0.0, 30.0);
    assert_eq!(sections.len(), 2);
    // Two bars are left of the first; the last bar of the second does not make a phrase.
    assert_eq!(phrases(&bars, &sections), [0.0, 8.0, 12.0, 20.0, 30.0]);
}

proptest! {
    #[test]
    fn sections_tile_and_phrases_are_downbeats(form in "[a-dA-D]{0,60}", lead in 0.0..3.0f64) {
        let (mut bars, curve) = bars(&form);
        for bar in &mut bars {
            bar.start += lead;
            bar.end += lead;
        }
        let end = bars.last().map_or(0.0, |bar| bar.end) + 1.0;
        let sections = sections(&bars, &curve, 0.0, end);
        prop_assert_eq!(sections.is_empty(), bars.len() < SHORTEST);
        if let (Some(first), Some(last)) = (sections.first(), sections.last()) {
            prop_assert_eq!((first.start, last.end), (0.0, end));
        }
        for pair in sections.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].start);
            prop_assert!(bars.iter().any(|bar| bar.start == pair[1].start));
            prop_assert!(pair[1].group <= sections.len() as u32);
        }
        let phrases = phrases(&bars, &sections);
        prop_assert!(phrases.is_sorted());
        for time in phrases {
            prop_assert!(bars.iter().any(|bar| bar.start == time || bar.end == time));
        }
        for section in &sections {
            prop_assert!((0.0..=1.0).contains(&section.energy));
        }
    }
}
