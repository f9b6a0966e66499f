//! How well single numbers of a track fit a film, each 0..1: what both the ranking and the shortlist judge by.

use crate::suggest::ShotPace;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::ramp;

/// Distance on the square of valence and arousal at which moods have nothing in common.
const FAR: f64 = 0.6;
/// Difference of energies at which they have nothing in common.
const ENERGIES_APART: f64 = 0.7;
/// Days after which a track is fresh again.
pub(super) const STALE_DAYS: f64 = 30.0;

/// `None` where nobody knows how the film feels.
pub(super) fn mood(set: &PictureSet, valence: f64, arousal: f64) -> Option<f64> {
    let distance = (valence - set.valence).hypot(arousal - set.arousal);
    set.felt().then(|| (1.0 - distance / FAR).clamp(0.0, 1.0))
}

/// The energy that music ought to have; photos do not move, and how excited they are stands for it.
pub(super) fn wanted_energy(set: &PictureSet) -> Option<f64> {
    set.energy.or_else(|| set.felt().then_some(set.arousal))
}

/// The energy of music, by its tempo where it was not heard.
pub(super) fn heard_energy(heard: Option<f64>, bpm: Option<f64>) -> Option<f64> {
    heard.or_else(|| bpm.map(|bpm| ramp(bpm, 60.0, 170.0)))
}

pub(super) fn energy(music: f64, wanted: f64) -> f64 {
    (1.0 - (music - wanted).abs() / ENERGIES_APART).clamp(0.0, 1.0)
}

/// Whether the beats that a shot is to last take a time that a shot may last.
pub(super) fn pace(pace: &ShotPace, bpm: f64) -> f64 {
    let seconds = shot_length(pace, bpm);
    let middle = (pace.shortest * pace.longest).sqrt();
    let room = (pace.longest / middle).ln().max(1e-6);
    (1.0 - 0.5 * ((seconds / middle).ln().abs() / room)).clamp(0.0, 1.0)
}

/// Seconds that a shot lasts at so many beats a minute.
pub(super) fn shot_length(pace: &ShotPace, bpm: f64) -> f64 {
    pace.beats * 60.0 / bpm.max(1.0)
}

/// How much a voice in the music is not in the way of speech; `None` where hardly anybody speaks. `sung` is 0..1.
pub(super) fn room_for_speech(set: &PictureSet, sung: f64) -> Option<f64> {
    let speech = spoken(set)?;
    Some(1.0 - sung * ramp(speech, 0.0, 0.4))
}

/// The share of the sound in which somebody speaks, where that is more than a little.
pub(super) fn spoken(set: &PictureSet) -> Option<f64> {
    set.speech.filter(|speech| *speech > 0.1)
}

/// Of `got` seconds that music lasts when `wanted` are asked for.
pub(super) fn length(got: f64, wanted: f64) -> f64 {
    let value = ramp(got, wanted * 0.4, wanted * 0.83);
    0.5 + (value - 0.5).min(0.25)
}

pub(super) fn fresh(days_since_use: f64) -> f64 {
    ramp(days_since_use, 0.0, STALE_DAYS)
}

/// A license that somebody knows is better than one that nobody does.
pub(super) fn license(known: bool) -> f64 {
    if known { 0.7 } else { 0.2 }
}
