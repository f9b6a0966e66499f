//! Extends a track: repeats it from one phrase to another where the join is least audible.

use crate::analysis::AudioReport;
use crate::music::{Arrangement, BeatGrid, EnergyCurve, TrackBeat, TrackPart};

/// Shortest part that is repeated, in seconds: shorter ones are noticed as loops.
const SHORTEST: f64 = 6.0;
/// Seconds before and after a join that are compared.
const AROUND: f64 = 2.0;
/// Most beats at which joins are tried. Every pair of them is compared, so this bounds the cost to 7,140 pairs.
const MOST_PLACES: usize = 120;
/// Starts that are tried with each join.
const STARTS: usize = 4;
/// Most arrangements that are returned; the caller scores each of them.
const RETURNED: usize = 24;
/// Joins that are more audible than this are not used.
const AUDIBLE: f64 = 0.8;
/// Cost of each repetition in addition to that of its join: of equally good joins, prefer fewer repetitions.
const AGAIN: f64 = 0.05;
/// Difference in loudness that is fully audible, LU.
const LOUDER: f64 = 12.0;

/// How audible a jump from second `leave` of a track to second `enter` is, 0 (not at all) .. 1. Compares energy and
/// loudness before the jump with those that lead to its target, and those after it with what would have followed.
pub(super) fn join_audibility(
    audio: &AudioReport,
    energy: &EnergyCurve,
    leave: f64,
    enter: f64,
) -> f64 {
    let loudness = |from: f64| {
        let values: Vec<f64> = (0..AROUND as usize)
            .filter_map(|step| {
                audio
                    .loudness_curve
                    .get((from + step as f64).max(0.0) as usize)
            })
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let differ = |a: Option<f64>, b: Option<f64>, scale: f64| {
        a.zip(b)
            .map_or(0.0, |(a, b)| ((a - b).abs() / scale).min(1.0))
    };
    let sides = [(leave - AROUND, enter - AROUND), (leave, enter)];
    let mut heard = 0.0;
    for (a, b) in sides {
        if a < 0.0 || b < 0.0 {
            continue;
        }
        heard += 0.4 * differ(energy.mean(a, a + AROUND), energy.mean(b, b + AROUND), 1.0);
        heard += 0.4 * differ(loudness(a), loudness(b), LOUDER);
    }
    let group = |second: f64| {
        audio
            .sections
            .iter()
            .find(|section| section.start <= second && second < section.end)
            .map(|section| section.group)
    };
    if let (Some(a), Some(b)) = (group(leave - 0.1), group(enter + 0.1))
        && a != b
    {
        heard += 0.2;
    }
    heard.min(1.0)
}

/// Ways to fill `length` seconds by repeating the track, best join first. Empty without bars to join at.
pub(super) fn loops(
    audio: &AudioReport,
    grid: &BeatGrid,
    energy: &EnergyCurve,
    length: f64,
) -> Vec<Arrangement> {
    let of = |wanted: fn(&TrackBeat) -> bool| -> Vec<f64> {
        grid.beats()
            .iter()
            .filter(|beat| wanted(beat))
            .map(|beat| beat.time)
            .collect()
    };
    let mut places = of(|beat| beat.phrase);
    if places.len() < 3 {
        places = of(|beat| beat.downbeat);
    }
    let stride = places.len().div_ceil(MOST_PLACES).max(1);
    let places: Vec<f64> = places.into_iter().step_by(stride).collect();
    let mut found: Vec<(f64, [f64; 3])> = Vec::new();
    for (number, &enter) in places.iter().enumerate() {
        for &leave in places.iter().skip(number + 1) {
            if leave - enter < SHORTEST {
                continue;
            }
            let heard = join_audibility(audio, energy, leave, enter);
            if heard > AUDIBLE {
                continue;
            }
            for &start in places.iter().take(STARTS).filter(|start| **start <= enter) {
                let again = ((length - (leave - start)) / (leave - enter)).ceil();
                found.push((heard + AGAIN * again.max(0.0), [start, enter, leave]));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.truncate(RETURNED);
    found
        .into_iter()
        .map(|(_, [start, enter, leave])| Arrangement {
            parts: repeated(start, enter, leave, length),
            speed: 1.0,
        })
        .collect()
}

/// From `start` to `leave`, then from `enter` to `leave` as often as it takes for `length` seconds.
fn repeated(start: f64, enter: f64, leave: f64, length: f64) -> Vec<TrackPart> {
    let mut parts = Vec::new();
    let (mut from, mut left) = (start, length);
    while left > 0.01 {
        let end = leave.min(from + left);
        parts.push(TrackPart { start: from, end });
        left -= end - from;
        from = enter;
    }
    parts
}
