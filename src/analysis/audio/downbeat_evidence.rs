//! How likely each beat begins a bar: the network's opinion, chord changes, and onsets of low and of high sounds.
//!
//! The network's own downbeats are often a guess. Harmony is more reliable: chords tend to change on the first beat of
//! a bar (Goto, "An Audio-based Real-time Beat Tracking System for Music With or Without Drum-sounds", Journal of New
//! Music Research 30, 2001), and bass and bass drum begin there. All but the network's value are standardized over the
//! piece, so that neither loudness nor instrumentation matters. The weights are a logistic regression on rendered MIDI
//! files whose bars are known (`scripts/render-beats`, `scripts/tune-beats`); the evaluation uses other pieces.

use super::beat_tracking::{Beat, FRAME_RATE};
use crate::models::BeatActivation;

/// Weights: log odds for each unit of the network's log ratio, and for each standard deviation of the others.
const NETWORK: f64 = 0.661;
const CHORD_BY_BEAT: f64 = 0.665;
const CHORD_BY_TWO: f64 = 0.697;
const LOW: f64 = 0.665;
const HIGH: f64 = 0.192;
/// Intercept of the regression: the log odds where all signs are 0.
const INTERCEPT: f64 = -1.346;
/// Each sign is clamped to ± this before it is weighted.
const MOST: f64 = 4.0;
/// Seconds after a beat that its chord leaves out, because the chord before still rings.
const RINGING: f64 = 0.1;

/// The log odds, for each beat, that it begins a bar. `notes` returns the strength of the 12 notes between two times.
pub(super) fn evidence(
    beats: &[Beat],
    activations: &[BeatActivation],
    notes: impl Fn(f64, f64) -> [f64; 12],
) -> Vec<f64> {
    let sure = |value: f32| f64::from(value.clamp(1e-4, 1.0)).ln();
    let chords: Vec<[f64; 12]> = beats
        .windows(2)
        .map(|pair| match pair {
            [this, next] => notes(this.time + RINGING, next.time),
            _ => [0.0; 12],
        })
        .collect();
    let rise = |value: fn(&BeatActivation) -> f32| {
        let rises = beats.iter().map(|beat| {
            let frame = (beat.time * FRAME_RATE).round().max(0.0) as usize;
            let near =
                frame.saturating_sub(1).min(activations.len())..(frame + 3).min(activations.len());
            let near = activations.get(near).unwrap_or(&[]);
            Some(f64::from(near.iter().map(value).fold(0.0, f32::max)))
        });
        standard(rises.collect())
    };
    let by_beat = standard(changes(&chords, beats.len(), 1));
    let by_two = standard(changes(&chords, beats.len(), 2));
    let (low, high) = (rise(|frame| frame.low), rise(|frame| frame.high));
    let signs = by_beat.iter().zip(&by_two).zip(low.iter().zip(&high));
    beats
        .iter()
        .zip(signs)
        .map(|(beat, ((by_beat, by_two), (low, high)))| {
            let network = (sure(beat.downbeat) - sure(beat.beat)).clamp(-MOST, MOST);
            INTERCEPT
                + NETWORK * network
                + CHORD_BY_BEAT * by_beat
                + CHORD_BY_TWO * by_two
                + LOW * low
                + HIGH * high
        })
        .collect()
}

/// For each of `count` beats, the cosine distance between the notes of the `span` beats before it and of the `span`
/// beats from it on; `None` near the ends, where there are fewer beats.
fn changes(chords: &[[f64; 12]], count: usize, span: usize) -> Vec<Option<f64>> {
    let sum = |chords: &[[f64; 12]]| -> [f64; 12] {
        std::array::from_fn(|note| chords.iter().map(|chord| chord[note]).sum())
    };
    (0..count)
        .map(|beat| {
            let before = chords.get(beat.checked_sub(span)?..beat)?;
            let after = chords.get(beat..beat.checked_add(span)?)?;
            let (before, after) = (sum(before), sum(after));
            let dot =
                |a: &[f64; 12], b: &[f64; 12]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let length = (dot(&before, &before) * dot(&after, &after)).sqrt();
            Some(1.0 - dot(&before, &after) / (length + 1e-9))
        })
        .collect()
}

/// Distances from the mean in standard deviations, clamped to ± [`MOST`]; 0 where there is no value.
fn standard(values: Vec<Option<f64>>) -> Vec<f64> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let count = known.len().max(1) as f64;
    let mean = known.iter().sum::<f64>() / count;
    let variance = known
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / values.len().max(1) as f64;
    values
        .into_iter()
        .map(|value| {
            value.map_or(0.0, |value| {
                ((value - mean) / (variance.sqrt() + 1e-6)).clamp(-MOST, MOST)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beats(count: usize) -> Vec<Beat> {
        (0..count)
            .map(|beat| Beat {
                time: beat as f64 * 0.5,
                beat: 0.5,
                downbeat: 0.2,
            })
            .collect()
    }

    fn highest_place(evidence: &[f64], meter: usize) -> usize {
        let place = |place: usize| evidence.iter().skip(place).step_by(meter).sum::<f64>();
        (0..meter)
            .max_by(|a, b| place(*a).total_cmp(&place(*b)))
            .unwrap_or(meter)
    }

    #[test]
    fn a_chord_a_bar_tells_where_bars_begin() {
        let notes = |from: f64, _: f64| {
            // Bars of three beats; the first begins on the third beat.
            let bar = ((from / 0.5).floor() as i64 - 2).div_euclid(3);
            std::array::from_fn(|note| f64::from(note as i64 == (bar * 5).rem_euclid(12)))
        };
        let quiet = vec![BeatActivation::default(); 1000];
        assert_eq!(highest_place(&evidence(&beats(30), &quiet, notes), 3), 2);
    }

    #[test]
    fn a_low_note_a_bar_tells_it_without_chords() {
        let mut activations = vec![BeatActivation::default(); 1000];
        for bar in 0..9 {
            activations[25 + 100 * bar].low = 0.5;
        }
        let found = evidence(&beats(40), &activations, |_, _| [0.0; 12]);
        assert_eq!(highest_place(&found, 4), 1);
    }

    #[test]
    fn nothing_to_tell_by_gives_numbers_all_the_same() {
        for count in [0, 1, 2, 5] {
            let found = evidence(&beats(count), &[], |_, _| [0.0; 12]);
            assert_eq!(found.len(), count);
            assert!(found.iter().all(|odds| odds.is_finite()));
        }
    }
}
