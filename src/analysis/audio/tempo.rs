//! Tempo in beats a minute with its confidence, and other readings of the same beats (double, half, off-beat …).

use super::beat_tracking::{Beat, around};
use crate::analysis::{Tempo, TempoAlternative, TempoReading};
use crate::models::BeatActivation;

/// The local tempo is measured over this many beats, because a single beat is only accurate to 20 ms.
const SPAN: usize = 8;
/// An interval keeps the tempo if it differs from it by no more than this share.
const STEADY: f64 = 0.08;
/// Mean strength of the beats at which the confidence is 0, and at which it is not reduced.
const WEAK: f64 = 0.25;
const STRONG: f64 = 0.8;
/// Other readings with less confidence are left out.
const UNLIKELY: f64 = 0.1;
/// Other readings outside this range are left out, in beats a minute.
const SLOWEST: f64 = 30.0;
const FASTEST: f64 = 280.0;

/// The tempo of all `beats`; `None` for fewer than 3.
///
/// The value is the median over time of the tempo over eight beats. The confidence is the share of beat intervals that
/// keep this tempo, times the mean strength of the beats (0 at [`WEAK`], 1 at [`STRONG`]); it is low for a piece that
/// changes its tempo. The confidence of another reading is how strong the activation is where that reading has beats
/// and this one has none (double, 3/2; squared for the off-beat), or how much weaker the beats are that it leaves out
/// (half, third).
pub(super) fn tempo(beats: &[Beat], activations: &[BeatActivation]) -> Option<Tempo> {
    let intervals: Vec<f64> = beats
        .windows(2)
        .map(|pair| pair[1].time - pair[0].time)
        .collect();
    let span = SPAN.min(intervals.len());
    let mut local: Vec<f64> = beats
        .windows(span + 1)
        .filter_map(|run| Some((run.last()?.time - run.first()?.time) / span as f64))
        .collect();
    local.sort_by(f64::total_cmp);
    let median = *local
        .get(local.len() / 2)
        .filter(|median| intervals.len() > 1 && median.is_finite() && **median > 0.0)?;
    let bpm = 60.0 / median;
    let strength = mean_of(beats.iter().map(Beat::strength));
    let steady = intervals
        .iter()
        .filter(|interval| (**interval / median - 1.0).abs() <= STEADY)
        .count();
    let regularity = steady as f64 / intervals.len() as f64;
    let confidence = regularity * ((strength - WEAK) / (STRONG - WEAK)).clamp(0.0, 1.0);

    Some(Tempo {
        bpm,
        confidence,
        meter: None,
        alternatives: alternatives(bpm, strength, beats, activations),
    })
}

/// Other readings of the same beats, most likely first: half, double, off-beat and so on.
fn alternatives(
    bpm: f64,
    strength: f64,
    beats: &[Beat],
    activations: &[BeatActivation],
) -> Vec<TempoAlternative> {
    let halfway = mean_of(beats.windows(2).map(|pair| {
        let time = pair[0].time + (pair[1].time - pair[0].time) * 0.5;
        strongest(time, activations)
    }));
    // The two inner points of every two beats divided by three; the first point is a beat itself.
    let thirds = mean_of(beats.windows(3).step_by(2).flat_map(|three| {
        let (start, span) = (three[0].time, three[2].time - three[0].time);
        [1.0 / 3.0, 2.0 / 3.0].map(|share| strongest(start + span * share, activations))
    }));
    let share = |value: f64| {
        if strength > 0.0 {
            (value / strength).clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    let mut alternatives: Vec<TempoAlternative> = [
        (TempoReading::Half, 0.5, lead(beats, 2)),
        (TempoReading::Third, 1.0 / 3.0, lead(beats, 3)),
        (TempoReading::Double, 2.0, share(halfway)),
        // Squared: off-beats are often strong as well, and are the beats only if they are nearly as strong as these.
        (TempoReading::OffBeat, 1.0, share(halfway) * share(halfway)),
        (TempoReading::OneAndAHalf, 1.5, share(thirds)),
    ]
    .into_iter()
    .map(|(reading, factor, confidence)| TempoAlternative {
        bpm: bpm * factor,
        reading,
        confidence,
    })
    .filter(|other| other.confidence >= UNLIKELY && (SLOWEST..=FASTEST).contains(&other.bpm))
    .collect();
    alternatives.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    alternatives
}

/// How much stronger the strongest of every `count` beats are than the others.
fn lead(beats: &[Beat], count: usize) -> f64 {
    let mut means: Vec<f64> = (0..count)
        .map(|offset| mean_of(beats.iter().skip(offset).step_by(count).map(Beat::strength)))
        .collect();
    means.sort_by(|a, b| b.total_cmp(a));
    match means.split_first() {
        Some((first, others)) if *first > 0.0 => {
            1.0 - others.iter().sum::<f64>() / others.len().max(1) as f64 / first
        }
        _ => 0.0,
    }
}

/// Mean strength of `beats`, 0..1; 0 for none.
pub(super) fn mean_strength(beats: &[Beat]) -> f64 {
    mean_of(beats.iter().map(Beat::strength))
}

fn strongest(time: f64, activations: &[BeatActivation]) -> f64 {
    around(time, activations)
        .iter()
        .map(|frame| f64::from(frame.beat + frame.downbeat))
        .fold(0.0, f64::max)
        .min(1.0)
}

fn mean_of(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    if count == 0 {
        0.0
    } else {
        sum / f64::from(count)
    }
}
