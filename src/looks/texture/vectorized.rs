//! Runs a pass with the widest vectors that the machine has.

use fearless_simd::dispatch;

use crate::looks::texture::{Blur, FrameView, Row, TexturePass};
use crate::picture::vector_level;

/// A pass whose rows are changed with wide vectors.
pub(in crate::looks) fn vectorized(pass: impl TexturePass + 'static) -> Box<dyn TexturePass> {
    Box::new(VectorizedPass(pass))
}

#[derive(Debug)]
struct VectorizedPass<P>(P);

impl<P: TexturePass> TexturePass for VectorizedPass<P> {
    fn blur(&self) -> Option<&Blur> {
        self.0.blur()
    }

    fn fill_copy(&self, colors: [&[f32]; 3], planes: &mut Vec<f32>) {
        self.0.fill_copy(colors, planes);
    }

    fn reads_luma(&self) -> bool {
        self.0.reads_luma()
    }

    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>) {
        dispatch!(vector_level(), _ => self.0.row(frame, row));
    }
}
