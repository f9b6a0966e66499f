//! The sizes that pictures are reduced to for analysis.

use crate::picture::{Filter, Rgb8, resize};

/// Longer side, in pixels, for sharpness, faces and objects: about what a phone shows of a post.
pub(super) const WORKING_SIDE: u32 = 960;
/// Longer side, in pixels, for colors and scene areas.
pub(super) const COLOR_SIDE: u32 = 160;

/// `picture`, reduced to a longer side of at most `side`.
pub(super) fn reduced(picture: &Rgb8, side: u32) -> Rgb8 {
    let size = picture.size().within(side);
    if size == picture.size() {
        picture.clone()
    } else {
        resize(picture, size, Filter::Box)
    }
}
