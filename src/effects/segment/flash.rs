//! A flash: the picture is white at one moment and comes back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Seconds until the light is gone.
const FADES_IN: f64 = 0.33;

/// Brightens at once at `at` and comes back in a third of a second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Flash {
    /// Seconds in the source.
    pub at: f64,
    /// 0..1.
    pub amount: f64,
}

impl Flash {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "flash",
        doc: "Brightens the picture by `amount` at second `at` of the source; the light is gone after a third of a second.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                // At 1 the first frame is white. One flash is safe; more than three in a second are refused by verify.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of the way to white",
            },
        ],
    };
}

impl LayerEffect for Flash {
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
            let left = (1.0 - since / FADES_IN).max(0.0);
            layer.finish.light = layer
                .finish
                .light
                .max(self.amount.clamp(0.0, 1.0) * left * left);
        }
    }

    fn changes_light(&self) -> bool {
        true
    }

    fn words(&self) -> String {
        format!("flash {:.0} %", self.amount * 100.0)
    }
}
