//! A glitch: a signal that breaks and comes back as another.

use crate::effects::layer_state::LayerState;
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Tears the picture most in the middle, where it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glitch;

impl Glitch {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "glitch",
        doc: "The picture tears into strips, and is the second when it is whole again.",
    };
}

impl LayerTransition for Glitch {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        if progress < 0.5 {
            next.opacity = 0.0;
        }
        before.finish.tear = 1.0 - (2.0 * progress - 1.0).abs();
    }
}
