//! A letterbox: black bars above and below, as the screen of a cinema leaves them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Covers `height` of the frame above and below.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Letterbox {
    /// 0..0.25.
    pub height: f64,
}

impl Letterbox {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "letterbox",
        doc: "Covers `height` of the frame above and below with black bars.",
        parameters: &[Parameter {
            name: "height",
            // Bars of a quarter leave half of the picture: more hides what is told.
            range: ParameterRange::Between(0.0, 0.25),
            unit: "of the frame's height",
        }],
    };
}

impl LayerEffect for Letterbox {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.height]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.height]
    }

    fn change(&self, layer: &mut LayerState, _: &SegmentMoment) {
        layer.finish.bars = layer.finish.bars.max(self.height.clamp(0.0, 0.25));
    }

    fn words(&self) -> String {
        format!("bars {:.0} %", self.height * 100.0)
    }
}
