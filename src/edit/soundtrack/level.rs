//! Levels of sound: silence and loudness.

use crate::analysis::AudioReport;

/// The gain of silence, in dB.
pub(super) const SILENCE: f64 = -80.0;
/// Seconds of fade where sound begins or ends, against clicks.
pub(super) const JOIN: f64 = 0.015;
/// The loudness assumed for sound that is too short or too quiet to measure, in LUFS.
const USUAL_LOUDNESS: f64 = -20.0;
/// Loudness below which sound counts as silence and sets no gain, in LUFS (the absolute gate of EBU R 128).
const UNMEASURED: f64 = -70.0;

/// Integrated loudness in LUFS, or the assumed one.
pub(super) fn loudness(audio: &AudioReport) -> f64 {
    audio
        .loudness
        .integrated_lufs
        .filter(|value| value.is_finite() && *value > UNMEASURED)
        .unwrap_or(USUAL_LOUDNESS)
}
