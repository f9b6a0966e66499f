//! A push upwards, as one scrolls on to the next post.

use crate::effects::layer_state::{LayerState, eased};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Moves both pictures up by a frame, at rest at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushUp;

impl PushUp {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "push_up",
        doc: "The second picture pushes the first out at the top.",
    };
}

impl LayerTransition for PushUp {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        let moved = eased(progress);
        before.shift[1] -= moved;
        next.shift[1] += 1.0 - moved;
    }
}
