//! What happens in a film: shots, motion, moments, black and frozen runs, from one decode.
//!
//! The film is decoded once. Each frame is brought to 48×27 (for [`shots`], the cheap change signal and TransNetV2) and to
//! a thumbnail of 160 pixels (for [`motion`] and [`subject_path`]); a few times a second, and just after every step in the
//! picture, also to the working size, for faces, objects, sharpness and key frames. Decoding and looking run on a thread
//! each with a bounded queue between; frames are handled in order, so the answer does not depend on timing.

mod active_speaker;
mod appearance;
mod black_and_frozen;
mod camera_motion;
mod camera_transform;
mod change_signal;
mod jump_cuts;
mod luma_thumbnail;
mod moments;
mod motion;
mod mouth_motion;
mod people_tracking;
mod registration;
mod shot_assembly;
mod shots;
mod subject_path;
#[cfg(test)]
mod synthetic_views;
mod takes;

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::analysis::{AnalysisContext, Transition, VideoReport};
use crate::error::{Error, Result};
use crate::media::{FrameSize, VideoReader};
use crate::models::{SHOT_FRAME, ShotProbabilities};
use crate::picture::Rgb8;
use crate::time::rounded;

pub(crate) use active_speaker::mark_speakers;
pub(crate) use mouth_motion::MouthStep;

use motion::THUMB_SIDE;
use shot_assembly::{ScaledFrame, ShotAssembler, VideoFindings};
use shots::ShotFinder;
pub use shots::ShotThresholds;

/// Frames between the decoder and the watcher.
const QUEUE: usize = 16;
/// Seconds between samples; twice as many where speed comes first.
const SAMPLE_EVERY: f64 = 0.4;
/// Longer side of samples …
const SAMPLE_SIDE: u32 = 640;
/// … and where speed comes first: what 1080p frames are reduced to by whole numbers, mostly.
const FAST_SAMPLE_SIDE: u32 = 480;
/// A step of this mean difference (of 255), and this much above the one before, calls for a sample …
const SAMPLE_STEP: f64 = 9.0;
const SAMPLE_STEP_RATIO: f64 = 2.5;
/// … this many frames later, when the codec has caught up.
const SAMPLE_AFTER: u64 = 2;

/// The facts, and the error the film broke off with, if it did.
///
/// Fails like [`VideoReader::open`], when not one frame can be decoded, when the task is cancelled and when a network
/// cannot be used.
pub fn analyze_video(
    context: &AnalysisContext<'_>,
    path: &Path,
) -> Result<(VideoReport, Option<Error>)> {
    let mut reader = VideoReader::open_with(
        path,
        &context.limits,
        context.threads,
        context.scope.is_fast(),
    )?;
    let facts = reader.facts().clone();
    let (sender, receiver) = sync_channel::<ScaledFrame>(QUEUE);
    let (broken, watched) = std::thread::scope(|scope| {
        let watching = scope.spawn(move || -> Result<VideoFindings> {
            let mut watcher = ShotAssembler::new(context.models, facts.size, &context.scope);
            while let Ok(frame) = receiver.recv() {
                context.task.check()?;
                watcher.push(frame)?;
            }
            context.task.check()?;
            watcher.finish()
        });
        let decoded = decode(context, &mut reader, sender);
        let watched = match watching.join() {
            Ok(watched) => watched,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        (decoded, watched)
    });
    let broken = broken?;
    let watched = watched?;
    let facts = reader.facts();
    let duration = watched.end - watched.start;
    let report = VideoReport {
        width: facts.size.width,
        height: facts.size.height,
        frame_rate: facts.frame_rate,
        variable_frame_rate: facts.variable_frame_rate,
        frames: watched.frames,
        duration: rounded(duration.seconds()),
        duration_exact: duration,
        shots: watched.shots,
        black: watched.black,
        frozen: watched.frozen,
        motion_curve: watched.motion,
        quality_curve: watched.quality,
        takes: watched.takes,
    };
    Ok((report, broken))
}

/// The transitions of a film given as all its frames at 48×27, and nothing else of it: what `examples/shot_cost.rs` measures.
/// `ask` runs the network on a window of 100 frames.
///
/// Fails as `ask` does.
pub fn find_transitions(
    frames: impl IntoIterator<Item = Rgb8>,
    doubt: ShotThresholds,
    ask: impl FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send,
) -> Result<Vec<Transition>> {
    let mut finder = ShotFinder::with_doubt(doubt, ask);
    let mut found = Vec::new();
    for frame in frames {
        finder.push(frame)?;
        found.append(&mut finder.take());
    }
    finder.finish()?;
    found.append(&mut finder.take());
    Ok(found)
}

/// Sends every frame on; gives the error the film breaks off with. Stops quietly when the watcher has stopped.
fn decode(
    context: &AnalysisContext<'_>,
    reader: &mut VideoReader,
    sender: SyncSender<ScaledFrame>,
) -> Result<Option<Error>> {
    let length = reader
        .facts()
        .duration
        .map_or(0.0, |duration| duration.seconds());
    let start = reader.facts().start.seconds();
    let side = match context.scope.is_fast() {
        true => FAST_SAMPLE_SIDE,
        false => SAMPLE_SIDE,
    };
    let mut sampling = Sampling {
        every: SAMPLE_EVERY * if context.scope.is_fast() { 2.0 } else { 1.0 },
        ..Default::default()
    };
    loop {
        context.task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) => return Ok(None),
            Err(error @ Error::BreaksOff { .. }) => return Ok(Some(error)),
            Err(error) => return Err(error),
        };
        // The larger first: what it is made from serves the smaller, too.
        let thumb = reader.image(FrameSize::LongSide(THUMB_SIDE))?;
        let small = reader.image(FrameSize::Exact(SHOT_FRAME))?;
        let time = info.time.seconds();
        let sample = if sampling.is_due(&small, time) {
            Some(reader.image(FrameSize::LongSide(side))?)
        } else {
            None
        };
        let frame = ScaledFrame {
            time: info.time,
            end: info.end,
            small,
            thumb,
            sample,
        };
        if sender.send(frame).is_err() {
            return Ok(None);
        }
        if length > 0.0 {
            context.task.progress((time - start) / length);
        }
    }
}

/// Decides which frames are sampled.
#[derive(Default)]
struct Sampling {
    every: f64,
    number: u64,
    last: Option<f64>,
    before: Option<Rgb8>,
    change: f64,
    wanted: Option<u64>,
}

impl Sampling {
    fn is_due(&mut self, small: &Rgb8, time: f64) -> bool {
        let change = self.before.as_ref().map_or(0.0, |before| {
            let pairs = before.samples().iter().zip(small.samples());
            let sum: u64 = pairs.map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
            sum as f64 / small.samples().len().max(1) as f64
        });
        if change > SAMPLE_STEP && change > SAMPLE_STEP_RATIO * self.change {
            self.wanted = Some(self.number + SAMPLE_AFTER);
        }
        let late = self
            .last
            .is_none_or(|last| time - last >= self.every - 1e-6);
        // Just before a frame that is wanted anyway none is taken.
        let due = self.wanted == Some(self.number) || (late && self.wanted.is_none());
        if due {
            self.last = Some(time);
            self.wanted = None;
        }
        self.number += 1;
        self.change = change;
        self.before = Some(small.clone());
        due
    }
}
