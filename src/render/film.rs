//! A plan into a film file: sources checked, sound measured, then picture and sound written side by side.

use std::path::Path;

use serde::Serialize;

use crate::compositor::FinishedFrame;
use crate::edit::Plan;
use crate::edit::{Timeline, unrenderable};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::looks::LookLibrary;
use crate::media::{FilmSettings, FilmWriter, Limits, SoundSettings};
use crate::models::Models;
use crate::render::film_frames::FilmFrames;
use crate::render::film_sound::{FilmSound, master};
use crate::render::mastering::{Mastering, SoundReport};
use crate::render::mixer::Mixer;
use crate::render::plan_looks::PlanLooks;
use crate::sound::FORMAT;
use crate::store::FileHashes;
use crate::task::Task;
use crate::time::{Rational, rounded};

/// Bits a second of a film's sound: at this rate AAC is transparent for most music.
const SOUND_BIT_RATE: u32 = 192_000;
/// Fixed, because the bytes that x264 writes depend on it.
const ENCODER_THREADS: usize = 4;
/// Shares of the work, for the progress: sources checked, sound measured, then the picture.
const SHARE_CHECKED: f64 = 0.05;
const SHARE_MEASURED: f64 = 0.15;

/// What is to be rendered, and how.
pub struct RenderRequest<'a> {
    /// The edit.
    pub plan: &'a Plan,
    /// Relative source paths (and looks named by path) count from here.
    pub folder: &'a Path,
    /// Where looks are found.
    pub looks: &'a LookLibrary,
    /// Networks, for looks whose masks they find.
    pub models: Option<&'a Models>,
    /// What a source may cost.
    pub limits: Limits,
    /// Progress and cancelling.
    pub task: Task,
    /// Threads that decode and grade; 0 = as many as there are cores. The film does not depend on it.
    pub threads: usize,
    /// x264's constant rate factor, 0..51.
    pub quality: u8,
    /// x264's preset.
    pub preset: &'a str,
    /// Hashes of sources that were read before.
    pub hashes: &'a FileHashes,
}

/// What was rendered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RenderReport {
    /// Pixels of the film.
    pub size: Size,
    /// Frames of the film.
    pub frames: u64,
    /// Seconds.
    pub duration: f64,
    /// Exactly.
    pub duration_exact: Rational,
    /// Of the sound, where the plan has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<SoundReport>,
    /// What was not as it should be, such as a source that breaks off.
    pub notes: Vec<String>,
}

/// Renders a plan into `temporary`, a path from [`crate::store::Output`].
///
/// Every source is checked first. Fails with `Read` for a source that is missing, `Changed` for one that is not the
/// file that the plan was made from, `Usage` for a plan that cannot be rendered, and like the readers and the writer.
///
/// A film has a sound track when its plan has sound.
pub fn render(request: &RenderRequest<'_>, temporary: &Path) -> Result<RenderReport> {
    let plan = request.plan;
    let timeline = Timeline::new(plan)?;
    let looks = PlanLooks::new(&timeline, request.looks, request.folder, request.models)?;
    check_sources(request)?;
    let mastering = (!plan.sound.is_empty())
        .then(|| {
            master(
                plan,
                &timeline,
                request.folder,
                &request.limits,
                &request.task,
            )
        })
        .transpose()?;
    request.task.progress(SHARE_MEASURED);

    let mut writer = FilmWriter::create(
        temporary,
        &film_settings(request, &timeline, mastering.is_some()),
    )?;
    let mut sound = match &mastering {
        Some(mastering) => Some(FilmSound::new(
            Mixer::new(plan, &timeline, request.folder, &request.limits)?,
            mastering.chain(),
        )),
        None => None,
    };
    let frames = FilmFrames {
        timeline: &timeline,
        looks: &looks,
        folder: request.folder,
        models: request.models,
        limits: request.limits,
        decoder_threads: request.threads,
        drawing_threads: Some(request.threads),
        size: timeline.size,
    };
    let mut written = 0;
    let notes = frames.each(0..timeline.frames, &request.task, |frame| {
        match frame {
            FinishedFrame::Rgb(frame) => writer.write_frame(frame)?,
            FinishedFrame::Planar(frame) => writer.write_planes(frame)?,
        }
        written += 1;
        if let Some(sound) = &mut sound {
            sound.write_until(timeline.time_of(written), &mut writer)?;
        }
        let share = written as f64 / timeline.frames as f64;
        request
            .task
            .progress(SHARE_MEASURED + (1.0 - SHARE_MEASURED) * share);
        Ok(())
    })?;
    writer.finish()?;
    Ok(report(&timeline, mastering, notes))
}

fn film_settings(
    request: &RenderRequest<'_>,
    timeline: &Timeline<'_>,
    has_sound: bool,
) -> FilmSettings {
    FilmSettings {
        size: timeline.size,
        frame_rate: timeline.frame_rate,
        quality: request.quality,
        preset: request.preset.into(),
        sound: has_sound.then_some(SoundSettings {
            format: FORMAT,
            bit_rate: SOUND_BIT_RATE,
        }),
        threads: ENCODER_THREADS,
        comment: credits(request.plan),
    }
}

fn report(
    timeline: &Timeline<'_>,
    mastering: Option<Mastering>,
    notes: Vec<String>,
) -> RenderReport {
    RenderReport {
        size: timeline.size,
        frames: timeline.frames,
        duration: rounded(timeline.duration().seconds()),
        duration_exact: timeline.duration(),
        sound: mastering.map(|mastering| mastering.report),
        notes,
    }
}

/// The credits that the music of `plan` asks for, a line each.
fn credits(plan: &Plan) -> String {
    let mut lines: Vec<&str> = plan
        .sources
        .iter()
        .filter_map(|source| source.attribution.as_deref())
        .collect();
    lines.dedup();
    lines.join("\n")
}

/// Fails unless every source is there, is the file that the plan was made from, and is long enough for its transitions.
fn check_sources(request: &RenderRequest<'_>) -> Result<()> {
    let count = request.plan.sources.len().max(1) as f64;
    for (number, source) in request.plan.sources.iter().enumerate() {
        let path = source.path_from(request.folder);
        if request.hashes.hash(&path, &request.task)? != source.blake3.to_ascii_lowercase() {
            return Err(Error::Changed { path });
        }
        let share = (number + 1) as f64 / count;
        request.task.progress(SHARE_CHECKED * share);
    }
    match request.plan.missing_handle(request.folder, &request.limits) {
        Some((number, what)) => Err(unrenderable(format!("picture[{number}].transition {what}"))),
        None => Ok(()),
    }
}
