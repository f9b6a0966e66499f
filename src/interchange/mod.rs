//! Timelines of other editing programs: a plan out to them, and what an editor made of it back into a plan.
//!
//! Every format is read into and written from one [`Sequence`]: tracks of clips, gaps and transitions with exact times.
//! [`sequence_of`] makes one from a plan, [`plan_of`] a plan from one. What a format or a plan cannot carry is written
//! down in a [`LossBook`], so that nothing is lost in silence. Captions and chapters are files of their own.
//!
//! Readers take hostile files: limits on bytes, depth and items hold while reading; XML declares no entities; times are
//! fractions within a range. The plan that a timeline came from travels in it, where the format has a place for data of
//! other programs. So a clip that comes back is known again, with its crop, look and effects.

mod differences;
mod edl;
mod fcpxml;
mod flatten;
mod format;
mod fraction;
mod loss;
mod medium;
mod mlt;
mod otio;
mod picture_of_sequence;
mod plan_making;
mod plan_to_sequence;
mod sequence;
mod sequence_to_plan;
mod sound_of_sequence;
mod subtitles;
mod text_limits;
mod timecode;
mod timeline_format;
mod url;
mod write_request;
mod xmeml;
mod xml_tree;
mod xml_writer;

pub use differences::{PlanDifference, differences};
pub use format::{read_sequence, write_sequence};
pub use loss::{Kept, LOSS_SCHEMA, Loss, LossBook, LossReport, LostPart};
pub use medium::{Medium, MediumFacts, absolute};
pub use plan_making::FoundMedium;
pub use plan_to_sequence::sequence_of;
pub use sequence::{
    Sequence, SequenceClip, SequenceCounts, SequenceItem, SequenceMarker, SequenceTrack,
    SequenceTransition, TrackContent,
};
pub use sequence_to_plan::{ImportedPlan, plan_of};
pub use subtitles::{
    SubtitleFormat, chapters, note_other_than_captions, note_other_than_chapters, write_subtitles,
};
pub use text_limits::read_timeline_text;
pub use timeline_format::TimelineFormat;
pub use url::decoded as decoded_url;
pub use write_request::{EditingProgram, WriteRequest};
