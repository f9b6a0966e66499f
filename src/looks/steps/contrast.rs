//! `contrast`: steeper or flatter around a pivot.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Moves values away from a pivot (positive) or toward it (negative).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contrast {
    /// −100..100; 100 doubles the slope at the pivot, −100 halves all differences.
    pub amount: f64,
    /// The value that stays, 0.1..0.9.
    #[serde(default = "default_pivot")]
    pub pivot: f64,
}

/// A display value a little below middle gray, where faces and most subjects lie.
const fn default_pivot() -> f64 {
    0.45
}


static FIELDS: &[NumberField<Contrast>] = &[
    NumberField::new("amount", [-100.0, 100.0], "%", |step: &Contrast| step.amount),
    NumberField::new("pivot", [0.1, 0.9], "", |step: &Contrast| step.pivot)
        .default(default_pivot())
        .note("the value that stays"),
];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "contrast",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "",
    formula: "a > 0: pivot · (v / pivot)^(1 + a) and its mirror image above the pivot; a < 0: a line of slope 1 + a/2",
    source: "own",
};

impl Step for Contrast {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        operations.curves(|value, _| bent(value, self.amount / 100.0, self.pivot));
    }
}

/// Positive amounts: a power curve on either side of the pivot, with the same slope there, through 0 and 1.
/// Negative amounts: a line through the pivot.
fn bent(value: f64, amount: f64, pivot: f64) -> f64 {
    if amount <= 0.0 {
        return pivot + (value - pivot) * (1.0 + 0.5 * amount);
    }
    let power = 1.0 + amount;
    if value < pivot {
        pivot * libm::pow(value / pivot, power)
    } else {
        1.0 - (1.0 - pivot) * libm::pow((1.0 - value) / (1.0 - pivot), power)
    }
}
