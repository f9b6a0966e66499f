//! The finished frames of a plan: its timeline as a source of layers for the compositor.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::compositor::{FinishedFrame, FrameOverlays, FrameSource, FrameStamp, Layer, Pipeline};
use crate::edit::{Fit, Timeline, TimelineLayer};
use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::looks::{Masks, grain_seed};
use crate::media::{KnownFields, Limits};
use crate::models::Models;
use crate::picture::Rgb8;
use crate::render::crop::{crop_of_layer, crops_of_panels, enlarged_frame, part_shown_whole};
use crate::render::deep_frames::DeepFrames;
use crate::render::filled_frames::FilledFrames;
use crate::render::film_captions::FilmCaptions;
use crate::render::footage::Footage;
use crate::render::kept_range::KeptRange;
use crate::render::plan_looks::PlanLooks;
use crate::render::sound_levels::SoundLevels;
use crate::render::steady::{SteadyPaths, SteadySources};
use crate::task::Task;

/// What the frames of a plan are made from.
pub(crate) struct FilmFrames<'a> {
    pub timeline: &'a Timeline<'a>,
    pub looks: &'a PlanLooks,
    /// How loud the film is, where a waveform is drawn.
    pub levels: Option<&'a SoundLevels>,
    /// Relative paths of sources start here.
    pub folder: &'a Path,
    pub models: Option<&'a Models>,
    pub limits: Limits,
    /// What is known of the sources already.
    pub known: &'a KnownFields,
    /// Threads of each decoder; 0 = one per core.
    pub decoder_threads: usize,
    /// Threads that draw, 0 = one per core; `None` draws on the caller's thread.
    pub drawing_threads: Option<usize>,
    /// Whether people are looked for; without, effects that need them are left out, and text stands before everybody, as
    /// in a comparison of what is shown.
    pub finds_people: bool,
    /// The film's size, or a smaller one of its shape.
    pub size: Size,
}

impl FilmFrames<'_> {
    /// The same frames in 10 bits, with the dynamic range of the sources.
    pub(super) fn in_depth<'b>(&'b self, kept: &'b KeptRange) -> DeepFrames<'b> {
        DeepFrames {
            timeline: self.timeline,
            folder: self.folder,
            limits: &self.limits,
            known: self.known,
            threads: self.decoder_threads,
            kept,
        }
    }

    /// Hands the frames of `range` to `take`, in order. Returns notes on problems with the sources.
    pub fn each(
        &self,
        range: Range<u64>,
        task: &Task,
        mut take: impl FnMut(&FinishedFrame) -> Result<()>,
    ) -> Result<Vec<String>> {
        let pipeline = Pipeline {
            size: self.size,
            models: self.models,
            task,
        };
        let open = || TimelineSource {
            timeline: self.timeline,
            looks: self.looks,
            levels: self.levels,
            footage: Footage::new(self.folder, &self.limits, self.decoder_threads, self.known),
            filled: FilledFrames::new(self.size),
            captions: FilmCaptions::new(self.timeline.captions, self.size, self.finds_people),
            finds_people: self.finds_people,
            steady: SteadyPaths::default(),
            sources: SteadySources {
                folder: self.folder,
                limits: &self.limits,
                task,
            },
            current: range.start,
            left: range,
        };
        let close = |source: TimelineSource<'_>| source.footage.into_notes();
        match self.drawing_threads {
            Some(threads) => pipeline.run_on_threads(threads, open, close, |frame, _| take(frame)),
            None => {
                let mut source = open();
                pipeline.run_on_caller(&mut source, None, |frame, _| take(frame))?;
                Ok(close(source))
            }
        }
    }
}

/// The layers of a timeline, frame by frame.
struct TimelineSource<'a> {
    timeline: &'a Timeline<'a>,
    looks: &'a PlanLooks,
    levels: Option<&'a SoundLevels>,
    footage: Footage<'a, Rgb8>,
    filled: FilledFrames,
    captions: FilmCaptions<'a>,
    finds_people: bool,
    steady: SteadyPaths,
    sources: SteadySources<'a>,
    current: u64,
    left: Range<u64>,
}

impl TimelineSource<'_> {
    /// The picture that a layer shows, made of its source's and that of its `second` source, and the part of it that
    /// fills the frame.
    fn shown(
        &mut self,
        layer: &TimelineLayer,
        picture: Arc<Rgb8>,
        second: Option<(TimelineLayer, Arc<Rgb8>)>,
    ) -> Result<(Arc<Rgb8>, Rect)> {
        let entry = self.timeline.segments.get(layer.segment);
        // What fills panels or is shown whole has no room to be held still in.
        let (other, below) = match &second {
            Some((other, below)) => (other, below),
            None => (layer, &picture),
        };
        let panels = [(layer, picture.size()), (other, below.size())];
        if let Some(parts) = crops_of_panels(self.timeline, panels) {
            let frame = self.filled.panels([&picture, below], parts);
            return Ok((frame, Rect::FULL));
        }
        match entry.map_or(Fit::Crop, |entry| entry.segment.fit) {
            Fit::Crop => {
                let crop = crop_of_layer(self.timeline, layer, picture.size());
                let crop = self.steady.held(crop, self.timeline, layer, self.sources)?;
                Ok((picture, crop))
            }
            Fit::Blurred => {
                let part = part_shown_whole(self.timeline, layer);
                let frame = self.filled.whole(&picture, part);
                Ok((frame, enlarged_frame(&layer.state)))
            }
        }
    }
}

impl FrameSource for TimelineSource<'_> {
    fn advance(&mut self) -> Result<Option<FrameStamp>> {
        let Some(number) = self.left.next() else {
            return Ok(None);
        };
        self.current = number;
        Ok(Some(FrameStamp {
            number,
            time: self.timeline.time_of(number),
            end: self.timeline.time_of(number + 1),
        }))
    }

    fn layers(&mut self) -> Result<Vec<Layer>> {
        let mut layers = self.timeline.layers(self.current);
        if !self.finds_people {
            layers
                .iter_mut()
                .for_each(|layer| layer.state.keep_background());
        }
        let of_layer = |layer: &TimelineLayer| self.timeline.second_layer(layer);
        let seconds: Vec<Option<TimelineLayer>> = layers.iter().map(of_layer).collect();
        let all: Vec<TimelineLayer> = layers
            .iter()
            .copied()
            .chain(seconds.iter().flatten().copied())
            .collect();
        let mut pictures = self.footage.pictures(self.timeline, self.current, &all)?;
        let mut below = pictures
            .split_off(layers.len().min(pictures.len()))
            .into_iter();
        let mut finished = Vec::with_capacity(layers.len());
        for ((layer, second), picture) in layers.iter().zip(seconds).zip(pictures) {
            let entry = self.timeline.segments.get(layer.segment);
            let second = second.and_then(|second| Some((second, below.next()?)));
            let (picture, crop) = self.shown(layer, picture, second)?;
            finished.push(Layer {
                crop,
                picture,
                state: layer.state,
                shot: layer.segment,
                look: self.looks.of(layer.segment).cloned(),
                people: Masks::default(),
                seed: entry.map_or(0, |entry| grain_seed(&entry.source.blake3)),
            });
        }
        Ok(finished)
    }

    fn overlays(&mut self) -> Result<FrameOverlays> {
        let time = self.timeline.time_of(self.current).seconds();
        let mut overlays = self.captions.at(time)?;
        overlays.levels = self
            .levels
            .map(|levels| levels.around(time))
            .unwrap_or_default();
        Ok(overlays)
    }
}
