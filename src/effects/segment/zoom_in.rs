//! A zoom: the picture comes closer within half a second, and stays there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment, eased};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Seconds that the move takes: faster looks like a jump, slower like a push.
const TAKES: f64 = 0.5;

/// Enlarges to `1 + amount` in the half second from `at`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct ZoomIn {
    /// Seconds in the source.
    pub at: f64,
    /// 0..1.
    pub amount: f64,
}

impl ZoomIn {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "zoom_in",
        doc: "Comes closer by `amount` in the half second from second `at` of the source, and stays.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                // As for a punch-in: at 1 a quarter of the picture fills the frame.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of the frame's size",
            },
        ],
    };
}

impl LayerEffect for ZoomIn {
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
            layer.zoom *= 1.0 + self.amount.max(0.0) * eased(since / TAKES);
        }
    }

    fn words(&self) -> String {
        format!("zoom in {:.0} %", self.amount * 100.0)
    }
}
