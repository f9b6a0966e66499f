//! `fade`: lifted blacks and soft whites.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Lifts black by up to 0.2 and lowers white by up to 0.05.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fade {
    /// 0..100.
    pub amount: f64,
}


static FIELDS: &[NumberField<Fade>] = &[NumberField::new("amount", [0.0, 100.0], "%", |step: &Fade| step.amount)];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "fade",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "Black rises by up to 0.2, white sinks by up to 0.05",
    formula: "0.2 a + v (1 − 0.05 a − 0.2 a)",
    source: "",
};

impl Step for Fade {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        let (black, white) = (0.002 * self.amount, 1.0 - 0.0005 * self.amount);
        operations.curves(|value, _| black + value * (white - black));
    }
}
