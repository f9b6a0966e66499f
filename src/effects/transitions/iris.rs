//! An iris: the oldest of transitions, which leads the eye to the middle.

use crate::effects::layer_state::{LayerArea, LayerState, eased};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Uncovers the second picture in a growing circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Iris;

impl Iris {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "iris",
        doc: "A circle opens from the middle and uncovers the second picture.",
    };
}

impl LayerTransition for Iris {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, _: &mut LayerState, next: &mut LayerState) {
        next.area = LayerArea::Circle(eased(progress));
    }
}
