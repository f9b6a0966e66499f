//! U2Net-p: the salient foreground.

use crate::error::Result;
use crate::geometry::Rect;
use crate::models::Models;
use crate::picture::Rgb8;

/// A soft mask over the whole picture.
#[derive(Debug, Clone)]
pub struct Mask {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// 0..1, row by row.
    pub values: Vec<f32>,
}

impl Mask {
    /// The box around everything above `threshold`; `None` when nothing is.
    pub fn bounds(&self, threshold: f32) -> Option<Rect> {
        let _ = threshold;
        unimplemented!()
    }
}

impl Models {
    /// The salient foreground of a picture (sRGB, any size): 320×320.
    pub fn saliency(&self, picture: &Rgb8) -> Result<Mask> {
        let _ = picture;
        unimplemented!()
    }
}
