//! A wipe downwards: both pictures hold still, and an edge runs between them.

use crate::effects::layer_state::{LayerArea, LayerState};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Uncovers the second picture from its upper edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WipeDown;

impl WipeDown {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "wipe_down",
        doc: "An edge runs from top to bottom and uncovers the second picture.",
    };
}

impl LayerTransition for WipeDown {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, _: &mut LayerState, next: &mut LayerState) {
        next.area = LayerArea::FromTop(progress);
    }
}
