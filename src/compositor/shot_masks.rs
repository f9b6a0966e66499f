//! The masks of each layer, smoothed over time within its shot.

use std::collections::{BTreeMap, BTreeSet};

use crate::compositor::layer::{FrameParts, FrameStamp};
use crate::error::Result;
use crate::geometry::Size;
use crate::looks::{MaskSource, MaskTracker};
use crate::models::Models;
use crate::picture::{Filter, crop_resize};

/// Longer side, in pixels, of the copy of a layer that masks are measured on: no mask source reads more.
const MEASURED_SIDE: u32 = 512;

/// Finds the masks of layers, frame after frame in order.
pub(super) struct ShotMasks<'a> {
    models: Option<&'a Models>,
    /// The size of the finished frames.
    size: Size,
    /// For the looks of the shots in the last frame.
    trackers: BTreeMap<usize, MaskTracker<'a>>,
    /// For the people in them, where an effect or a title behind them needs those.
    people: BTreeMap<usize, MaskTracker<'a>>,
}

impl<'a> ShotMasks<'a> {
    pub(super) fn new(models: Option<&'a Models>, size: Size) -> Self {
        Self {
            models,
            size,
            trackers: BTreeMap::new(),
            people: BTreeMap::new(),
        }
    }

    /// Gives the layers of a frame and their looks the masks that they need.
    pub(super) fn add(&mut self, parts: &mut FrameParts, stamp: FrameStamp) -> Result<()> {
        let FrameParts { layers, overlays } = parts;
        let has_text_behind = !overlays.behind_people.is_empty();
        for trackers in [&mut self.trackers, &mut self.people] {
            trackers.retain(|shot, _| layers.iter().any(|layer| layer.shot == *shot));
        }
        let size = self.size.within(MEASURED_SIDE);
        for layer in layers {
            let small = || crop_resize(&layer.picture, layer.crop, size, Filter::Box);
            let time = stamp.time.seconds();
            let sources = layer.look.as_ref().map(|look| look.mask_sources());
            let sources = sources.unwrap_or_default();
            let mut found = None;
            if !sources.is_empty() {
                let tracker = self.trackers.entry(layer.shot);
                let tracker = tracker.or_insert_with(|| MaskTracker::new(sources, self.models));
                found = Some(tracker.next(&small(), time)?);
            }
            if layer.state.looks_for_people() || has_text_behind {
                let source = BTreeSet::from([MaskSource::Person]);
                let tracker = self.people.entry(layer.shot);
                let tracker = tracker.or_insert_with(|| MaskTracker::new(source, self.models));
                layer.people = tracker.next(&small(), time)?;
            }
            if let Some((look, masks)) = layer.look.as_mut().zip(found) {
                *look = look.with_masks(masks);
            }
        }
        Ok(())
    }
}
