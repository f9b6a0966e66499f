//! `monochrome`: black and white.

use serde::{Deserialize, Serialize};

use crate::looks::check::{Problem, problem};
use crate::looks::color::multiply;
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Gray as a weighted sum; the weights, −2..2, are scaled to a sum of 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monochrome {
    /// The weight of red.
    #[serde(default = "default_red")]
    pub red: f64,
    /// The weight of green.
    #[serde(default = "default_green")]
    pub green: f64,
    /// The weight of blue.
    #[serde(default = "default_blue")]
    pub blue: f64,
}

// The default weights are those of Rec. 709 luma.
const fn default_red() -> f64 {
    0.2126
}

const fn default_green() -> f64 {
    0.7152
}

const fn default_blue() -> f64 {
    0.0722
}


static FIELDS: &[NumberField<Monochrome>] = &[
    NumberField::new("red", [-2.0, 2.0], "", |step: &Monochrome| step.red).default(default_red()),
    NumberField::new("green", [-2.0, 2.0], "", |step: &Monochrome| step.green).default(default_green()),
    NumberField::new("blue", [-2.0, 2.0], "", |step: &Monochrome| step.blue).default(default_blue()),
];

/// Least sum of the weights. They are divided by it, and a smaller sum would amplify small differences.
const LEAST_SUM: f64 = 0.2;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "monochrome",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "How bright each becomes; scaled to add up to 1",
    formula: "a 3 × 3 matrix on v",
    source: "",
};

impl Step for Monochrome {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)?;
        if self.red + self.green + self.blue < LEAST_SUM {
            let what = format!("red, green and blue must add up to at least {LEAST_SUM}");
            return Err(problem(vec![], what));
        }
        Ok(())
    }

    fn color(&self, operations: &mut Operations) {
        let sum = self.red + self.green + self.blue;
        let row = [self.red / sum, self.green / sum, self.blue / sum];
        operations.colors(move |color| {
            multiply(&[row; 3], color).map(|value| value.clamp(0.0, 1.0))
        });
    }
}
