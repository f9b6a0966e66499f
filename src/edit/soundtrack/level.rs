//! Loudness and silence.

use crate::analysis::AudioReport;

/// Decibels that are silence.
pub(super) const SILENCE: f64 = -80.0;
/// Seconds of fade where sound begins or ends, so that it does not click.
pub(super) const JOIN: f64 = 0.015;
/// The loudness of sound that was too short or too quiet to be measured, LUFS.
const USUAL_LOUDNESS: f64 = -20.0;
/// Loudness below this is silence and no measure for a gain, LUFS (the absolute gate of EBU R 128).
const UNMEASURED: f64 = -70.0;

/// Integrated loudness, LUFS.
pub(super) fn loudness(audio: &AudioReport) -> f64 {
    audio
        .loudness
        .integrated_lufs
        .filter(|value| value.is_finite() && *value > UNMEASURED)
        .unwrap_or(USUAL_LOUDNESS)
}
