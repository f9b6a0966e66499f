//! The masks of each layer, smoothed over time within its shot.

use std::collections::BTreeMap;

use crate::compositor::layer::{FrameStamp, Layer};
use crate::error::Result;
use crate::geometry::Size;
use crate::looks::MaskTracker;
use crate::models::Models;
use crate::picture::{Filter, crop_resize};

/// Longer side, in pixels, of the copy of a layer that masks are measured on: no mask source reads more.
const MEASURED_SIDE: u32 = 512;

/// Finds the masks of layers, frame after frame in order.
pub(super) struct ShotMasks<'a> {
    models: Option<&'a Models>,
    /// The size of the finished frames.
    size: Size,
    /// One for each shot in the last frame.
    trackers: BTreeMap<usize, MaskTracker<'a>>,
}

impl<'a> ShotMasks<'a> {
    pub(super) fn new(models: Option<&'a Models>, size: Size) -> Self {
        Self {
            models,
            size,
            trackers: BTreeMap::new(),
        }
    }

    /// Gives the looks of `layers` the masks that they need.
    pub(super) fn add(&mut self, layers: &mut [Layer], stamp: FrameStamp) -> Result<()> {
        self.trackers
            .retain(|shot, _| layers.iter().any(|layer| layer.shot == *shot));
        for layer in layers {
            let Some(look) = &layer.look else { continue };
            let sources = look.mask_sources();
            if sources.is_empty() {
                continue;
            }
            let tracker = self
                .trackers
                .entry(layer.shot)
                .or_insert_with(|| MaskTracker::new(sources, self.models));
            let size = self.size.within(MEASURED_SIDE);
            let small = crop_resize(&layer.picture, layer.crop, size, Filter::Box);
            let masks = tracker.next(&small, stamp.time.seconds())?;
            layer.look = Some(look.with_masks(masks));
        }
        Ok(())
    }
}
