//! The XML of Final Cut Pro X, which Resolve reads and writes too. Its times are fractions, so nothing is rounded.
//!
//! Version 1.10 is written, since nothing here needs a newer one and Resolve reads it. A crop becomes a transform: the
//! picture is scaled and moved until the crop fills the frame, which both programs do alike, while they read the edges
//! of `adjust-crop` in different units. The plan travels in the metadata of the sequence.

mod clip_parts;
mod keys;
mod media_index;
mod read;
mod resources;
mod spine_reader;
mod story;
mod write;
mod write_adjustments;

pub(super) use read::read;
pub(super) use write::write;
