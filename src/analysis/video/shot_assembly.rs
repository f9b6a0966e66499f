//! Turns the frames of a film, as they come, into shots.
//!
//! Nothing here waits for the end: a shot is described as soon as its transition out is certain, and its frames are let go.
//! What is kept is bounded: small frames for [`ShotFinder`], a few dozen bytes a frame of the open shot, a thumbnail a
//! sample, and at most [`KEPT_PICTURES`] pictures that its key frame may be chosen from.

use std::collections::VecDeque;

use crate::analysis::picture::{
    PictureDepth, analyze_picture, find_faces, find_objects, luma8, salience,
    sharpness_and_exposure,
};
use crate::analysis::video::appearance::Appearance;
use crate::analysis::video::black_and_frozen::Runs;
use crate::analysis::video::camera_motion::summarize;
use crate::analysis::video::luma_thumbnail::LumaPlane;
use crate::analysis::video::moments::{self, FrameMeasures, SampleMeasures, UsableSpan};
use crate::analysis::video::motion::{ThumbPyramid, TimedMotion, compare, energy};
use crate::analysis::video::mouth_motion::MouthTracker;
use crate::analysis::video::people_tracking::{self, MOST_SEEN, PersonDetection, SampleDetections};
use crate::analysis::video::shots::{ShotFinder, is_span};
use crate::analysis::video::subject_path::{SubjectSample, subject_path};
use crate::analysis::video::takes::TakeGrouper;
use crate::analysis::{Face, ObjectFact, Part, Scope, Shot, Span, Take, TrackKind, Transition};
use crate::error::Result;
use crate::geometry::Size;
use crate::models::Models;
use crate::picture::Rgb8;
use crate::time::{Rational, rounded};

/// Pictures that are kept of an open shot.
const KEPT_PICTURES: usize = 12;
/// Samples of the open shot that keep their thumbnails: ten minutes of them. Before those, in one endless take, a subject is no
/// longer carried over a sample that misses it.
const KEPT_THUMBS: usize = 1500;
/// A frame darker than this (mean luma of 255) and as flat as [`BLACK_DEVIATION`] is black.
const BLACK_MEAN: f32 = 20.0;
const BLACK_DEVIATION: f32 = 7.0;

/// One decoded frame at the sizes that are asked for.
pub(crate) struct ScaledFrame {
    /// When it is shown.
    pub time: Rational,
    /// When it ends, as far as is known.
    pub end: Rational,
    /// 48×27.
    pub small: Rgb8,
    /// Longer side 160.
    pub thumb: Rgb8,
    /// A few times a second: at working size.
    pub sample: Option<Rgb8>,
}

/// What was found.
pub(crate) struct VideoFindings {
    pub shots: Vec<Shot>,
    pub black: Vec<Span>,
    pub frozen: Vec<Span>,
    pub frames: u64,
    pub start: Rational,
    pub end: Rational,
    /// One value a second.
    pub motion: Vec<f64>,
    /// One value a second.
    pub quality: Vec<f64>,
    pub takes: Vec<Take>,
}

/// Seconds of a curve, at most.
const LONGEST_CURVE: usize = 400_000;

/// A sampled frame with what was found in it.
struct Sample {
    frame: u64,
    /// Dropped when there are too many.
    picture: Option<Rgb8>,
    note: SampleMeasures,
    look: SubjectSample,
    /// Faces first.
    people: Vec<PersonDetection>,
}

/// See the module.
pub(crate) struct ShotAssembler<'a> {
    models: &'a Models,
    scope: &'a Scope,
    /// Of the film.
    size: Size,
    finder: ShotFinder<'a>,
    /// From `first` on: frames of the open shot and beyond.
    notes: VecDeque<(Rational, FrameMeasures)>,
    /// Number of the first frame in `notes`: where the open shot starts.
    first: u64,
    samples: VecDeque<Sample>,
    before: Option<(Rational, ThumbPyramid)>,
    /// Of the faces of the last sample.
    mouths: MouthTracker,
    /// Tracks told so far.
    tracks: u32,
    takes: TakeGrouper,
    black: Runs,
    frozen: Runs,
    /// The last frame's time, end, and what it is, until its real end is known.
    held: Option<(Rational, Rational, bool, bool)>,
    frames: u64,
    start: Rational,
    end: Rational,
    /// How the open shot began.
    transition_in: Option<Transition>,
    shots: Vec<Shot>,
    motion: Curve,
    quality: Curve,
}

impl<'a> ShotAssembler<'a> {
    pub fn new(models: &'a Models, size: Size, scope: &'a Scope) -> Self {
        Self {
            models,
            scope,
            size,
            finder: ShotFinder::new(move |frames: &[&Rgb8]| models.shot_window(frames)),
            notes: VecDeque::new(),
            first: 0,
            samples: VecDeque::new(),
            before: None,
            mouths: MouthTracker::default(),
            tracks: 0,
            takes: TakeGrouper::default(),
            black: Runs::black(),
            frozen: Runs::frozen(),
            held: None,
            frames: 0,
            start: Rational::ZERO,
            end: Rational::ZERO,
            transition_in: None,
            shots: Vec::new(),
            motion: Curve::default(),
            quality: Curve::default(),
        }
    }

    /// Takes the next frame.
    pub fn push(&mut self, frame: ScaledFrame) -> Result<()> {
        let number = self.frames;
        if number == 0 {
            self.start = frame.time;
        }
        self.frames += 1;
        self.end = frame.end.max(frame.time);
        let black = is_black(&frame.small);
        let thumb = ThumbPyramid::new(&frame.thumb);
        let (step, same) = match &self.before {
            Some((time, before)) => {
                let seconds = (frame.time - *time).seconds() as f32;
                let same = thumb.is_same_as(before);
                let step = if same {
                    Default::default()
                } else {
                    compare(before, &thumb)
                };
                let now = frame.time.seconds();
                self.mouths.follow(&before.full, &thumb.full, now, seconds);
                ((step, seconds), same)
            }
            None => ((Default::default(), 0.0), false),
        };
        if let Some((start, _, was_black, was_same)) = self.held.take() {
            self.note_runs(start, frame.time, was_black, was_same);
        }
        self.held = Some((frame.time, frame.end, black, same));
        let time = frame.time.seconds();
        self.notes.push_back((
            frame.time,
            FrameMeasures {
                time,
                step,
                dark: black,
            },
        ));
        if let Some(picture) = frame.sample {
            self.sample(number, time, picture, &thumb)?;
        }
        self.before = Some((frame.time, thumb));
        self.finder.push(frame.small)?;
        self.close_shots()
    }

    /// Ends the film.
    pub fn finish(mut self) -> Result<VideoFindings> {
        if let Some((start, end, black, same)) = self.held.take() {
            self.note_runs(start, end.max(start), black, same);
        }
        self.finder.finish()?;
        self.close_shots()?;
        if self.first < self.frames {
            let shot = self.describe(self.frames, None)?;
            self.shots.push(shot);
        }
        let shots = &self.shots;
        let takes = self.takes.finish(|shot| {
            let moment = shots.get(shot).and_then(|shot| shot.moments.first());
            moment.map_or(0.0, |moment| moment.score)
        });
        Ok(VideoFindings {
            takes,
            shots: self.shots,
            black: self.black.finish(),
            frozen: self.frozen.finish(),
            frames: self.frames,
            start: self.start,
            end: self.end,
            motion: self.motion.finish(),
            quality: self.quality.finish(),
        })
    }

    fn note_runs(&mut self, start: Rational, end: Rational, black: bool, same: bool) {
        self.black.push(black, start, end);
        self.frozen.push(same && !black, start, end);
    }

    fn sample(
        &mut self,
        number: u64,
        time: f64,
        picture: Rgb8,
        thumb: &ThumbPyramid,
    ) -> Result<()> {
        let (sharpness, exposure) = sharpness_and_exposure(&picture);
        let wants = |part: Part| self.scope.wants(part) || self.scope.wants(Part::Subject);
        let faces = if wants(Part::Faces) {
            find_faces(self.models, &picture, false)?
        } else {
            Vec::new()
        };
        let objects = if faces.is_empty() && wants(Part::Objects) && !self.scope.is_fast() {
            find_objects(self.models, &picture)?
        } else {
            Vec::new()
        };
        let face = faces
            .iter()
            .map(|face| face.score * (face.bounds.width / 0.10).clamp(0.2, 1.0))
            .fold(0.0, f64::max);
        let subject = objects
            .iter()
            .map(|object| salience(object) * 1.5)
            .fold(face, f64::max);
        self.note_mouths();
        self.mouths
            .begin(faces.iter().map(|face| face.bounds), &thumb.full);
        let people = seen(&picture, &faces, &objects);
        self.samples.push_back(Sample {
            frame: number,
            people,
            picture: Some(picture),
            note: SampleMeasures {
                time,
                sharpness,
                exposure,
                face,
                subject: subject.min(1.0),
            },
            look: SubjectSample {
                time,
                faces,
                objects,
                thumb: thumb.full.clone(),
            },
        });
        if let Some(old) = self.samples.len().checked_sub(KEPT_THUMBS + 1)
            && let Some(sample) = self.samples.get_mut(old)
        {
            sample.look.thumb = LumaPlane::default();
        }
        self.thin_pictures();
        Ok(())
    }

    /// Puts down what the mouths of the last sample did since.
    fn note_mouths(&mut self) {
        if let Some(sample) = self.samples.back_mut() {
            for (face, steps) in sample.people.iter_mut().zip(self.mouths.take()) {
                face.mouth.extend(steps);
            }
        }
    }

    /// Lets pictures of the open shot go: of neighbors the duller, so that those left stay spread over the shot.
    fn thin_pictures(&mut self) {
        let settled = self.finder.settled();
        let kept: Vec<usize> = self
            .samples
            .iter()
            .enumerate()
            .filter(|(_, sample)| sample.picture.is_some() && sample.frame < settled)
            .map(|(index, _)| index)
            .collect();
        if kept.len() <= KEPT_PICTURES {
            return;
        }
        for pair in kept.chunks_exact(2) {
            let worth = |index: usize| {
                let note = &self.samples[index].note;
                note.sharpness + 0.5 * note.exposure + 0.3 * note.face
            };
            let duller = if worth(pair[0]) < worth(pair[1]) {
                pair[0]
            } else {
                pair[1]
            };
            self.samples[duller].picture = None;
        }
    }

    /// Describes the shots whose end is certain.
    fn close_shots(&mut self) -> Result<()> {
        for transition in self.finder.take() {
            let boundary = if is_span(transition.kind) {
                (transition.start_frame + transition.end_frame) / 2
            } else {
                transition.start_frame
            };
            let last = self.first + self.notes.len() as u64;
            if boundary <= self.first || boundary >= last {
                continue;
            }
            let shot = self.describe(boundary, Some(&transition))?;
            self.shots.push(shot);
            let gone = (boundary - self.first) as usize;
            self.notes.drain(..gone);
            self.first = boundary;
            while self
                .samples
                .front()
                .is_some_and(|sample| sample.frame < boundary)
            {
                self.samples.pop_front();
            }
            self.transition_in = Some(transition);
        }
        Ok(())
    }

    /// The shot from `first` to `end` (exclusive), which `out` leads out of.
    fn describe(&mut self, end: u64, out: Option<&Transition>) -> Result<Shot> {
        self.note_mouths();
        let count = (end - self.first) as usize;
        let start_time = self.time_of(self.first);
        let end_time = if end < self.frames {
            self.time_of(end)
        } else {
            self.end
        };
        let pure_start = self.transition_in.as_ref().map_or(self.first, |t| {
            if is_span(t.kind) {
                t.end_frame.clamp(self.first, end)
            } else {
                self.first
            }
        });
        let pure_end = out.map_or(end, |t| t.start_frame.clamp(self.first, end));
        let usable = UsableSpan {
            start: self.time_of(pure_start).seconds(),
            end: if pure_end < end {
                self.time_of(pure_end)
            } else {
                end_time
            }
            .seconds(),
        };
        let mut notes: Vec<FrameMeasures> = self
            .notes
            .iter()
            .take(count)
            .map(|(_, note)| *note)
            .collect();
        // The first step of a shot leads over its transition: it is no movement.
        if let Some(first) = notes.first_mut() {
            first.step.0 = Default::default();
        }
        let from_start = |time: f64| time - self.start.seconds();
        for note in &notes {
            let energy = energy(&note.step.0, note.step.1);
            self.motion.add(from_start(note.time), f64::from(energy));
        }
        let pure = (pure_start - self.first) as usize..(pure_end - self.first) as usize;
        let steps: Vec<(f64, TimedMotion)> = notes
            .get(pure)
            .unwrap_or(&[])
            .iter()
            .skip(1)
            .map(|note| (note.time, note.step))
            .collect();

        let inside: Vec<&Sample> = self.samples.iter().filter(|s| s.frame < end).collect();
        for sample in &inside {
            let SampleMeasures {
                time,
                sharpness,
                exposure,
                ..
            } = sample.note;
            self.quality
                .add(from_start(time), (sharpness + exposure) / 2.0);
        }
        let pure =
            |sample: &&&Sample| (pure_start..pure_end.max(pure_start + 1)).contains(&sample.frame);
        let middle = (usable.start + usable.end) / 2.0;
        let half = ((usable.end - usable.start) / 2.0).max(1e-3);
        let worth = |sample: &Sample| {
            let off = ((sample.note.time - middle).abs() / half).min(1.0);
            0.55 * sample.note.sharpness + 0.25 * sample.note.exposure + 0.15 * sample.note.face
                - 0.20 * off
        };
        let with_picture = inside.iter().filter(|sample| sample.picture.is_some());
        let key = best_by(with_picture.clone().filter(pure).copied(), worth)
            .or_else(|| best_by(with_picture.copied(), worth));
        let (key_time, mut picture) =
            match key.and_then(|key| key.picture.as_ref().map(|p| (key, p))) {
                Some((key, picture)) => {
                    let facts =
                        analyze_picture(self.models, picture, PictureDepth::KeyFrame, self.scope)?;
                    self.takes.push(picture, &facts.faces);
                    (key.note.time, facts)
                }
                // Too short for a sample: a tiny frame of its own is better than a neighbor's picture.
                None => {
                    let number = (pure_start + pure_end.max(pure_start + 1)) / 2;
                    let frame = self.finder.small_frame(number);
                    let facts =
                        analyze_picture(self.models, frame, PictureDepth::KeyFrame, self.scope)?;
                    self.takes.push(frame, &facts.faces);
                    (self.time_of(number).seconds(), facts)
                }
            };
        picture.width = self.size.width;
        picture.height = self.size.height;

        let sample_notes: Vec<SampleMeasures> = inside.iter().map(|sample| sample.note).collect();
        let pure_samples: Vec<SampleMeasures> = inside
            .iter()
            .filter(pure)
            .map(|sample| sample.note)
            .collect();
        let sightings: Vec<SampleDetections<'_>> = inside
            .iter()
            .map(|sample| SampleDetections {
                time: sample.note.time,
                seen: &sample.people,
                people_looked_for: sample.look.faces.is_empty(),
            })
            .collect();
        let tracks = people_tracking::track_people(&sightings, self.tracks + 1);
        self.tracks += tracks.len() as u32;
        let looks: Vec<&SubjectSample> = inside.iter().map(|sample| &sample.look).collect();
        let fallback = picture.subject.as_ref().map(|subject| subject.bounds);
        let found = moments::find(
            &notes,
            if pure_samples.is_empty() {
                &sample_notes
            } else {
                &pure_samples
            },
            usable,
        );
        Ok(Shot {
            start_frame: self.first,
            end_frame: end,
            start: rounded(start_time.seconds()),
            end: rounded(end_time.seconds()),
            start_exact: start_time,
            end_exact: end_time,
            transition_in: self.transition_in.clone(),
            motion: summarize(&steps),
            quality: picture.quality.score,
            moments: found,
            key_time: rounded(key_time),
            subject_path: subject_path(&looks, fallback),
            tracks,
            picture,
        })
    }

    /// When frame `number` (of the open shot or beyond) is shown.
    fn time_of(&self, number: u64) -> Rational {
        let at = number.saturating_sub(self.first) as usize;
        self.notes.get(at).map_or(self.end, |(time, _)| *time)
    }
}

/// Faces and people of a sample with what they look like, faces first.
fn seen(picture: &Rgb8, faces: &[Face], objects: &[ObjectFact]) -> Vec<PersonDetection> {
    let faces = faces.iter().take(MOST_SEEN).map(|face| PersonDetection {
        kind: TrackKind::Face,
        bounds: face.bounds,
        score: face.score,
        appearance: Appearance::of_face(picture, face.bounds),
        mouth: Vec::new(),
    });
    let people = objects.iter().filter(|object| object.label == "person");
    let people = people.take(MOST_SEEN).map(|person| PersonDetection {
        kind: TrackKind::Person,
        bounds: person.bounds,
        score: person.score,
        appearance: Appearance::of(picture, person.bounds),
        mouth: Vec::new(),
    });
    faces.chain(people).collect()
}

/// Means over each second.
#[derive(Debug, Default)]
struct Curve {
    sums: Vec<(f64, f64)>,
}

impl Curve {
    fn add(&mut self, seconds: f64, value: f64) {
        let at = seconds.max(0.0) as usize;
        if at >= self.sums.len() && at < LONGEST_CURVE {
            self.sums.resize(at + 1, (0.0, 0.0));
        }
        if let Some((sum, count)) = self.sums.get_mut(at) {
            *sum += value;
            *count += 1.0;
        }
    }

    /// A second without a value has that of the second before.
    fn finish(self) -> Vec<f64> {
        let mut before = 0.0;
        let means = self.sums.into_iter().map(|(sum, count)| {
            if count > 0.0 {
                before = rounded(sum / count);
            }
            before
        });
        means.collect()
    }
}

/// Nearly black all over.
fn is_black(small: &Rgb8) -> bool {
    let pixels = small.samples().len() as f32 / 3.0;
    let lumas = || small.pixels().map(|pixel| f32::from(luma8(pixel)));
    let mean = lumas().sum::<f32>() / pixels;
    let variance = lumas()
        .map(|luma| (luma - mean) * (luma - mean))
        .sum::<f32>()
        / pixels;
    mean <= BLACK_MEAN && variance <= BLACK_DEVIATION * BLACK_DEVIATION
}

/// The sample with the highest worth, the first of equals.
fn best_by<'s>(
    samples: impl Iterator<Item = &'s Sample>,
    worth: impl Fn(&Sample) -> f64,
) -> Option<&'s Sample> {
    let mut best: Option<(f64, &Sample)> = None;
    for sample in samples {
        let value = worth(sample);
        if best.is_none_or(|(top, _)| value > top) {
            best = Some((value, sample));
        }
    }
    best.map(|(_, sample)| sample)
}
