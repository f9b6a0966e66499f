//! The energy of a track, second by second.

use crate::analysis::AudioReport;

/// Least difference between the quiet and the loud tenth of a track, in LU, for its loudness to indicate its energy.
const FLATTEST: f64 = 2.0;
/// Energy where none was measured or the loudness does not change.
const MIDDLE: f64 = 0.5;

/// Energy relative to the track, 0 (least) .. 1 (most), one value a second.
#[derive(Debug, Clone, Default)]
pub struct EnergyCurve {
    curve: Vec<f64>,
}

impl EnergyCurve {
    /// The measured curve, or, for an analysis without one, the loudness scaled from its quiet to its loud tenth.
    pub fn of(audio: &AudioReport) -> Self {
        let clean = |value: &f64| {
            if value.is_finite() {
                value.clamp(0.0, 1.0)
            } else {
                MIDDLE
            }
        };
        if !audio.energy_curve.is_empty() {
            return Self {
                curve: audio.energy_curve.iter().map(clean).collect(),
            };
        }
        let mut sorted: Vec<f64> = audio
            .loudness_curve
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        sorted.sort_by(f64::total_cmp);
        let share = |share: f64| {
            let position = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
            sorted.get(position).copied().unwrap_or(0.0)
        };
        let (quiet, loud) = (share(0.1), share(0.9));
        let range = loud - quiet;
        let scaled = |value: &f64| {
            if value.is_finite() && range >= FLATTEST {
                ((value - quiet) / range).clamp(0.0, 1.0)
            } else {
                MIDDLE
            }
        };
        Self {
            curve: audio.loudness_curve.iter().map(scaled).collect(),
        }
    }

    /// Energy at a second of the track.
    pub fn at(&self, second: f64) -> f64 {
        self.curve
            .get(second.max(0.0) as usize)
            .copied()
            .unwrap_or(MIDDLE)
    }

    /// The mean between two seconds; `None` after the end of the track.
    pub fn mean(&self, start: f64, end: f64) -> Option<f64> {
        let first = start.max(0.0).floor() as usize;
        let last = (end.max(0.0).ceil() as usize).min(self.curve.len());
        let part = self.curve.get(first..last)?;
        (!part.is_empty()).then(|| part.iter().sum::<f64>() / part.len() as f64)
    }

    /// The mean of the whole track.
    pub fn overall(&self) -> f64 {
        self.mean(0.0, f64::from(u32::MAX)).unwrap_or(MIDDLE)
    }
}
