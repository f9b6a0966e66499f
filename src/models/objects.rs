//! NanoDet-g: objects of the 80 COCO classes.

use crate::error::Result;
use crate::geometry::Rect;
use crate::models::Models;
use crate::picture::Rgb8;

/// One object.
#[derive(Debug, Clone)]
pub struct ObjectDetection {
    /// COCO class.
    pub label: String,
    /// 0..1, above 0.35.
    pub score: f32,
    /// Where.
    pub bounds: Rect,
}

impl Models {
    /// Objects of a picture (sRGB, any size), best first.
    pub fn detect_objects(&self, picture: &Rgb8) -> Result<Vec<ObjectDetection>> {
        let _ = picture;
        unimplemented!()
    }
}
