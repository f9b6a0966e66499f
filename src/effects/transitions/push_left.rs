//! A push to the left: one goes on to the next, as a page turns.

use crate::effects::layer_state::{LayerState, eased};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Moves both pictures left by a frame, at rest at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushLeft;

impl PushLeft {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "push_left",
        doc: "The second picture pushes the first out to the left.",
    };
}

impl LayerTransition for PushLeft {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        let moved = eased(progress);
        before.shift[0] -= moved;
        next.shift[0] += 1.0 - moved;
    }
}
