//! Which vector instructions the machine has.
//!
//! The program is compiled for every x86-64 processor, whose common vectors hold four floats. Loops over pixels that
//! take most of the time are compiled for wider ones as well: an `#[inline(always)]` function that is called through
//! `fearless_simd::dispatch!` with this level. All give the same bits, because every float operation is rounded by itself
//! and none are fused.

use std::sync::LazyLock;

use fearless_simd::Level;

/// The widest vector instructions that the machine has.
pub fn vector_level() -> Level {
    static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);
    *LEVEL
}
