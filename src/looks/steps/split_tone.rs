//! `split_tone`: one tint for the shadows, another for the highlights.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::color::{Triple, luma, smooth_step, wheel};
use crate::looks::gamut::shifted;
use crate::looks::hue::Hue;
use crate::looks::operations::Operations;
use crate::looks::skin::skin_hue;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

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
    /// The share of the tints that is withheld from hues of skin, 0..100; dark skin lies in the shadows.
    #[serde(default)]
    pub protect_skin: f64,
}

static FIELDS: &[NumberField<SplitTone>] = &[
    NumberField::new("shadow_hue", [0.0, 360.0], "°", |step: &SplitTone| step.shadow_hue).default(0.0),
    NumberField::new("shadow_amount", [0.0, 100.0], "%", |step: &SplitTone| step.shadow_amount).default(0.0),
    NumberField::new("highlight_hue", [0.0, 360.0], "°", |step: &SplitTone| step.highlight_hue).default(0.0),
    NumberField::new("highlight_amount", [0.0, 100.0], "%", |step: &SplitTone| {
        step.highlight_amount
    })
    .default(0.0),
    NumberField::new("balance", [-100.0, 100.0], "%", |step: &SplitTone| step.balance)
        .default(0.0)
        .note("positive gives more of the scale to the highlights"),
    NumberField::new("protect_skin", [0.0, 100.0], "%", |step: &SplitTone| step.protect_skin)
        .default(0.0)
        .note("how much of the tints the hues of skin are spared"),
];

/// Change of a channel (display value) at the full amount, per unit of its difference from the hue's luma.
const REACH: f64 = 0.2;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "split_tone",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "Black and white stay neutral",
    formula: "v + 0.2 a (wheel color − its Y), weighted by smooth steps of Y; never more than half the way to \
              either end",
    source: "own",
};

impl Step for SplitTone {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        let tints = Tints::new(self);
        operations.colors(move |color| tints.apply(color));
    }
}

/// Offsets of the channels at full weight.
struct Tints {
    shadow: Triple,
    highlight: Triple,
    /// The luma at which both have the same weight.
    middle: f64,
    protect_skin: f64,
}

impl Tints {
    fn new(step: &SplitTone) -> Self {
        let offset = |degrees: f64, amount: f64| {
            let color = wheel(degrees);
            let gray = luma(color);
            color.map(|value| (value - gray) * amount / 100.0 * REACH)
        };
        Self {
            shadow: offset(step.shadow_hue, step.shadow_amount),
            highlight: offset(step.highlight_hue, step.highlight_amount),
            middle: 0.45 - 0.25 * step.balance / 100.0,
            protect_skin: step.protect_skin / 100.0,
        }
    }

    fn apply(&self, color: Triple) -> Triple {
        let luma = luma(color);
        let light = smooth_step(self.middle - 0.4, self.middle + 0.4, luma);
        let shadow = (1.0 - light) * smooth_step(0.0, 0.25, luma);
        let highlight = light * (1.0 - smooth_step(0.75, 1.0, luma));
        let hue = Hue::of(color);
        // Gray has no hue, so it is not protected.
        let spared = self.protect_skin * skin_hue(hue.degrees) * smooth_step(0.02, 0.12, hue.chroma);
        let kept = 1.0 - spared;
        [0, 1, 2].map(|channel| {
            let offset = shadow * self.shadow[channel] + highlight * self.highlight[channel];
            shifted(color[channel], kept * offset)
        })
    }
}
