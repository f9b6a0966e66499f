//! Analysis of media files: `tastemaker.analysis/1`.

/// Raised whenever the analysis of the same file would give a different result, which invalidates cached ones.
pub const ANALYSIS_REVISION: u32 = 17;

mod contract;
pub use contract::*;

mod beat_override;
pub use beat_override::BeatOverride;

mod analyze_file;
pub use analyze_file::{analyze, analyze_hashed};

mod context;
pub use context::{AnalysisContext, Language};

mod ramp;

mod scope;
pub use scope::{Effort, Part, Scope};

pub mod audio;
pub mod picture;
pub mod video;
