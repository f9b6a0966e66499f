//! `saturation`: stronger or weaker colors.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::color::luma;
use crate::looks::gamut::rescale;
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Scales chroma at constant luma.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saturation {
    /// −100..100; −100 is gray, 100 doubles chroma.
    pub amount: f64,
}


static FIELDS: &[NumberField<Saturation>] = &[NumberField::new("amount", [-100.0, 100.0], "%", |step: &Saturation| {
    step.amount
})];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "saturation",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "−100 is gray, 100 doubles chroma",
    formula: "Y + (v − Y)(1 + a), slowed down toward the gamut's surface",
    source: "own",
};

impl Step for Saturation {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        let amount = self.amount / 100.0;
        operations.colors(move |color| rescale(color, luma(color), amount));
    }
}
