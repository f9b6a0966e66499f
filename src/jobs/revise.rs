//! The job of `revise`: a plan with changes.
//!
//! A change of light, color or captions alone is written into the plan as it is. Anything else plans the film anew from
//! the plan's own files, music and settings: all of it, or only the segments that are named, while the others stay.

use std::path::{Path, PathBuf};

use crate::captions::Caption;
use crate::edit::{CutRule, Plan, Platform, Segment, SourceKind, Style};
use crate::effects::EffectPreset;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::caption_plan::{USUAL_CAPTIONS, caption};
use crate::jobs::draft::read_plan;
use crate::jobs::edit::plan_edit;
use crate::jobs::edit_job::{CaptionWish, EditJob, FileStretch, LookWish, TransitionWish};
use crate::jobs::material::read_sources;
use crate::jobs::plan_paths::path_in_plan;
use crate::jobs::planned_edit::PlannedEdit;
use crate::task::Task;
use crate::time::rounded;

/// Most that a segment may have of its look.
const MOST_STRENGTH: f64 = 2.0;

/// What is to change in a plan.
#[derive(Debug, Clone)]
pub struct ReviseJob {
    /// The plan.
    pub plan: PathBuf,
    /// Segments, from 1, that are to show something else; all others stay.
    pub again: Vec<usize>,
    /// Segments, from 1, that are to go; the film becomes shorter by them.
    pub drop: Vec<usize>,
    /// Another look; absent: that of the plan.
    pub look: Option<LookWish>,
    /// Times as much of the look as now.
    pub strength: Option<f64>,
    /// Keep the music of the plan; else that of `edit` counts.
    pub keep_music: bool,
    /// Whatever else is to change, and where the film goes. Its files are those of the plan.
    pub edit: EditJob,
}

/// A plan with its changes.
pub struct RevisedPlan {
    /// The request that it was made by, for rendering.
    pub job: EditJob,
    /// The film.
    pub planned: PlannedEdit,
}

/// Changes a plan.
///
/// Errors: `Usage` for a segment that it does not have, those of reading it and of planning.
pub fn revise_plan(job: &ReviseJob, workshop: &Workshop, task: &Task) -> Result<RevisedPlan> {
    let (plan, folder) = read_plan(&job.plan)?;
    for number in job.again.iter().chain(&job.drop) {
        if !(1..=plan.picture.len()).contains(number) {
            return Err(Error::Usage {
                what: format!("the plan has no segment {number}"),
                hint: Hint::UseKnownName {
                    known: vec![format!("1 to {}", plan.picture.len())],
                },
            });
        }
    }
    if job.cuts_anew() {
        return plan_anew(job, &plan, &folder, workshop, task);
    }
    let edit = EditJob {
        files: sources(&plan, &folder),
        ..job.edit.clone()
    };
    let mut plan = plan;
    let failed = job.write_captions(&mut plan, &edit, workshop, task)?;
    if let Some(wish) = &job.look {
        look_of_all(&mut plan, wish, workshop)?;
    }
    strengthen(&mut plan, job.strength);
    for source in &mut plan.sources {
        let path = path_in_plan(&folder.join(&source.path), edit.plan_folder())?;
        source.path = path.to_string_lossy().into_owned();
    }
    let target = edit.targets().swap_remove(0);
    Ok(RevisedPlan {
        planned: PlannedEdit::changed(plan, target, failed),
        job: edit,
    })
}

impl ReviseJob {
    /// Whether something is to change that is decided while a film is planned.
    fn cuts_anew(&self) -> bool {
        let edit = &self.edit;
        !self.again.is_empty()
            || !self.drop.is_empty()
            || !self.keep_music
            || edit.length.is_some()
            || edit.aspect.is_some()
            || edit.style.asked.is_some()
            || edit.platform.asked.is_some()
            || edit.words.is_some()
            || edit.seed.is_some()
            || edit.transition != TransitionWish::Unsaid
            || self.look == Some(LookWish::Auto)
    }

    /// True where some file that says what is spoken failed.
    fn write_captions(
        &self,
        plan: &mut Plan,
        edit: &EditJob,
        workshop: &Workshop,
        task: &Task,
    ) -> Result<bool> {
        if edit.captions == CaptionWish::Unsaid {
            return Ok(false);
        }
        let sources = read_sources(&edit.files, plan.output.background, workshop, task)?;
        caption(plan, &edit.captions, &sources.items, None, task)?;
        Ok(sources.failed)
    }
}

fn plan_anew(
    job: &ReviseJob,
    plan: &Plan,
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<RevisedPlan> {
    let edit = edit_job(job, plan, folder)?;
    let mut planned = plan_edit(&edit, workshop, task)?;
    let mut planned = planned.swap_remove(0);
    // Segments that stayed for this time only are free the next time.
    let kept = |segment: &Segment| {
        let same = |other: &&Segment| {
            (other.start_exact, other.end_exact) == (segment.start_exact, segment.end_exact)
        };
        plan.picture
            .iter()
            .find(same)
            .is_some_and(|other| other.locked)
    };
    for segment in &mut planned.plan.picture {
        segment.locked = segment.locked && kept(segment);
    }
    if job.look.is_none()
        && let Some(before) = plan.picture.iter().find(|segment| segment.look.is_some())
    {
        for segment in &mut planned.plan.picture {
            if segment.look == before.look {
                segment.look_strength = before.look_strength;
            }
        }
    }
    strengthen(&mut planned.plan, job.strength);
    Ok(RevisedPlan { job: edit, planned })
}

/// The request that plans the film anew: what the plan says where nothing else was asked for.
fn edit_job(job: &ReviseJob, plan: &Plan, folder: &Path) -> Result<EditJob> {
    let mut edit = EditJob {
        files: sources(plan, folder),
        ..job.edit.clone()
    };
    let output = &plan.output;
    edit.seed = edit.seed.or(Some(output.seed));
    if job.keep_music
        && let Some(music) = music(plan, folder)
    {
        edit.music = Some(music);
        edit.over_music = true;
    }
    let is_shaped = edit.aspect.is_some() || edit.platform.asked.is_some();
    let style = edit.style.asked.get_or_insert(output.style.clone());
    let is_montage = Style::find(style)?.cut == CutRule::Montage;
    let platform = edit.platform.asked.get_or_insert(output.platform.clone());
    let platform = Platform::find(platform)?;
    if !is_shaped {
        let shape = (u64::from(output.width), u64::from(output.height));
        let is_usual = shape.0 * u64::from(platform.height) == shape.1 * u64::from(platform.width);
        edit.aspect = (!is_usual)
            .then(|| simplest(output.width, output.height))
            .flatten();
    }
    let dropped: f64 = segments(plan, &job.drop)
        .map(|it| it.length().seconds())
        .sum();
    if is_montage && edit.length.is_none() {
        edit.length = Some(rounded(output.duration - dropped));
    }
    edit.look = job.look.clone().unwrap_or_else(|| {
        let mut looks = plan
            .picture
            .iter()
            .filter_map(|segment| segment.look.clone());
        looks.next().map_or(LookWish::None, LookWish::Named)
    });
    if edit.captions == CaptionWish::Unsaid {
        edit.captions = planned_captions(plan);
    }
    let mut cleaned = plan.sound.iter().filter_map(|sound| sound.clean);
    edit.denoise = cleaned.next().map(|clean| clean.denoise);
    if edit.transition == TransitionWish::Unsaid {
        edit.transition = planned_transition(plan)?;
    }
    for segment in segments(plan, &job.again).chain(segments(plan, &job.drop)) {
        edit.never.push(FileStretch {
            file: plan.source(&segment.source)?.path_from(folder),
            start: segment.start,
            end: segment.end,
        });
    }
    edit.held = (!job.again.is_empty()).then(|| held(plan, &job.again));
    Ok(edit)
}

/// The captions that a plan has.
fn planned_captions(plan: &Plan) -> CaptionWish {
    let style = |caption: &Caption| {
        caption
            .style
            .clone()
            .unwrap_or_else(|| USUAL_CAPTIONS.into())
    };
    let first = plan.captions.first();
    first.map_or(CaptionWish::None, |caption| {
        CaptionWish::Style(style(caption))
    })
}

/// The transition that a plan has between its shots.
fn planned_transition(plan: &Plan) -> Result<TransitionWish> {
    let mut timed = plan
        .picture
        .iter()
        .filter_map(|segment| segment.transition.timed());
    let Some(timed) = timed.next() else {
        return Ok(TransitionWish::None);
    };
    let mut effects = EffectPreset::all()?.iter();
    let effect = effects.find(|effect| {
        let transition = effect.transition.as_ref();
        transition.is_some_and(|transition| transition.kind == timed.kind)
    });
    Ok(effect.map_or(TransitionWish::Unsaid, |effect| {
        TransitionWish::Named(effect.id.clone())
    }))
}

/// The plan with all segments locked but those that are planned again.
fn held(plan: &Plan, again: &[usize]) -> Plan {
    let mut held = plan.clone();
    for (number, segment) in (1..).zip(&mut held.picture) {
        segment.locked = !again.contains(&number);
    }
    held
}

fn segments<'a>(plan: &'a Plan, numbers: &'a [usize]) -> impl Iterator<Item = &'a Segment> {
    let place = |number: &usize| number.checked_sub(1).and_then(|at| plan.picture.get(at));
    numbers.iter().filter_map(place)
}

/// The pictures and clips of a plan.
fn sources(plan: &Plan, folder: &Path) -> Vec<PathBuf> {
    let shown = plan
        .sources
        .iter()
        .filter(|source| source.kind != SourceKind::Audio);
    shown.map(|source| source.path_from(folder)).collect()
}

/// The track under a plan.
fn music(plan: &Plan, folder: &Path) -> Option<PathBuf> {
    let mut tracks = plan
        .sources
        .iter()
        .filter(|source| source.kind == SourceKind::Audio);
    tracks.next().map(|track| track.path_from(folder))
}

fn look_of_all(plan: &mut Plan, wish: &LookWish, workshop: &Workshop) -> Result<()> {
    let name = match wish {
        LookWish::Named(name) => {
            workshop.looks()?.find(name)?;
            Some(name.clone())
        }
        LookWish::None | LookWish::Auto => None,
    };
    for segment in &mut plan.picture {
        segment.look = name.clone();
        segment.look_strength = 1.0;
    }
    Ok(())
}

fn strengthen(plan: &mut Plan, times: Option<f64>) {
    let Some(times) = times else { return };
    for segment in plan
        .picture
        .iter_mut()
        .filter(|segment| segment.look.is_some())
    {
        segment.look_strength = rounded((segment.look_strength * times).clamp(0.0, MOST_STRENGTH));
    }
}

/// Width to height in the smallest numbers; `None` where these are above 100, as only another program writes them.
fn simplest(width: u32, height: u32) -> Option<(u32, u32)> {
    let (mut a, mut b) = (width, height);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let sides = (width.checked_div(a)?, height.checked_div(a)?);
    (sides.0 <= 100 && sides.1 <= 100).then_some(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_written_in_the_smallest_numbers() {
        assert_eq!(simplest(1080, 1920), Some((9, 16)));
        assert_eq!(simplest(1080, 1080), Some((1, 1)));
        assert_eq!(simplest(0, 0), None);
        assert_eq!(simplest(1079, 1920), None);
    }
}
