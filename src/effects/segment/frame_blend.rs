//! Frame blending: slow motion mixes the two frames of the source around each of its times.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Mixes neighboring frames over `amount` of the time between them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct FrameBlend {
    /// 0..1.
    pub amount: f64,
}

impl FrameBlend {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "frame_blend",
        doc: "Mixes the two frames of the source around a time that lies between them, over `amount` of the time from one to the next.",
        parameters: &[Parameter {
            name: "amount",
            // At 1 the mix changes evenly from one frame to the next, at 0 the nearest is shown.
            range: ParameterRange::Between(0.0, 1.0),
            unit: "of the time between two frames",
        }],
    };
}

impl LayerEffect for FrameBlend {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.amount]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.amount]
    }

    fn change(&self, layer: &mut LayerState, _: &SegmentMoment) {
        layer.frame_blend = layer.frame_blend.max(self.amount.clamp(0.0, 1.0));
    }

    fn words(&self) -> String {
        format!("blends frames {:.0} %", self.amount * 100.0)
    }
}
