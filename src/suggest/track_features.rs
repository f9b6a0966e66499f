//! Features of a track that do not depend on the film: those over which taste is learned, and vocals.

use std::collections::BTreeMap;

use crate::analysis::{AudioReport, Axes};
use crate::suggest::scoring::ramp;
use crate::time::rounded;

/// Tags for a voice. `woman` and `man` are singers in musicnn's vocabulary.
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
/// Tags for music without a voice.
const INSTRUMENTAL: [&str; 4] = ["no vocals", "no vocal", "no voice", "instrumental"];

/// What is heard in the music, and the tags that tell it.
const INSTRUMENTS: [(&str, &[&str]); 5] = [
    ("is_guitar", &["guitar"]),
    ("is_piano", &["piano"]),
    (
        "is_electronic",
        &[
            "electronic",
            "electro",
            "electronica",
            "techno",
            "synth",
            "house",
        ],
    ),
    (
        "is_orchestral",
        &["strings", "violin", "cello", "classical"],
    ),
    ("is_drummed", &["drums", "beat", "beats"]),
];

/// Tempi in beats a minute that count as not fast (0) and as fast (1).
const TEMPI: (f64, f64) = (60.0, 180.0);
/// Score up to which a tag is noise.
const NOISE: f64 = 0.05;

/// The features of the music over which taste is learned.
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
        ("is_dense", axes.map(|axes| axes.density)),
        ("is_bright", axes.map(|axes| axes.brightness)),
        ("is_fast", bpm.map(|bpm| ramp(bpm, TEMPI.0, TEMPI.1))),
        ("is_sung", sung),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), rounded(value?))))
    .collect()
}

/// The features of the music in a file over which taste is learned.
pub fn music_features(audio: &AudioReport) -> BTreeMap<String, f64> {
    let bpm = audio.tempo.as_ref().map(|tempo| tempo.bpm);
    let mut features = features_of(audio.axes.as_ref(), bpm, vocals(audio));
    if !audio.tags.is_empty() {
        features
            .extend(INSTRUMENTS.map(|(name, tags)| (name.to_owned(), rounded(heard(audio, tags)))));
    }
    features
}

/// The highest score of these tags, 0..1; that of the surest tag of a track is about a half.
fn heard(audio: &AudioReport, tags: &[&str]) -> f64 {
    let of_them = |label: &str| tags.contains(&label.to_lowercase().as_str());
    let scores = audio.tags.iter().filter(|tag| of_them(&tag.label));
    scores.map(|tag| tag.score).fold(0.0, f64::max).min(1.0)
}

/// From 0, instrumental, to 1, sung; `None` without tags.
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
