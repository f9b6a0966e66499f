//! A plan into a film: decode, crop, look and encode side by side.
//!
//! One thread decodes, some crop and grade, and the calling thread encodes. Frames are dealt to the grading threads in
//! turn and collected in turn, so that their order, and every byte, is the same whatever their number. Channels are
//! bounded: memory does not grow with the film.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::Serialize;

use crate::edit::Plan;
use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
use crate::looks::{CompiledLook, LookLibrary, MaskTracker, Masks, grain_seed};
use crate::media::{FilmSettings, FilmWriter, Limits, SoundSettings};
use crate::models::Models;
use crate::picture::{Filter, Rgb8, crop_resize};
use crate::render::crop::crop_of_frame;
use crate::render::footage::Footage;
use crate::render::mastering::{Chain, Mastering, SoundReport};
use crate::render::mixer::Mixer;
use crate::render::timeline::{Timeline, path_of};
use crate::sound::{CHANNELS, FORMAT, RATE};
use crate::store::FileHashes;
use crate::task::Task;
use crate::time::{Rational, rounded};

/// Bits a second of a film's sound: at this rate AAC is transparent for most music.
const SOUND_BIT_RATE: u32 = 192_000;
/// Fixed, because the encoder's output depends on it.
const ENCODER_THREADS: usize = 4;
/// More grading threads than this only cost memory: decoding and encoding are slower.
const MOST_WORKERS: usize = 8;
/// Longer side of the copy of a frame that masks are measured on.
const MEASURED_SIDE: u32 = 512;
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
/// file that the plan was made from, `Usage` for a plan that cannot be meant, and like the readers and the writer.
///
/// A film has a sound track when its plan has sound; else it has none.
pub fn render(request: &RenderRequest<'_>, temporary: &Path) -> Result<RenderReport> {
    let plan = request.plan;
    let timeline = Timeline::new(plan)?;
    let grades = Grades::new(
        plan,
        &timeline,
        request.looks,
        request.folder,
        request.models,
    )?;
    check_sources(request)?;

    let mastering = if plan.sound.is_empty() {
        None
    } else {
        Some(master(
            plan,
            &timeline,
            request.folder,
            &request.limits,
            &request.task,
        )?)
    };
    request.task.progress(SHARE_MEASURED);

    let mut writer = FilmWriter::create(
        temporary,
        &FilmSettings {
            size: timeline.size,
            frame_rate: timeline.frame_rate,
            quality: request.quality,
            preset: request.preset.into(),
            sound: mastering.as_ref().map(|_| SoundSettings {
                format: FORMAT,
                bit_rate: SOUND_BIT_RATE,
            }),
            threads: ENCODER_THREADS,
            comment: credits(plan),
        },
    )?;
    let mut sound = match &mastering {
        Some(mastering) => Some(SoundTrack {
            mixer: Mixer::new(plan, &timeline, request.folder, &request.limits)?,
            chain: mastering.chain(),
            ready: Vec::new(),
            written: 0,
            ended: false,
        }),
        None => None,
    };
    let frames = Frames {
        timeline: &timeline,
        grades: &grades,
        folder: request.folder,
        models: request.models,
        limits: request.limits,
        threads: request.threads,
        size: timeline.size,
    };
    let mut written = 0;
    let notes = frames.each(0..timeline.frames, &request.task, |frame| {
        writer.write_frame(&frame)?;
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
    Ok(RenderReport {
        size: timeline.size,
        frames: timeline.frames,
        duration: rounded(timeline.duration().seconds()),
        duration_exact: timeline.duration(),
        sound: mastering.map(|mastering| mastering.report),
        notes,
    })
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

/// Fails unless every source is there and is the file that the plan was made from.
fn check_sources(request: &RenderRequest<'_>) -> Result<()> {
    let count = request.plan.sources.len().max(1) as f64;
    for (number, source) in request.plan.sources.iter().enumerate() {
        let path = path_of(request.folder, source);
        if request.hashes.hash(&path, &request.task)? != source.blake3.to_ascii_lowercase() {
            return Err(Error::Changed { path });
        }
        let share = (number + 1) as f64 / count;
        request.task.progress(SHARE_CHECKED * share);
    }
    Ok(())
}

/// Finds the gain that brings the mix of `plan` to its loudness.
pub(crate) fn master(
    plan: &Plan,
    timeline: &Timeline<'_>,
    folder: &Path,
    limits: &Limits,
    task: &Task,
) -> Result<Mastering> {
    Mastering::find(
        plan.output.loudness_lufs,
        plan.output.true_peak_dbtp,
        |take| {
            let mut mixer = Mixer::new(plan, timeline, folder, limits)?;
            while let Some(block) = mixer.next_block()? {
                task.check()?;
                take(&block);
            }
            Ok(())
        },
    )
}

/// The finished sound, written along with the picture.
struct SoundTrack {
    mixer: Mixer,
    chain: Chain,
    ready: Vec<f32>,
    /// Samples (a channel) so far.
    written: i64,
    ended: bool,
}

impl SoundTrack {
    /// Writes the samples up to `time`.
    fn write_until(&mut self, time: Rational, writer: &mut FilmWriter) -> Result<()> {
        let until = (time * Rational::whole(i64::from(RATE))).round();
        let wanted = usize::try_from(until - self.written).unwrap_or(0) * CHANNELS;
        while self.ready.len() < wanted && !self.ended {
            match self.mixer.next_block()? {
                Some(block) => self.chain.push(&block, &mut self.ready),
                None => {
                    self.chain.finish(&mut self.ready);
                    self.ended = true;
                }
            }
        }
        let count = wanted.min(self.ready.len());
        writer.write_sound(&self.ready[..count])?;
        self.ready.drain(..count);
        self.written += (count / CHANNELS) as i64;
        Ok(())
    }
}

/// The looks of a plan, compiled once each.
pub(crate) struct Grades {
    looks: Vec<CompiledLook>,
    /// For each span the look, if any.
    of_span: Vec<Option<usize>>,
}

impl Grades {
    /// Finds and compiles the looks. A look named by path counts from `folder`. Fails where a look needs networks for its
    /// masks and there are no `models`.
    pub fn new(
        plan: &Plan,
        timeline: &Timeline<'_>,
        library: &LookLibrary,
        folder: &Path,
        models: Option<&Models>,
    ) -> Result<Self> {
        let mut known: Vec<(&str, u64)> = Vec::new();
        let mut looks = Vec::new();
        let mut of_span = Vec::with_capacity(plan.picture.len());
        for span in &timeline.spans {
            let strength = span.segment.look_strength;
            let Some(name) = span.segment.look.as_deref() else {
                of_span.push(None);
                continue;
            };
            let key = (name, strength.to_bits());
            let number = match known.iter().position(|other| *other == key) {
                Some(number) => number,
                None => {
                    let is_path = name.ends_with(".toml") || name.contains(['/', '\\']);
                    let look = if is_path {
                        library.find(&folder.join(name).to_string_lossy())?
                    } else {
                        library.find(name)?
                    };
                    look.check_networks(models)?;
                    looks.push(CompiledLook::new(&look, strength)?);
                    known.push(key);
                    looks.len() - 1
                }
            };
            of_span.push(Some(number));
        }
        Ok(Self { looks, of_span })
    }

    /// No look anywhere: for a check of what was cut, not of how it was graded.
    pub fn none(timeline: &Timeline<'_>) -> Self {
        Self {
            looks: Vec::new(),
            of_span: vec![None; timeline.spans.len()],
        }
    }

    fn of(&self, span: usize) -> Option<&CompiledLook> {
        let number = (*self.of_span.get(span)?)?;
        self.looks.get(number)
    }
}

/// Makes the finished frames of a film.
pub(crate) struct Frames<'a> {
    pub timeline: &'a Timeline<'a>,
    pub grades: &'a Grades,
    pub folder: &'a Path,
    pub models: Option<&'a Models>,
    pub limits: Limits,
    pub threads: usize,
    /// The film's size, or a smaller one of its shape.
    pub size: Size,
}

/// What one frame is made from.
struct Job {
    number: u64,
    span: usize,
    picture: Arc<Rgb8>,
    crop: Rect,
    /// Of the crop.
    masks: Masks,
}

impl Frames<'_> {
    /// Hands the frames of `range` to `take`, in order. Gives notes on what was not as it should be.
    pub fn each(
        &self,
        range: std::ops::Range<u64>,
        task: &Task,
        mut take: impl FnMut(Rgb8) -> Result<()>,
    ) -> Result<Vec<String>> {
        let workers = self.workers();
        std::thread::scope(|scope| {
            let mut jobs: Vec<SyncSender<Job>> = Vec::with_capacity(workers);
            let mut results: Vec<Receiver<Rgb8>> = Vec::with_capacity(workers);
            for _ in 0..workers {
                let (job_in, job_out) = sync_channel(1);
                let (result_in, result_out) = sync_channel(1);
                jobs.push(job_in);
                results.push(result_out);
                scope.spawn(move || self.work(&job_out, &result_in));
            }
            let decoding = {
                let range = range.clone();
                scope.spawn(move || self.decode(range, task, &jobs))
            };
            let collect = || {
                for (_, result) in range.zip(results.iter().cycle()) {
                    task.check()?;
                    match result.recv() {
                        Ok(frame) => take(frame)?,
                        // The decoder stopped early, and says why.
                        Err(_) => break,
                    }
                }
                Ok(())
            };
            let collected = collect();
            // With nobody to take the results, the other threads end too.
            drop(results);
            let decoded = decoding.join();
            collected?;
            match decoded {
                Ok(notes) => notes,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let wanted = if self.threads == 0 {
            cores()
        } else {
            self.threads
        };
        wanted.clamp(1, MOST_WORKERS)
    }

    /// Deals the source pictures out in turn.
    fn decode(
        &self,
        range: std::ops::Range<u64>,
        task: &Task,
        jobs: &[SyncSender<Job>],
    ) -> Result<Vec<String>> {
        let mut footage = Footage::new(self.folder, &self.limits, self.threads);
        let mut tracking: Option<(usize, MaskTracker<'_>)> = None;
        for (number, jobs) in range.zip(jobs.iter().cycle()) {
            task.check()?;
            let at = self.timeline.span_number(number);
            let Some(span) = self.timeline.spans.get(at) else {
                break;
            };
            let picture = footage.picture(self.timeline, span, number)?;
            let crop = crop_of_frame(self.timeline, span, number, picture.size());
            let masks = self.masks(&mut tracking, (number, at), &picture, crop)?;
            let job = Job {
                number,
                span: at,
                picture,
                crop,
                masks,
            };
            if jobs.send(job).is_err() {
                // Collecting stopped, and says why.
                break;
            }
        }
        Ok(footage.into_notes())
    }

    /// The masks of the frame `number` in the span `at`; each span is a shot of its own.
    fn masks<'m>(
        &'m self,
        tracking: &mut Option<(usize, MaskTracker<'m>)>,
        (number, at): (u64, usize),
        picture: &Rgb8,
        crop: Rect,
    ) -> Result<Masks> {
        let sources = match self.grades.of(at) {
            Some(look) => look.mask_sources(),
            None => return Ok(Masks::default()),
        };
        if sources.is_empty() {
            return Ok(Masks::default());
        }
        let (_, tracker) = match tracking.take() {
            Some(kept) if kept.0 == at => tracking.insert(kept),
            _ => tracking.insert((at, MaskTracker::new(sources, self.models))),
        };
        let size = self.size.within(MEASURED_SIDE);
        let small = crop_resize(picture, crop, size, Filter::Box);
        tracker.next(&small, self.timeline.time_of(number).seconds())
    }

    /// Crops and grades what it is dealt.
    fn work(&self, jobs: &Receiver<Job>, results: &SyncSender<Rgb8>) {
        // Stills, and films with fewer frames a second, give the same crop again and again.
        let mut last: Option<(Arc<Rgb8>, Rect, Rgb8)> = None;
        for job in jobs {
            let mut frame = match &last {
                Some((picture, crop, frame))
                    if Arc::ptr_eq(picture, &job.picture) && *crop == job.crop =>
                {
                    frame.clone()
                }
                _ => {
                    let frame = crop_resize(&job.picture, job.crop, self.size, Filter::Lanczos);
                    last = Some((Arc::clone(&job.picture), job.crop, frame.clone()));
                    frame
                }
            };
            if let (Some(look), Some(span)) =
                (self.grades.of(job.span), self.timeline.spans.get(job.span))
            {
                let seed = grain_seed(&span.source.blake3);
                look.with_masks(job.masks)
                    .apply(&mut frame, seed, job.number);
            }
            if results.send(frame).is_err() {
                return;
            }
        }
    }
}
