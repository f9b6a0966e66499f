//! A freeze: the picture stands still from one moment on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::SegmentMoment;
use crate::effects::parameter::{Parameter, ParameterRange};
use crate::time::Rational;

/// The finest time that a plan writes: four decimals.
const PARTS_OF_A_SECOND: u32 = 10_000;

/// Shows the frame at `at` until the segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Freeze {
    /// Seconds in the source.
    pub at: f64,
}

impl Freeze {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "freeze",
        doc: "Holds the frame at second `at` of the source until the segment ends.",
        parameters: &[Parameter {
            name: "at",
            range: ParameterRange::WithinSegment,
            unit: "seconds of the source",
        }],
    };
}

impl LayerEffect for Freeze {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.at]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.at]
    }

    fn source_time(&self, moment: &SegmentMoment) -> Rational {
        moment
            .time
            .min(Rational::nearest(self.at, PARTS_OF_A_SECOND))
    }

    fn changes_time(&self) -> bool {
        true
    }

    fn words(&self) -> String {
        "freeze".to_owned()
    }
}
