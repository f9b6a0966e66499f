//! `even`: exposure and white balance measured on each picture. [`crate::looks::Correction`] measures them;
//! `correction/even.rs` turns them into color steps.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Corrects exposure and white balance as measured on the picture by [`crate::looks::Correction`]; comes before all
/// other steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Even {
    /// The share of the measured correction, 0..100.
    #[serde(default)]
    pub amount: f64,
    /// The display value at which the brightest twentieth of every picture should begin, 0.1..1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bright: Option<f64>,
    /// The share of the way to `bright`, 0..100, measured in stops; at most 2.5 stops.
    #[serde(default = "default_bright_amount")]
    pub bright_amount: f64,
    /// The display value at which the darkest two hundredth of every picture should end, 0..0.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark: Option<f64>,
    /// The share of the way to `dark`, 0..100, once the light is even.
    #[serde(default = "default_dark_amount", skip_serializing_if = "is_whole")]
    pub dark_amount: f64,
}

fn is_whole(amount: &f64) -> bool {
    *amount == default_dark_amount()
}

const fn default_bright_amount() -> f64 {
    100.0
}

const fn default_dark_amount() -> f64 {
    100.0
}

static FIELDS: &[NumberField<Even>] = &[
    NumberField::new("amount", [0.0, 100.0], "%", |step: &Even| step.amount)
        .default(0.0)
        .note("how much of the correction measured on each picture"),
    // A missing value is not out of range.
    NumberField::new("bright", [0.1, 1.0], "", |step: &Even| step.bright.unwrap_or(1.0))
        .note("the display value that the brightest twentieth of every picture shall begin at"),
    NumberField::new("bright_amount", [0.0, 100.0], "%", |step: &Even| {
        step.bright_amount
    })
    .default(default_bright_amount())
    .note("how much of the way there, in stops"),
    NumberField::new("dark", [0.0, 0.5], "", |step: &Even| step.dark.unwrap_or(0.0))
        .note("the display value that the darkest two hundredth of every picture shall end at"),
    NumberField::new("dark_amount", [0.0, 100.0], "%", |step: &Even| {
        step.dark_amount
    })
    .default(default_dark_amount())
    .note("how much of the way there"),
];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "even",
    stage: StepStage::Measured,
    takes_masks: false,
    feature: None,
    parameters: || described(FIELDS),
    summary: "",
    formula: "a network of 64 hidden units reads 64 statistics of the picture at 128 pixels (quantiles of light, gray \
              world, shades of gray, gray edge, nearly gray pixels, bands of brightness) and says the stops and the \
              cast it was given; less than 7.5 CIEDE2000 is left alone, from 10.1 all of it is taken back, by \
              `white_balance` and `exposure`. `bright`: `exposure` of bright_amount × log2(goal / 95 % quantile of \
              light), at most 2.5 stops. `dark`: `levels` whose black point takes the 0.5 % quantile of luma \
              dark_amount of the way to it, −0.1 to 0.3",
    source: "Finlayson and Trezzi 2004; van de Weijer et al. 2007; fitted by `scripts/fit-correction`",
};

impl Step for Even {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn amount(&self) -> f64 {
        self.amount
    }
}
