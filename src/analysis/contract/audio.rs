//! What can be heard, in `tastemaker.analysis/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::{LabelScore, Mood, Span};

/// What can be heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct AudioReport {
    pub duration: f64,
    pub sample_rate: u32,
    pub channels: u16,
    pub loudness: Loudness,
    pub speech: Vec<Span>,
    pub music: Vec<Span>,
    /// Where somebody sings, with or without instruments.
    #[serde(default)]
    pub singing: Vec<Span>,
    /// Silence of 0.3 s and more: 30 dB below what is loud in the recording, between -80 and -50 dBFS.
    #[serde(default)]
    pub silence: Vec<Span>,
    /// Sudden sounds outside of speech, singing and music, in order.
    #[serde(default)]
    pub events: Vec<SoundEvent>,
    /// Absent when there is no steady beat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tempo: Option<Tempo>,
    pub beats: Vec<f64>,
    pub downbeats: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// Best first; only where there is music.
    pub tags: Vec<LabelScore>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axes: Option<Axes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<Mood>,
    /// How the music is built, in order and without gaps from where it begins to where it ends; empty without bars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Downbeats, in seconds, at which a phrase begins: where music may start, loop or end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<f64>,
    /// How much goes on in the music, 0..1 within this track, one value a second; empty without music.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub energy_curve: Vec<f64>,
    /// Notes and hits that begin in a second of music, on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onsets_per_second: Option<f64>,
    /// What the music sounds like, for comparing tracks by the cosine; empty without music. Its length is that of
    /// the model that made it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embedding: Vec<i8>,
    /// Loudness a second (short-term, LUFS), one value a second, for placing and ducking.
    pub loudness_curve: Vec<f64>,
    /// What is said; absent where nobody speaks, or where it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Transcript>,
    /// Why there is speech and no transcript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_transcript: Option<NoTranscript>,
}

/// A sudden sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SoundEvent {
    /// `hit` or `onset`.
    pub kind: SoundEventKind,
    /// Seconds: the first 10 ms that are loud.
    pub start: f64,
    /// Seconds: where the level is back within 6 dB of what it was before, at most 5 s later.
    pub end: f64,
    /// Level of its loudest 10 ms, dBFS.
    pub level: f64,
    /// 0.5..1, by the rise over the half second before: 15 dB and 40 dB.
    pub score: f64,
}

/// What a sudden sound does after it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SoundEventKind {
    /// It has fallen by 12 dB within 0.3 s.
    Hit,
    /// It goes on.
    Onset,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transcript {
    /// ISO 639-1, such as `en`.
    pub language: String,
    /// In order; they do not overlap.
    pub words: Vec<TranscriptWord>,
}

/// A word with its punctuation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct TranscriptWord {
    pub text: String,
    pub start: f64,
    pub end: f64,
    /// 0..1: mean probability of its parts.
    pub confidence: f64,
}

/// Why what is said is not told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoTranscript {
    /// `not_understood` or `language`.
    pub code: String,
    /// One sentence.
    pub text: String,
}

/// EBU R 128. Absent values: too short or silent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Loudness {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrated_lufs: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_lu: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub true_peak_dbtp: Option<f64>,
}

/// Beats a minute, at the level where people tap: beats are the strongest even pulse between 40 and 220 a minute, where
/// two fit alike the one nearer to 120.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tempo {
    /// Mean of the steady intervals.
    pub bpm: f64,
    /// 0..1: how steady and how sure the beats are.
    pub confidence: f64,
    /// Beats a bar; absent without bars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<u32>,
    /// How else it may be heard, likeliest first.
    pub alternatives: Vec<TempoAlternative>,
}

/// Another reading of the beats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TempoAlternative {
    /// Beats a minute in this reading.
    pub bpm: f64,
    /// How it comes from the beats that are told.
    #[serde(default)]
    pub reading: TempoReading,
    /// 0..1: how strong its beats are against those that are told; the readings do not add up to 1.
    pub confidence: f64,
}

/// How other beats come from those that are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TempoReading {
    /// Every other beat.
    #[default]
    Half,
    /// A beat more halfway between two.
    Double,
    /// As many beats, each halfway between two: the tempo is the same, the beats move by half an interval.
    OffBeat,
    /// Three beats in the time of two.
    OneAndAHalf,
    /// Every third beat.
    Third,
}

/// Musical key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Key {
    /// `C`, `C#` …
    pub tonic: String,
    /// `major` or `minor`.
    pub mode: String,
    pub confidence: f64,
    /// How far the notes lie above (or below) those of A4 = 440 Hz, in hundredths of a semitone, -50..50.
    #[serde(default)]
    pub tuning_cents: f64,
}

/// Named axes of a track, each 0..1: energy, valence, danceability and acousticness are places among the music that a head
/// was fitted on (half of it lies below 0.5), density and brightness are measured.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Axes {
    pub energy: f64,
    pub valence: f64,
    pub danceability: f64,
    pub acousticness: f64,
    pub density: f64,
    pub brightness: f64,
}

/// A part of a track that holds together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// Seconds, on a downbeat but for the first.
    pub start: f64,
    /// Seconds.
    pub end: f64,
    /// What it does in the track.
    pub kind: SectionKind,
    /// Mean of the energy curve over it, 0..1.
    pub energy: f64,
    /// Sections of one group sound alike; numbered by first appearance.
    pub group: u32,
}

/// What a section does in its track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SectionKind {
    /// The first, quieter than what it leads to.
    Intro,
    /// Energy rises to what follows.
    Build,
    /// Among the fullest, after something quieter.
    Drop,
    /// Falls clearly below what is around it.
    Break,
    /// The last, quieter than what was before.
    Outro,
    /// None of these.
    Part,
}
