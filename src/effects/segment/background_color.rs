//! A background color: an even color, or one that darkens downwards, stands behind people as in a studio.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{BackdropColor, LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Replaces what is behind people over the whole segment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct BackgroundColor {
    /// Degrees on the circle of colors: 0 is red, 120 green, 240 blue.
    pub hue: f64,
    /// 0 is gray.
    pub saturation: f64,
    /// 0 is black.
    pub brightness: f64,
    /// How much darker the lower edge is than the upper one.
    pub shade: f64,
}

impl BackgroundColor {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "background_color",
        doc: "Replaces what is behind people with a color that darkens downwards by `shade`; a picture without people stays as it is.",
        parameters: &[
            Parameter {
                name: "hue",
                range: ParameterRange::Between(0.0, 360.0),
                unit: "degrees",
            },
            Parameter {
                name: "saturation",
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of a pure color",
            },
            Parameter {
                name: "brightness",
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of full brightness",
            },
            Parameter {
                name: "shade",
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of the brightness",
            },
        ],
    };
}

impl LayerEffect for BackgroundColor {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.hue, self.saturation, self.brightness, self.shade]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![
            &mut self.hue,
            &mut self.saturation,
            &mut self.brightness,
            &mut self.shade,
        ]
    }

    fn change(&self, layer: &mut LayerState, _: &SegmentMoment) {
        layer.backdrop_color = Some(BackdropColor {
            hue: self.hue,
            saturation: self.saturation,
            brightness: self.brightness,
            shade: self.shade,
        });
    }

    fn words(&self) -> String {
        format!("background color {:.0}°", self.hue)
    }
}
