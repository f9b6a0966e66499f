//! The steps a look is made of: plain parameters with their ranges.
//!
//! Amounts are percent: 0 changes nothing, 100 is as much as the step can do in good taste, and steps that work both
//! ways go down to −100. Hues are degrees on the wheel people know (0 red, 60 yellow, 120 green, 240 blue). Sizes of
//! textures are percent of the picture's shorter side, so that a look is the same on a preview and on the original.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::looks::mask::{Mask, MaskedStep};

/// One step. Color steps run first, in the order written; texture steps follow in the order of this list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LookStep {
    /// Exposure and white balance measured from each picture.
    Even(Even),
    /// More or less light.
    Exposure(Exposure),
    /// Warmer or colder, greener or more magenta light.
    WhiteBalance(WhiteBalance),
    /// Steeper or flatter around a pivot.
    Contrast(Contrast),
    /// Free curves.
    ToneCurve(ToneCurve),
    /// Where black and white begin.
    Levels(Levels),
    /// Brightness of the bright and of the dark parts.
    HighlightsShadows(HighlightsShadows),
    /// All colors stronger or weaker.
    Saturation(Saturation),
    /// Weak colors stronger, skin left alone.
    Vibrance(Vibrance),
    /// Single ranges of hue.
    Hsl(Hsl),
    /// One color into the shadows, another into the highlights.
    SplitTone(SplitTone),
    /// New primaries out of the old ones.
    ChannelMixer(ChannelMixer),
    /// Black and white.
    Monochrome(Monochrome),
    /// A look-up table of another program.
    Lut(LutFile),
    /// Lifted blacks and soft whites.
    Fade(Fade),
    /// Local contrast.
    Clarity(Clarity),
    /// Crisper edges.
    Sharpen(Sharpen),
    /// A blurred copy laid over the picture.
    SoftFocus(SoftFocus),
    /// Light that spreads from highlights (halation when warm).
    Bloom(Bloom),
    /// Darker or lighter corners.
    Vignette(Vignette),
    /// Film grain, new on every frame.
    Grain(Grain),
    /// One of the others where masks let it act.
    #[serde(untagged)]
    Masked(Box<MaskedStep>),
}

impl LookStep {
    /// Where it acts; empty is everywhere.
    pub fn masks(&self) -> &[Mask] {
        match self {
            Self::Masked(masked) => &masked.masks,
            _ => &[],
        }
    }

    /// What it does, wherever that is.
    pub fn unmasked(&self) -> &Self {
        match self {
            Self::Masked(masked) => &masked.step,
            step => step,
        }
    }

    /// The same, to be changed.
    pub(super) fn unmasked_mut(&mut self) -> &mut Self {
        match self {
            Self::Masked(masked) => &mut masked.step,
            step => step,
        }
    }
}

/// Corrects exposure and white balance as [`crate::looks::Correction`] measures them on the picture itself; stands before all other steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Even {
    /// 0..100: how much of the measured correction.
    #[serde(default)]
    pub amount: f64,
    /// 0.1..1: the display value that the brightest twentieth of every picture shall begin at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bright: Option<f64>,
    /// 0..100: how much of the way to `bright`, in stops; at most 2.5 stops.
    #[serde(default = "Even::default_bright_amount")]
    pub bright_amount: f64,
}

impl Even {
    fn default_bright_amount() -> f64 {
        100.0
    }
}

/// Multiplies light. What would pass white is rolled off, so that highlights keep their drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// −4..4; 1 doubles the light.
    pub stops: f64,
}

/// Adapts to another light, along the daylight locus and across it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhiteBalance {
    /// −100..100; positive is warmer. 100 is 60 mired.
    #[serde(default)]
    pub temperature: f64,
    /// −100..100; positive is more magenta, negative greener. 100 is 0.02 in CIE 1960 uv.
    #[serde(default)]
    pub tint: f64,
}

/// Bends values away from a pivot (positive) or draws them toward it (negative).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contrast {
    /// −100..100; 100 doubles the slope at the pivot, −100 halves all differences.
    pub amount: f64,
    /// 0.1..0.9: the value that stays.
    #[serde(default = "Contrast::default_pivot")]
    pub pivot: f64,
}

impl Contrast {
    fn default_pivot() -> f64 {
        0.45
    }
}

/// Monotone cubic curves through points `[in, out]`, 0..1, flat beyond the outer points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToneCurve {
    /// On all channels; colors keep their hue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub master: Vec<[f64; 2]>,
    /// On red, after `master`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub red: Vec<[f64; 2]>,
    /// On green.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub green: Vec<[f64; 2]>,
    /// On blue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blue: Vec<[f64; 2]>,
}

/// Stretches what lies between two points to the whole range; points outside 0..1 compress instead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// −0.3..0.4: the value that becomes black.
    #[serde(default)]
    pub black_point: f64,
    /// 0.6..1.3: the value that becomes white.
    #[serde(default = "Levels::default_white_point")]
    pub white_point: f64,
}

impl Levels {
    fn default_white_point() -> f64 {
        1.0
    }
}

/// Lifts or lowers the two ends of the scale; black, white and hue stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HighlightsShadows {
    /// −100..100; negative brings drawing back into highlights.
    #[serde(default)]
    pub highlights: f64,
    /// −100..100; positive opens shadows.
    #[serde(default)]
    pub shadows: f64,
}

/// Scales chroma in Oklab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saturation {
    /// −100..100; −100 is gray, 100 doubles chroma.
    pub amount: f64,
}

/// Scales chroma in Oklab, the more the weaker a color is, and skin hues a third of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vibrance {
    /// −100..100.
    pub amount: f64,
}

/// Changes colors by hue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hsl {
    /// 1..12 ranges; where two meet, both act.
    pub ranges: Vec<HueRange>,
}

/// One range of hue; it acts fully at its center and fades out smoothly toward both ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HueRange {
    /// 0..360: the hue in the middle.
    pub center: f64,
    /// 20..120: how far it reaches to either side.
    #[serde(default = "HueRange::default_reach")]
    pub reach: f64,
    /// −45..45 degrees: turns the hue; positive as the wheel goes, red to yellow to green.
    #[serde(default)]
    pub hue: f64,
    /// −100..100.
    #[serde(default)]
    pub saturation: f64,
    /// −100..100.
    #[serde(default)]
    pub lightness: f64,
}

impl HueRange {
    fn default_reach() -> f64 {
        45.0
    }
}

/// Tints shadows and highlights; black and white stay neutral.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitTone {
    /// 0..360.
    #[serde(default)]
    pub shadow_hue: f64,
    /// 0..100.
    #[serde(default)]
    pub shadow_amount: f64,
    /// 0..360.
    #[serde(default)]
    pub highlight_hue: f64,
    /// 0..100.
    #[serde(default)]
    pub highlight_amount: f64,
    /// −100..100; positive gives more of the scale to the highlights' color.
    #[serde(default)]
    pub balance: f64,
    /// 0..100: how much of the tints the hues of skin are spared; dark skin lies in the shadows.
    #[serde(default)]
    pub protect_skin: f64,
}

/// Each new channel is a sum of the old red, green and blue; −2..2 each. Rows that add up to 1 keep gray gray.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelMixer {
    /// The new red.
    #[serde(default = "ChannelMixer::default_red")]
    pub red: [f64; 3],
    /// The new green.
    #[serde(default = "ChannelMixer::default_green")]
    pub green: [f64; 3],
    /// The new blue.
    #[serde(default = "ChannelMixer::default_blue")]
    pub blue: [f64; 3],
}

impl ChannelMixer {
    fn default_red() -> [f64; 3] {
        [1.0, 0.0, 0.0]
    }

    fn default_green() -> [f64; 3] {
        [0.0, 1.0, 0.0]
    }

    fn default_blue() -> [f64; 3] {
        [0.0, 0.0, 1.0]
    }
}

/// Gray from a weighted sum; the weights, −2..2, are scaled to add up to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monochrome {
    /// How bright red things become.
    #[serde(default = "Monochrome::default_red")]
    pub red: f64,
    /// How bright green things become.
    #[serde(default = "Monochrome::default_green")]
    pub green: f64,
    /// How bright blue things become.
    #[serde(default = "Monochrome::default_blue")]
    pub blue: f64,
}

impl Monochrome {
    fn default_red() -> f64 {
        0.2126
    }

    fn default_green() -> f64 {
        0.7152
    }

    fn default_blue() -> f64 {
        0.0722
    }
}

/// Runs colors through the table of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LutFile {
    /// The name of a `.cube` file in the folder of the look; no path.
    pub file: String,
    /// BLAKE3 of the file in hex; when it is given, another file of that name is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blake3: Option<String>,
    /// The table, once the file has been read.
    #[serde(skip)]
    pub table: Option<Arc<crate::looks::Lut>>,
}

/// Lifts black by up to 0.2 and lowers white by up to 0.05.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fade {
    /// 0..100.
    pub amount: f64,
}

/// Raises (or, negative, lowers) luma differences against the neighborhood, most in the midtones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clarity {
    /// −100..100.
    pub amount: f64,
    /// 0.5..10: how large the neighborhood is.
    #[serde(default = "Clarity::default_radius")]
    pub radius: f64,
}

impl Clarity {
    fn default_radius() -> f64 {
        3.0
    }
}

/// Adds the difference between luma and the mean of its 3×3 neighbors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharpen {
    /// 0..100.
    pub amount: f64,
}

/// Mixes in a blurred copy, where it is brighter more than where it is darker: a glow that keeps edges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoftFocus {
    /// 0..100.
    pub amount: f64,
    /// 0.5..10.
    #[serde(default = "SoftFocus::default_radius")]
    pub radius: f64,
}

impl SoftFocus {
    fn default_radius() -> f64 {
        1.0
    }
}

/// Spreads the light above a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bloom {
    /// 0..100.
    pub amount: f64,
    /// 0.5..10.
    #[serde(default = "Bloom::default_radius")]
    pub radius: f64,
    /// 30..98: the luma from which light spreads.
    #[serde(default = "Bloom::default_threshold")]
    pub threshold: f64,
    /// 0..100: 0 keeps the light's own color, 100 is the red-orange halo of film.
    #[serde(default)]
    pub warmth: f64,
}

impl Bloom {
    fn default_radius() -> f64 {
        2.0
    }

    fn default_threshold() -> f64 {
        75.0
    }
}

/// An elliptical change of brightness toward the corners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vignette {
    /// −100..100; positive darkens the corners (100 halves them), negative lightens them.
    pub amount: f64,
    /// 0..90: where it starts, from the middle (0) to the corners.
    #[serde(default = "Vignette::default_start")]
    pub start: f64,
}

impl Vignette {
    fn default_start() -> f64 {
        30.0
    }
}

/// Noise in luma, strongest in the midtones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grain {
    /// 0..100; 100 is 6 % of the range (one standard deviation).
    pub amount: f64,
    /// 0.5..4: 1 is about a pixel of a 1080-line picture.
    #[serde(default = "Grain::default_size")]
    pub size: f64,
}

impl Grain {
    fn default_size() -> f64 {
        1.0
    }
}
