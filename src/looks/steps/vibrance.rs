//! `vibrance`: makes weak colors stronger and protects skin.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::color::luma;
use crate::looks::gamut::{rescale, saturation};
use crate::looks::hue::Hue;
use crate::looks::operations::Operations;
use crate::looks::skin::skin_hue;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Scales chroma at constant luma, weak colors more than strong ones, and hues of skin by a third of that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vibrance {
    /// −100..100.
    pub amount: f64,
}


static FIELDS: &[NumberField<Vibrance>] = &[NumberField::new("amount", [-100.0, 100.0], "%", |step: &Vibrance| {
    step.amount
})];

/// Share of the amount that is withheld from hues of skin: two thirds, so that faces still follow the picture a little.
const SKIN_SPARED: f64 = 0.67;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "vibrance",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "Pale colors most, skin a third of it",
    formula: "the same, a times 1 − saturation, and a third of that for hues near 22°",
    source: "own",
};

impl Step for Vibrance {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        let amount = self.amount / 100.0;
        operations.colors(move |color| {
            let luma = luma(color);
            let room = 1.0 - saturation(color, luma);
            let reach = 1.0 - SKIN_SPARED * skin_hue(Hue::of(color).degrees);
            rescale(color, luma, amount * room * reach)
        });
    }
}
