//! How well single values of a track fit a film, each 0..1, for both the ranking and the shortlist.

use crate::suggest::ShotPace;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::ramp;

/// Distance in the unit square of valence and arousal from which the fit of moods is 0.
const FAR: f64 = 0.6;
/// Difference of energies (0..1) from which their fit is 0.
const ENERGIES_APART: f64 = 0.7;
/// Days after which a track is fresh again, since viewers forget.
pub(super) const STALE_DAYS: f64 = 30.0;

/// How near a mood is to that of the film; `None` if that is unknown.
pub(super) fn mood(set: &PictureSet, valence: f64, arousal: f64) -> Option<f64> {
    let distance = (valence - set.valence).hypot(arousal - set.arousal);
    set.felt().then(|| (1.0 - distance / FAR).clamp(0.0, 1.0))
}

/// The energy that music should have. Photos do not move, so their arousal stands for it.
pub(super) fn wanted_energy(set: &PictureSet) -> Option<f64> {
    set.energy.or_else(|| set.felt().then_some(set.arousal))
}

/// The energy of music, or an estimate from its tempo if it was not measured.
pub(super) fn heard_energy(heard: Option<f64>, bpm: Option<f64>) -> Option<f64> {
    heard.or_else(|| bpm.map(|bpm| ramp(bpm, 60.0, 170.0)))
}

/// How near two energies are.
pub(super) fn energy(music: f64, wanted: f64) -> f64 {
    (1.0 - (music - wanted).abs() / ENERGIES_APART).clamp(0.0, 1.0)
}

/// How well the length of a shot of the style's beats fits the style.
pub(super) fn pace(pace: &ShotPace, bpm: f64) -> f64 {
    let seconds = shot_length(pace, bpm);
    let middle = (pace.shortest * pace.longest).sqrt();
    let room = (pace.longest / middle).ln().max(1e-6);
    (1.0 - 0.5 * ((seconds / middle).ln().abs() / room)).clamp(0.0, 1.0)
}

/// The length of a shot in seconds at `bpm`.
pub(super) fn shot_length(pace: &ShotPace, bpm: f64) -> f64 {
    pace.beats * 60.0 / bpm.max(1.0)
}

/// How little a voice in the music disturbs speech; `None` with hardly any speech. `sung` is 0..1.
pub(super) fn room_for_speech(set: &PictureSet, sung: f64) -> Option<f64> {
    let speech = spoken(set)?;
    Some(1.0 - sung * ramp(speech, 0.0, 0.4))
}

/// The share of speech in the sound, if it is more than a tenth.
pub(super) fn spoken(set: &PictureSet) -> Option<f64> {
    set.speech.filter(|speech| *speech > 0.1)
}

/// How well music of `got` seconds fills the `wanted` ones. Being long enough is no distinction, so it ends at 0.75.
pub(super) fn length(got: f64, wanted: f64) -> f64 {
    let value = ramp(got, wanted * 0.4, wanted * 0.83);
    0.5 + (value - 0.5).min(0.25)
}

/// How fresh a track is, by its last use.
pub(super) fn fresh(days_since_use: f64) -> f64 {
    ramp(days_since_use, 0.0, STALE_DAYS)
}

/// Prefers tracks whose license is known.
pub(super) fn license(known: bool) -> f64 {
    if known { 0.7 } else { 0.2 }
}
