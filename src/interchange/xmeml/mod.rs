//! The XML of Final Cut Pro 7, in which Premiere and Resolve exchange timelines.
//!
//! Times are frames: of the sequence for where a clip lies, of the clip's own rate for what it shows. Media are named
//! by absolute addresses, since neither program looks for relative ones. A clip beside a transition says -1 where it
//! begins or ends, and its in and out reach under the transition.

mod clip_item;
mod places;
mod rate;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;
