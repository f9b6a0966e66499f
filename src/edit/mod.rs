//! Moments into a plan: `tastemaker.plan/1`.

mod plan;
pub use plan::*;
