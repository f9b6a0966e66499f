//! Every named effect and transition on the creator's own pictures and clips, as a page or as a sheet.

use std::path::{Path, PathBuf};

use crate::edit::{OutputSpec, PLAN_SCHEMA, Plan, Segment, Source, SourceKind};
use crate::effects::{EffectPreset, PresetTransition, SegmentTransition, TimedTransition};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::jobs::looks::has_ending;
use crate::jobs::png_file::{srgb_picture, write_png};
use crate::jobs::{Workshop, refuse_conflicts};
use crate::media::{MediaKind, probe};
use crate::picture::{Background, Pixels};
use crate::render::plan_stills;
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
struct GallerySource {
    path: PathBuf,
    kind: SourceKind,
    size: Size,
    /// Seconds of a clip.
    duration: f64,
}

/// The effects that the job shows. Fails before any work where its target or a name is wrong.
pub fn shown_effects(job: &EffectGalleryJob) -> Result<Vec<&'static EffectPreset>> {
    if !has_ending(&job.target, "png") && !has_ending(&job.target, "html") {
        return Err(Error::Usage {
            what: format!("{} is neither .html nor .png", job.target.display()),
            hint: Hint::NamePageOrSheet,
        });
    }
    refuse_conflicts([Some(&job.target)], job.overwrite)?;
    if job.effects.is_empty() {
        return Ok(EffectPreset::all()?.iter().collect());
    }
    let names = job.effects.iter();
    names.map(|name| EffectPreset::find(name)).collect()
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
        .map(|path| source(path, workshop))
        .collect::<Result<_>>()?;
    let (Some(first), Some(last)) = (sources.first(), sources.last()) else {
        return Err(Error::Nothing {
            what: "there is no picture to show effects on".into(),
            hint: Hint::GivePicture,
        });
    };
    let mut entries = Vec::with_capacity(shown.len());
    for (number, preset) in shown.iter().enumerate() {
        task.check()?;
        let film = match preset.transition {
            Some(transition) => transition_film(first, last, transition),
            None => effect_film(first, preset)?,
        };
        let (plan, numbers) = film;
        // The paths in the plan are those that were given.
        let stills = plan_stills(&plan, Path::new(""), &numbers, workshop.limits(), task)?;
        entries.push(GalleryEntry {
            name: preset.id.clone(),
            family: preset.kinds().join(" + "),
            summary: format!("{} For {}.", preset.summary, preset.suits),
            picture: side_by_side(&stills),
        });
        task.progress((number + 1) as f64 / shown.len() as f64);
    }
    if has_ending(&job.target, "png") {
        let sheet = srgb_picture(Pixels::Eight(gallery_sheet(&entries)));
        return write_png(&job.target, &sheet, job.overwrite);
    }
    let title = format!("{} effects and transitions", entries.len());
    let page = gallery_page(&title, &first.path, &entries)?;
    write_atomic(&job.target, page.as_bytes(), job.overwrite)
}

fn source(path: &Path, workshop: &Workshop) -> Result<GallerySource> {
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
    let mut segment = middle(source, "first", 0);
    let at = segment.start_exact + frames(BEFORE_MOMENT);
    segment.effects = preset.effects_at(rounded(at.seconds()))?;
    let numbers = SHOWN_AFTER.iter().map(|after| BEFORE_MOMENT + after);
    let numbers = numbers.map(i64::unsigned_abs).collect();
    Ok((plan(&[source], vec![segment]), numbers))
}

/// A film of two segments with a transition between them, and the frames to show of it.
fn transition_film(
    first: &GallerySource,
    last: &GallerySource,
    transition: PresetTransition,
) -> (Plan, Vec<u64>) {
    let half = ((transition.seconds * RATE as f64 / 2.0).round() as i64).max(1);
    let mut next = middle(last, "last", half);
    let whole = frames(half * 2);
    next.transition = SegmentTransition::Timed(TimedTransition {
        kind: transition.kind,
        duration: rounded(whole.seconds()),
        duration_exact: whole,
    });
    let plan = plan(&[first, last], vec![middle(first, "first", half), next]);
    // One frame before it, four in it, one after it.
    let steps = 0..SHOWN_AFTER.len() as i64;
    let begin = FRAMES - half - 1;
    let numbers = steps.map(|step| begin + (half * 2 + 1) * step / 5);
    (plan, numbers.map(i64::unsigned_abs).collect())
}

/// The middle of a source, at least `handle` frames after its start.
fn middle(source: &GallerySource, id: &str, handle: i64) -> Segment {
    let all = (source.duration * RATE as f64) as i64;
    let start = frames(((all - FRAMES) / 2).max(handle));
    let end = start + frames(FRAMES);
    Segment {
        source: id.into(),
        start: rounded(start.seconds()),
        start_exact: start,
        end: rounded(end.seconds()),
        end_exact: end,
        crop: vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
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

/// A plan that is never written, of the shape of its first source.
fn plan(sources: &[&GallerySource], picture: Vec<Segment>) -> Plan {
    let shape = sources
        .first()
        .map_or(Size::new(SIDE, SIDE), |source| source.size);
    let size = shape.within(SIDE);
    let even = |side: u32| (side / 2 * 2).max(2);
    let length = frames(FRAMES * picture.len() as i64);
    let ids = ["first", "last"];
    let sources = sources.iter().zip(ids).map(|(source, id)| Source {
        id: id.into(),
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
