//! Tempo: beats a minute, how sure that is, and other readings of the same beats (an octave up or down, the off-beat).

use super::beat_tracking::{Beat, around};
use crate::analysis::{Tempo, TempoAlternative, TempoReading};
use crate::models::BeatActivation;

/// Beats over which the tempo at a place is measured: a beat alone is known to 20 ms only.
const SPAN: usize = 8;
/// Intervals this near to the tempo, relatively, keep it.
const STEADY: f64 = 0.08;
/// The mean strength of beats that mean nothing, and of beats beyond doubt.
const WEAK: f64 = 0.25;
const STRONG: f64 = 0.8;
/// Other readings with less confidence are left out.
const UNLIKELY: f64 = 0.1;
/// Other readings outside these beats a minute are not offered.
const SLOWEST: f64 = 30.0;
const FASTEST: f64 = 280.0;

/// The tempo of all `beats`; `None` for fewer than 3.
///
/// The value is the median over time of the tempo of eight beats: of a piece that changes its
/// tempo it is what is faster half of the time, and then few beats keep it. The confidence is the share of such
/// intervals times the mean
/// strength of the beats (0 at [`WEAK`], 1 at [`STRONG`]). The likelihood of another reading is how strong the
/// activation is where that reading has beats and this one has none (double, 3/2; its square for the off-beat), or how
/// much weaker the beats are that it leaves out (half, third).
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

/// Other readings of the same beats, likeliest first: half, double, off-beat and so on.
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
    // Every third of two beats, without the first, which is a beat.
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
        // Beside the beats, not instead of them: it counts where it is nearly as strong.
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

/// How much weaker the other beats are than the strongest of every `count`.
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
