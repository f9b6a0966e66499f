//! A background blur: what is behind people goes out of focus.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// Blurs what is behind people over the whole segment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct BackgroundBlur {
    /// 0..1.
    pub amount: f64,
}

impl BackgroundBlur {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "background_blur",
        doc: "Blurs what is behind people; a picture without people stays as it is.",
        parameters: &[Parameter {
            name: "amount",
            // At 1 shapes of a tenth of the height are gone.
            range: ParameterRange::Between(0.0, 1.0),
            unit: "of a strong blur",
        }],
    };
}

impl LayerEffect for BackgroundBlur {
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
        layer.backdrop_blur = layer.backdrop_blur.max(self.amount.clamp(0.0, 1.0));
    }

    fn words(&self) -> String {
        format!("background blur {:.0} %", self.amount * 100.0)
    }
}
