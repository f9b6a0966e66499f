//! What effects and transitions change in a layer, and the moment they see.

use crate::time::Rational;

/// A layer of one frame before it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerState {
    /// Enlargement of the crop about its middle, at least 1.
    pub zoom: f64,
    /// The layer's share of the frame, 0..1. The weights of a frame's layers sum to 1.
    pub weight: f64,
}

impl Default for LayerState {
    /// An unchanged layer: its whole crop fills the whole frame.
    fn default() -> Self {
        Self {
            zoom: 1.0,
            weight: 1.0,
        }
    }
}

/// One frame's time within a segment.
#[derive(Debug, Clone, Copy)]
pub struct SegmentMoment {
    /// The time in the source that the frame shows, in seconds.
    pub time: Rational,
    /// Where the segment begins in the source, in seconds.
    pub start: Rational,
    /// Where the segment ends in the source, in seconds.
    pub end: Rational,
    /// How long a frame of the film is shown, in seconds.
    pub frame_time: Rational,
}

impl SegmentMoment {
    /// The share of the segment that has passed, 0..1. In the handles of a transition it stays at 0 or 1.
    pub fn progress(&self) -> f64 {
        let length = (self.end - self.start).seconds();
        ((self.time - self.start).seconds() / length).clamp(0.0, 1.0)
    }
}
