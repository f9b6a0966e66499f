//! What goes into the pipeline, and what comes out of it.

use std::sync::Arc;

use crate::error::Result;
use crate::geometry::Rect;
use crate::looks::CompiledLook;
use crate::media::Yuv420;
use crate::picture::{Planar, Rgb8};
use crate::time::Rational;

/// One picture that a frame is made from.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The source's picture: upright, with square pixels, in sRGB.
    pub picture: Arc<Rgb8>,
    /// The part of it that fills the frame, in fractions.
    pub crop: Rect,
    /// The share of the frame, 0..1. The weights of a frame's layers sum to 1.
    pub weight: f64,
    /// The shot that the picture belongs to. Masks are steadied within one, and begin anew with another.
    pub shot: usize,
    /// How the layer is graded.
    pub look: Option<CompiledLook>,
    /// The seed of the look's grain.
    pub seed: u64,
}

/// Which frame it is, and when it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameStamp {
    /// The number of the frame, which makes its grain.
    pub number: u64,
    /// When it is shown, in seconds.
    pub time: Rational,
    /// When the next one is shown.
    pub end: Rational,
}

/// Gives the layers of one frame after another.
pub trait FrameSource {
    /// Goes to the next frame; `None` after the last.
    fn advance(&mut self) -> Result<Option<FrameStamp>>;

    /// The planes of the frame as they were decoded, and the look for them; only where that is all of the frame: one
    /// layer, not cropped, at the size of the finished frames, and a look that [fits
    /// planes](CompiledLook::fits_planes).
    fn planes(&self) -> Option<(Yuv420<'_>, &CompiledLook)> {
        None
    }

    /// The layers of the frame, the one below first; at least one.
    fn layers(&mut self) -> Result<Vec<Layer>>;
}

/// A frame as encoders take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FinishedFrame {
    /// Drawn from layers.
    Rgb(Rgb8),
    /// Made by the fast path.
    Planar(Planar),
}
