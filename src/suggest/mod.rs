//! Ranked choices with reasons: `tastemaker.suggestions/1`.

mod contract;
pub use contract::*;
