//! What captions must not cover: faces, and text that is part of the picture.

use crate::analysis::{Analysis, PictureFacts, TrackKind};
use crate::edit::{Fit, Plan, Segment};
use crate::effects::Effect;
use crate::geometry::{Rect, Size};
use crate::picture::{Panels, place_in_frame};
use crate::time::Rational;

/// Seconds between two looks at what a caption would cover.
const STEP: f64 = 0.4;
/// Looks at one caption at most: captions last 7 seconds.
const MOST_LOOKS: usize = 20;
/// Score from which a face or a text is believed.
const BELIEVED: f64 = 0.5;

/// A plan and what is known of its sources.
pub(super) struct KeptClear<'a> {
    plan: &'a Plan,
    sources: &'a [Analysis],
}

impl<'a> KeptClear<'a> {
    pub fn new(plan: &'a Plan, sources: &'a [Analysis]) -> Self {
        Self { plan, sources }
    }

    /// The boxes, in fractions of the film's picture, of what is seen between two seconds of the film.
    pub fn boxes(&self, start: f64, end: f64) -> Vec<Rect> {
        let mut boxes = Vec::new();
        if self.sources.is_empty() {
            return boxes;
        }
        let mut time = Rational::ZERO;
        for segment in &self.plan.picture {
            let (from, to) = (time.seconds(), (time + segment.length()).seconds());
            time = time + segment.length();
            let (from_seen, to_seen) = (start.max(from), end.min(to));
            if from_seen >= to_seen {
                continue;
            }
            boxes.extend(segment.effects.iter().filter_map(waveform));
            let looks = (((to_seen - from_seen) / STEP) as usize + 1).min(MOST_LOOKS);
            for look in 0..=looks {
                let at = from_seen + (to_seen - from_seen) * look as f64 / looks as f64;
                let source_time = segment.start_exact.seconds() + (at - from) * segment.speed;
                for part in self.shown(segment, source_time) {
                    let found = seen(part.analysis, part.time).into_iter();
                    boxes.extend(found.map(|found| found.inside_of(part.crop).out_of(part.place)));
                }
            }
        }
        boxes
    }

    /// What a segment shows at a second of its source: one part, or one in each panel.
    fn shown(&self, segment: &Segment, time: f64) -> Vec<ShownPart<'a>> {
        let crop = at_time(&segment.crop, time).unwrap_or(Rect::FULL);
        let output = &self.plan.output;
        let [upper, lower] = Panels::places(Size::new(output.width, output.height));
        let (source, below) = match &segment.second_source {
            None => (&segment.source, time),
            Some(second) => (&second.source, time - segment.start + second.start),
        };
        let Some(second) = at_time(&segment.second_crop, below) else {
            let whole = self.analysis(&segment.source).map(|analysis| ShownPart {
                analysis,
                time,
                crop,
                place: self.place(segment, analysis, crop),
            });
            return whole.into_iter().collect();
        };
        let part = |source: &str, time: f64, crop: Rect, place: Rect| {
            let analysis = self.analysis(source)?;
            Some(ShownPart {
                analysis,
                time,
                crop,
                place,
            })
        };
        let parts = [
            part(&segment.source, time, crop, upper),
            part(source, below, second, lower),
        ];
        parts.into_iter().flatten().collect()
    }

    /// Where in the film's frame the crop of a segment stands.
    fn place(&self, segment: &Segment, analysis: &Analysis, crop: Rect) -> Rect {
        let video = analysis.video.as_ref();
        let film = video.map(|video| Size::new(video.width, video.height));
        let photo = analysis.picture.as_ref();
        let size = film.or_else(|| photo.map(|photo| Size::new(photo.width, photo.height)));
        match (segment.fit, size) {
            (Fit::Blurred, Some(size)) => {
                let aspect = size.aspect() * crop.width / crop.height.max(1e-6);
                let output = &self.plan.output;
                place_in_frame(aspect, Size::new(output.width, output.height))
            }
            _ => Rect::FULL,
        }
    }

    fn analysis(&self, source: &str) -> Option<&'a Analysis> {
        let source = self.plan.source(source).ok()?;
        self.sources
            .iter()
            .find(|analysis| analysis.file.blake3 == source.blake3)
    }
}

/// A part of a source in the film's frame.
struct ShownPart<'a> {
    analysis: &'a Analysis,
    /// Seconds of the source.
    time: f64,
    crop: Rect,
    /// Where in the frame it stands.
    place: Rect,
}

/// The strip that a waveform stands in.
fn waveform(effect: &Effect) -> Option<Rect> {
    let Effect::Waveform(bars) = effect else {
        return None;
    };
    let top = bars.place - bars.height / 2.0;
    Some(Rect::new(0.0, top, 1.0, bars.height))
}

/// Faces and text at a second of a source, in fractions of its picture.
fn seen(analysis: &Analysis, time: f64) -> Vec<Rect> {
    let Some(video) = &analysis.video else {
        return analysis
            .picture
            .as_ref()
            .map(in_picture)
            .unwrap_or_default();
    };
    let Some(shot) = video.shots.iter().rev().find(|shot| shot.start <= time) else {
        return Vec::new();
    };
    let faces = shot
        .tracks
        .iter()
        .filter(|track| track.kind == TrackKind::Face);
    let mut followed = faces
        .filter(|track| (track.start - STEP..=track.end + STEP).contains(&time))
        .filter_map(|track| at_time(&track.path, time))
        .peekable();
    if followed.peek().is_none() {
        return in_picture(&shot.picture);
    }
    followed.chain(texts(&shot.picture)).collect()
}

fn in_picture(picture: &PictureFacts) -> Vec<Rect> {
    let faces = picture.faces.iter().filter(|face| face.score >= BELIEVED);
    faces
        .map(|face| face.bounds)
        .chain(texts(picture))
        .collect()
}

fn texts(picture: &PictureFacts) -> impl Iterator<Item = Rect> {
    let texts = picture.text.iter().filter(|text| text.score >= BELIEVED);
    texts.map(|text| text.bounds)
}

/// The box of a path `[seconds, x, y, width, height]` at a time: linear between its points.
fn at_time(path: &[[f64; 5]], time: f64) -> Option<Rect> {
    let next = path.partition_point(|point| point[0] <= time);
    let rect = |point: &[f64; 5]| Rect::new(point[1], point[2], point[3], point[4]);
    let (before, after) = (
        next.checked_sub(1).and_then(|at| path.get(at)),
        path.get(next),
    );
    let (Some(before), Some(after)) = (before, after) else {
        return before.or(after).map(rect);
    };
    let share = (time - before[0]) / (after[0] - before[0]).max(1e-9);
    let (from, to) = (rect(before), rect(after));
    let between = |from: f64, to: f64| from + (to - from) * share;
    Some(Rect::new(
        between(from.x, to.x),
        between(from.y, to.y),
        between(from.width, to.width),
        between(from.height, to.height),
    ))
}
