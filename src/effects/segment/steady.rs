//! A steady hand: takes the shake of the camera out of a segment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Moves the crop against the shake, within `room` on each side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Steady {
    /// 0..0.2.
    pub room: f64,
}

impl Steady {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "steady",
        doc: "Moves the picture against the shake of the camera, and cuts off `room` on each side for it.",
        parameters: &[Parameter {
            name: "room",
            // A fifth on each side enlarges the rest 1.7 times: more shows that there are too few pixels.
            range: ParameterRange::Between(0.0, 0.2),
            unit: "of the frame's size",
        }],
    };
}

impl LayerEffect for Steady {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.room]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.room]
    }

    fn change(&self, layer: &mut LayerState, _: &SegmentMoment) {
        let room = self.room.clamp(0.0, 0.2);
        layer.zoom /= 1.0 - 2.0 * room;
        layer.steady_room = layer.steady_room.max(room);
    }

    fn words(&self) -> String {
        format!("steady within {:.0} %", self.room * 100.0)
    }
}
