//! Gain curves: `[second of the film, dB]`, linear between the points.

use crate::edit::soundtrack::level::SILENCE;

/// A quarter sine in dB, at its quarters: two sounds that crossfade along it keep their power.
const QUARTER_SINE: [f64; 5] = [SILENCE, -8.34, -3.01, -0.69, 0.0];

/// The part of a curve between two times, with a point at each.
pub(super) fn between(points: &[[f64; 2]], from: f64, to: f64) -> Vec<[f64; 2]> {
    let mut part = vec![[from, value_at(points, from)]];
    part.extend(
        points
            .iter()
            .filter(|point| point[0] > from && point[0] < to),
    );
    part.push([to, value_at(points, to)]);
    part
}

/// The level of a curve at `time`, in dB.
pub(in crate::edit) fn value_at(points: &[[f64; 2]], time: f64) -> f64 {
    let after = points.partition_point(|point| point[0] <= time);
    let before = after.checked_sub(1).and_then(|number| points.get(number));
    match (before, points.get(after)) {
        (Some(a), Some(b)) if b[0] > a[0] => a[1] + (b[1] - a[1]) * (time - a[0]) / (b[0] - a[0]),
        (Some(point), _) | (None, Some(point)) => point[1],
        (None, None) => 0.0,
    }
}

/// Makes a curve rise from silence over `length` seconds from `start`.
pub(super) fn crossfade_in(gain: &mut Vec<[f64; 2]>, start: f64, length: f64) {
    let full = value_at(gain, start + length);
    gain.retain(|point| point[0] > start + length);
    let rise = QUARTER_SINE
        .iter()
        .zip(0..)
        .map(|(decibel, step)| quarter_point(start, length, step, full + decibel));
    gain.splice(0..0, rise);
}

/// Makes a curve fall to silence over `length` seconds before `end`.
pub(super) fn crossfade_out(gain: &mut Vec<[f64; 2]>, end: f64, length: f64) {
    let full = value_at(gain, end - length);
    gain.retain(|point| point[0] < end - length);
    let fall = QUARTER_SINE
        .iter()
        .rev()
        .zip(0..)
        .map(|(decibel, step)| quarter_point(end - length, length, step, full + decibel));
    gain.extend(fall);
}

fn quarter_point(start: f64, length: f64, step: i32, decibel: f64) -> [f64; 2] {
    [start + length * f64::from(step) / 4.0, decibel.max(SILENCE)]
}
