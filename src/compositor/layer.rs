//! The pipeline's input (layers, frame by frame) and its output (finished frames).

use std::sync::Arc;

use crate::effects::LayerState;
use crate::error::Result;
use crate::geometry::Rect;
use crate::looks::{CompiledLook, Masks};
use crate::media::Yuv420;
use crate::picture::{Overlay, Planar, Rgb8};
use crate::time::Rational;

/// One picture that a frame is made from.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The source's picture: upright, with square pixels, in sRGB.
    pub picture: Arc<Rgb8>,
    /// The part of it that fills the frame, in fractions.
    pub crop: Rect,
    /// Where it stands in the frame, how much it covers, and what is done to the frame with it.
    pub state: LayerState,
    /// The shot that the picture belongs to. Masks are smoothed over time within a shot and start anew in the next.
    pub shot: usize,
    /// The layer's grade; `None` leaves its colors alone.
    pub look: Option<CompiledLook>,
    /// The people in it, where an effect needs them.
    pub people: Masks,
    /// The seed of the look's grain.
    pub seed: u64,
}

/// The number and the time of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameStamp {
    /// The number of the frame; grain depends on it.
    pub number: u64,
    /// When it is shown, in seconds.
    pub time: Rational,
    /// When the next one is shown.
    pub end: Rational,
}

/// Yields the layers of a film, frame after frame.
pub trait FrameSource {
    /// Goes to the next frame; `None` after the last.
    fn advance(&mut self) -> Result<Option<FrameStamp>>;

    /// The decoded planes of the frame and their look, for the fast path. Only for a frame of one layer that is not
    /// cropped, has the size of the finished frames, and has a look that [fits planes](CompiledLook::fits_planes).
    fn planes(&self) -> Option<(Yuv420<'_>, &CompiledLook)> {
        None
    }

    /// The layers of the frame, bottom first; at least one.
    fn layers(&mut self) -> Result<Vec<Layer>>;

    /// What is drawn into the frame beside its layers, such as captions. A frame of the fast path has nothing.
    fn overlays(&mut self) -> Result<FrameOverlays> {
        Ok(FrameOverlays::default())
    }
}

/// What is drawn into a frame beside its layers, each in order.
#[derive(Debug, Clone, Default)]
pub struct FrameOverlays {
    /// Drawn into every layer, behind the people in it.
    pub behind_people: Vec<Arc<Overlay>>,
    /// Parts of the blended layers that are made unrecognizable, in fractions of the frame.
    pub obscured: Vec<Rect>,
    /// Drawn over the blended layers.
    pub over: Vec<Arc<Overlay>>,
    /// How loud the film is around the frame, 0..1, evenly spaced with the frame in the middle; for a waveform.
    pub levels: Vec<f64>,
}

/// What a frame is drawn from.
pub(super) struct FrameParts {
    /// Bottom first.
    pub layers: Vec<Layer>,
    /// What is drawn beside them.
    pub overlays: FrameOverlays,
}

impl FrameParts {
    /// Those of the source's frame.
    pub fn of(source: &mut impl FrameSource) -> Result<Self> {
        Ok(Self {
            layers: source.layers()?,
            overlays: source.overlays()?,
        })
    }
}

/// A frame as encoders take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FinishedFrame {
    /// Drawn from layers.
    Rgb(Rgb8),
    /// In the encoder's own format: graded on the decoder's planes by the fast path, or drawn from layers by a thread of
    /// its own.
    Planar(Planar),
}
