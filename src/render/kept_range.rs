//! Whether a plan can keep the dynamic range of its sources, and which one that is.

use std::collections::BTreeMap;
use std::path::Path;

use crate::edit::{Fit, Segment, SourceKind, Timeline, TimelineLayer};
use crate::effects::{FrameFinish, LayerArea, LayerState};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::media::{Limits, VideoReader, VideoSignal};

/// The dynamic range and the colors of a film that keeps those of its sources.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeptRange {
    /// What samples mean.
    pub signal: VideoSignal,
    /// Sizes of the sources in square pixels, by id.
    sizes: BTreeMap<String, Size>,
}

impl KeptRange {
    /// That of the sources that `timeline` shows.
    ///
    /// Errors: [`Error::Usage`] naming the field that cannot be had in it, or the sources that contradict each other,
    /// and those of the readers.
    pub fn of(timeline: &Timeline<'_>, folder: &Path, limits: &Limits) -> Result<Self> {
        if !timeline.captions.is_empty() {
            return Err(lost("captions are drawn into the picture".into()));
        }
        for (number, entry) in timeline.segments.iter().enumerate() {
            if let Some(field) = field_in_rgb(entry.segment, entry.source.kind) {
                return Err(lost(format!(
                    "picture[{number}].{field} is not drawn in it"
                )));
            }
        }
        for number in 0..timeline.frames {
            let layers = timeline.layers(number);
            if layers.iter().all(|layer| is_planar(&layer.state)) {
                continue;
            }
            // Without the transition a layer has the state that its effects give it.
            let mut alone = layers
                .iter()
                .filter_map(|layer| timeline.layer(number, layer.segment));
            let by_effects = alone.find(|layer| !is_planar(&layer.state));
            let last = layers.last().map_or(0, |layer| layer.segment);
            let field = match by_effects {
                Some(layer) => format!("picture[{}].effects", layer.segment),
                None => format!("picture[{last}].transition"),
            };
            return Err(lost(format!("{field} is not drawn in it")));
        }
        Self::of_sources(timeline, folder, limits)
    }

    fn of_sources(timeline: &Timeline<'_>, folder: &Path, limits: &Limits) -> Result<Self> {
        let mut all: Option<(VideoSignal, &str)> = None;
        let mut sizes = BTreeMap::new();
        for source in timeline.segments.iter().map(|entry| entry.source) {
            if sizes.contains_key(&source.id) {
                continue;
            }
            let path = source.path_from(folder);
            let mut reader = VideoReader::open(&path, limits, 1)?;
            reader.next_frame()?;
            // A frame that has no 10 bits is refused before anything is encoded.
            reader.deep_planes()?;
            let signal = reader
                .signal()
                .ok_or_else(|| Error::damaged(&path, "no frame can be decoded"))?;
            sizes.insert(source.id.clone(), reader.facts().size);
            all = Some(match all {
                None => (signal, source.id.as_str()),
                Some((kept, _)) if kept.is_like(&signal) => {
                    (kept.with(&signal), source.id.as_str())
                }
                Some((kept, other)) => {
                    let (id, is, was) = (&source.id, signal.name(), kept.name());
                    let what = format!("\"{other}\" is {was}, and \"{id}\" is {is}");
                    return Err(lost(what));
                }
            });
        }
        let (signal, _) = all.ok_or_else(|| lost("there is no picture".into()))?;
        Ok(Self { signal, sizes })
    }

    /// The size in square pixels of the source of a layer, whose frames have the size `coded`.
    pub fn size_of(&self, timeline: &Timeline<'_>, layer: &TimelineLayer, coded: Size) -> Size {
        let source = timeline.source_of(layer);
        let known = source.and_then(|source| self.sizes.get(&source.id));
        known.copied().unwrap_or(coded)
    }
}

/// The field of a segment that needs pictures in RGB.
fn field_in_rgb(segment: &Segment, kind: SourceKind) -> Option<&'static str> {
    let has_look = segment.look.as_deref().is_some_and(|look| look != "none");
    let all = [
        ("look", has_look),
        ("fit", segment.fit != Fit::Crop),
        ("second_crop", !segment.second_crop.is_empty()),
        ("source", kind != SourceKind::Video),
    ];
    all.into_iter()
        .find(|(_, set)| *set)
        .map(|(field, _)| field)
}

/// Whether a layer can be made of planes alone.
fn is_planar(state: &LayerState) -> bool {
    let light = state.finish.light;
    state.shift == [0.0; 2]
        && state.area == LayerArea::Whole
        && state.backdrop_blur == 0.0
        && state.backdrop_color.is_none()
        && light <= 0.0
        && state.finish
            == FrameFinish {
                light,
                ..FrameFinish::default()
            }
}

fn lost(what: String) -> Error {
    Error::Usage {
        what: format!("the dynamic range of the sources cannot be kept: {what}"),
        hint: Hint::LeaveDynamicRange,
    }
}
