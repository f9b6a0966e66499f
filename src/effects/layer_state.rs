//! What effects and transitions change of a layer, and what they may know of the moment.

use crate::time::Rational;

/// A layer of one frame before it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerState {
    /// How many times the crop is enlarged about its middle, from 1.
    pub zoom: f64,
    /// The layer's share of the frame, 0..1. The weights of a frame's layers sum to 1.
    pub weight: f64,
}

impl Default for LayerState {
    /// A layer that nothing changes: all of its crop, and all of the frame.
    fn default() -> Self {
        Self {
            zoom: 1.0,
            weight: 1.0,
        }
    }
}

/// A moment of a segment.
#[derive(Debug, Clone, Copy)]
pub struct SegmentMoment {
    /// The second of the source that the frame shows.
    pub time: Rational,
    /// The second of the source at which the segment begins.
    pub start: Rational,
    /// The second of the source at which the segment ends.
    pub end: Rational,
    /// How long a frame of the film is shown, in seconds.
    pub frame_time: Rational,
}

impl SegmentMoment {
    /// The share of the segment that has passed, 0..1. In the handles of a transition it stays at either end.
    pub fn progress(&self) -> f64 {
        let length = (self.end - self.start).seconds();
        ((self.time - self.start).seconds() / length).clamp(0.0, 1.0)
    }
}
