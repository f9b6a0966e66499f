//! A progress bar: how much of the film has passed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{FilmBar, LayerState, SegmentMoment};
use crate::effects::parameter::{Parameter, ParameterRange};

/// A bar across the frame that fills as the film goes on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct ProgressBar {
    /// 0..0.1.
    pub height: f64,
    /// 0..1.
    pub place: f64,
}

impl ProgressBar {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "progress_bar",
        doc: "Draws a bar across the frame that is filled as far as the film has passed.",
        parameters: &[
            Parameter {
                name: "height",
                // A tenth is as high as a line of captions: more of it hides what is told.
                range: ParameterRange::Between(0.0, 0.1),
                unit: "of the frame's height",
            },
            Parameter {
                name: "place",
                // 0 is the upper edge, 1 the lower one, which apps cover with their own controls.
                range: ParameterRange::Between(0.0, 1.0),
                unit: "of the way down the frame",
            },
        ],
    };
}

impl LayerEffect for ProgressBar {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.height, self.place]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.height, &mut self.place]
    }

    fn change(&self, layer: &mut LayerState, moment: &SegmentMoment) {
        layer.finish.progress = FilmBar {
            height: self.height.clamp(0.0, 0.1),
            place: self.place.clamp(0.0, 1.0),
            filled: moment.film_progress.clamp(0.0, 1.0),
        };
    }

    fn words(&self) -> String {
        "progress bar".to_owned()
    }
}
