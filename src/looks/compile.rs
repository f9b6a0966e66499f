//! A look ready to run: point-wise steps folded into one 3-D table, spatial steps in as few passes as possible.

use crate::error::Result;
use crate::looks::Look;
use crate::picture::{Picture, Rgb8};

/// A compiled look; share it between threads.
#[derive(Debug, Clone)]
pub struct CompiledLook {}

impl CompiledLook {
    /// Compiles `look` at `strength` (1 = as written).
    pub fn new(look: &Look, strength: f64) -> Result<Self> {
        let _ = (look, strength);
        unimplemented!()
    }

    /// Changes an 8-bit sRGB frame in place. `seed` (of the content) and `frame` make grain.
    pub fn apply(&self, frame: &mut Rgb8, seed: u64, frame_number: u64) {
        let _ = (frame, seed, frame_number);
        unimplemented!()
    }

    /// Changes a still in place, at its own depth.
    pub fn apply_picture(&self, picture: &mut Picture, seed: u64) {
        let _ = (picture, seed);
        unimplemented!()
    }
}
