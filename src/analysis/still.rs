//! What can be seen in one picture: stills, and the key frames of films.

use crate::analysis::PictureFacts;
use crate::error::Result;
use crate::models::Models;
use crate::picture::Rgb8;

/// How much is asked of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Everything, for stills.
    Full,
    /// Without saliency where a face or object already tells the subject, for key frames.
    KeyFrame,
}

/// Facts of an sRGB picture of any size.
pub fn look_at(models: &Models, picture: &Rgb8, depth: Depth) -> Result<PictureFacts> {
    let _ = (models, picture, depth);
    unimplemented!()
}
