//! A plan as parsed from text: exact times may be missing, and nothing is checked yet.

use serde::Deserialize;

use crate::captions::Caption;
use crate::choice::Reason;
use crate::edit::plan::neutral;
use crate::edit::{BeatMark, CaptionDelivery, Fit, Marker, SoundCleaning, Source};
use crate::effects::{Effect, TransitionText};
use crate::picture::Background;
use crate::time::Rational;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanText {
    pub schema: String,
    pub sources: Vec<Source>,
    pub output: OutputText,
    pub picture: Vec<SegmentText>,
    #[serde(default)]
    pub sound: Vec<SoundText>,
    #[serde(default)]
    pub captions: Vec<Caption>,
    #[serde(default)]
    pub markers: Vec<Marker>,
    #[serde(default)]
    pub carried: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutputText {
    pub width: u32,
    pub height: u32,
    pub frame_rate: Rational,
    pub duration: f64,
    pub duration_exact: Option<Rational>,
    pub loudness_lufs: f64,
    pub true_peak_dbtp: f64,
    pub platform: String,
    pub style: String,
    pub seed: u64,
    #[serde(default)]
    pub background: Background,
    #[serde(default)]
    pub captions: Option<CaptionDelivery>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentText {
    pub source: String,
    pub r#in: f64,
    pub in_exact: Option<Rational>,
    pub out: f64,
    pub out_exact: Option<Rational>,
    pub crop: Vec<[f64; 5]>,
    #[serde(default)]
    pub fit: Fit,
    #[serde(default)]
    pub second_crop: Vec<[f64; 5]>,
    #[serde(default)]
    pub second_source: Option<SecondSourceText>,
    #[serde(default = "neutral")]
    pub speed: f64,
    #[serde(default)]
    pub look: Option<String>,
    #[serde(default = "neutral")]
    pub look_strength: f64,
    #[serde(default)]
    pub effects: Vec<Effect>,
    #[serde(default)]
    pub transition: TransitionText,
    #[serde(default)]
    pub beat: Option<BeatMark>,
    #[serde(default)]
    pub locked: bool,
    #[serde(default)]
    pub reasons: Vec<Reason>,
    #[serde(default)]
    pub carried: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondSourceText {
    pub source: String,
    pub r#in: f64,
    pub in_exact: Option<Rational>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SoundText {
    pub source: String,
    pub r#in: f64,
    pub in_exact: Option<Rational>,
    pub out: f64,
    pub out_exact: Option<Rational>,
    pub at: f64,
    #[serde(default = "neutral")]
    pub speed: f64,
    pub gain: Vec<[f64; 2]>,
    #[serde(default)]
    pub clean: Option<SoundCleaning>,
    #[serde(default)]
    pub reasons: Vec<Reason>,
}
