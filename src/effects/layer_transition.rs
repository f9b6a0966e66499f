//! The interface of a transition.

use crate::effects::layer_state::LayerState;

/// The facts about a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransitionFacts {
    /// Its `kind` in a plan.
    pub kind: &'static str,
    /// What it does, in one sentence for the documentation.
    pub doc: &'static str,
}

/// A transition between two segments. The layer of the second is drawn over that of the first.
pub trait LayerTransition {
    /// Its `kind` and its doc line.
    fn facts(&self) -> &'static TransitionFacts;

    /// Changes the layers of the two segments after the share `progress` (above 0, below 1) of the transition.
    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState);

    /// Whether the picture goes through white or black.
    fn changes_light(&self) -> bool {
        false
    }
}
