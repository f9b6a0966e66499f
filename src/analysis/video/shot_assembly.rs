//! Assembles the shots of a film from its frames as they arrive.
//!
//! A shot is described as soon as the transition that ends it is certain, and its frames are dropped. Memory is
//! bounded: small frames for [`TransitionFinder`], a few dozen bytes for each frame of the open shot, and its samples
//! with a limited number of thumbnails and pictures ([`samples`](super::samples)).

use std::collections::VecDeque;
use std::ops::Range;

use crate::analysis::picture::{PictureDepth, analyze_picture};
use crate::analysis::video::black_and_frozen::{BlackAndFrozen, FrameState, is_black};
use crate::analysis::video::camera_motion::summarize;
use crate::analysis::video::frame_sizes::ScaledFrame;
use crate::analysis::video::frame_views::FrameViews;
use crate::analysis::video::key_frame::best_key_frame;
use crate::analysis::video::luma_thumbnail::ThumbPyramid;
use crate::analysis::video::moments::{self, FrameMeasures, SampleMeasures, UsableSpan};
use crate::analysis::video::motion::{TimedMotion, compare, energy};
use crate::analysis::video::mouth_motion::MouthTracker;
use crate::analysis::video::people_tracking::{SampleDetections, track_people};
use crate::analysis::video::samples::{Sample, SampleAnalyzer, limit_memory};
use crate::analysis::video::second_curve::SecondCurve;
use crate::analysis::video::shake::ShakeDetector;
use crate::analysis::video::shots::{TransitionFinder, is_gradual};
use crate::analysis::video::spoiled::{FrameDefects, JudgedFrame, SpoiledRuns, blur_limit};
use crate::analysis::video::subject_path::{SubjectSample, subject_path};
use crate::analysis::video::takes::TakeGrouper;
use crate::analysis::{
    FrameView, PersonTrack, PictureFacts, Scope, Shot, Span, SpoiledSpan, Take, Transition,
};
use crate::error::Result;
use crate::geometry::Size;
use crate::models::Models;
use crate::picture::Rgb8;
use crate::time::{Rational, rounded};

/// Everything found in the frames of a film.
pub(super) struct VideoFindings {
    pub shots: Vec<Shot>,
    pub black: Vec<Span>,
    pub frozen: Vec<Span>,
    pub spoiled: Vec<SpoiledSpan>,
    pub views: Vec<FrameView>,
    pub frames: u64,
    pub start: Rational,
    pub end: Rational,
    /// One value a second.
    pub motion: Vec<f64>,
    /// One value a second.
    pub quality: Vec<f64>,
    pub takes: Vec<Take>,
}

/// Takes frames in order and returns [`VideoFindings`].
pub(super) struct ShotAssembler<'a> {
    analyzer: SampleAnalyzer<'a>,
    /// Size of the film.
    size: Size,
    finder: TransitionFinder<'a>,
    /// Frames from `first` on (the open shot and beyond), with the times they are shown at.
    measures: VecDeque<(Rational, FrameMeasures)>,
    /// Number of the first frame in `measures`: where the open shot starts.
    first: u64,
    samples: VecDeque<Sample>,
    before: Option<(Rational, ThumbPyramid)>,
    /// Mouths of the faces of the last sample.
    mouths: MouthTracker,
    /// Number of tracks of people in the shots so far.
    tracks: u32,
    takes: TakeGrouper,
    runs: BlackAndFrozen,
    shake: ShakeDetector,
    spoiled: SpoiledRuns,
    views: FrameViews,
    frames: u64,
    start: Rational,
    end: Rational,
    /// How the open shot began.
    transition_in: Option<Transition>,
    shots: Vec<Shot>,
    motion: SecondCurve,
    quality: SecondCurve,
}

/// Where a shot lies in the film.
struct ShotBounds {
    start_time: Rational,
    end_time: Rational,
    /// Frames that belong to this shot alone: outside of the transitions in and out.
    pure: Range<u64>,
    /// `pure` in seconds.
    usable: UsableSpan,
}

impl ShotBounds {
    /// [`Self::pure`], but at least one frame.
    fn pure_frames(&self) -> Range<u64> {
        self.pure.start..self.pure.end.max(self.pure.start + 1)
    }
}

impl<'a> ShotAssembler<'a> {
    pub fn new(models: &'a Models, size: Size, scope: &'a Scope) -> Self {
        Self {
            analyzer: SampleAnalyzer { models, scope },
            size,
            finder: TransitionFinder::new(move |frames: &[&Rgb8]| models.shot_window(frames)),
            measures: VecDeque::new(),
            first: 0,
            samples: VecDeque::new(),
            before: None,
            mouths: MouthTracker::default(),
            tracks: 0,
            takes: TakeGrouper::default(),
            runs: BlackAndFrozen::default(),
            shake: ShakeDetector::default(),
            spoiled: SpoiledRuns::default(),
            views: FrameViews::new(size),
            frames: 0,
            start: Rational::ZERO,
            end: Rational::ZERO,
            transition_in: None,
            shots: Vec::new(),
            motion: SecondCurve::default(),
            quality: SecondCurve::default(),
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
        let thumb = ThumbPyramid::new(&frame.thumb);
        let (step, repeats) = self.motion_to(frame.time, &thumb);
        let black = is_black(&frame.small);
        self.runs.push(FrameState {
            start: frame.time,
            end: frame.end,
            black,
            repeats,
        });
        let time = frame.time.seconds();
        let measures = FrameMeasures {
            time,
            step,
            dark: black,
            defects: FrameDefects::of(&thumb.full),
            shaken: false,
            blurred: false,
        };
        self.measures.push_back((frame.time, measures));
        if let Some(shaken) = self.shake.push(&step, repeats) {
            self.note_shake(number.saturating_sub(ShakeDetector::DELAY), shaken);
        }
        if let Some(picture) = frame.sample {
            self.add_sample(number, time, picture, &thumb)?;
        }
        self.before = Some((frame.time, thumb));
        self.finder.push(frame.small)?;
        self.close_shots()
    }

    /// Ends the film.
    pub fn finish(mut self) -> Result<VideoFindings> {
        self.finder.finish()?;
        let due = std::mem::take(&mut self.shake).finish();
        let first = self.frames.saturating_sub(due.len() as u64);
        for (number, shaken) in (first..).zip(due) {
            self.note_shake(number, shaken);
        }
        self.close_shots()?;
        if self.first < self.frames {
            let shot = self.describe(self.frames, None)?;
            self.shots.push(shot);
        }
        let (black, frozen) = self.runs.finish();
        let shots = &self.shots;
        let takes = self.takes.finish(|shot| {
            let moment = shots.get(shot).and_then(|shot| shot.moments.first());
            moment.map_or(0.0, |moment| moment.score)
        });
        Ok(VideoFindings {
            takes,
            shots: self.shots,
            black,
            frozen,
            spoiled: self.spoiled.finish(),
            views: self.views.finish(),
            frames: self.frames,
            start: self.start,
            end: self.end,
            motion: self.motion.finish(),
            quality: self.quality.finish(),
        })
    }

    /// The motion from the frame before to this one, and whether they are equal. Also tracks the mouths.
    fn motion_to(&mut self, time: Rational, thumb: &ThumbPyramid) -> (TimedMotion, bool) {
        let Some((before_time, before)) = &self.before else {
            return (TimedMotion::default(), false);
        };
        let seconds = (time - *before_time).seconds() as f32;
        let repeats = thumb.is_same_as(before);
        let step = if repeats {
            Default::default()
        } else {
            compare(before, thumb)
        };
        self.mouths
            .follow(&before.full, &thumb.full, time.seconds(), seconds);
        ((step, seconds), repeats)
    }

    fn add_sample(
        &mut self,
        number: u64,
        time: f64,
        picture: Rgb8,
        thumb: &ThumbPyramid,
    ) -> Result<()> {
        let sample = self.analyzer.analyze(number, time, picture, &thumb.full)?;
        if let Some(picture) = &sample.picture {
            self.views.push(time, picture);
        }
        self.note_mouths();
        let faces = sample.subjects.faces.iter().map(|face| face.bounds);
        self.mouths.begin(faces, &thumb.full);
        self.samples.push_back(sample);
        limit_memory(&mut self.samples, self.finder.settled());
        Ok(())
    }

    /// Adds to the last sample the motion of its mouths since.
    fn note_mouths(&mut self) {
        if let Some(sample) = self.samples.back_mut() {
            for (face, steps) in sample.people.iter_mut().zip(self.mouths.take()) {
                face.mouth.extend(steps);
            }
        }
    }

    /// Describes the shots whose end is certain.
    fn close_shots(&mut self) -> Result<()> {
        for transition in self.finder.take() {
            let boundary = if is_gradual(transition.kind) {
                (transition.start_frame + transition.end_frame) / 2
            } else {
                transition.start_frame
            };
            let last = self.first + self.measures.len() as u64;
            if boundary <= self.first || boundary >= last {
                continue;
            }
            let shot = self.describe(boundary, Some(&transition))?;
            self.shots.push(shot);
            let gone = (boundary - self.first) as usize;
            self.measures.drain(..gone);
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

    /// The shot from `first` to `end` (exclusive), which ends with the transition `out`.
    fn describe(&mut self, end: u64, out: Option<&Transition>) -> Result<Shot> {
        self.note_mouths();
        let bounds = self.bounds(end, out);
        let mut frames = self.frames_before(end);
        self.mark_blur(&mut frames, &bounds);
        self.add_to_spoiled(&frames);
        self.add_to_curves(&frames, end);
        let (key_time, picture) = self.describe_key_frame(&bounds, end)?;
        let tracks = self.people_before(end);
        let inside: Vec<&Sample> = samples_before(&self.samples, end).collect();
        let subjects: Vec<&SubjectSample> = inside.iter().map(|sample| &sample.subjects).collect();
        let fallback = picture.subject.as_ref().map(|subject| subject.bounds);
        Ok(Shot {
            start_frame: self.first,
            end_frame: end,
            start: rounded(bounds.start_time.seconds()),
            end: rounded(bounds.end_time.seconds()),
            start_exact: bounds.start_time,
            end_exact: bounds.end_time,
            transition_in: self.transition_in.clone(),
            motion: summarize(&self.pure_steps(&frames, &bounds)),
            quality: picture.quality.score,
            moments: moments::find(&frames, &pure_measures(&inside, &bounds), bounds.usable),
            key_time: rounded(key_time),
            subject_path: subject_path(&subjects, fallback),
            tracks,
            picture,
        })
    }

    fn bounds(&self, end: u64, out: Option<&Transition>) -> ShotBounds {
        let end_time = if end < self.frames {
            self.time_of(end)
        } else {
            self.end
        };
        let pure_start = match &self.transition_in {
            Some(transition) if is_gradual(transition.kind) => {
                transition.end_frame.clamp(self.first, end)
            }
            _ => self.first,
        };
        let pure_end = out.map_or(end, |t| t.start_frame.clamp(self.first, end));
        let usable_end = if pure_end < end {
            self.time_of(pure_end)
        } else {
            end_time
        };
        ShotBounds {
            start_time: self.time_of(self.first),
            end_time,
            pure: pure_start..pure_end,
            usable: UsableSpan {
                start: self.time_of(pure_start).seconds(),
                end: usable_end.seconds(),
            },
        }
    }

    /// The frames of the open shot before frame `end`.
    fn frames_before(&self, end: u64) -> Vec<FrameMeasures> {
        let count = (end - self.first) as usize;
        let mut frames: Vec<FrameMeasures> = self
            .measures
            .iter()
            .take(count)
            .map(|(_, measures)| *measures)
            .collect();
        // The first step of a shot crosses its transition and is not motion.
        if let Some(first) = frames.first_mut() {
            first.step.0 = Default::default();
        }
        frames
    }

    fn add_to_curves(&mut self, frames: &[FrameMeasures], end: u64) {
        let from_start = |time: f64| time - self.start.seconds();
        for frame in frames {
            let energy = energy(&frame.step.0, frame.step.1);
            self.motion.add(from_start(frame.time), f64::from(energy));
        }
        for sample in samples_before(&self.samples, end) {
            let measures = &sample.measures;
            let quality = (measures.sharpness + measures.exposure) / 2.0;
            self.quality.add(from_start(measures.time), quality);
        }
    }

    fn note_shake(&mut self, number: u64, shaken: bool) {
        let at = number.checked_sub(self.first);
        if let Some((_, measures)) = at.and_then(|at| self.measures.get_mut(at as usize)) {
            measures.shaken = shaken;
        }
    }

    /// Marks the blurred frames outside of transitions, which soften every picture.
    fn mark_blur(&self, frames: &mut [FrameMeasures], bounds: &ShotBounds) {
        let pure =
            (bounds.pure.start - self.first) as usize..(bounds.pure.end - self.first) as usize;
        let Some(pure) = frames.get_mut(pure) else {
            return;
        };
        let limit = blur_limit(pure.iter().map(|frame| frame.defects.detail));
        for frame in pure {
            frame.blurred = frame.defects.detail.is_some_and(|detail| detail < limit);
        }
    }

    fn add_to_spoiled(&mut self, frames: &[FrameMeasures]) {
        for (number, frame) in (self.first..).zip(frames) {
            let judged = JudgedFrame {
                start: self.time_of(number),
                end: self.time_of(number + 1),
                white: frame.defects.white,
                black: frame.dark,
                blurred: frame.blurred,
                shaken: frame.shaken,
            };
            self.spoiled.push(judged);
        }
    }

    /// The motion between the frames outside of transitions.
    fn pure_steps(&self, frames: &[FrameMeasures], bounds: &ShotBounds) -> Vec<(f64, TimedMotion)> {
        let pure =
            (bounds.pure.start - self.first) as usize..(bounds.pure.end - self.first) as usize;
        let frames = frames.get(pure).unwrap_or(&[]);
        let steps = frames.iter().skip(1);
        steps.map(|frame| (frame.time, frame.step)).collect()
    }

    /// Analyzes the key frame; returns its time in seconds and what is in it.
    fn describe_key_frame(&mut self, bounds: &ShotBounds, end: u64) -> Result<(f64, PictureFacts)> {
        let inside: Vec<&Sample> = samples_before(&self.samples, end).collect();
        let pure = bounds.pure_frames();
        let key = best_key_frame(&inside, &pure, bounds.usable);
        let (time, picture) = match key.and_then(|key| key.picture.as_ref().map(|p| (key, p))) {
            Some((key, picture)) => (key.measures.time, picture),
            // The shot is too short for a sample: its own tiny frame is better than a picture of its neighbor.
            None => {
                let number = (pure.start + pure.end) / 2;
                let frame = self.finder.small_frame(number);
                (self.time_of(number).seconds(), frame)
            }
        };
        let SampleAnalyzer { models, scope } = self.analyzer;
        let mut facts = analyze_picture(models, picture, PictureDepth::KeyFrame, scope)?;
        self.takes.push(picture, &facts.faces);
        facts.width = self.size.width;
        facts.height = self.size.height;
        Ok((time, facts))
    }

    /// Tracks of the faces and people of the open shot through its samples before frame `end`.
    fn people_before(&mut self, end: u64) -> Vec<PersonTrack> {
        let detections: Vec<SampleDetections<'_>> = samples_before(&self.samples, end)
            .map(|sample| SampleDetections {
                time: sample.measures.time,
                people: &sample.people,
                people_looked_for: sample.subjects.faces.is_empty(),
            })
            .collect();
        let tracks = track_people(&detections, self.tracks + 1);
        self.tracks += tracks.len() as u32;
        tracks
    }

    /// When frame `number` (of the open shot or beyond) is shown.
    fn time_of(&self, number: u64) -> Rational {
        let at = number.saturating_sub(self.first) as usize;
        self.measures.get(at).map_or(self.end, |(time, _)| *time)
    }
}

fn samples_before(samples: &VecDeque<Sample>, end: u64) -> impl Iterator<Item = &Sample> {
    samples.iter().filter(move |sample| sample.frame < end)
}

/// Measures of the samples outside of transitions, or of all samples if there are none.
fn pure_measures(inside: &[&Sample], bounds: &ShotBounds) -> Vec<SampleMeasures> {
    let pure = bounds.pure_frames();
    let outside_transitions: Vec<SampleMeasures> = inside
        .iter()
        .filter(|sample| pure.contains(&sample.frame))
        .map(|sample| sample.measures)
        .collect();
    if outside_transitions.is_empty() {
        return inside.iter().map(|sample| sample.measures).collect();
    }
    outside_transitions
}
