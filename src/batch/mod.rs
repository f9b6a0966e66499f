//! One look over many files: one file in, one file out, none of them twice.
//!
//! [`plan`] gives every file its place and refuses what cannot go well before any work begins; [`Batch`] does the
//! work, several files at a time, and keeps a record beside the results so that a killed run can go on where it was.
//! The same files and settings give the same bytes, whatever was killed before and however many work side by side.

mod adjust;
mod clip;
mod frame;
mod likeness;
mod names;
mod noise;
mod preview;
mod record;
mod run;
mod scenes;
mod settings;
mod share;
mod still;

pub use adjust::Adjusted;
pub use names::{Job, NameTemplate, Origin, Places, plan};
pub use preview::Shown;
pub use run::{Applied, Batch, Fault, Mode, Status};
pub use settings::{Fit, Format, FormatChoice, Matching, Settings};
