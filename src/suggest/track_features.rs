//! What a track is like, whatever the film: the features that taste is learned over, and whether somebody sings.

use std::collections::BTreeMap;

use crate::analysis::{AudioReport, Axes};
use crate::suggest::scoring::ramp;
use crate::time::rounded;

/// Tags that mean a voice. `woman` and `man` are singers in the vocabulary of musicnn.
const VOCAL: [&str; 18] = [
    "vocal",
    "vocals",
    "singing",
    "voice",
    "female vocal",
    "male vocal",
    "female voice",
    "male voice",
    "female vocalist",
    "female vocalists",
    "male vocalists",
    "choir",
    "choral",
    "opera",
    "woman",
    "man",
    "hip-hop",
    "rnb",
];
/// Tags that mean that nobody sings.
const INSTRUMENTAL: [&str; 4] = ["no vocals", "no vocal", "no voice", "instrumental"];

/// Beats a minute that are not fast at all, and as fast as can be.
const TEMPI: (f64, f64) = (60.0, 180.0);
/// The score of a tag that is only noise.
const NOISE: f64 = 0.05;

/// What the music is like, as a person's taste is about it.
pub(super) fn features_of(
    axes: Option<&Axes>,
    bpm: Option<f64>,
    sung: Option<f64>,
) -> BTreeMap<String, f64> {
    [
        ("is_energetic", axes.map(|axes| axes.energy)),
        ("is_happy", axes.map(|axes| axes.valence)),
        ("is_danceable", axes.map(|axes| axes.danceability)),
        ("is_acoustic", axes.map(|axes| axes.acousticness)),
        ("is_fast", bpm.map(|bpm| ramp(bpm, TEMPI.0, TEMPI.1))),
        ("is_sung", sung),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), rounded(value?))))
    .collect()
}

/// 0 instrumental .. 1 sung; `None` when there are no tags.
pub(super) fn vocals(audio: &AudioReport) -> Option<f64> {
    let best = |names: &[&str]| {
        audio
            .tags
            .iter()
            .filter(|tag| names.contains(&tag.label.to_lowercase().as_str()))
            .map(|tag| tag.score)
            .fold(0.0, f64::max)
    };
    let (sung, without) = (best(&VOCAL), best(&INSTRUMENTAL));
    (!audio.tags.is_empty()).then(|| sung / (sung + without + NOISE))
}
