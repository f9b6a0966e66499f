//! A slow push: the picture comes closer, or moves away, over the whole segment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Enlarges slowly from 1 to `1 + amount` over the segment; if negative, shrinks from `1 - amount` to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct SlowPush {
    /// -0.5..0.5.
    pub amount: f64,
}

impl SlowPush {
    /// The facts about a slow push.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "slow_push",
        doc: "Comes closer over the segment, or moves away when `amount` is negative.",
        parameters: &[Parameter {
            name: "amount",
            // Beyond half, a push no longer looks slow on segments of a few seconds.
            range: ParameterRange::Between(-0.5, 0.5),
            unit: "of the frame's size",
        }],
    };
}

impl LayerEffect for SlowPush {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.amount]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.amount]
    }

    fn change(&self, layer: &mut LayerState, moment: &SegmentMoment) {
        let progress = moment.progress();
        // In both directions the crop itself is the widest view, so a push never shows what lies outside it.
        layer.zoom *= if self.amount >= 0.0 {
            1.0 + self.amount * progress
        } else {
            1.0 - self.amount * (1.0 - progress)
        };
    }

    fn words(&self) -> String {
        if self.amount < 0.0 {
            format!("pull out {:.0} %", -self.amount * 100.0)
        } else {
            format!("push in {:.0} %", self.amount * 100.0)
        }
    }
}
