//! The reel of a clip: its best moments as a short film with its own sound, planned and rendered as `edit` does.

use std::path::PathBuf;

use super::arrival::Arrival;
use super::document::Rendition;
use super::preset::RenditionSpec;
use crate::error::{Error, Result};
use crate::jobs::Workshop;
use crate::jobs::draft::plan_beside;
use crate::jobs::edit::plan_edit;
use crate::jobs::edit_job::{
    CaptionWish, EditJob, FramingWish, LookWish, Preference, TransitionWish,
};
use crate::jobs::render::{FilmTarget, render_film};
use crate::store::{Overwrite, hash_file};
use crate::task::Task;

/// Seconds of a reel where the preset names none.
const USUAL_SECONDS: f64 = 15.0;

/// Makes the reel of the clip that arrived; `None` where the clip is too short to cut anything out of it. The reel is
/// verified like any film; one with a fault is an error.
pub(super) fn make_reel(
    spec: &RenditionSpec,
    arrival: &Arrival,
    overwrite: Overwrite,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<Rendition>> {
    let film = arrival.folder.join(format!("{}.mp4", spec.name));
    let job = edit_job(spec, arrival, film.clone(), overwrite);
    job.refuse_conflicts()?;
    let planned = match plan_edit(&job, workshop, task) {
        Err(Error::Nothing { .. }) => return Ok(None),
        planned => planned?,
    };
    let target = planned
        .first()
        .and_then(|it| Some((it, it.target.film.as_ref()?)));
    let Some((planned, target)) = target else {
        return Ok(None);
    };
    // Its plan is not among the results: it names the upload by a path that nobody else has.
    let report = render_film(&planned.plan, &arrival.folder, target, workshop, task)?;
    if let Some(fault) = report.verify.checks.iter().find(|check| !check.passed) {
        return Err(Error::damaged(&film, &fault.detail));
    }
    let output = &planned.plan.output;
    let bytes = std::fs::metadata(&film).map_err(|problem| Error::read(&film, problem))?;
    Ok(Some(Rendition {
        name: spec.name.clone(),
        path: format!("{}.mp4", spec.name),
        width: output.width,
        height: output.height,
        bytes: bytes.len(),
        blake3: hash_file(&film, task)?,
        at: None,
        faces_blurred: None,
    }))
}

/// The reel as what `edit` does.
fn edit_job(
    spec: &RenditionSpec,
    arrival: &Arrival,
    film: PathBuf,
    overwrite: Overwrite,
) -> EditJob {
    EditJob {
        files: vec![arrival.path.clone()],
        music: None,
        guide_track: None,
        words: None,
        over_music: false,
        stretch: 0.0,
        usage: None,
        style: Preference::default(),
        platform: Preference::default(),
        aspect: spec.aspect.map(|[width, height]| (width, height)),
        length: Some(spec.seconds.unwrap_or(USUAL_SECONDS)),
        must: Vec::new(),
        never: Vec::new(),
        transition: TransitionWish::Unsaid,
        cut: None,
        denoise: None,
        look: match spec.look.as_str() {
            "none" => LookWish::None,
            name => LookWish::Named(name.into()),
        },
        captions: CaptionWish::None,
        framing: FramingWish::Unsaid,
        profile: None,
        curious: false,
        seed: None,
        variations: None,
        background: None,
        held: None,
        plan: plan_beside(&film),
        overwrite,
        film: Some(FilmTarget::encoded_anew(film, overwrite)),
    }
}
