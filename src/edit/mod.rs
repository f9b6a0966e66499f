//! Moments into a plan: `tastemaker.plan/1`.

mod plan;
pub use plan::*;

mod place;
mod read;
mod write;

mod platform;
mod preset;
mod style;
pub use platform::{Platform, SafeArea};
pub use style::{BeatsPerShot, SourceSound, Style};
