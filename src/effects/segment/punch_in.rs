//! A punch-in: the picture jumps closer at one moment and stays there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Enlarges to `1 + amount` at `at`, at once.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct PunchIn {
    /// Seconds in the source.
    pub at: f64,
    /// 0..1.
    pub amount: f64,
}

impl PunchIn {
    /// The facts about a punch-in.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "punch_in",
        doc: "Jumps closer by `amount` at second `at` of the source.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                // At 1 a quarter of the picture fills the frame: a 4K source is then still sharp at 1080p.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of the frame's size",
            },
        ],
    };
}

impl LayerEffect for PunchIn {
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
        if moment.since(self.at).is_some() {
            layer.zoom *= 1.0 + self.amount.max(0.0);
        }
    }

    fn words(&self) -> String {
        format!("punch in {:.0} %", self.amount * 100.0)
    }
}
