//! `hsl`: changes single ranges of hue.

use serde::{Deserialize, Serialize};

use crate::looks::check::{ParameterKey, Problem, problem, within_at};
use crate::looks::color::{Triple, luma, smooth_step, turn};
use crate::looks::gamut::rescale;
use crate::looks::hue::Hue;
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Changes colors by hue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hsl {
    /// 1..12 ranges; where two overlap, both act.
    pub ranges: Vec<HueRange>,
}

/// One range of hue; it acts fully at its center and fades out smoothly toward both ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HueRange {
    /// The hue in the middle, 0..360.
    pub center: f64,
    /// The reach to either side, 20..120 degrees.
    #[serde(default = "default_reach")]
    pub reach: f64,
    /// Turn of the hue, −45..45 degrees; positive from red to yellow to green.
    #[serde(default)]
    pub hue: f64,
    /// −100..100.
    #[serde(default)]
    pub saturation: f64,
    /// −100..100.
    #[serde(default)]
    pub lightness: f64,
}

/// In degrees: eight such ranges cover the wheel twice, like the eight sliders of other programs.
const fn default_reach() -> f64 {
    45.0
}

/// The parameters of one range.
static FIELDS: &[NumberField<HueRange>] = &[
    NumberField::new("center", [0.0, 360.0], "°", |range: &HueRange| range.center),
    NumberField::new("reach", [20.0, 120.0], "°", |range: &HueRange| range.reach)
        .default(default_reach())
        .note("to either side"),
    NumberField::new("hue", [-45.0, 45.0], "°", |range: &HueRange| range.hue)
        .default(0.0)
        .note("positive from red to yellow"),
    NumberField::new("saturation", [-100.0, 100.0], "%", |range: &HueRange| range.saturation).default(0.0),
    NumberField::new("lightness", [-100.0, 100.0], "%", |range: &HueRange| range.lightness).default(0.0),
];

/// Most ranges of a step: one every 30 degrees.
const MOST_RANGES: usize = 12;

/// Chroma at which a color gets half of a range's lightness: gray has no hue and gets none.
const HALF_LIFT: f64 = 0.2;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "hsl",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || format!("`ranges`: 1 to {MOST_RANGES} tables of {}", described(FIELDS)),
    summary: "",
    formula: "at the distance d from a center: weight 1 − smoothstep(d / reach) of the hue's turn, the saturation and \
              the lift",
    source: "wheel of A. R. Smith 1978",
};

impl Step for Hsl {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        let count = self.ranges.len();
        if !(1..=MOST_RANGES).contains(&count) {
            return Err(problem(
                vec![ParameterKey::Name("ranges")],
                format!("there are {count} ranges, allowed are 1 to {MOST_RANGES}"),
            ));
        }
        for (number, range) in self.ranges.iter().enumerate() {
            for field in FIELDS {
                let path = vec![
                    ParameterKey::Name("ranges"),
                    ParameterKey::Number(number),
                    ParameterKey::Name(field.name),
                ];
                let value = (field.value)(range);
                within_at(path, field.name, value, [field.least, field.most])?;
            }
        }
        Ok(())
    }

    fn color(&self, operations: &mut Operations) {
        let ranges = self.ranges.clone();
        operations.colors(move |color| changed(&ranges, color));
    }
}

fn changed(ranges: &[HueRange], color: Triple) -> Triple {
    let hue = Hue::of(color);
    let (mut turned, mut saturated, mut lifted) = (0.0, 0.0, 0.0);
    for range in ranges {
        let away = turn(range.center, hue.degrees).abs();
        let weight = 1.0 - smooth_step(0.0, range.reach, away);
        turned += weight * range.hue;
        saturated += weight * range.saturation / 100.0;
        lifted += weight * range.lightness / 100.0;
    }
    let color = hue.turned(turned);
    let color = rescale(color, luma(color), saturated.max(-1.0));
    let lift = lifted.clamp(-1.0, 1.0) * hue.chroma / (hue.chroma + HALF_LIFT);
    color.map(|value| value + lift * value * (1.0 - value))
}
