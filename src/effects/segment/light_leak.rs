//! A light leak: warm light wanders over the picture, as in a camera that is not tight.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, Leak, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Seconds that the light is seen.
const TAKES: f64 = 1.5;

/// Warm light passes from the right to the left in a second and a half from `at`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct LightLeak {
    /// Seconds in the source.
    pub at: f64,
    /// 0..1.
    pub amount: f64,
}

impl LightLeak {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "light_leak",
        doc: "Warm light passes over the picture in the second and a half from second `at` of the source.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                // At 1 its middle is white.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of full light",
            },
        ],
    };
}

impl LayerEffect for LightLeak {
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
        let passed = since / TAKES;
        if passed < 1.0 {
            layer.finish.leak = Leak {
                strength: self.amount.clamp(0.0, 1.0) * (1.0 - (2.0 * passed - 1.0).abs()),
                x: 1.1 - 0.9 * passed,
                y: 0.25 + 0.3 * passed,
            };
        }
    }

    fn changes_light(&self) -> bool {
        true
    }

    fn words(&self) -> String {
        format!("light leak {:.0} %", self.amount * 100.0)
    }
}
