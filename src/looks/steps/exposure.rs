//! `exposure`: more or less light.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::color::{decode, encode};
use crate::looks::operations::Operations;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Multiplies light. Values that would exceed white are rolled off, so that highlights keep their detail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// −4..4; 1 doubles the light.
    pub stops: f64,
}


static FIELDS: &[NumberField<Exposure>] =
    &[NumberField::new("stops", [-4.0, 4.0], "stops", |step: &Exposure| step.stops)];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "exposure",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "Light times 2^stops; highlights are rolled off so that white stays white",
    formula: "l · 2^stops; above half the light a Möbius curve with the same slope leads to white",
    source: "own",
};

impl Step for Exposure {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        let gain = libm::exp2(self.stops);
        operations.curves(|value, _| lit(value, gain));
    }
}

/// `value` under `gain` times the light. If white would be exceeded, the lower half of the light gets the full gain,
/// and the rest follows a Möbius curve that continues with the same slope and maps white to white.
pub(super) fn lit(value: f64, gain: f64) -> f64 {
    /// Light (0..1 of white) from which the curve bends: half of it, so that middle tones still get the full gain.
    const KNEE: f64 = 0.5;
    let light = decode(value) * gain;
    if gain <= 1.0 || light <= KNEE {
        return encode(light);
    }
    let slope = (gain - KNEE) / (1.0 - KNEE);
    let t = (light - KNEE) / (gain - KNEE);
    encode(KNEE + (1.0 - KNEE) * slope * t / (1.0 + (slope - 1.0) * t))
}
