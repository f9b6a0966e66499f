//! Renders a plan: checks the sources, then writes picture and sound in parallel.

use std::path::Path;

use serde::Serialize;

use crate::compositor::FinishedFrame;
use crate::edit::Plan;
use crate::edit::{Timeline, unrenderable};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::looks::LookLibrary;
use crate::media::{
    DynamicRange, EncoderThreads, FilmCodec, FilmSettings, FilmWriter, GroupReader, KnownFields,
    Limits, SoundCodec, SoundSettings, ffmpeg_version,
};
use crate::models::Models;
use crate::render::copied_groups::{CopiedGroups, FilmPart, FilmParts};
use crate::render::film_frames::FilmFrames;
use crate::render::film_sound::LateSound;
use crate::render::kept_range::KeptRange;
use crate::render::mastering::SoundReport;
use crate::render::mixer::SoundSources;
use crate::render::plan_looks::PlanLooks;
use crate::render::sound_levels::SoundLevels;
use crate::render::unfinished_film::UnfinishedFilm;
use crate::sound::FORMAT;
use crate::store::FileHashes;
use crate::task::Task;
use crate::time::{Rational, rounded};

/// Bit rate of the sound, in bits a second: AAC is transparent for most music at it.
const SOUND_BIT_RATE: u32 = 192_000;
/// The encoder's threads. All work on one frame, so that a film is rendered in 300 MiB at 1080p; that takes a percent of
/// the bytes.
const ENCODER_THREADS: EncoderThreads = EncoderThreads::Slices(3);
/// Share of the progress for checking the sources; the rest is for the picture.
const SHARE_CHECKED: f64 = 0.05;

/// A plan to render, and the settings.
pub struct RenderRequest<'a> {
    /// The edit.
    pub plan: &'a Plan,
    /// Relative paths of sources and looks start here.
    pub folder: &'a Path,
    /// The looks by name.
    pub looks: &'a LookLibrary,
    /// Networks, for looks with masks and sound that is cleaned.
    pub models: Option<&'a Models>,
    /// Limits on each source.
    pub limits: Limits,
    /// Progress and cancelling.
    pub task: Task,
    /// Threads that decode and grade; 0 = one per core. The film does not depend on it.
    pub threads: usize,
    /// How the pictures are encoded.
    pub codec: FilmCodec,
    /// The encoder's constant rate factor: lower is better and larger.
    pub quality: u8,
    /// x264's preset, which stands for the like of other encoders.
    pub preset: &'a str,
    /// Whether the film has the dynamic range of its sources. H.265 alone has it here.
    pub dynamic_range: DynamicRange,
    /// Whether groups of pictures that the plan leaves as they are may be copied instead of being encoded again.
    pub copies: bool,
    /// Where what is encoded is kept until the film is finished, for a run after a kill. Films that copy groups of
    /// pictures, or keep their dynamic range, begin anew.
    pub unfinished: Option<&'a UnfinishedFilm>,
    /// Hashes of sources that are already known.
    pub hashes: &'a FileHashes,
}

impl RenderRequest<'_> {
    pub(super) fn sound_sources(&self) -> SoundSources<'_> {
        SoundSources {
            folder: self.folder,
            limits: &self.limits,
            models: self.models,
        }
    }
}

/// Facts about the rendered film.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RenderReport {
    /// Size in pixels; absent for sound alone, like the frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Number of frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<u64>,
    /// Seconds.
    pub duration: f64,
    /// The exact duration.
    pub duration_exact: Rational,
    /// What the samples of its frames mean where it has the dynamic range of its sources, in 10 bits, such as
    /// `arib-std-b67 in bt2020`; absent for 8 bits in BT.709.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic_range: Option<String>,
    /// Facts about the sound; absent where the plan has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<SoundReport>,
    /// How many of the frames are copied from the source, as they are stored there; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied_frames: Option<u64>,
    /// How many of the frames a run had encoded that was killed; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumed_frames: Option<u64>,
    /// Problems that did not stop the run, such as a source that breaks off.
    pub notes: Vec<String>,
}

/// Renders a plan into `temporary`, a path from [`crate::store::Output`].
///
/// Every source is checked first. Errors: [`Error::Read`] for a missing source, [`Error::Changed`] for one whose
/// content is not what the plan was made from, [`Error::Usage`] for a plan that cannot be rendered, and those of the
/// readers and the writer.
///
/// The film has a sound track if the plan has sound.
pub fn render(request: &RenderRequest<'_>, temporary: &Path) -> Result<RenderReport> {
    let plan = request.plan;
    let timeline = Timeline::new(plan)?;
    let looks = PlanLooks::new(&timeline, request.looks, request.folder, request.models)?;
    check_sources(request)?;
    let kept = kept_range(request, &timeline)?;
    let levels = SoundLevels::of(plan, &request.sound_sources(), &request.task)?;
    let copied = copied_groups(request, &timeline, &looks)?;
    let settings = film_settings(request, &timeline, kept.as_ref());
    let mut writer = match &copied {
        Some(copied) => FilmWriter::create_mixed(temporary, &settings, &copied.groups)?,
        None => FilmWriter::create(temporary, &settings)?,
    };
    let frames = FilmFrames {
        timeline: &timeline,
        looks: &looks,
        levels: levels.as_ref(),
        folder: request.folder,
        models: request.models,
        limits: request.limits,
        known: &KnownFields::default(),
        decoder_threads: half(request.threads),
        drawing_threads: Some(half(request.threads)),
        finds_people: true,
        size: timeline.size,
    };
    let (sound, resumed, notes) = std::thread::scope(|scope| {
        let sources = request.sound_sources();
        let mut sound = LateSound::measure(scope, plan, sources, &request.task);
        let resumed = match (&kept, &copied) {
            (None, None) => go_on(request, &looks, &timeline, &mut sound, &mut writer)?,
            _ => 0,
        };
        let mut written = resumed;
        let mut after = |count: u64, writer: &mut FilmWriter| {
            written += count;
            sound.write_until(timeline.time_of(written), writer)?;
            let share = written as f64 / timeline.frames as f64;
            request
                .task
                .progress(SHARE_CHECKED + (1.0 - SHARE_CHECKED) * share);
            Ok::<_, Error>(())
        };
        let notes = match &kept {
            Some(kept) => {
                let frames = frames.in_depth(kept);
                frames.each(&request.task, |frame| {
                    writer.write_deep(frame)?;
                    after(1, &mut writer)
                })?
            }
            None => {
                let parts = FilmParts::of(copied.as_ref(), resumed..timeline.frames);
                write_pictures(&frames, &parts, &request.task, &mut writer, &mut after)?
            }
        };
        let sound = sound.finish(timeline.duration(), &mut writer)?;
        Ok::<_, Error>((sound, resumed, notes))
    })?;
    writer.finish()?;
    Ok(RenderReport {
        size: Some(timeline.size),
        frames: Some(timeline.frames),
        copied_frames: copied.map(|copied| copied.frames),
        dynamic_range: kept.map(|kept| kept.signal.name()),
        duration: rounded(timeline.duration().seconds()),
        duration_exact: timeline.duration(),
        sound,
        resumed_frames: (resumed > 0).then_some(resumed),
        notes,
    })
}

/// Writes what a run had encoded that was killed, with its sound. Returns how many frames it is.
fn go_on<'scope, 'a: 'scope>(
    request: &RenderRequest<'_>,
    looks: &PlanLooks,
    timeline: &Timeline<'_>,
    sound: &mut LateSound<'scope, 'a>,
    writer: &mut FilmWriter,
) -> Result<u64> {
    let Some(unfinished) = request.unfinished else {
        return Ok(0);
    };
    let key = film_key(request, looks)?;
    unfinished.go_on(&key, timeline.frames, writer, |count, writer| {
        request.task.check()?;
        sound.wait()?;
        sound.write_until(timeline.time_of(count), writer)
    })
}

/// A hash of everything on which the encoded pictures of a film depend.
fn film_key(request: &RenderRequest<'_>, looks: &PlanLooks) -> Result<[u8; 32]> {
    let how = format!(
        "{} {} {:?} {:?} {} {} {} ",
        env!("CARGO_PKG_VERSION"),
        ffmpeg_version(),
        request.models.map(Models::fingerprint),
        request.codec,
        request.quality,
        request.preset,
        looks.content()
    );
    let plan = request.plan.to_json()?;
    Ok(*blake3::hash((how + &plan).as_bytes()).as_bytes())
}

/// Writes the `parts` of a film of 8 bits; `after` is told how many were written. Returns notes on problems with the
/// sources.
fn write_pictures(
    frames: &FilmFrames<'_>,
    parts: &FilmParts<'_>,
    task: &Task,
    writer: &mut FilmWriter,
    after: &mut dyn FnMut(u64, &mut FilmWriter) -> Result<()>,
) -> Result<Vec<String>> {
    let mut reader = parts.groups.map(GroupReader::open).transpose()?;
    let mut notes = Vec::new();
    for part in parts.parts.iter() {
        match part {
            FilmPart::Drawn(range) => {
                let drawn = frames.each(range.clone(), task, |frame| {
                    match frame {
                        FinishedFrame::Rgb(frame) => writer.write_frame(frame)?,
                        FinishedFrame::Planar(frame) => writer.write_planes(frame)?,
                    }
                    after(1, writer)
                })?;
                notes.extend(drawn);
            }
            FilmPart::Copied(group) => {
                task.check()?;
                if let Some(reader) = &mut reader {
                    writer.copy(reader, group)?;
                }
                after(group.pictures, writer)?;
            }
        }
    }
    notes.dedup();
    Ok(notes)
}

/// Half of the threads decode, and half of them draw: the encoder has threads of its own, and each that decodes or draws
/// holds frames.
fn half(threads: usize) -> usize {
    let all = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    all.div_ceil(2)
}

/// What is copied of the sources.
fn copied_groups(
    request: &RenderRequest<'_>,
    timeline: &Timeline<'_>,
    looks: &PlanLooks,
) -> Result<Option<CopiedGroups>> {
    if !request.copies || request.dynamic_range != DynamicRange::Standard {
        return Ok(None);
    }
    let (folder, limits) = (request.folder, &request.limits);
    CopiedGroups::find(timeline, looks, request.codec, folder, limits)
}

/// The dynamic range of the sources, where the film keeps it.
fn kept_range(request: &RenderRequest<'_>, timeline: &Timeline<'_>) -> Result<Option<KeptRange>> {
    match request.dynamic_range {
        DynamicRange::Standard => Ok(None),
        DynamicRange::Keep => KeptRange::of(timeline, request.folder, &request.limits).map(Some),
    }
}

fn film_settings(
    request: &RenderRequest<'_>,
    timeline: &Timeline<'_>,
    kept: Option<&KeptRange>,
) -> FilmSettings {
    FilmSettings {
        size: timeline.size,
        frame_rate: timeline.frame_rate,
        signal: kept.map(|kept| kept.signal),
        codec: request.codec,
        quality: request.quality,
        preset: request.preset.into(),
        sound: (!request.plan.sound.is_empty()).then_some(SoundSettings {
            format: FORMAT,
            bit_rate: SOUND_BIT_RATE,
            codec: SoundCodec::Aac,
        }),
        threads: ENCODER_THREADS,
        comment: credits(request.plan),
    }
}

/// The credits that the licenses of the music require, one a line.
pub(super) fn credits(plan: &Plan) -> String {
    let mut lines: Vec<&str> = plan
        .sources
        .iter()
        .filter_map(|source| source.attribution.as_deref())
        .collect();
    lines.dedup();
    lines.join("\n")
}

/// Fails unless every source exists, has the content that the plan was made from, and is long enough for its
/// transitions and panels.
pub(super) fn check_sources(request: &RenderRequest<'_>) -> Result<()> {
    let count = request.plan.sources.len().max(1) as f64;
    for (number, source) in request.plan.sources.iter().enumerate() {
        let path = source.path_from(request.folder);
        if request.hashes.hash(&path, &request.task)? != source.blake3.to_ascii_lowercase() {
            return Err(Error::Changed { path });
        }
        let share = (number + 1) as f64 / count;
        request.task.progress(SHARE_CHECKED * share);
    }
    if let Some((number, what)) = request.plan.missing_handle(request.folder, &request.limits) {
        return Err(unrenderable(format!("picture[{number}].transition {what}")));
    }
    match request
        .plan
        .short_second_source(request.folder, &request.limits)
    {
        Some((number, what)) => Err(unrenderable(format!(
            "picture[{number}].second_source {what}"
        ))),
        None => Ok(()),
    }
}
