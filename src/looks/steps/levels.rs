//! `levels`: the black point and the white point.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Stretches the values between two points to the whole range; points outside 0..1 compress instead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// The value that becomes black, −0.3..0.4.
    #[serde(default)]
    pub black_point: f64,
    /// The value that becomes white, 0.6..1.3.
    #[serde(default = "default_white_point")]
    pub white_point: f64,
}

const fn default_white_point() -> f64 {
    1.0
}


static FIELDS: &[NumberField<Levels>] = &[
    NumberField::new("black_point", [-0.3, 0.4], "", |step: &Levels| step.black_point)
        .default(0.0)
        .note("the value that becomes black"),
    NumberField::new("white_point", [0.6, 1.3], "", |step: &Levels| step.white_point)
        .default(default_white_point())
        .note("the value that becomes white"),
];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "levels",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "",
    formula: "(v − black_point) / (white_point − black_point)",
    source: "",
};

impl Step for Levels {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        let scale = 1.0 / (self.white_point - self.black_point);
        operations.curves(|value, _| (value - self.black_point) * scale);
    }
}
