//! A wipe to the right: both pictures hold still, and an edge runs between them.

use crate::effects::layer_state::{LayerArea, LayerState};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Uncovers the second picture from its left edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WipeRight;

impl WipeRight {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "wipe_right",
        doc: "An edge runs from left to right and uncovers the second picture.",
    };
}

impl LayerTransition for WipeRight {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, _: &mut LayerState, next: &mut LayerState) {
        next.area = LayerArea::FromLeft(progress);
    }
}
