//! TransNetV2: shot boundaries from small frames.

use crate::error::Result;
use crate::geometry::Size;
use crate::models::Models;
use crate::picture::Rgb8;

/// Size of the frames it takes.
pub const SHOT_FRAME: Size = Size::new(48, 27);
/// Frames of one window; the middle 50 of the answer are the good ones.
pub const SHOT_WINDOW: usize = 100;

/// The answer for each frame.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ShotProbabilities {
    /// This is the last frame of a shot.
    pub last: f32,
    /// This lies inside a transition.
    pub inside: f32,
}

impl Models {
    /// One window of exactly [`SHOT_WINDOW`] frames of [`SHOT_FRAME`].
    pub fn shot_window(&self, frames: &[&Rgb8]) -> Result<Vec<ShotProbabilities>> {
        let _ = frames;
        unimplemented!()
    }
}
