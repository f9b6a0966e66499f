//! Every named effect and transition on the creator's own pictures and clips, as a page or as a sheet.

use std::path::{Path, PathBuf};

use crate::edit::{Fit, OutputSpec, PLAN_SCHEMA, Plan, Segment, Source, SourceKind};
use crate::effects::{EffectPreset, PresetTransition, SegmentTransition, TimedTransition};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::jobs::looks::has_ending;
use crate::jobs::png_file::{srgb_picture, write_png};
use crate::jobs::{Workshop, refuse_conflicts};
use crate::media::{MediaKind, probe};
use crate::picture::{Background, Pixels};
use crate::render::PlanStills;
use crate::report::{GalleryEntry, gallery_page, gallery_sheet, side_by_side};
use crate::store::{Overwrite, write_atomic};
use crate::task::Task;
use crate::time::{Rational, rounded};

/// Frames a second of the films that are shown.
const RATE: i64 = 24;
/// Frames of each segment: two seconds.
const FRAMES: i64 = 48;
/// Frames from the start of a segment to the moment of its effect.
const BEFORE_MOMENT: i64 = 8;
/// Frames after the moment that are shown: most effects are over within half a second.
const SHOWN_AFTER: [i64; 6] = [0, 2, 5, 9, 18, 30];
/// Longer side of a frame in pixels: six of them fit a screen.
const SIDE: u32 = 240;

/// Two files and the effects to show on them.
pub struct EffectGalleryJob {
    /// Photos or clips; effects are shown on the first, transitions lead from the first to the last.
    pub files: Vec<PathBuf>,
    /// Names of effects; empty: all.
    pub effects: Vec<String>,
    /// The page (`.html`) or the sheet (`.png`).
    pub target: PathBuf,
    /// What happens to a file that is there already.
    pub overwrite: Overwrite,
}

/// One of the files, as far as a plan needs to know it.
pub(super) struct GallerySource {
    path: PathBuf,
    kind: SourceKind,
    size: Size,
    /// Seconds of a clip.
    duration: f64,
}

/// The effects that the job shows. Fails before any work where its target or a name is wrong.
pub fn shown_effects(job: &EffectGalleryJob) -> Result<Vec<&'static EffectPreset>> {
    GalleryTarget::new(&job.target, job.overwrite)?;
    if job.effects.is_empty() {
        return Ok(EffectPreset::all()?.iter().collect());
    }
    let names = job.effects.iter();
    names.map(|name| EffectPreset::find(name)).collect()
}

/// Where a gallery is written: a page or a sheet.
pub(super) struct GalleryTarget<'a> {
    path: &'a Path,
    overwrite: Overwrite,
}

impl<'a> GalleryTarget<'a> {
    /// Fails where it is neither, or may not be written.
    pub fn new(path: &'a PathBuf, overwrite: Overwrite) -> Result<Self> {
        if !has_ending(path, "png") && !has_ending(path, "html") {
            return Err(Error::Usage {
                what: format!("{} is neither .html nor .png", path.display()),
                hint: Hint::NamePageOrSheet,
            });
        }
        refuse_conflicts([Some(path)], overwrite)?;
        Ok(Self { path, overwrite })
    }

    /// Writes the entries; `first` is the file that a page names.
    pub fn write(&self, title: &str, first: &Path, entries: &[GalleryEntry]) -> Result<()> {
        if has_ending(self.path, "png") {
            let sheet = srgb_picture(Pixels::Eight(gallery_sheet(entries)));
            return write_png(self.path, &sheet, self.overwrite);
        }
        let page = gallery_page(title, first, entries)?;
        write_atomic(self.path, page.as_bytes(), self.overwrite)
    }
}

/// Writes the gallery.
pub fn write_effect_gallery(
    job: &EffectGalleryJob,
    workshop: &Workshop,
    task: &Task,
) -> Result<()> {
    let shown = shown_effects(job)?;
    let sources: Vec<GallerySource> = job
        .files
        .iter()
        .map(|path| gallery_source(path, workshop))
        .collect::<Result<_>>()?;
    let (Some(first), Some(last)) = (sources.first(), sources.last()) else {
        return Err(Error::Nothing {
            what: "there is no picture to show effects on".into(),
            hint: Hint::GivePicture,
        });
    };
    // The paths in the plans are those that were given.
    let stills = PlanStills {
        folder: Path::new(""),
        limits: workshop.limits(),
        models: workshop.models().ok(),
        task,
    };
    let mut entries = Vec::with_capacity(shown.len());
    for (number, preset) in shown.iter().enumerate() {
        task.check()?;
        // Without networks the whole gallery is shown but for what needs them.
        if stills.models.is_none() && job.effects.is_empty() && preset.looks_for_people() {
            continue;
        }
        let film = match preset.transition {
            Some(transition) => transition_film(first, last, transition),
            None => effect_film(first, preset)?,
        };
        let (plan, numbers) = film;
        let stills = stills.of(&plan, &numbers)?;
        entries.push(GalleryEntry {
            name: preset.id.clone(),
            family: preset.kinds().join(" + "),
            summary: format!("{} For {}.", preset.summary, preset.suits),
            picture: side_by_side(&stills),
        });
        task.progress((number + 1) as f64 / shown.len() as f64);
    }
    let title = format!("{} effects and transitions", entries.len());
    GalleryTarget::new(&job.target, job.overwrite)?.write(&title, &first.path, &entries)
}

pub(super) fn gallery_source(path: &Path, workshop: &Workshop) -> Result<GallerySource> {
    let facts = probe(path, workshop.limits())?;
    let video = facts.video.as_ref();
    let still = facts.still.as_ref();
    let (kind, size) = match (facts.kind, still, video) {
        (MediaKind::Image, Some(still), _) => (SourceKind::Image, still.size),
        (MediaKind::Video, _, Some(video)) => (SourceKind::Video, video.size),
        _ => {
            return Err(Error::Usage {
                what: format!("{} has no picture", path.display()),
                hint: Hint::GivePicture,
            });
        }
    };
    let duration = video.and_then(|video| video.duration);
    Ok(GallerySource {
        path: path.to_owned(),
        kind,
        size,
        duration: duration.map_or(0.0, Rational::seconds),
    })
}

/// A film of one segment with the effects of `preset`, and the frames to show of it.
fn effect_film(source: &GallerySource, preset: &EffectPreset) -> Result<(Plan, Vec<u64>)> {
    let mut segment = middle_segment(source, 0, 0);
    let at = segment.start_exact + frames(BEFORE_MOMENT);
    segment.effects = preset.effects_at(rounded(at.seconds()))?;
    let numbers = SHOWN_AFTER.iter().map(|after| BEFORE_MOMENT + after);
    let numbers = numbers.map(i64::unsigned_abs).collect();
    Ok((short_plan(&[source], vec![segment], SIDE), numbers))
}

/// A film of two segments with a transition between them, and the frames to show of it.
fn transition_film(
    first: &GallerySource,
    last: &GallerySource,
    transition: PresetTransition,
) -> (Plan, Vec<u64>) {
    let half = ((transition.seconds * RATE as f64 / 2.0).round() as i64).max(1);
    let mut next = middle_segment(last, 1, half);
    let whole = frames(half * 2);
    next.transition = SegmentTransition::Timed(TimedTransition {
        kind: transition.kind,
        duration: rounded(whole.seconds()),
        duration_exact: whole,
    });
    let parts = vec![middle_segment(first, 0, half), next];
    let plan = short_plan(&[first, last], parts, SIDE);
    // One frame before it, four in it, one after it.
    let steps = 0..SHOWN_AFTER.len() as i64;
    let begin = FRAMES - half - 1;
    let numbers = steps.map(|step| begin + (half * 2 + 1) * step / 5);
    (plan, numbers.map(i64::unsigned_abs).collect())
}

/// The middle of the source of this `number`, at least `handle` frames after its start.
pub(super) fn middle_segment(source: &GallerySource, number: usize, handle: i64) -> Segment {
    let all = (source.duration * RATE as f64) as i64;
    let start = frames(((all - FRAMES) / 2).max(handle));
    let end = start + frames(FRAMES);
    Segment {
        source: source_id(number),
        start: rounded(start.seconds()),
        start_exact: start,
        end: rounded(end.seconds()),
        end_exact: end,
        crop: vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
        fit: Fit::Crop,
        second_crop: Vec::new(),
        second_source: None,
        speed: 1.0,
        look: None,
        look_strength: 1.0,
        effects: Vec::new(),
        transition: SegmentTransition::Cut,
        beat: None,
        locked: false,
        reasons: Vec::new(),
        carried: None,
    }
}

/// Seconds of so many frames.
fn frames(count: i64) -> Rational {
    Rational::new(count, RATE).unwrap_or(Rational::ZERO)
}

/// The id of a source in the plan.
fn source_id(number: usize) -> String {
    format!("s{number}")
}

/// A plan that is never written, of the shape of its first source, with `side` pixels on the longer side.
pub(super) fn short_plan(sources: &[&GallerySource], picture: Vec<Segment>, side: u32) -> Plan {
    let shape = sources
        .first()
        .map_or(Size::new(side, side), |source| source.size);
    let size = shape.within(side);
    let even = |side: u32| (side / 2 * 2).max(2);
    let length = frames(FRAMES * picture.len() as i64);
    let sources = sources.iter().enumerate().map(|(number, source)| Source {
        id: source_id(number),
        path: source.path.to_string_lossy().into_owned(),
        blake3: String::new(),
        kind: source.kind,
        title: None,
        license: None,
        attribution: None,
    });
    Plan {
        schema: PLAN_SCHEMA.into(),
        sources: sources.collect(),
        output: OutputSpec {
            width: even(size.width),
            height: even(size.height),
            frame_rate: Rational::whole(RATE),
            duration: rounded(length.seconds()),
            duration_exact: length,
            loudness_lufs: -14.0,
            true_peak_dbtp: -1.0,
            platform: String::new(),
            style: String::new(),
            seed: 0,
            background: Background::default(),
            captions: None,
        },
        picture,
        sound: Vec::new(),
        captions: Vec::new(),
        markers: Vec::new(),
        carried: None,
    }
}
