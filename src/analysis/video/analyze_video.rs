//! Analyzes a film: path in, [`VideoReport`] out. One thread decodes, another analyzes.

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::analysis::video::frame_sampling::FrameSampling;
use crate::analysis::video::frame_sizes::{FAST_SAMPLE_SIDE, SAMPLE_SIDE, ScaledFrame, THUMB_SIDE};
use crate::analysis::video::shot_assembly::{ShotAssembler, VideoFindings};
use crate::analysis::{AnalysisContext, VideoReport};
use crate::error::{Error, Result};
use crate::media::{FrameSize, VideoReader};
use crate::models::SHOT_FRAME;
use crate::time::rounded;

/// Frames that may wait between the two threads: enough to even out the cost of samples, at a few megabytes.
const QUEUE: usize = 16;

/// Analyzes the picture of a film. Returns the report and, if the film broke off, the error that ended it.
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
    let (broken, findings) = std::thread::scope(|scope| {
        let looking = scope.spawn(move || -> Result<VideoFindings> {
            let mut assembler = ShotAssembler::new(context.models, facts.size, &context.scope);
            while let Ok(frame) = receiver.recv() {
                context.task.check()?;
                assembler.push(frame)?;
            }
            context.task.check()?;
            assembler.finish()
        });
        let broken = decode(context, &mut reader, sender);
        let findings = match looking.join() {
            Ok(findings) => findings,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        (broken, findings)
    });
    let broken = broken?;
    let findings = findings?;
    let facts = reader.facts();
    let duration = findings.end - findings.start;
    let report = VideoReport {
        width: facts.size.width,
        height: facts.size.height,
        frame_rate: facts.frame_rate,
        variable_frame_rate: facts.variable_frame_rate,
        treatments: reader.treatments(),
        frames: findings.frames,
        duration: rounded(duration.seconds()),
        duration_exact: duration,
        plays: facts.plays,
        shots: findings.shots,
        black: findings.black,
        frozen: findings.frozen,
        spoiled: findings.spoiled,
        views: findings.views,
        motion_curve: findings.motion,
        quality_curve: findings.quality,
        takes: findings.takes,
    };
    Ok((report, broken))
}

/// Sends every frame to the other thread; returns the error that the film broke off with, if it did. Stops without an
/// error when the receiver is gone.
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
    let mut sampling = FrameSampling::new(context.scope.is_fast());
    loop {
        context.task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) => return Ok(None),
            Err(error @ Error::BreaksOff { .. }) => return Ok(Some(error)),
            Err(error) => return Err(error),
        };
        // The larger size first: the reader derives the smaller one from it.
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
