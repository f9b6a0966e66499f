//! `highlights_shadows`: brightness of highlights and shadows.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Lifts or lowers highlights and shadows; black, white and hue stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HighlightsShadows {
    /// −100..100; negative recovers detail in highlights.
    #[serde(default)]
    pub highlights: f64,
    /// −100..100; positive opens shadows.
    #[serde(default)]
    pub shadows: f64,
}


static FIELDS: &[NumberField<HighlightsShadows>] = &[
    NumberField::new("highlights", [-100.0, 100.0], "%", |step: &HighlightsShadows| step.highlights).default(0.0),
    NumberField::new("shadows", [-100.0, 100.0], "%", |step: &HighlightsShadows| step.shadows).default(0.0),
];

/// Factor per percent of v (1 − v)³ and its mirror image: 100 gives bumps of height 0.1 at 1/4 and 3/4. With both at
/// their limits the curve still rises everywhere.
const BUMP: f64 = 0.00948;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "highlights_shadows",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "Black and white stay",
    formula: "v + 0.948 a v (1 − v)³ for shadows, + 0.948 a v³ (1 − v) for highlights; hue kept as by `tone_curve`",
    source: "own",
};

impl Step for HighlightsShadows {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        operations.master(|value| {
            let rest = 1.0 - value;
            value
                + BUMP * (self.shadows * value * rest * rest * rest)
                + BUMP * (self.highlights * value * value * value * rest)
        });
    }
}
