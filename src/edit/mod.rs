//! Moments into a plan: `tastemaker.plan/1`.

mod plan;
pub use self::plan::*;

mod place;
mod read;
mod write;

mod platform;
mod preset;
mod style;
pub use platform::{Platform, SafeArea};
pub use style::{BeatsPerShot, SourceSound, Style};

mod beats;
mod fill;
mod framing;
mod material;
mod mix;
mod planner;
mod request;
mod score;
mod shape;
mod slots;
mod trim;
pub use framing::photo_crop;
pub use planner::plan;
pub use request::{EditOutcome, EditRequest, LookChoice, MusicChoice, RankedLook, SourceFile};
pub use score::{ScoreRequest, score, spoken};
