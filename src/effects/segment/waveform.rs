//! A waveform: how loud the film sounds around each moment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment, WaveStrip};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Bars across the frame that move with the sound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Waveform {
    /// 0..0.5.
    pub height: f64,
    /// 0..1.
    pub place: f64,
}

impl Waveform {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "waveform",
        doc: "Draws how loud the film sounds around each moment, as bars that move with the sound.",
        parameters: &[
            Parameter {
                name: "height",
                // More than half of a frame leaves no room for the picture.
                range: ParameterRange::Between(0.0, 0.5),
                unit: "of the frame's height",
            },
            Parameter {
                name: "place",
                // Of the middle of the bars, so that they can stand at an edge of the picture.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of the way down the frame",
            },
        ],
    };
}

impl LayerEffect for Waveform {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.height, self.place]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.height, &mut self.place]
    }

    fn change(&self, layer: &mut LayerState, _moment: &SegmentMoment) {
        layer.finish.waveform = WaveStrip {
            height: self.height.clamp(0.0, 0.5),
            place: self.place.clamp(0.0, 1.0),
        };
    }

    fn words(&self) -> String {
        "waveform".to_owned()
    }
}
