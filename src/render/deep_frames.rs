//! The frames of a plan in 10 bits, with the dynamic range and the colors of its sources.
//!
//! Frames go from decoder to encoder as planes of YUV: cut, cropped, scaled, mixed in dissolves and darkened in dips to
//! black, all on coded values, as editors do. What is drawn in RGB for ordinary displays (looks, most effects,
//! captions, panels, photos) has no place in them, and a plan that asks for it is [refused](KeptRange::of) by its
//! field.

use std::path::Path;

use crate::edit::{Timeline, TimelineLayer, unrenderable};
use crate::error::Result;
use crate::geometry::Rect;
use crate::media::{KnownFields, Limits, VideoSignal};
use crate::picture::DeepPlanar;
use crate::render::crop::crop_of_layer;
use crate::render::footage::Footage;
use crate::render::kept_range::KeptRange;
use crate::render::steady::{SteadyPaths, SteadySources};
use crate::task::Task;

/// What the frames of a plan are made from.
pub(super) struct DeepFrames<'a> {
    pub timeline: &'a Timeline<'a>,
    /// Relative paths of sources start here.
    pub folder: &'a Path,
    pub limits: &'a Limits,
    pub known: &'a KnownFields,
    /// Threads of each decoder; 0 = one per core.
    pub threads: usize,
    pub kept: &'a KeptRange,
}

impl DeepFrames<'_> {
    /// Hands all frames to `take`, in order. Returns notes on problems with the sources.
    pub fn each(
        &self,
        task: &Task,
        mut take: impl FnMut(&DeepPlanar) -> Result<()>,
    ) -> Result<Vec<String>> {
        let mut footage: Footage<'_, DeepPlanar> =
            Footage::new(self.folder, self.limits, self.threads, self.known);
        let mut steady = SteadyPaths::default();
        let sources = SteadySources {
            folder: self.folder,
            limits: self.limits,
            task,
        };
        for number in 0..self.timeline.frames {
            task.check()?;
            let layers = self.timeline.layers(number);
            let pictures = footage.pictures(self.timeline, number, &layers)?;
            let mut frame: Option<DeepPlanar> = None;
            for (layer, picture) in layers.iter().zip(pictures) {
                let held = |crop| steady.held(crop, self.timeline, layer, sources);
                let drawn = self.drawn(layer, &picture, held)?;
                match &mut frame {
                    None => frame = Some(drawn),
                    Some(frame) => {
                        frame.mix(&drawn, layer.state.opacity);
                    }
                }
            }
            let Some(mut frame) = frame else { continue };
            let light = layers.iter().map(|layer| layer.state.finish.light);
            let darkest = light.fold(0.0, f64::min);
            if darkest < 0.0 {
                frame.darken(-darkest, self.signal().full_range);
            }
            take(&frame)?;
        }
        Ok(footage.into_notes())
    }

    fn signal(&self) -> &VideoSignal {
        &self.kept.signal
    }

    /// The crop of a layer at the size of the film.
    fn drawn(
        &self,
        layer: &TimelineLayer,
        picture: &DeepPlanar,
        held: impl FnOnce(Rect) -> Result<Rect>,
    ) -> Result<DeepPlanar> {
        // Crops are fractions of the upright picture with square pixels.
        let shown = self.kept.size_of(self.timeline, layer, picture.size());
        let crop = held(crop_of_layer(self.timeline, layer, shown))?;
        picture
            .crop_resized(crop, self.timeline.size, self.signal().place)
            .ok_or_else(|| unrenderable("output has no pixels".into()))
    }
}
