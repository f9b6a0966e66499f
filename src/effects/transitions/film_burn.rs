//! A film burn: light that falls on the end of a reel.

use crate::effects::layer_state::{LayerState, Leak, eased};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Strength of the light in the middle: white over most of the picture.
const BRIGHTEST: f64 = 2.2;
/// Share of the time in which one picture becomes the other, behind the light.
const CHANGES_OVER: f64 = 0.4;

/// Floods the picture with warm light in the middle of a dissolve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilmBurn;

impl FilmBurn {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "film_burn",
        doc: "Light burns through the first picture from the right and leaves the second.",
    };
}

impl LayerTransition for FilmBurn {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn changes_light(&self) -> bool {
        true
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        next.opacity *= eased((progress - 0.5) / CHANGES_OVER + 0.5);
        before.finish.leak = Leak {
            strength: BRIGHTEST * (1.0 - (2.0 * progress - 1.0).abs()),
            // The light comes in from the right and leaves on the left.
            x: 1.2 - 1.4 * progress,
            y: 0.4,
        };
    }
}
