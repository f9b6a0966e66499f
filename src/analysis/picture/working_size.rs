//! The sizes that a picture is looked at.

use crate::picture::{Filter, Rgb8, resize};

/// Longer side, in pixels, that sharpness, faces and objects are judged at: what a phone shows of a post.
pub(super) const WORKING_SIDE: u32 = 960;
/// Longer side, in pixels, that colors and scene areas are measured at.
pub(super) const COLOR_SIDE: u32 = 160;

/// `picture` with its longer side at most `side`.
pub(super) fn reduced(picture: &Rgb8, side: u32) -> Rgb8 {
    let size = picture.size().within(side);
    if size == picture.size() {
        picture.clone()
    } else {
        resize(picture, size, Filter::Box)
    }
}
