//! The job of `edit`: clips and photos into a film on the beat, or music under the cut of a plan.
//!
//! [`plan_edit`] checks what was asked, analyzes files and tracks, takes the best suggestions and plans the film.
//! [`finish_edit`] renders and verifies it, writes the plan and records that the track was used. A person sees the
//! plan in between, and a dry run ends there.

use std::path::Path;

use crate::edit::{EditRequest, LookChoice, MusicChoice, Variation};
use crate::error::Result;
use crate::jobs::Workshop;
use crate::jobs::caption_plan::caption;
use crate::jobs::cropped_parts::plan_followed;
use crate::jobs::edit_job::{EditJob, LookWish};
use crate::jobs::edit_recipe::Recipe;
use crate::jobs::material::{Material, read_sources, read_tracks, record_use};
use crate::jobs::plan_paths::{path_in_plan, source_files};
use crate::jobs::planned_edit::{GuideTrack, PlannedEdit};
use crate::jobs::render::{FilmReport, FilmTarget, render_film};
use crate::jobs::sound_film::{is_of_sound, plan_sound};
use crate::jobs::taste_style::frame;
use crate::jobs::usage::notice_rights;
use crate::media::DynamicRange;
use crate::music::Track;
use crate::notice::Notice;
use crate::store::write_atomic;
use crate::suggest::{MusicSuggestion, SuggestRequest, Suggestions, suggest};
use crate::task::Task;

/// Analyzes, suggests and plans one film, or as many as are asked for.
///
/// Errors: [`Error::Usage`] for what cannot be meant together, [`Error::Nothing`] where there is nothing to show, and
/// those that end the whole run. A file that fails goes to the task.
pub fn plan_edit(job: &EditJob, workshop: &Workshop, task: &Task) -> Result<Vec<PlannedEdit>> {
    let mut recipe = Recipe::new(job, workshop, task)?;
    let sources = read_sources(recipe.files(job), recipe.background(job), workshop, task)?;
    if recipe.draft.is_none() && is_of_sound(job, &sources.items) {
        return plan_sound(job, &mut recipe, &sources, workshop, task);
    }
    let source_files = match recipe.draft {
        Some(_) => Vec::new(),
        None => {
            let mut files = source_files(&sources.items, job.plan_folder())?;
            recipe.measure_voices(&mut files, workshop, task)?;
            recipe.find_locked(&files)?;
            files
        }
    };
    let draft = recipe.draft.as_ref();
    let brief = recipe.brief(job, &sources.items, &source_files)?;
    let request = recipe.suggest_request(job, &brief, &sources.items, workshop)?;
    let tracks = match job.tracks() {
        Some(place) => read_tracks(place, &request, workshop, task)?,
        None => Material::nothing(),
    };
    let suggestions = suggest(&SuggestRequest {
        tracks: &tracks.items,
        left_out: &tracks.left_out,
        ..request
    })?;
    tell(job, &suggestions, task);
    task.check()?;
    let chosen = chosen_track(&tracks.items, &suggestions, job.plan_folder())?;
    let music = chosen.as_ref().map(|(track, best)| MusicChoice {
        track,
        guide: job.guide_track.is_some(),
        reasons: best.choice.reasons.clone(),
        arrangement: best.arrangement.clone(),
    });
    let films = match draft {
        Some(draft) => vec![Variation {
            outcome: recipe.rescored(job, draft, &sources.items, music)?,
            distance: 0.0,
        }],
        None => {
            let request = EditRequest {
                music,
                look: look_choice(job, &suggestions, workshop)?,
                ..recipe.edit_request(job, &source_files)?
            };
            let count = job.variations.unwrap_or(1);
            plan_followed(&request, count, job.plan_folder(), workshop, task)?
        }
    };
    let captions = recipe.captions(job, &sources.items);
    let mut planned = Vec::with_capacity(films.len());
    for (mut film, target) in films.into_iter().zip(job.targets()) {
        // A draft keeps its crops.
        let plan = &mut film.outcome.plan;
        let framed = frame(plan, &source_files, job.framing, recipe.edit_taste());
        plan.output.background = job.background.unwrap_or(plan.output.background);
        let earlier = job.earlier_plan(&target.plan);
        caption(plan, &captions, &sources.items, earlier.as_ref(), task)?;
        let mut decisions = recipe.decisions(job, &film.outcome);
        decisions.extend(framed);
        planned.push(PlannedEdit {
            decisions,
            plan: film.outcome.plan,
            hook: film.outcome.hook,
            guide_track: guide_track(job, film.outcome.guide_start),
            distance: job.variations.is_some().then_some(film.distance),
            failed: sources.failed || tracks.failed,
            target,
            track: suggestions.music.first().map(|best| best.choice.id.clone()),
        });
    }
    Ok(planned)
}

fn look_choice(
    job: &EditJob,
    suggestions: &Suggestions,
    workshop: &Workshop,
) -> Result<LookChoice> {
    // No look is drawn in the dynamic range of the sources; one that was named is refused by its segment.
    let kept = |film: &FilmTarget| film.dynamic_range == DynamicRange::Keep;
    Ok(match &job.look {
        LookWish::Auto if job.film.as_ref().is_some_and(kept) => LookChoice::None,
        LookWish::None => LookChoice::None,
        LookWish::Auto => LookChoice::auto(&suggestions.looks, workshop.looks()?),
        LookWish::Named(name) => LookChoice::Named(name.clone()),
    })
}

fn guide_track(job: &EditJob, start: Option<f64>) -> Option<GuideTrack> {
    let file = job.guide_track.as_ref()?.display().to_string();
    start.map(|start| GuideTrack { file, start })
}

/// Says what is to be known of the track.
fn tell(job: &EditJob, suggestions: &Suggestions, task: &Task) {
    if job.guide_track.is_none() {
        notice_rights(suggestions, task);
    }
    if suggestions.music.is_empty() && job.tracks().is_some() {
        task.notice(no_music(suggestions));
    }
    if let Some(best) = suggestions.music.first().filter(|best| !best.fits()) {
        task.notice(Notice::TrackFitsPoorly {
            track: best.title.clone(),
            score: best.choice.score,
            wrong: best.worst(),
        });
    }
}

/// Renders and verifies a film where one is wanted, writes its plan, and records that the track was used.
pub fn finish_edit(
    job: &EditJob,
    planned: &PlannedEdit,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<FilmReport>> {
    let made = match &planned.target.film {
        Some(target) => {
            let folder = job.plan_folder();
            Some(render_film(&planned.plan, folder, target, workshop, task)?)
        }
        None => None,
    };
    let plan = planned.plan.to_json()?;
    write_atomic(&planned.target.plan, plan.as_bytes(), job.overwrite)?;
    // A plan alone uses no track yet, and a guide track is used elsewhere.
    if made.is_some()
        && job.guide_track.is_none()
        && let Some(track) = &planned.track
    {
        record_use(job.music.as_deref(), track, workshop, task);
    }
    Ok(made)
}

fn no_music(suggestions: &Suggestions) -> Notice {
    let why = suggestions
        .abstained
        .iter()
        .find(|abstained| abstained.what == "music");
    Notice::NoMusic {
        why: why.map_or_else(String::new, |abstained| abstained.why.clone()),
    }
}

/// The best track, with its path as the plan is to name it.
fn chosen_track<'a>(
    tracks: &[Track],
    suggestions: &'a Suggestions,
    plan_folder: &Path,
) -> Result<Option<(Track, &'a MusicSuggestion)>> {
    let Some(best) = suggestions.music.first() else {
        return Ok(None);
    };
    let Some(track) = tracks.iter().find(|track| track.id() == best.choice.id) else {
        return Ok(None);
    };
    let mut track = track.clone();
    track.path = path_in_plan(&track.path, plan_folder)?;
    Ok(Some((track, best)))
}
