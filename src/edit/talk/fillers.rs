//! Fillers: "um" and "uh", which the recognizer mostly leaves out, or writes as some word ("all", "or", the end of the word
//! before).
//!
//! A filler is told by its sound: a run of voice between two pauses that is voiced throughout, whose pitch is level or
//! glides evenly, and whose spectrum hardly changes. Words are hardly ever like that, but somebody may mean an "oh" or a
//! "so" that is held. Where the recognizer is sure of a word, or no words are known, a filler is marked in the plan and
//! stays. Elsewhere it is cut out with one of the pauses beside it.
//!
//! The numbers come from `scripts/measure-fillers`.

use crate::analysis::{AudioReport, Span, TranscriptWord};
use crate::edit::talk::VoiceLevels;
use crate::edit::talk::held_sounds::VoiceMoment;
use crate::edit::talk::voiced_runs::voiced_runs;

/// Shortest and longest filler, in seconds.
const LENGTH: (f64, f64) = (0.18, 1.0);
/// Least pause on either side, in seconds.
const APART: f64 = 0.12;
/// Periodicity of what is voiced, 0..1.
const VOICED: f32 = 0.5;
/// Share of a filler that is voiced.
const VOICED_SHARE: f64 = 0.88;
/// Most that its pitch strays from an even glide, in semitones, over [`LEVEL_SHARE`] of it. Words stray by one and more.
const STRAYS: f32 = 0.5;
const LEVEL_SHARE: f64 = 0.85;
/// Fastest glide, in semitones each 10 ms.
const GLIDE: f32 = 0.1;
/// Most that its bands change each 10 ms, in dB, at half of its moments.
const CHANGES: f32 = 1.5;
/// Confidence (0..1) from which a word may be meant. What the recognizer writes for fillers is below it in seven of
/// eleven cases.
const SURE_WORD: f64 = 0.6;

/// A filler that is cut out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FillerCut {
    /// Seconds of the filler.
    pub filler: Span,
    /// Where the voice before it ends, if there is one, …
    pub before: Option<f64>,
    /// … and where the voice after it begins.
    pub after: Option<f64>,
}

/// The fillers among `runs`, the runs of voice, that are no word; none where no words are known, or where there is no
/// other voice.
pub(super) fn filler_cuts(
    levels: &VoiceLevels,
    runs: &[Span],
    words: &[TranscriptWord],
) -> Vec<FillerCut> {
    if words.is_empty() {
        return Vec::new();
    }
    let found = held_runs(levels, runs);
    if found.len() == runs.len() {
        return Vec::new();
    }
    let is_word = |filler: &Span| {
        words.iter().any(|word| {
            let middle = (word.start + word.end) / 2.0;
            word.confidence >= SURE_WORD && (filler.start..filler.end).contains(&middle)
        })
    };
    let cut = |filler: &Span| {
        let number = runs.iter().position(|run| run == filler)?;
        let before = number.checked_sub(1).and_then(|before| runs.get(before));
        Some(FillerCut {
            filler: *filler,
            before: before.map(|run| run.end),
            after: runs.get(number + 1).map(|run| run.start),
        })
    };
    found
        .iter()
        .filter(|filler| !is_word(filler))
        .filter_map(cut)
        .collect()
}

/// The fillers of a recording.
pub(in crate::edit) fn fillers(levels: &VoiceLevels, audio: &AudioReport) -> Vec<Span> {
    held_runs(levels, &voiced_runs(levels, audio))
}

/// Those of the runs of voice that are held sounds between two pauses.
fn held_runs(levels: &VoiceLevels, runs: &[Span]) -> Vec<Span> {
    let (shortest, longest) = LENGTH;
    let held = |number: usize, run: &Span| {
        let before = number.checked_sub(1).and_then(|before| runs.get(before));
        let after = runs.get(number + 1);
        before.is_none_or(|before| run.start - before.end >= APART)
            && after.is_none_or(|after| after.start - run.end >= APART)
            && (shortest..=longest).contains(&(run.end - run.start))
            && is_held(levels, run)
    };
    let numbered = runs.iter().enumerate();
    let found = numbered.filter(|(number, run)| held(*number, run));
    found.map(|(_, run)| *run).collect()
}

/// Whether a run sounds like one vowel that is held.
fn is_held(levels: &VoiceLevels, run: &Span) -> bool {
    let moments = levels.moments_between(run.start, run.end);
    let voiced: Vec<(f32, VoiceMoment)> = moments
        .iter()
        .enumerate()
        .filter(|(_, moment)| moment.periodicity > VOICED)
        .map(|(at, moment)| (at as f32, *moment))
        .collect();
    if voiced.is_empty() || (voiced.len() as f64) < moments.len() as f64 * VOICED_SHARE {
        return false;
    }
    let changes = median(voiced.iter().map(|(_, moment)| moment.change));
    changes <= CHANGES && straying(&voiced) <= STRAYS
}

/// How far the pitch strays from an even glide, in semitones, over most of the moments.
fn straying(voiced: &[(f32, VoiceMoment)]) -> f32 {
    let count = voiced.len() as f32;
    let middle = voiced.iter().map(|(at, _)| at).sum::<f32>() / count;
    let level = voiced.iter().map(|(_, moment)| moment.pitch).sum::<f32>() / count;
    let (mut along, mut spread) = (0.0, 0.0);
    for (at, moment) in voiced {
        along += (at - middle) * (moment.pitch - level);
        spread += (at - middle).powi(2);
    }
    let glide = (along / f32::max(spread, 1e-9)).clamp(-GLIDE, GLIDE);
    let flat = |(at, moment): &(f32, VoiceMoment)| moment.pitch - glide * (at - middle);
    let usual = median(voiced.iter().map(flat));
    let mut strays: Vec<f32> = voiced.iter().map(|it| (flat(it) - usual).abs()).collect();
    strays.sort_by(f32::total_cmp);
    let place = (strays.len() as f64 * LEVEL_SHARE) as usize;
    strays.get(place.saturating_sub(1)).copied().unwrap_or(0.0)
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moments of a voice: a filler from 1 to 1.4 s that glides by two semitones, words elsewhere.
    fn levels(change: f32, vibrato: f32) -> VoiceLevels {
        let moments = (0..300).map(|at| {
            let time = at as f32 / 100.0;
            let held = (1.0..1.4).contains(&time);
            VoiceMoment {
                pitch: if held {
                    84.0 - (time - 1.0) * 5.0 + vibrato * (time * 40.0).sin()
                } else {
                    84.0 + 3.0 * (time * 9.0).sin()
                },
                periodicity: if held || at % 4 > 0 { 0.9 } else { 0.2 },
                change: if held { change } else { 2.2 },
            }
        });
        VoiceLevels::new(vec![-20.0; 300]).with_moments(moments.collect())
    }

    fn run(start: f64, end: f64) -> Span {
        Span { start, end }
    }

    #[test]
    fn a_filler_is_cut_unless_it_is_surely_a_word() {
        let runs = [run(0.2, 0.8), run(1.0, 1.4), run(1.6, 2.2)];
        let word = |confidence| TranscriptWord {
            text: "all".into(),
            start: 1.05,
            end: 1.5,
            confidence,
        };
        let levels = levels(0.8, 0.0);
        let cut = filler_cuts(&levels, &runs, &[word(0.57)]);
        assert_eq!(cut.len(), 1);
        let filler = FillerCut {
            filler: run(1.0, 1.4),
            before: Some(0.8),
            after: Some(1.6),
        };
        assert_eq!(cut[0], filler);
        assert_eq!(filler_cuts(&levels, &runs, &[]), [], "no words are known");
        assert_eq!(filler_cuts(&levels, &runs, &[word(0.9)]), []);
        // Nothing is said after it, or before it.
        let last = filler_cuts(&levels, &runs[..2], &[word(0.57)]);
        assert_eq!((last[0].before, last[0].after), (Some(0.8), None));
        let first = filler_cuts(&levels, &runs[1..], &[word(0.57)]);
        assert_eq!((first[0].before, first[0].after), (None, Some(1.6)));
        assert_eq!(filler_cuts(&levels, &runs[1..2], &[word(0.57)]), []);
    }

    #[test]
    fn a_held_sound_between_pauses_is_a_filler() {
        let runs = [run(0.2, 0.8), run(1.0, 1.4), run(1.6, 2.2)];
        let found = |levels: &VoiceLevels, runs: &[Span]| -> Vec<f64> {
            let found = held_runs(levels, runs);
            found.iter().map(|span| span.start).collect()
        };
        assert_eq!(found(&levels(0.8, 0.0), &runs), [1.0]);
        assert_eq!(
            found(&levels(2.5, 0.0), &runs),
            [] as [f64; 0],
            "its sound changes"
        );
        assert_eq!(
            found(&levels(0.8, 2.0), &runs),
            [] as [f64; 0],
            "its pitch moves"
        );
        let joined = [run(0.2, 0.95), run(1.0, 1.4), run(1.6, 2.2)];
        assert_eq!(
            found(&levels(0.8, 0.0), &joined),
            [] as [f64; 0],
            "a word is beside it"
        );
        assert_eq!(
            found(&VoiceLevels::new(vec![-20.0; 300]), &runs),
            [] as [f64; 0]
        );
    }
}
