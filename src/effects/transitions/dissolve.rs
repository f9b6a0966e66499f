//! A dissolve: one segment fades into the next.
//!
//! The blend is of gamma-coded values, as editors do by default. In linear light the brighter picture would dominate: a
//! dissolve from night to day would look half over after a fifth of its time.

use crate::effects::layer_state::LayerState;
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Lays the second picture over the first, ever denser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dissolve;

impl Dissolve {
    /// What is the same for all dissolves.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "dissolve",
        doc: "The first picture fades into the second.",
    };
}

impl LayerTransition for Dissolve {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, _: &mut LayerState, next: &mut LayerState) {
        next.opacity *= progress;
    }
}
