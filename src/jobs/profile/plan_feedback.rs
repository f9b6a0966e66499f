//! Learns from plans: what a creator changed in one, and which of several films they kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::analysis::{Effort, Part, Scope};
use crate::edit::{Plan, Platform};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::profile::plan_things::{
    PlanThings, is_same, longest_track, plan_shots, plan_things,
};
use crate::jobs::profile::report::{ProfileReport, add_evidence};
use crate::jobs::{Analyzer, Workshop, plan_beside, read_plan};
use crate::profile::{ChoiceThing, Evidence, EvidenceChoice, ShotLengths, TasteKind};
use crate::suggest::music_features;
use crate::task::{Stage, Task};

/// Most films of one edit that are compared: as many as an edit makes.
const MOST_SIBLINGS: usize = 32;

/// What a creator made of a plan, or which film they kept.
pub struct PlanFeedbackJob {
    /// The profile's name, or the path of its file; it is made where there is none.
    pub profile: String,
    /// What is learned from.
    pub plans: ComparedPlans,
    /// False: nothing is written.
    pub write: bool,
}

/// Plans that are compared.
pub enum ComparedPlans {
    /// A plan as it was made, and as the creator changed it.
    Changed {
        /// As it was made.
        before: PathBuf,
        /// As they changed it.
        after: PathBuf,
    },
    /// A film that was kept. Its plan stands beside it; films of the same edit with other numbers were passed over.
    Kept(PathBuf),
}

/// Adds what the plans say to the profile.
///
/// Errors: those of the plans, `Nothing` where they say nothing, and those of the profile.
pub fn teach_from_plans(
    job: &PlanFeedbackJob,
    workshop: &Workshop,
    task: &Task,
) -> Result<ProfileReport> {
    let (taken, passed) = match &job.plans {
        ComparedPlans::Changed { before, after } => (after.clone(), vec![before.clone()]),
        ComparedPlans::Kept(film) => {
            let plan = plan_beside(film);
            let siblings = siblings(film);
            (plan, siblings)
        }
    };
    let alone = passed.is_empty();
    let taken = read_film(&taken, workshop, task)?;
    let passed: Vec<PlanThings> = passed
        .iter()
        .map(|path| Ok(read_film(path, workshop, task)?.things))
        .collect::<Result<_>>()?;
    let choices: Vec<EvidenceChoice> = taken
        .things
        .into_iter()
        .filter_map(|(kind, thing)| {
            let others = others(kind, &thing, &passed);
            let is_choice = alone || !others.is_empty();
            is_choice.then(|| EvidenceChoice {
                platform: taken.platform.clone(),
                ..EvidenceChoice::new(kind, Some(thing), others)
            })
        })
        .collect();
    if choices.is_empty() {
        return Err(Error::Nothing {
            what: "the plans differ in nothing that taste is learned from".into(),
            hint: Hint::NameChoices,
        });
    }
    let evidence = Evidence::feedback(workshop.timestamp(), choices).with_shots(taken.shots);
    add_evidence(&job.profile, vec![evidence], job.write, workshop)
}

/// What the other plans chose instead, each once.
fn others(kind: TasteKind, thing: &ChoiceThing, plans: &[PlanThings]) -> Vec<ChoiceThing> {
    let mut others: Vec<ChoiceThing> = Vec::new();
    for other in plans.iter().filter_map(|plan| plan.get(&kind)) {
        if !is_same(thing, other) && !others.iter().any(|known| is_same(known, other)) {
            others.push(other.clone());
        }
    }
    others
}

/// What is learned of a film from its plan.
struct PlannedFilm {
    /// The platform that it is for, where it is a known one.
    platform: Option<String>,
    /// What was chosen.
    things: PlanThings,
    /// How long its shots are.
    shots: Option<ShotLengths>,
}

fn read_film(path: &Path, workshop: &Workshop, task: &Task) -> Result<PlannedFilm> {
    let (plan, folder) = read_plan(path)?;
    let mut things = plan_things(&plan, workshop.looks()?);
    if let Some(music) = music(&plan, &folder, workshop, task)? {
        things.insert(TasteKind::Music, music);
    }
    let platform = Platform::find(&plan.output.platform).ok();
    Ok(PlannedFilm {
        platform: platform.map(|platform| platform.id.clone()),
        things,
        shots: plan_shots(&plan),
    })
}

/// The music of a plan. Where its file is gone, nothing is known of it but its id.
fn music(
    plan: &Plan,
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<ChoiceThing>> {
    let Some((id, path)) = longest_track(plan) else {
        return Ok(None);
    };
    let path = folder.join(path);
    let mut features = BTreeMap::new();
    if path.is_file() {
        let scope = Scope::new(Some(vec![Part::Music]), Effort::Full);
        let analyzer = Analyzer::new(workshop, task)?.with_scope(scope);
        analyzer.run(std::slice::from_ref(&path), Stage::Look, |_, result| {
            match result {
                Ok(track) => {
                    features = track.audio.as_ref().map(music_features).unwrap_or_default()
                }
                Err(problem) => task.failure(&path, &problem),
            }
            Ok::<(), Error>(())
        })?;
    }
    Ok(Some(ChoiceThing::new(Some(id.to_owned()), features)))
}

/// The plans of the other films that the same edit made: `reel-2.mp4` and `reel-3.mp4` of `reel-1.mp4`.
fn siblings(film: &Path) -> Vec<PathBuf> {
    let (Some(stem), Some(folder)) = (film.file_stem().and_then(|it| it.to_str()), film.parent())
    else {
        return Vec::new();
    };
    let Some((name, number)) = stem.rsplit_once('-') else {
        return Vec::new();
    };
    let Ok(number) = number.parse::<usize>() else {
        return Vec::new();
    };
    let ending = film.extension().unwrap_or_default();
    let others = (1..=MOST_SIBLINGS)
        .filter(|other| *other != number)
        .map(|other| {
            let film = folder
                .join(format!("{name}-{other}"))
                .with_extension(ending);
            plan_beside(&film)
        });
    others.filter(|plan| plan.is_file()).collect()
}
