//! What a mask is in a look file: plain parameters with their ranges.

use serde::{Deserialize, Serialize};

/// Where a step acts: a weight from 0 to 1 at each pixel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mask {
    /// What it covers.
    #[serde(flatten)]
    pub shape: MaskShape,
    /// Everything else instead.
    #[serde(skip_serializing_if = "is_false")]
    pub invert: bool,
    /// 0..100: the largest weight, in percent.
    #[serde(skip_serializing_if = "is_whole")]
    pub amount: f64,
}

/// What a mask covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MaskShape {
    /// What stands out, by a network for saliency.
    Subject(MeasuredArea),
    /// People, by a network.
    Person(MeasuredArea),
    /// The sky, if there is one.
    Sky(MeasuredArea),
    /// A range of brightness.
    Luma(LumaBand),
    /// A range of hues.
    Hue(HueBand),
    /// From one side of the picture to the other.
    Linear(LinearGradient),
    /// A disk.
    Radial(RadialGradient),
}

/// What has to be measured on a picture before a look can be applied to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MaskSource {
    /// By the network `u2net-p`.
    Subject,
    /// By the networks `selfie-segmenter`, `nanodet-g` and `blazeface-full-range`.
    Person,
    /// By its color, smoothness and position; takes no network.
    Sky,
    /// What the step `dehaze` takes away, by the dark channel; takes no network.
    Haze,
}

/// An area that is measured, refined at the picture's edges.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredArea {
    /// 0..20: how softly it ends, percent of the shorter side; 0 follows the picture's edges.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub feather: f64,
}

/// Colors by their luma (Rec. 709, of display values).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LumaBand {
    /// From and to, 0..1; at 0 and at 1 it is open.
    pub range: [f64; 2],
    /// 2..50: how softly it ends, percent of the range of luma to either side.
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
    /// 20..180 degrees to either side: half of it counts whole, then it fades.
    #[serde(default = "HueBand::default_reach")]
    pub reach: f64,
    /// 5..50: the chroma (largest less least channel, percent) at which a color is half in.
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

/// Whole on one side, nothing on the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearGradient {
    /// 0..360 degrees, clockwise: the side that is whole. 0 is the top, 90 the right side.
    #[serde(default)]
    pub angle: f64,
    /// 0..100: where it is half, percent of the way from that side to the opposite one.
    #[serde(default = "LinearGradient::default_position")]
    pub position: f64,
    /// 1..100: how wide the passage is, in the same percent.
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

/// Whole in a disk, nothing outside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadialGradient {
    /// 0..100 from the left and from the top, percent of the picture.
    #[serde(default = "RadialGradient::default_center")]
    pub center: [f64; 2],
    /// 1..200: where it is half, percent of the shorter side.
    #[serde(default = "RadialGradient::default_radius")]
    pub radius: f64,
    /// 1..100: how softly it ends, percent of the radius to either side.
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
    /// True when the weight depends on the color alone, so that a table carries it.
    pub fn fits_a_table(&self) -> bool {
        matches!(self.shape, MaskShape::Luma(_) | MaskShape::Hue(_))
    }

    /// What has to be measured for it, and its feather.
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
    /// True when networks find it.
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
