//! A dip to white: a memory, a jump in time, a flash of the camera.

use crate::effects::layer_state::LayerState;
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};
use crate::effects::transitions::dip_to_black::dip;

/// Brightens, changes the picture, darkens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DipToWhite;

impl DipToWhite {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "dip_to_white",
        doc: "The first picture brightens to white, and the second comes out of it.",
    };
}

impl LayerTransition for DipToWhite {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn changes_light(&self) -> bool {
        true
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        dip(progress, before, next, 1.0);
    }
}
