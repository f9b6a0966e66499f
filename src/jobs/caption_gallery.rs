//! Every caption style on the creator's own pictures and clips, as a page or as a sheet.

use std::path::{Path, PathBuf};

use crate::captions::{Caption, CaptionStyle};
use crate::edit::{Plan, restyled_captions};
use crate::error::Result;
use crate::jobs::Workshop;
use crate::jobs::effect_gallery::{GalleryTarget, gallery_source, middle_segment, short_plan};
use crate::render::PlanStills;
use crate::report::{GalleryEntry, side_by_side};
use crate::store::Overwrite;
use crate::task::Task;

/// Longer side of a frame in pixels: captions can be read, and three of them fit a screen.
const SIDE: u32 = 480;
/// What the captions say: two lines in most styles.
const WORDS: &str = "Nobody said a word until the light had gone.";
/// The second of the film at which it is shown: some of the words are spoken, others are not.
const SHOWN_AT: f64 = 0.9;
/// Seconds that the caption lasts.
const LASTS: f64 = 2.0;

/// Files to show caption styles on.
pub struct CaptionGalleryJob {
    /// Photos or clips.
    pub files: Vec<PathBuf>,
    /// The page (`.html`) or the sheet (`.png`).
    pub target: PathBuf,
    /// What happens to a file that is there already.
    pub overwrite: Overwrite,
}

/// Writes the gallery.
pub fn write_caption_gallery(
    job: &CaptionGalleryJob,
    workshop: &Workshop,
    task: &Task,
) -> Result<()> {
    let target = GalleryTarget::new(&job.target, job.overwrite)?;
    let plans: Vec<Plan> = job
        .files
        .iter()
        .map(|path| film(path, workshop))
        .collect::<Result<_>>()?;
    // The paths in the plans are those that were given.
    let stills = PlanStills {
        folder: Path::new(""),
        limits: workshop.limits(),
        models: workshop.models().ok(),
        task,
    };
    let styles = CaptionStyle::all()?;
    let mut entries = Vec::with_capacity(styles.len());
    for (number, style) in styles.iter().enumerate() {
        task.check()?;
        // Without networks nobody is found to stand before the text.
        if style.behind_people && stills.models.is_none() {
            continue;
        }
        let mut pictures = Vec::with_capacity(plans.len());
        for plan in &plans {
            let mut plan = plan.clone();
            plan.captions = restyled_captions(&plan, &[], style);
            let shown = shown_frame(&plan);
            pictures.extend(stills.of(&plan, &[shown])?);
        }
        entries.push(GalleryEntry {
            name: style.id.clone(),
            family: "caption style".into(),
            summary: style.summary.clone(),
            picture: side_by_side(&pictures),
        });
        task.progress((number + 1) as f64 / styles.len() as f64);
    }
    let title = format!("{} caption styles", entries.len());
    target.write(
        &title,
        job.files.first().map_or(Path::new(""), PathBuf::as_path),
        &entries,
    )
}

/// A film of one file with one caption.
fn film(path: &Path, workshop: &Workshop) -> Result<Plan> {
    let source = gallery_source(path, workshop)?;
    let mut plan = short_plan(&[&source], vec![middle_segment(&source, 0, 0)], SIDE);
    plan.captions = vec![Caption {
        text: WORDS.into(),
        start: 0.0,
        end: LASTS,
        style: None,
        words: Vec::new(),
        place: None,
        align: None,
    }];
    Ok(plan)
}

/// The frame at [`SHOWN_AT`].
fn shown_frame(plan: &Plan) -> u64 {
    (SHOWN_AT * plan.output.frame_rate.seconds()) as u64
}
