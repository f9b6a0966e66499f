//! The document `tastemaker.plan/1`: the whole edit as plain data that a person can change and render again.
//!
//! The picture segments follow one another without gap or overlap: a segment begins in the film at the sum of the
//! lengths before it, each a whole number of output frames. A still is a source whose time runs from 0.

mod checks;
mod json_path;
mod read_json;
mod second_source;
pub(super) mod summary;
mod text;
mod transitions;
mod write_json;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::captions::Caption;
use crate::choice::Reason;
use crate::effects::{Effect, SegmentTransition};
use crate::error::{Error, Result};
use crate::picture::Background;
use crate::time::Rational;

pub use second_source::SecondSource;

/// The schema this version writes.
pub const PLAN_SCHEMA: &str = "tastemaker.plan/1";

/// Shortest side of a film, in pixels.
const SMALLEST_SIDE: u32 = 16;
/// Latest time in a plan, in seconds (115 days): later ones are mistakes.
pub(super) const LATEST: f64 = 10_000_000.0;

/// An edit, ready to render.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Plan {
    pub schema: String,
    pub sources: Vec<Source>,
    pub output: OutputSpec,
    pub picture: Vec<Segment>,
    #[serde(default)]
    pub sound: Vec<SoundSegment>,
    #[serde(default)]
    pub captions: Vec<Caption>,
    /// Points of the film that people and other programs find by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Marker>,
    /// What another program's timeline held that has no place in a plan; exports to the same format write it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<serde_json::Value>,
}

/// A file that the edit uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Source {
    pub id: String,
    /// Relative paths start in the plan's folder.
    pub path: String,
    pub blake3: String,
    pub kind: SourceKind,
    /// For music: title, license and the credit that it requires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}

/// The kind of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum SourceKind {
    Image,
    Video,
    Audio,
}

impl SourceKind {
    /// Whether its picture stands still: that of a sound is its artwork.
    pub(crate) fn is_still(self) -> bool {
        self != Self::Video
    }
}

/// The format of the film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct OutputSpec {
    pub width: u32,
    pub height: u32,
    pub frame_rate: Rational,
    /// Seconds, the sum of the segments.
    pub duration: f64,
    pub duration_exact: Rational,
    /// Integrated loudness of the finished film.
    pub loudness_lufs: f64,
    pub true_peak_dbtp: f64,
    pub platform: String,
    pub style: String,
    /// Breaks ties.
    pub seed: u64,
    /// What transparent areas of sources show; absent: black.
    #[serde(default, skip_serializing_if = "Background::is_black")]
    pub background: Background,
    /// Where captions go; absent: into the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captions: Option<CaptionDelivery>,
}

/// Where the captions of a film go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaptionDelivery {
    /// Into the picture.
    Burned,
    /// Into a SubRip file beside the film.
    Sidecar,
    /// Nowhere.
    None,
}

/// A part of a source in the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Segment {
    pub source: String,
    #[serde(rename = "in")]
    pub start: f64,
    #[serde(rename = "in_exact")]
    pub start_exact: Rational,
    #[serde(rename = "out")]
    pub end: f64,
    #[serde(rename = "out_exact")]
    pub end_exact: Rational,
    /// `[seconds in the source, x, y, width, height]` in fractions of the upright picture, linear between points; one
    /// point is a still crop.
    pub crop: Vec<[f64; 5]>,
    /// How what the crop holds fills the frame.
    #[serde(default, skip_serializing_if = "Fit::is_crop")]
    pub fit: Fit,
    /// Splits the frame into two panels: `crop` fills the first, this crop of the same picture the second. Upright and
    /// square films have the second below the first, wide ones to its right. Absent: one picture fills the frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_crop: Vec<[f64; 5]>,
    /// What fills the second panel in place of the same picture; times of `second_crop` are seconds of it. The sound
    /// segments decide what is heard of either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_source: Option<SecondSource>,
    /// Seconds of the source per second of the film: 0.25..4, with four decimals; 1 is as shot. Sound keeps its own
    /// speed.
    #[serde(default = "neutral", skip_serializing_if = "is_neutral")]
    pub speed: f64,
    /// Name or path; absent without a look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<String>,
    #[serde(default = "neutral", skip_serializing_if = "is_neutral")]
    pub look_strength: f64,
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// The transition at its start.
    #[serde(default)]
    pub transition: SegmentTransition,
    /// The beat on which its first frame falls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beat: Option<BeatMark>,
    /// Planning again leaves it as it is, and where it is.
    #[serde(default, skip_serializing_if = "is_false")]
    pub locked: bool,
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// What another program's clip held that has no place in a plan; exports to the same format write it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<serde_json::Value>,
}

/// How a part of a source fills a frame of another shape.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// It is narrowed about its middle.
    #[default]
    Crop,
    /// It is shown whole, over a blurred enlargement of itself.
    Blurred,
}

impl Fit {
    fn is_crop(&self) -> bool {
        *self == Self::Crop
    }
}

/// The default of a strength or speed, which changes nothing.
fn neutral() -> f64 {
    1.0
}

fn is_neutral(value: &f64) -> bool {
    *value == 1.0
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A beat in the film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct BeatMark {
    /// Seconds in the film.
    pub time: f64,
    pub downbeat: bool,
}

/// A part of a source in the sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SoundSegment {
    pub source: String,
    #[serde(rename = "in")]
    pub start: f64,
    #[serde(rename = "in_exact")]
    pub start_exact: Rational,
    #[serde(rename = "out")]
    pub end: f64,
    #[serde(rename = "out_exact")]
    pub end_exact: Rational,
    /// Seconds in the film.
    pub at: f64,
    /// Seconds of the source per second of the film, at the same pitch: 0.96..1.04; 1 is the original speed.
    #[serde(default = "neutral", skip_serializing_if = "is_neutral")]
    pub speed: f64,
    /// `[seconds in the film, dB]`, linear between points.
    pub gain: Vec<[f64; 2]>,
    /// How its noise is taken off; absent: it stays as recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean: Option<SoundCleaning>,
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

/// What is taken off a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SoundCleaning {
    /// What takes noise off speech.
    pub denoise: Denoiser,
}

/// What takes noise off speech.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Denoiser {
    /// Nothing.
    #[default]
    None,
    /// RNNoise: quick, the whole band.
    Rnnoise,
    /// GTCRN: stronger, several times slower; above 8 kHz it only lowers the level.
    Gtcrn,
}

impl SoundCleaning {
    /// With a denoiser; none for [`Denoiser::None`].
    pub fn with(denoise: Denoiser) -> Option<Self> {
        (denoise != Denoiser::None).then_some(Self { denoise })
    }
}

/// A named point of the film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Marker {
    /// Seconds in the film.
    pub at: f64,
    pub kind: MarkerKind,
    #[serde(default)]
    pub text: String,
}

/// The kind of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum MarkerKind {
    Beat,
    Downbeat,
    Section,
    Chapter,
    Phrase,
    Note,
}

/// A speed as an exact number: plans write four decimals.
pub(crate) fn exact_speed(speed: f64) -> Rational {
    Rational::nearest(speed, 10_000)
}

impl Segment {
    /// Its length in the film, in seconds.
    pub fn length(&self) -> Rational {
        let slowness = self.exact_speed().inverse().unwrap_or(Rational::ONE);
        (self.end_exact - self.start_exact) * slowness
    }

    /// Exact seconds of the source per second of the film.
    pub fn exact_speed(&self) -> Rational {
        exact_speed(self.speed)
    }

    /// Its length in frames at `rate` frames a second.
    pub fn frames(&self, rate: Rational) -> u64 {
        u64::try_from((self.length() * rate).round()).unwrap_or(0)
    }
}

impl Marker {
    /// Its kind and its text.
    pub(crate) fn words(&self) -> String {
        let kind = match self.kind {
            MarkerKind::Beat => "beat",
            MarkerKind::Downbeat => "downbeat",
            MarkerKind::Section => "section",
            MarkerKind::Chapter => "chapter",
            MarkerKind::Phrase => "phrase",
            MarkerKind::Note => "note",
        };
        if self.text.is_empty() {
            kind.into()
        } else {
            format!("{kind}: {}", self.text)
        }
    }
}

impl SoundSegment {
    /// Its length in the film, in seconds.
    pub fn length(&self) -> f64 {
        (self.end_exact - self.start_exact).seconds() / self.speed
    }
}

impl Source {
    /// Where the file is: relative paths count from the plan's `folder`.
    pub(crate) fn path_from(&self, folder: &Path) -> PathBuf {
        folder.join(&self.path)
    }
}

impl Plan {
    /// The captions that are drawn into the picture.
    pub(crate) fn burned_captions(&self) -> &[Caption] {
        match self.output.captions {
            None | Some(CaptionDelivery::Burned) => &self.captions,
            Some(CaptionDelivery::Sidecar | CaptionDelivery::None) => &[],
        }
    }

    /// Whether a waveform is drawn into its picture.
    pub(crate) fn has_waveform(&self) -> bool {
        let mut effects = self.picture.iter().flat_map(|segment| &segment.effects);
        effects.any(|effect| matches!(effect, Effect::Waveform(_)))
    }

    /// Whether it is made from recordings: sound alone, or under a waveform. The sounds of other plans are music.
    pub(crate) fn is_of_sound(&self) -> bool {
        self.picture.is_empty() || self.has_waveform()
    }

    /// The source with this `id`; fails with [`Error::UnknownName`].
    pub(crate) fn source(&self, id: &str) -> Result<&Source> {
        self.sources
            .iter()
            .find(|source| source.id == id)
            .ok_or_else(|| Error::UnknownName {
                kind: "source",
                name: id.into(),
                known: self
                    .sources
                    .iter()
                    .map(|source| source.id.clone())
                    .collect(),
            })
    }

    /// Its exact length in seconds: that of its segments; of one without a picture, what is written.
    pub fn duration(&self) -> Rational {
        let add = |sum, segment: &Segment| sum + segment.length();
        match self.picture.as_slice() {
            [] => self.output.duration_exact,
            picture => picture.iter().fold(Rational::ZERO, add),
        }
    }

    /// The same film with half the width and height, even and not too small.
    pub fn at_half_size(&self) -> Self {
        let half = |side: u32| (side / 4 * 2).max(SMALLEST_SIDE);
        let mut plan = self.clone();
        plan.output.width = half(plan.output.width);
        plan.output.height = half(plan.output.height);
        plan
    }

    /// The times of the film, in seconds, at which the picture visibly changes. There is no cut where a segment
    /// continues exactly where the one before stopped.
    pub fn visible_cuts(&self) -> Vec<f64> {
        let mut cuts = Vec::new();
        let mut time = Rational::ZERO;
        for pair in self.picture.windows(2) {
            let [before, next] = pair else { continue };
            time = time + before.length();
            let as_shot = !before.effects.iter().any(Effect::changes_time)
                && !next.effects.iter().any(Effect::starts_elsewhere);
            let goes_on =
                as_shot && before.source == next.source && before.end_exact == next.start_exact;
            if !goes_on {
                cuts.push(time.seconds());
            }
        }
        cuts
    }
}
