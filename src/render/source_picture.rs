//! What the frames of sources become: pictures for drawing, or planes that keep their dynamic range.

use std::path::Path;

use crate::edit::{Source, Timeline, unrenderable};
use crate::error::Result;
use crate::media::{Limits, VideoReader};
use crate::picture::DeepPlanar;
use crate::render::between::fraction;

/// The form of a source's frames.
pub(crate) trait SourcePicture: Sized {
    /// The frame that `reader` holds. May use the memory of one that nobody needs any more.
    fn of_frame(reader: &mut VideoReader, retired: Option<Self>) -> Result<Self>;

    /// A photo, or what stands for a sound.
    fn of_still(
        timeline: &Timeline<'_>,
        source: &Source,
        path: &Path,
        limits: &Limits,
    ) -> Result<Self>;

    /// Both, mixed by a share from [`crate::render::between`]. `None` if their sizes differ.
    fn mixed(earlier: &Self, later: &Self, share: u32) -> Option<Self>;
}

impl SourcePicture for DeepPlanar {
    fn of_frame(reader: &mut VideoReader, _: Option<Self>) -> Result<Self> {
        reader.deep_planes()
    }

    fn of_still(_: &Timeline<'_>, source: &Source, _: &Path, _: &Limits) -> Result<Self> {
        let id = &source.id;
        Err(unrenderable(format!("\"{id}\" has no frames of 10 bits")))
    }

    fn mixed(earlier: &Self, later: &Self, share: u32) -> Option<Self> {
        let mut mixed = earlier.clone();
        mixed.mix(later, fraction(share)).then_some(mixed)
    }
}
