//! A glow: for a second, light spreads from what is bright.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment, eased};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Seconds until the glow is at its strongest.
const RISES_IN: f64 = 0.12;
/// Seconds from then on until it is gone.
const FADES_IN: f64 = 0.9;

/// Light spreads at `at` and is gone after a second. A look with `bloom` glows all the time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Glow {
    /// Seconds in the source.
    pub at: f64,
    /// 0..1.
    pub amount: f64,
}

impl Glow {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "glow",
        doc: "Light spreads from what is bright at second `at` of the source; it is gone after a second.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of a strong glow",
            },
        ],
    };
}

impl LayerEffect for Glow {
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
        // It rises slower than a flash does, so that it is no flash.
        let strength = if since < RISES_IN {
            eased((since + moment.frame_time.seconds()) / RISES_IN)
        } else {
            1.0 - eased((since - RISES_IN) / FADES_IN)
        };
        let glow = self.amount.clamp(0.0, 1.0) * strength;
        layer.finish.glow = layer.finish.glow.max(glow);
    }

    fn changes_light(&self) -> bool {
        true
    }

    fn words(&self) -> String {
        format!("glow {:.0} %", self.amount * 100.0)
    }
}
