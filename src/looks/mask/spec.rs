//! Masks in a look file: plain parameters with their ranges.

use serde::{Deserialize, Serialize};

/// Where a step acts: a weight from 0 to 1 at each pixel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mask {
    /// What it covers.
    #[serde(flatten)]
    pub shape: MaskShape,
    /// Covers everything else instead.
    #[serde(skip_serializing_if = "is_false")]
    pub invert: bool,
    /// The largest weight, 0..100 percent.
    #[serde(skip_serializing_if = "is_whole")]
    pub amount: f64,
}

/// What a mask covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MaskShape {
    /// What stands out, found by a saliency network.
    Subject(MeasuredArea),
    /// People, found by networks.
    Person(MeasuredArea),
    /// The sky, if there is one.
    Sky(MeasuredArea),
    /// A range of brightness.
    Luma(LumaBand),
    /// A range of hues.
    Hue(HueBand),
    /// A gradient from one side of the picture to the other.
    Linear(LinearGradient),
    /// A disk.
    Radial(RadialGradient),
}

/// A mask that must be measured on a picture before a look is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MaskSource {
    /// Found by the network `u2net-p`.
    Subject,
    /// Found by the networks `selfie-segmenter`, `nanodet-g` and `blazeface-full-range`.
    Person,
    /// Found by color, smoothness and position, without a network.
    Sky,
    /// Found by the dark channel, without a network; the `dehaze` step removes it.
    Haze,
}

/// A measured area, refined at the picture's edges.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredArea {
    /// Softness of the border, 0..20 percent of the shorter side; 0 follows the picture's edges.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub feather: f64,
}

/// Colors by their luma (Rec. 709, of display values).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LumaBand {
    /// Least and greatest luma, 0..1; open at 0 and at 1.
    pub range: [f64; 2],
    /// Width of the transition on either side, 2..50 percent of the range of luma.
    #[serde(default = "LumaBand::default_softness")]
    pub softness: f64,
}

impl LumaBand {
    fn default_softness() -> f64 {
        10.0
    }
}

/// Colors by their hue.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HueBand {
    /// 0..360 degrees.
    pub center: f64,
    /// Reach to either side, 20..180 degrees: full weight over half of it, then fading.
    #[serde(default = "HueBand::default_reach")]
    pub reach: f64,
    /// The chroma (largest minus least channel, 5..50 percent) at which a color has half the weight.
    #[serde(default = "HueBand::default_chroma")]
    pub chroma: f64,
}

impl HueBand {
    fn default_reach() -> f64 {
        45.0
    }

    fn default_chroma() -> f64 {
        12.0
    }
}

/// Full on one side, 0 on the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearGradient {
    /// Direction of the full side, 0..360 degrees, clockwise: 0 is the top, 90 the right side.
    #[serde(default)]
    pub angle: f64,
    /// Where the weight is half, 0..100 percent of the way from the full side to the opposite one.
    #[serde(default = "LinearGradient::default_position")]
    pub position: f64,
    /// Width of the transition, 1..100 percent of the same way.
    #[serde(default = "LinearGradient::default_width")]
    pub width: f64,
}

impl LinearGradient {
    fn default_position() -> f64 {
        50.0
    }

    fn default_width() -> f64 {
        50.0
    }
}

/// Full in a disk, 0 outside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadialGradient {
    /// The center from the left and from the top, 0..100 percent of the picture.
    #[serde(default = "RadialGradient::default_center")]
    pub center: [f64; 2],
    /// The radius at which the weight is half, 1..200 percent of the shorter side.
    #[serde(default = "RadialGradient::default_radius")]
    pub radius: f64,
    /// Width of the transition on either side, 1..100 percent of the radius.
    #[serde(default = "RadialGradient::default_feather")]
    pub feather: f64,
}

impl RadialGradient {
    fn default_center() -> [f64; 2] {
        [50.0, 50.0]
    }

    fn default_radius() -> f64 {
        35.0
    }

    fn default_feather() -> f64 {
        50.0
    }
}

impl Mask {
    /// Whether the weight depends on the color only, so that a table can express it.
    pub fn fits_a_table(&self) -> bool {
        matches!(self.shape, MaskShape::Luma(_) | MaskShape::Hue(_))
    }

    /// Its source, if it must be measured, and its feather.
    pub(in crate::looks) fn measured(&self) -> Option<(MaskSource, f64)> {
        match &self.shape {
            MaskShape::Subject(area) => Some((MaskSource::Subject, area.feather)),
            MaskShape::Person(area) => Some((MaskSource::Person, area.feather)),
            MaskShape::Sky(area) => Some((MaskSource::Sky, area.feather)),
            _ => None,
        }
    }

    /// The word in the file.
    pub fn kind(&self) -> &'static str {
        match &self.shape {
            MaskShape::Subject(_) => "subject",
            MaskShape::Person(_) => "person",
            MaskShape::Sky(_) => "sky",
            MaskShape::Luma(_) => "luma",
            MaskShape::Hue(_) => "hue",
            MaskShape::Linear(_) => "linear",
            MaskShape::Radial(_) => "radial",
        }
    }
}

impl MaskSource {
    /// Whether it needs networks.
    pub fn needs_networks(self) -> bool {
        !matches!(self, Self::Sky | Self::Haze)
    }

    /// The word in a look file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Person => "person",
            Self::Sky => "sky",
            Self::Haze => "haze",
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

fn is_whole(value: &f64) -> bool {
    *value == 100.0
}
