//! Which parts of a film are copied from its source instead of being drawn and encoded.
//!
//! Where a plan changes nothing in a run of frames, and whole groups of pictures of the source lie in it, these groups
//! look the same copied as decoded, and lose nothing. Only the edges are encoded. It is done where at least half of the
//! film can be copied, from one file: seams are not worth less.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::edit::{Fit, SourceKind, Timeline};
use crate::effects::LayerState;
use crate::error::Result;
use crate::geometry::Rect;
use crate::media::{FilmCodec, Limits, Matrix, PictureGroup, PictureGroups, VideoReader};
use crate::render::crop::crop_of_layer;
use crate::render::plan_looks::PlanLooks;
use crate::time::Rational;

/// Share of a film that has to be copied at least.
const LEAST_SHARE: f64 = 0.5;
/// How far the time of a frame may lie from that of the source's picture, in frames: farther, it is not clear which
/// one is the nearest.
const ASIDE: f64 = 0.4;

/// A part of the film.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FilmPart {
    /// Frames that are drawn and encoded.
    Drawn(Range<u64>),
    /// A group that is copied.
    Copied(PictureGroup),
}

/// How a film is made, part by part.
pub(super) struct FilmParts<'a> {
    /// In order.
    pub parts: Cow<'a, [FilmPart]>,
    /// Where groups are copied from.
    pub groups: Option<&'a PictureGroups>,
}

impl<'a> FilmParts<'a> {
    /// Of a film that is partly copied, or of which these frames are drawn.
    pub fn of(copied: Option<&'a CopiedGroups>, drawn: Range<u64>) -> Self {
        Self {
            parts: match copied {
                Some(copied) => Cow::Borrowed(&copied.parts),
                None => Cow::Owned(vec![FilmPart::Drawn(drawn)]),
            },
            groups: copied.map(|copied| &copied.groups),
        }
    }
}

/// A film that is partly copied.
pub(super) struct CopiedGroups {
    /// Where from.
    pub groups: PictureGroups,
    /// All of the film, in order.
    pub parts: Vec<FilmPart>,
    /// How many frames are copied.
    pub frames: u64,
}

impl CopiedGroups {
    /// What of the film of `timeline`, in `codec`, can be copied; `None` where that is less than half.
    pub fn find(
        timeline: &Timeline<'_>,
        looks: &PlanLooks,
        codec: FilmCodec,
        folder: &Path,
        limits: &Limits,
    ) -> Result<Option<Self>> {
        let Some(entry) = timeline.segments.iter().max_by_key(|entry| entry.frames) else {
            return Ok(None);
        };
        let unchanged = UnchangedFrames::of(timeline, looks, &entry.source.id);
        if (unchanged.count() as f64) < LEAST_SHARE * timeline.frames as f64 {
            return Ok(None);
        }
        let path = entry.source.path_from(folder);
        if !is_shown_as_stored(timeline, &path, limits)? {
            return Ok(None);
        }
        let Some(groups) = PictureGroups::find(&path, codec, timeline.frame_rate, limits)? else {
            return Ok(None);
        };
        let parts = parts_of(groups.groups(), &unchanged, timeline.frame_rate);
        let frames = parts.iter().map(|part| match part {
            FilmPart::Copied(group) => group.pictures,
            FilmPart::Drawn(_) => 0,
        });
        let frames: u64 = frames.sum();
        let is_worth_it = frames as f64 >= LEAST_SHARE * timeline.frames as f64;
        Ok(is_worth_it.then_some(Self {
            groups,
            parts,
            frames,
        }))
    }
}

/// Whether the pictures of a film are shown in their own size and colors, as 8 bits of BT.709.
fn is_shown_as_stored(timeline: &Timeline<'_>, path: &Path, limits: &Limits) -> Result<bool> {
    let mut reader = VideoReader::open(path, limits, 1)?;
    let facts = reader.facts();
    let is_like_the_film = facts.size == timeline.size && facts.frame_rate == timeline.frame_rate;
    if !is_like_the_film || reader.next_frame()?.is_none() {
        return Ok(false);
    }
    let is_stored_alike = reader.planes().is_some_and(|planes| {
        planes.bits == 8 && planes.matrix == Matrix::Bt709 && !planes.full_range
    });
    Ok(is_stored_alike && reader.treatments().is_empty())
}

/// For each frame of the film, the time of the source that it shows with nothing changed.
struct UnchangedFrames(Vec<Option<Rational>>);

impl UnchangedFrames {
    fn of(timeline: &Timeline<'_>, looks: &PlanLooks, source: &str) -> Self {
        let time = |number| unchanged_time(timeline, looks, source, number);
        Self((0..timeline.frames).map(time).collect())
    }

    fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// Whether `group` is shown whole from frame `first` on.
    fn shows(&self, first: u64, group: &PictureGroup, rate: Rational) -> bool {
        (0..group.pictures).all(|place| {
            let shown = usize::try_from(first + place).ok();
            let Some(Some(time)) = shown.and_then(|at| self.0.get(at)) else {
                return false;
            };
            let aside = ((*time - group.start) * rate).seconds() - place as f64;
            aside.abs() <= ASIDE
        })
    }
}

fn unchanged_time(
    timeline: &Timeline<'_>,
    looks: &PlanLooks,
    source: &str,
    number: u64,
) -> Option<Rational> {
    let layers = timeline.layers(number);
    let [layer] = layers.as_slice() else {
        return None;
    };
    let entry = timeline.segments.get(layer.segment)?;
    let segment = entry.segment;
    let time = timeline.time_of(number).seconds();
    let has_caption = timeline
        .captions
        .iter()
        .any(|caption| caption.start <= time && time < caption.end);
    let is_plain = entry.source.id == source
        && entry.source.kind == SourceKind::Video
        && entry.second.is_none()
        && segment.second_crop.is_empty()
        && segment.fit == Fit::Crop
        && layer.state == LayerState::default()
        && looks.of(layer.segment).is_none()
        && !has_caption
        && crop_of_layer(timeline, layer, timeline.size) == Rect::FULL;
    is_plain.then_some(layer.source_time)
}

/// The parts of the film: groups where they are shown whole, and what lies between them.
fn parts_of(groups: &[PictureGroup], unchanged: &UnchangedFrames, rate: Rational) -> Vec<FilmPart> {
    let all = unchanged.0.len() as u64;
    let mut parts = Vec::new();
    let (mut at, mut drawn_from) = (0, 0);
    while at < all {
        let time = usize::try_from(at)
            .ok()
            .and_then(|at| *unchanged.0.get(at)?);
        let group = time.and_then(|time| nearest(groups, time));
        match group.filter(|group| unchanged.shows(at, group, rate)) {
            Some(group) => {
                if drawn_from < at {
                    parts.push(FilmPart::Drawn(drawn_from..at));
                }
                parts.push(FilmPart::Copied(*group));
                at += group.pictures;
                drawn_from = at;
            }
            None => at += 1,
        }
    }
    if drawn_from < all {
        parts.push(FilmPart::Drawn(drawn_from..all));
    }
    parts
}

/// The group whose start is nearest to `time`.
fn nearest(groups: &[PictureGroup], time: Rational) -> Option<&PictureGroup> {
    let after = groups.partition_point(|group| group.start < time);
    let around = groups.get(after.saturating_sub(1)..)?.iter().take(2);
    around.min_by_key(|group| {
        let distance = group.start - time;
        match distance.is_negative() {
            true => Rational::ZERO - distance,
            false => distance,
        }
    })
}
