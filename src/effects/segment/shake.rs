//! A shake: the camera is hit, and comes to rest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};
use crate::effects::wander::wander;

/// Seconds until it is at rest.
const DIES_IN: f64 = 0.5;
/// Enlargement at full force, which is how far it can move.
const FARTHEST: f64 = 0.1;
/// Changes of direction a second: a shake of the hand has about ten.
const TURNS_A_SECOND: f64 = 14.0;

/// Shakes from `at` on, dying away within half a second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Shake {
    /// Seconds in the source.
    pub at: f64,
    /// 0..1.
    pub amount: f64,
}

impl Shake {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "shake",
        doc: "Shakes the picture at second `at` of the source; it is at rest again after half a second.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                // At 1 the picture jumps by a tenth of its size, as a camera that is hit does.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of a strong shake",
            },
        ],
    };
}

impl LayerEffect for Shake {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.at, self.amount]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.at, &mut self.amount]
    }

    fn change(&self, layer: &mut LayerState, moment: &SegmentMoment) {
        let Some(since) = moment.since(self.at) else {
            return;
        };
        let left = 1.0 - since / DIES_IN;
        if left <= 0.0 {
            return;
        }
        let force = self.amount.clamp(0.0, 1.0) * left * left;
        // The crop gives way as far as the picture moves, so that no edge is seen.
        layer.zoom *= 1.0 + FARTHEST * force;
        let step = since * TURNS_A_SECOND;
        layer.pan[0] += wander(step, 1);
        layer.pan[1] += wander(step, 2);
    }

    fn words(&self) -> String {
        format!("shake {:.0} %", self.amount * 100.0)
    }
}
