//! Applies one look to many files: one result a file, and no file is processed twice.
//!
//! [`assign_targets`] names every result and refuses conflicts before anything is written. [`Batch`] does the work,
//! several files at a time, and keeps a record beside the results so that a killed run can resume. The same files and
//! settings give the same bytes, whatever was interrupted before and however many files are processed in parallel.

mod adjustment;
mod clip;
mod clip_animation;
mod clip_faces;
mod face_search;
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
pub use settings::{
    BatchSettings, ClipForm, ClipStretch, ContainerChoice, FaceTreatment, FormatChoice, Matching,
    ResultFormat, SizeLimit,
};
pub use still::PreviewPair;
