//! A zoom through: into one picture and out into the next.

use crate::effects::layer_state::{LayerState, eased};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Enlargement of the first picture at its end, beyond 1.
const INTO: f64 = 1.5;
/// Enlargement of the second at its beginning, beyond 1: less, for it must look sharp soon.
const ARRIVES: f64 = 0.4;
/// Share of the time in which one becomes the other, while both are fast.
const CHANGES_OVER: f64 = 0.3;

/// Enlarges the first picture ever faster; the second arrives from close and comes to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoomThrough;

impl ZoomThrough {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "zoom_through",
        doc: "Flies into the first picture and arrives in the second.",
    };
}

impl LayerTransition for ZoomThrough {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        before.zoom *= 1.0 + INTO * progress * progress;
        let left = 1.0 - progress;
        next.zoom *= 1.0 + ARRIVES * left * left;
        next.opacity *= eased((progress - 0.5) / CHANGES_OVER + 0.5);
    }
}
