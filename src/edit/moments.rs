//! Chooses the moment that fills each slot of a film.
//!
//! [`search`] goes through the slots in order and keeps the best few films so far (a beam search). [`placements`]
//! finds where in each subclip a slot may start, [`scoring`] scores a pick by the weights in [`weights`], and
//! [`opener`] has the rules for the first and the last segment.

mod opener;
mod placements;
mod scoring;
mod search;
mod source_extents;
mod terms;
mod thirds;
mod weights;

pub(super) use search::{MomentRequest, MomentSearch, Pick};
pub use weights::MomentTerm;
