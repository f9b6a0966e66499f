//! Texture steps: those that depend on neighbors or on the position in the picture.
//!
//! The picture is written once, whatever their number. Wide neighborhoods are read from small blurred copies ([`Blur`])
//! made beforehand; then each row goes through the color table into floats and through the textures, and is rounded
//! only at the end (`run`). All float arithmetic is plain `+ − × ÷` in a fixed order, which IEEE 754 makes the same
//! everywhere, with vectors of any width. Each texture is a file of `steps/` that implements [`Texture`] and
//! [`TexturePass`].

mod blur;
mod row;
mod run;
mod vectorized;
mod weights;

use std::fmt::Debug;

use crate::geometry::Size;

pub(super) use blur::Blur;
pub(super) use row::{Row, mix, row_luma};
pub(super) use run::{FrameInput, Textures};
pub(super) use vectorized::vectorized;
pub(super) use weights::{BAND, TextureWeights};

/// A texture at a strength, for pictures of any size.
pub(super) trait Texture: Debug + Send + Sync {
    /// Prepares it for pictures of `size`.
    fn fit(&self, size: Size) -> Box<dyn TexturePass>;
}

/// A texture ready for pictures of one size.
pub(super) trait TexturePass: Debug + Send + Sync {
    /// The blur of the small copy that it reads, if it reads one.
    fn blur(&self) -> Option<&Blur> {
        None
    }

    /// Writes the planes to blur, one or three, stacked, from the red, green and blue of a small copy.
    fn fill_copy(&self, _colors: [&[f32]; 3], _planes: &mut Vec<f32>) {}

    /// Whether it reads the luma of the original picture.
    fn reads_luma(&self) -> bool {
        false
    }

    /// Changes one row. Inlined, so that [`vectorized`] can compile it for the instructions of the machine.
    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>);
}

/// The data about the whole frame that a pass may read.
pub(super) struct FrameView<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// The luma of the original picture, 16 bits; empty unless the pass reads it.
    pub(super) luma: &'a [u16],
    /// The pass's blurred planes, stacked.
    pub(super) blurred: &'a [f32],
    /// Seed of the content, for noise.
    pub(super) seed: u64,
    /// Number of the frame, for noise.
    pub(super) number: u64,
}

/// `percent` as a fraction, at a strength.
pub(super) fn share(percent: f64, strength: f64) -> f32 {
    (percent / 100.0 * strength) as f32
}
