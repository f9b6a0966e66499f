//! The job of `edit` where nothing moves: recordings become sound again, or a film of their artwork with a waveform.
//!
//! A film is made where its name says so, or where pictures are given with recordings in which somebody speaks. No
//! music is laid under either.

use crate::analysis::{Analysis, FileKind};
use crate::choice::{Decision, Setting};
use crate::edit::{Variation, plan_audiogram, plan_variations};
use crate::error::Result;
use crate::jobs::Workshop;
use crate::jobs::caption_plan::{USUAL_CAPTIONS, caption};
use crate::jobs::edit_job::{CaptionWish, EditJob};
use crate::jobs::edit_recipe::{Recipe, SOUND_STYLE};
use crate::jobs::material::Material;
use crate::jobs::plan_paths::source_files;
use crate::jobs::planned_edit::PlannedEdit;
use crate::jobs::render::sound_format;
use crate::jobs::taste_style::somebody_speaks;
use crate::task::Task;

/// The ending of films.
const FILM: &str = "mp4";

/// Whether `files` make a film of sound: there is nothing else, or photos stand for what somebody says. Photos for
/// which music or another style is asked for become a film of their own.
pub(super) fn is_of_sound(job: &EditJob, files: &[Analysis]) -> bool {
    let has = |kind: FileKind| files.iter().any(|file| file.file.kind == kind);
    if has(FileKind::Video) || !has(FileKind::Audio) {
        return false;
    }
    let style = job.style.asked.as_deref();
    let for_speech = style.is_none_or(|style| style == SOUND_STYLE) && job.tracks().is_none();
    !has(FileKind::Image) || for_speech && somebody_speaks(files)
}

/// Plans it.
pub(super) fn plan_sound(
    job: &EditJob,
    recipe: &mut Recipe,
    sources: &Material<Analysis>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<PlannedEdit>> {
    recipe.for_sound(job)?;
    let mut files = source_files(&sources.items, job.plan_folder())?;
    recipe.measure_voices(&mut files, workshop, task)?;
    let is_film = is_film(job, &sources.items);
    let request = recipe.edit_request(job, &files)?;
    let films = match is_film && job.variations.is_none() {
        true => vec![Variation {
            outcome: plan_audiogram(&request)?,
            distance: 0.0,
        }],
        false => plan_variations(&request, job.variations.unwrap_or(1))?,
    };
    let (captions, chosen) = match is_film {
        true => film_captions(recipe.captions(job, &sources.items), &sources.items),
        false => (CaptionWish::Unsaid, None),
    };
    let mut planned = Vec::with_capacity(films.len());
    for (film, target) in films.into_iter().zip(job.targets()) {
        let mut plan = film.outcome.plan.clone();
        if let Some(film_target) = &target.film {
            sound_format(&plan, &film_target.film)?;
        }
        plan.output.background = job.background.unwrap_or(plan.output.background);
        let earlier = job.earlier_plan(&target.plan);
        caption(&mut plan, &captions, &sources.items, earlier.as_ref(), task)?;
        let mut edit = PlannedEdit::changed(plan, target, sources.failed);
        edit.decisions = recipe.decisions(job, &film.outcome);
        edit.decisions.extend(chosen.clone());
        edit.distance = job.variations.is_some().then_some(film.distance);
        planned.push(edit);
    }
    Ok(planned)
}

/// Whether it has a picture.
fn is_film(job: &EditJob, files: &[Analysis]) -> bool {
    let name = job.film.as_ref().and_then(|target| target.film.extension());
    let named = name.is_some_and(|ending| ending.eq_ignore_ascii_case(FILM));
    named || files.iter().any(|file| file.file.kind == FileKind::Image)
}

/// The captions of a film of sound: without them it says nothing to those who watch in silence.
fn film_captions(wish: CaptionWish, files: &[Analysis]) -> (CaptionWish, Option<Decision>) {
    let known = |file: &Analysis| {
        let audio = file.audio.as_ref();
        audio.is_some_and(|audio| audio.transcript.is_some())
    };
    if wish != CaptionWish::Unsaid || !files.iter().any(known) {
        return (wish, None);
    }
    let why = "most people see such a film without its sound";
    let decision = Decision::new(Setting::Captions, USUAL_CAPTIONS, why);
    (CaptionWish::Style(USUAL_CAPTIONS.into()), Some(decision))
}
