//! One look over many files: one file in, one file out, and no file twice.
//!
//! [`assign_targets`] names every result and refuses what cannot work before anything is written. [`Batch`] does the
//! work, several files at a time, and keeps a record beside the results so that a killed run can resume. The same files
//! and settings give the same bytes, whatever was killed before and however many files are worked on side by side.

mod adjustment;
mod clip;
mod naming;
mod noise;
mod outcome;
mod photo_signature;
mod preview;
mod rendition;
mod resume;
mod run;
mod run_progress;
mod scenes;
mod settings;
mod still;
mod subject_crop;

pub use adjustment::Adjustment;
pub use naming::{BatchInput, BatchItem, NameTemplate, NamingRules, assign_targets};
pub use outcome::{BatchResult, PartialReason, ResultStatus, RunMode};
pub use run::Batch;
pub use settings::{BatchSettings, FormatChoice, Matching, ResultFormat, SizeLimit};
pub use still::PreviewPair;
