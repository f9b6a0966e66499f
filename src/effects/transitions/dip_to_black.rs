//! A dip to black: an end and a beginning, for a change of time or place.

use crate::effects::layer_state::LayerState;
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Darkens, changes the picture, brightens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DipToBlack;

impl DipToBlack {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "dip_to_black",
        doc: "The first picture darkens to black, and the second comes out of it.",
    };
}

impl LayerTransition for DipToBlack {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn changes_light(&self) -> bool {
        true
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        dip(progress, before, next, -1.0);
    }
}

/// Goes to `light` (-1 black, 1 white) in the first half and comes back from it in the second.
pub(super) fn dip(progress: f64, before: &mut LayerState, next: &mut LayerState, light: f64) {
    let depth = 1.0 - (2.0 * progress - 1.0).abs();
    if progress < 0.5 {
        next.opacity = 0.0;
        before.finish.light = light * depth;
    } else {
        next.finish.light = light * depth;
    }
}
