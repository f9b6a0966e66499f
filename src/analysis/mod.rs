//! What is in a file: `tastemaker.analysis/1`.

mod contract;
pub use contract::*;

mod context;
pub use context::{AnalysisContext, analyze};

/// Analysis of films.
pub mod film;
/// Analysis of sound.
pub mod hearing;
/// Analysis of stills and key frames (implemented in its folder).
pub mod still;
