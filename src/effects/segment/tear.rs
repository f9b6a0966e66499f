//! A tear: the picture breaks into strips for a moment, as a bad signal does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Seconds until it is whole.
const WHOLE_IN: f64 = 0.33;

/// Tears strips aside from `at` on, whole again after a third of a second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Tear {
    /// Seconds in the source.
    pub at: f64,
    /// 0..1.
    pub amount: f64,
}

impl Tear {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "tear",
        doc: "Tears the picture into strips at second `at` of the source; it is whole again after a third of a second.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                // At 1 strips move by up to an eighth of the width.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of a strong tear",
            },
        ],
    };
}

impl LayerEffect for Tear {
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
        if let Some(since) = moment.since(self.at) {
            let left = (1.0 - since / WHOLE_IN).max(0.0);
            layer.finish.tear = layer.finish.tear.max(self.amount.clamp(0.0, 1.0) * left);
        }
    }

    fn words(&self) -> String {
        format!("tear {:.0} %", self.amount * 100.0)
    }
}
