//! The one way from source pictures to finished frames, for films that are rendered and clips that are graded alike:
//! decode → crop and scale → mask → grade → blend → finish → draw captions → encode.
//!
//! A [`FrameSource`] decodes and gives the [`Layer`]s of each frame. The [`Pipeline`] finds their masks in order, draws
//! them (on other threads or on the caller's), and hands the frames to the encoder in order. So the encoded bytes do
//! not depend on the number of threads. Queues are bounded: memory does not grow with the film.
//!
//! The fast path: a frame of a single layer, at the size of the film and with nothing to change but color, needs no RGB
//! picture. The look is applied to the decoder's planes, which the source offers through [`FrameSource::planes`].

mod backdrop;
mod backdrop_color;
mod bars;
mod behind;
mod blend;
mod cover;
mod drawing;
mod film_bar;
mod finish;
mod glow;
mod layer;
mod leak;
mod light;
mod people;
mod pipeline;
mod shot_masks;
mod streak;
mod tear;
mod waveform;

pub use layer::{FinishedFrame, FrameOverlays, FrameSource, FrameStamp, Layer};
pub use pipeline::Pipeline;
