//! What happens in a film: shots, motion, moments, black and frozen runs, from one decode.
//!
//! The film is decoded once. Each frame is brought to 48×27 (for [`shots`], the cheap change signal and TransNetV2) and to
//! a thumbnail of 160 pixels (for [`motion`] and [`track`]); a few times a second, and just after every step in the
//! picture, also to the working size, for faces, objects, sharpness and key frames. Decoding and looking run on a thread
//! each with a bounded queue between; frames are handled in order, so the answer does not depend on timing.

mod appearance;
mod camera;
mod moments;
mod motion;
mod mouth;
mod people;
mod registration;
mod runs;
mod shots;
mod signal;
mod similarity;
mod speaking;
mod takes;
mod thumb;
mod track;
#[cfg(test)]
mod views;
mod watcher;

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::analysis::{AnalysisContext, VideoReport};
use crate::error::{Error, Result};
use crate::media::{FrameSize, VideoReader};
use crate::models::SHOT_FRAME;
use crate::picture::Rgb8;
use crate::time::rounded;

pub(crate) use mouth::MouthStep;
pub(crate) use speaking::tell as tell_speakers;

use motion::THUMB_SIDE;
use watcher::{Frame, Watched, Watcher};

/// Frames between the decoder and the watcher.
const QUEUE: usize = 16;
/// Seconds between samples.
const SAMPLE_EVERY: f64 = 0.4;
/// Longer side of samples.
const SAMPLE_SIDE: u32 = 640;
/// A step of this mean difference (of 255), and this much above the one before, calls for a sample …
const SAMPLE_STEP: f64 = 9.0;
const SAMPLE_STEP_RATIO: f64 = 2.5;
/// … this many frames later, when the codec has caught up.
const SAMPLE_AFTER: u64 = 2;

/// The facts, and the error the film broke off with, if it did.
///
/// Fails like [`VideoReader::open`], when not one frame can be decoded, when the task is cancelled and when a network
/// cannot be used.
pub fn watch(context: &AnalysisContext<'_>, path: &Path) -> Result<(VideoReport, Option<Error>)> {
    let mut reader = VideoReader::open(path, &context.limits, context.threads)?;
    let facts = reader.facts().clone();
    let (sender, receiver) = sync_channel::<Frame>(QUEUE);
    let (broken, watched) = std::thread::scope(|scope| {
        let watching = scope.spawn(move || -> Result<Watched> {
            let mut watcher = Watcher::new(context.models, facts.size);
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

/// Sends every frame on; gives the error the film breaks off with. Stops quietly when the watcher has stopped.
fn decode(
    context: &AnalysisContext<'_>,
    reader: &mut VideoReader,
    sender: SyncSender<Frame>,
) -> Result<Option<Error>> {
    let length = reader
        .facts()
        .duration
        .map_or(0.0, |duration| duration.seconds());
    let start = reader.facts().start.seconds();
    let mut sampling = Sampling::default();
    loop {
        context.task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) => return Ok(None),
            Err(error @ Error::BreaksOff { .. }) => return Ok(Some(error)),
            Err(error) => return Err(error),
        };
        let small = reader.image(FrameSize::Exact(SHOT_FRAME))?;
        let thumb = reader.image(FrameSize::LongSide(THUMB_SIDE))?;
        let time = info.time.seconds();
        let sample = if sampling.is_due(&small, time) {
            Some(reader.image(FrameSize::LongSide(SAMPLE_SIDE))?)
        } else {
            None
        };
        let frame = Frame {
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
            .is_none_or(|last| time - last >= SAMPLE_EVERY - 1e-6);
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
