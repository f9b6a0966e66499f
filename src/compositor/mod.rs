//! The one way from source pictures to finished frames, for films that are rendered and clips that are graded alike:
//! decode → crop and scale → mask → grade → blend → encode.
//!
//! A [`FrameSource`] decodes and says which [`Layer`]s make each frame. The [`Pipeline`] finds the masks of the
//! layers in order, draws them (on other threads, or on the caller's), and hands the frames to the encoder in order.
//! So the frames, and every byte that is encoded, are the same whatever the number of threads. Queues are bounded:
//! memory does not grow with the film.
//!
//! A frame that has a single layer, at the size of the film and with nothing to do but color, needs no RGB picture: the
//! look is applied to the decoder's own planes. That is the fast path; a source offers it through
//! [`FrameSource::planes`].

mod blend;
mod drawing;
mod layer;
mod pipeline;
mod shot_masks;

pub use layer::{FinishedFrame, FrameSource, FrameStamp, Layer};
pub use pipeline::Pipeline;
