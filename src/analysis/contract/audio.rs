//! The sound of a file, in `tastemaker.analysis/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::{LabelScore, Mood, Span};

/// The sound of a file.
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
    /// Silence of 0.3 s and more: 30 dB below the loud level of the recording, between -80 and -50 dBFS.
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
    /// Structure of the music: sections in order, without gaps from its beginning to its end; empty without bars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Downbeats, in seconds, at which a phrase begins: where music may start, loop or end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<f64>,
    /// Energy of the music, 0..1 relative to this track, one value a second; empty without music.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub energy_curve: Vec<f64>,
    /// Mean number of notes and hits that begin in a second of music.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onsets_per_second: Option<f64>,
    /// Embedding of the music, for comparing tracks by the cosine; empty without music. Its length depends on the
    /// model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embedding: Vec<i8>,
    /// The fingerprint by which it is recognized after it was encoded again, as `fpcalc` prints it: of the first two
    /// hours. Only on request (`fingerprint`); absent for less than 3 s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chromaprint: Option<String>,
    /// Short-term loudness (LUFS), one value a second, for placing and ducking.
    pub loudness_curve: Vec<f64>,
    /// The words that are spoken; absent where nobody speaks, or where there is no transcript.
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
    /// Seconds: the first loud 10 ms.
    pub start: f64,
    /// Seconds: when the level is back within 6 dB of the background, at most 5 s later.
    pub end: f64,
    /// Level of its loudest 10 ms, dBFS.
    pub level: f64,
    /// 0.5..1, by the rise over the half second before: 0.5 at 15 dB, 1 at 40 dB.
    pub score: f64,
}

/// How a sudden sound continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SoundEventKind {
    /// It falls by 12 dB within 0.3 s.
    Hit,
    /// It lasts longer.
    Onset,
}

/// The words that are spoken.
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

impl TranscriptWord {
    /// Whether a sentence ends with it, which titles such as "Mr." do not.
    pub fn ends_sentence(&self) -> bool {
        const SHORTENED: [&str; 10] = [
            "dr", "e.g", "etc", "i.e", "jr", "mr", "mrs", "ms", "st", "vs",
        ];
        let text = self.text.trim_end();
        let word = text
            .trim_end_matches('.')
            .trim_start_matches('"')
            .to_lowercase();
        let shortened = text.ends_with('.') && SHORTENED.contains(&word.as_str());
        text.ends_with(['.', '?', '!']) && !shortened
    }
}

/// Why there is no transcript of speech.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoTranscript {
    /// `not_understood` or `language`.
    pub code: String,
    /// One sentence.
    pub text: String,
}

/// Loudness by EBU R 128. Values are absent for sound that is too short or silent.
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

/// Beats a minute, at the rate that people would tap: beats are the strongest even pulse between 40 and 220 a minute.
/// If two fit equally well, the one nearer to 120 is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tempo {
    /// Median over time of the tempo over eight beats.
    pub bpm: f64,
    /// 0..1: how steady and how strong the beats are.
    pub confidence: f64,
    /// Beats a bar; absent without bars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<u32>,
    /// Other readings of the beats, most likely first.
    pub alternatives: Vec<TempoAlternative>,
}

/// Another reading of the beats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TempoAlternative {
    /// Beats a minute in this reading.
    pub bpm: f64,
    /// How its beats derive from the reported ones.
    #[serde(default)]
    pub reading: TempoReading,
    /// 0..1: how strong its beats are relative to the reported ones. Confidences do not add up to 1.
    pub confidence: f64,
}

/// How other beats derive from the reported ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TempoReading {
    /// Every other beat.
    #[default]
    Half,
    /// Another beat halfway between two.
    Double,
    /// As many beats, but halfway between: the same tempo, moved by half an interval.
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
    /// Deviation of the notes from a tuning of A4 = 440 Hz, in hundredths of a semitone, -50..50; positive is sharp.
    #[serde(default)]
    pub tuning_cents: f64,
}

/// Named axes of a track, each 0..1: energy, valence, danceability and acousticness are places among the music that a
/// head was fitted on (half of it lies below 0.5), density and brightness are measured.
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

/// A section of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// Seconds; on a downbeat, except for the first section.
    pub start: f64,
    /// Seconds.
    pub end: f64,
    /// Its role in the track.
    pub kind: SectionKind,
    /// Mean of the energy curve over it, 0..1.
    pub energy: f64,
    /// Sections with the same number sound similar; numbered by first appearance.
    pub group: u32,
}

/// Role of a section in its track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SectionKind {
    /// The first, with less energy than the next one.
    Intro,
    /// Energy rises towards the next one.
    Build,
    /// Among those with the most energy, after a quieter one.
    Drop,
    /// Clearly less energy than the sections around it.
    Break,
    /// The last, with less energy than the one before.
    Outro,
    /// None of these.
    Part,
}
