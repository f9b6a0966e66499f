//! A whip: the camera seems to be torn away and to find the next picture.

use crate::effects::layer_state::{LayerState, eased};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};

/// Length of the streaks at full speed, in widths of the frame: what an open shutter would leave, and long enough to hide
/// the edge between the pictures.
const LONGEST_STREAK: f64 = 0.35;

/// Moves both pictures left by a frame, with the streaks of that speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whip;

impl Whip {
    /// What is the same for all of its kind.
    pub const FACTS: TransitionFacts = TransitionFacts {
        kind: "whip",
        doc: "A fast pan to the left, blurred by its speed, from the first picture to the second.",
    };
}

impl LayerTransition for Whip {
    fn facts(&self) -> &'static TransitionFacts {
        &Self::FACTS
    }

    fn change(&self, progress: f64, before: &mut LayerState, next: &mut LayerState) {
        let moved = eased(progress);
        before.shift[0] -= moved;
        next.shift[0] += 1.0 - moved;
        // The speed of the eased move, at most 1.5 frames in the time of the transition.
        let speed = 6.0 * progress * (1.0 - progress);
        before.finish.streak = LONGEST_STREAK * speed / 1.5;
    }
}
