//! The energy curve of a track, one value for each second: level, onset density and brightness, relative to the track.

use super::music_mood::brightness;
use super::timbre::TimbreSecond;
use crate::analysis::Span;
use crate::analysis::ramp::ramp;

/// Weights of level, onset density and brightness.
const LEVEL: f64 = 0.5;
const ONSETS: f64 = 0.3;
const BRIGHTNESS: f64 = 0.2;
/// Each part runs from 0 to 1 between these quantiles of the track's seconds …
const LOW: f64 = 0.05;
const HIGH: f64 = 0.95;
/// … but over at least this range (dB, onsets a second, share of the brightness axis), so that tiny changes are not
/// stretched to the full scale.
const LEAST: [f64; 3] = [15.0, 4.0, 0.4];

/// One value, 0..1, for each of the `seconds`: 0 where there is no music. Empty if there is none at all.
pub(super) fn energy_curve(seconds: &[TimbreSecond], music: &[Span]) -> Vec<f64> {
    let sounding: Vec<bool> = (0..seconds.len())
        .map(|second| {
            let middle = second as f64 + 0.5;
            music
                .iter()
                .any(|span| (span.start..span.end).contains(&middle))
        })
        .collect();
    if !sounding.contains(&true) {
        return Vec::new();
    }
    let parts: [Vec<f64>; 3] = [
        seconds.iter().map(|second| second.level).collect(),
        seconds.iter().map(|second| second.onsets).collect(),
        seconds
            .iter()
            .map(|second| brightness(second.center))
            .collect(),
    ];
    let mut curve = vec![0.0; seconds.len()];
    for ((part, least), weight) in parts.iter().zip(LEAST).zip([LEVEL, ONSETS, BRIGHTNESS]) {
        let mut sorted: Vec<f64> = part
            .iter()
            .zip(&sounding)
            .filter_map(|(&value, sounds)| sounds.then_some(value))
            .collect();
        sorted.sort_by(f64::total_cmp);
        let share = |share: f64| {
            let place = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
            sorted.get(place).copied().unwrap_or_default()
        };
        let high = share(HIGH);
        let low = share(LOW).min(high - least);
        for (sum, &value) in curve.iter_mut().zip(part) {
            *sum += weight * ramp(value, low, high);
        }
    }
    for (value, sounds) in curve.iter_mut().zip(sounding) {
        if !sounds {
            *value = 0.0;
        }
    }
    curve
}

/// The mean of the curve between two times in seconds; 0 outside of it.
pub(super) fn mean_energy(curve: &[f64], start: f64, end: f64) -> f64 {
    let first = (start.max(0.0) as usize).min(curve.len());
    let last = (end.max(0.0).ceil() as usize).clamp(first, curve.len());
    let part = curve.get(first..last).unwrap_or_default();
    part.iter().sum::<f64>() / part.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn louder_and_busier_is_more_and_silence_between_pieces_is_nothing() {
        let second = |level: f64, onsets: f64| TimbreSecond {
            level,
            onsets,
            center: 1500.0,
        };
        let mut seconds = vec![second(-40.0, 1.0); 20];
        seconds.extend(vec![second(-10.0, 6.0); 20]);
        seconds.extend(vec![second(-90.0, 0.0); 5]);
        let music = [Span {
            start: 0.0,
            end: 40.0,
        }];
        let curve = energy_curve(&seconds, &music);
        assert_eq!(curve.len(), 45);
        assert!(curve.iter().all(|value| (0.0..=1.0).contains(value)));
        assert!(mean_energy(&curve, 20.0, 40.0) > mean_energy(&curve, 0.0, 20.0) + 0.5);
        assert_eq!(mean_energy(&curve, 40.0, 45.0), 0.0);
        assert!(energy_curve(&seconds, &[]).is_empty());
        assert_eq!(mean_energy(&curve, 100.0, 200.0), 0.0);
    }

    #[test]
    fn what_never_changes_is_not_blown_up() {
        let seconds: Vec<TimbreSecond> = (0..60)
            .map(|at| TimbreSecond {
                level: -20.0 + f64::from(at % 2),
                onsets: 3.0,
                center: 1500.0,
            })
            .collect();
        let music = [Span {
            start: 0.0,
            end: 60.0,
        }];
        let curve = energy_curve(&seconds, &music);
        let (least, most) = (curve.iter().copied().fold(1.0, f64::min), curve[1]);
        assert!(most - least < 0.1, "{least} {most}");
    }
}
