//! Longer than it is: a track repeated from one phrase to another so that nobody hears the join.

use crate::analysis::AudioReport;
use crate::music::{Arrangement, Energy, Grid, HeardBeat, TrackPart};

/// Seconds that a repeated part has at least.
const SHORTEST: f64 = 6.0;
/// Seconds before and after a join that must sound alike.
const AROUND: f64 = 2.0;
/// Places that joins are looked for at.
const MOST_PLACES: usize = 120;
/// Starts and joins that are given.
const STARTS: usize = 4;
const GIVEN: usize = 24;
/// A join that can be heard more than this is none.
const AUDIBLE: f64 = 0.8;
/// What each repetition costs, beside how it joins.
const AGAIN: f64 = 0.05;
/// LU of difference that count as 1.
const LOUDER: f64 = 12.0;

/// How much a jump from second `leave` of a track to second `enter` can be heard, 0 (not at all) .. 1: what is heard until the
/// jump against what usually leads to where it goes, and what is heard after it against what usually follows.
pub(super) fn gap(audio: &AudioReport, energy: &Energy, leave: f64, enter: f64) -> f64 {
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

/// `length` seconds of the track, repeated where it joins best; several ways, best first. Empty without bars to join at.
pub(super) fn looped(
    audio: &AudioReport,
    grid: &Grid,
    energy: &Energy,
    length: f64,
) -> Vec<Arrangement> {
    let of = |wanted: fn(&HeardBeat) -> bool| -> Vec<f64> {
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
            let heard = gap(audio, energy, leave, enter);
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
    found.truncate(GIVEN);
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
