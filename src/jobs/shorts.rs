//! The job of `shorts`: the best pieces of a long recording, each a film that can stand by itself.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::Analysis;
use crate::choice::{Decision, Reason};
use crate::edit::{
    Denoiser, EditRequest, LookChoice, Plan, PlannedShort, Platform, ShortsWish, ShownBefore,
    SourceFile, Style, VoiceLevels, plan_shorts,
};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::caption_plan::caption;
use crate::jobs::cropped_parts::follow_subjects;
use crate::jobs::draft::plan_beside;
use crate::jobs::edit_job::{CaptionWish, FramingWish, Preference};
use crate::jobs::material::read_sources;
use crate::jobs::plan_paths::source_files;
use crate::jobs::profile::learned_taste;
use crate::jobs::render::{FilmReport, FilmTarget, refuse_conflicts, render_film};
use crate::jobs::retention::read_retention;
use crate::jobs::suggest::DEFAULT_PLATFORM;
use crate::jobs::taste_look::looks_by_taste;
use crate::jobs::taste_style::{EditTaste, frame};
use crate::notice::Notice;
use crate::picture::Background;
use crate::profile::{Taste, TasteKind};
use crate::store::write_atomic;
use crate::task::Task;
use crate::time::{Rational, rounded};

/// The schema of a short.
pub(super) const SHORT_SCHEMA: &str = "tastemaker.short/1";
/// The style that keeps every frame.
const STYLE: &str = "whole";
/// The style whose sound shorts have.
const SPEECH_STYLE: &str = "talk";
/// Shortest piece that can be asked for, in seconds: less holds no sentence.
const SHORTEST: f64 = 3.0;

/// What shorts are asked for.
#[derive(Debug, Clone)]
pub struct ShortsJob {
    /// The long recording.
    pub file: PathBuf,
    /// Most shorts.
    pub count: usize,
    /// About how many seconds each lasts.
    pub length: f64,
    /// Id of the platform.
    pub platform: Preference,
    /// Width to height, where it is not to be the platform's.
    pub aspect: Option<(u32, u32)>,
    /// Name of a look.
    pub look: Option<String>,
    /// What takes noise off speech; absent: what is usual, where the room is noisy.
    pub denoise: Option<Denoiser>,
    /// A table of who is still watching the recording.
    pub retention: Option<PathBuf>,
    /// Whose taste chooses look, captions and framing; absent: there are no look and no captions.
    pub profile: Option<String>,
    /// Where they go: in place of the film a folder, of which each short is a file.
    pub target: FilmTarget,
    /// Only the plans are made.
    pub plan_only: bool,
}

/// A short, `tastemaker.short/1`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ShortDocument {
    #[allow(missing_docs)]
    pub schema: &'static str,
    /// The film; absent where only the plan was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub film: Option<String>,
    /// Its plan.
    pub plan: String,
    /// Its title, from its own words where they are known.
    pub title: String,
    /// Seconds of the recording.
    pub start: f64,
    #[allow(missing_docs)]
    pub start_exact: Rational,
    /// Exclusive.
    pub end: f64,
    #[allow(missing_docs)]
    pub end_exact: Rational,
    /// How good it is by itself, 0..1.
    pub score: f64,
    /// How sure that is, 0..1.
    pub confidence: f64,
    /// What is said in it; empty where that is not known.
    pub text: String,
    /// The terms of its score.
    pub reasons: Vec<Reason>,
}

/// A short that is planned.
pub struct ShortPlan {
    /// What is told of it.
    pub document: ShortDocument,
    /// Its plan.
    pub plan: Plan,
    /// What was decided by taste.
    pub decisions: Vec<Decision>,
    /// Where the plan goes.
    plan_path: PathBuf,
    /// Where the film goes.
    target: FilmTarget,
}

/// What was planned.
pub struct ShortsReport {
    /// The best one first.
    pub shorts: Vec<ShortPlan>,
    /// Only a part of the recording could be read.
    pub failed: bool,
}

impl ShortsJob {
    /// The folder that everything goes into.
    fn folder(&self) -> &Path {
        &self.target.film
    }

    /// The film of short `number`, counted from 1.
    fn film(&self, number: usize) -> PathBuf {
        let mut name = self.file.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{number}.mp4"));
        self.folder().join(name)
    }

    fn refuse_conflicts(&self) -> Result<()> {
        for number in 1..=self.count {
            let film = self.film(number);
            let plan = plan_beside(&film);
            let film = Some(&film).filter(|_| !self.plan_only);
            refuse_conflicts([film, Some(&plan)], self.target.overwrite)?;
        }
        Ok(())
    }

    fn check_length(&self, platform: &Platform) -> Result<()> {
        let longest = platform.longest;
        if (SHORTEST..=longest).contains(&self.length) {
            return Ok(());
        }
        Err(Error::Usage {
            what: format!(
                "a short for {} lasts {SHORTEST} to {longest} seconds, not {}",
                platform.name, self.length
            ),
            hint: Hint::ShortenFilm,
        })
    }
}

/// The platform, where everything that is asked for by name is there.
fn checked_platform(job: &ShortsJob, workshop: &Workshop) -> Result<&'static Platform> {
    let id = job.platform.or_planned(None).unwrap_or(DEFAULT_PLATFORM);
    let platform = Platform::find(id)?;
    job.check_length(platform)?;
    job.refuse_conflicts()?;
    if let Some(look) = &job.look {
        workshop.looks()?.find(look)?;
    }
    if let Some(name) = &job.profile {
        workshop.profiles().find(name)?;
    }
    Ok(platform)
}

/// Finds and plans the shorts.
///
/// Errors: [`Error::Usage`] for what no short can be, [`Error::Nothing`] where there is none, and those of the
/// recording.
pub fn plan_shorts_of(job: &ShortsJob, workshop: &Workshop, task: &Task) -> Result<ShortsReport> {
    let platform = checked_platform(job, workshop)?;
    let retention = job.retention.as_deref().map(read_retention).transpose()?;
    let file = std::slice::from_ref(&job.file);
    let sources = read_sources(file, Background::BLACK, workshop, task)?;
    let mut files = source_files(&sources.items, job.folder())?;
    files.truncate(1);
    check_recording(&job.file, &files)?;
    for file in &mut files {
        let path = Path::new(&file.analysis.file.path);
        file.levels = Some(VoiceLevels::read(path, workshop.limits(), task)?);
    }
    // A recording of somebody who speaks, as in the style that tightens one.
    let mut style = Style::find(STYLE)?.clone();
    style.sound.denoise = Style::find(SPEECH_STYLE)?.sound.denoise;
    let kinds = [TasteKind::Look];
    let taste = learned_taste(job.profile.as_deref(), &kinds, workshop, task)?;
    let by_taste = taste.as_ref().map(|taste| EditTaste { taste, platform });
    let look = shorts_look(job, &sources.items, taste.as_ref(), workshop)?;
    let request = EditRequest {
        sources: &files,
        music: None,
        style: &style,
        platform,
        aspect: job.aspect,
        length: None,
        stretch: 0.0,
        look,
        must: Vec::new(),
        never: Vec::new(),
        locked: None,
        cut: None,
        denoise: job.denoise,
        shown: ShownBefore::default(),
        wider: Vec::new(),
        seed: 0,
    };
    let wish = ShortsWish {
        count: job.count,
        length: job.length,
        retention: retention.as_ref(),
    };
    let found = plan_shorts(&request, wish)?;
    if found.len() < job.count {
        task.notice(Notice::FewerShorts {
            file: job.file.clone(),
            found: found.len(),
            wanted: job.count,
        });
    }
    let mut shorts = Vec::with_capacity(found.len());
    let captions = by_taste
        .map(|taste| taste.captions())
        .transpose()?
        .flatten();
    for (number, mut short) in (1..).zip(found) {
        let plan = &mut short.outcome.plan;
        follow_subjects(plan, &files, job.folder(), workshop, task)?;
        let mut decisions: Vec<Decision> = Vec::new();
        decisions.extend(frame(plan, &files, FramingWish::Unsaid, by_taste));
        if let Some(captions) = &captions {
            let wish = CaptionWish::Style(captions.style.into());
            caption(plan, &wish, &sources.items, None, task)?;
            decisions.push(captions.decision());
        }
        shorts.push(ShortPlan {
            decisions,
            ..short_plan(job, short, number)
        });
    }
    Ok(ShortsReport {
        shorts,
        failed: sources.failed,
    })
}

/// The look that is named, or the one that suits the recording and a profile best.
fn shorts_look(
    job: &ShortsJob,
    files: &[Analysis],
    taste: Option<&Taste>,
    workshop: &Workshop,
) -> Result<LookChoice> {
    Ok(match (&job.look, taste) {
        (Some(name), _) => LookChoice::Named(name.clone()),
        (None, None) => LookChoice::None,
        (None, taste) => {
            let looks = looks_by_taste(files, taste, workshop)?;
            LookChoice::auto(&looks, workshop.looks()?)
        }
    })
}

/// Renders and verifies a short where films are wanted, and writes its plan.
pub fn finish_short(
    job: &ShortsJob,
    short: &ShortPlan,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<FilmReport>> {
    let made = match job.plan_only {
        true => None,
        false => {
            let folder = job.folder();
            Some(render_film(
                &short.plan,
                folder,
                &short.target,
                workshop,
                task,
            )?)
        }
    };
    let text = short.plan.to_json()?;
    write_atomic(&short.plan_path, text.as_bytes(), job.target.overwrite)?;
    Ok(made)
}

fn check_recording(path: &Path, files: &[SourceFile]) -> Result<()> {
    let [file] = files else {
        return Err(Error::unsupported(path, "it is not one recording"));
    };
    match (&file.analysis.video, &file.analysis.audio) {
        (None, _) => Err(Error::unsupported(path, "it has no moving picture")),
        (_, None) => Err(Error::unsupported(
            path,
            "it has no sound, so nobody speaks in it",
        )),
        _ => Ok(()),
    }
}

fn short_plan(job: &ShortsJob, short: PlannedShort, number: usize) -> ShortPlan {
    let film = job.film(number);
    let plan_path = plan_beside(&film);
    let (short, plan) = (short.short, short.outcome.plan);
    let name = job.file.file_stem().unwrap_or_default().to_string_lossy();
    let title = short.title.unwrap_or_else(|| format!("{name} {number}"));
    ShortPlan {
        document: ShortDocument {
            schema: SHORT_SCHEMA,
            film: (!job.plan_only).then(|| film.display().to_string()),
            plan: plan_path.display().to_string(),
            title,
            start: rounded(short.start.seconds()),
            start_exact: short.start,
            end: rounded(short.end.seconds()),
            end_exact: short.end,
            score: short.score,
            confidence: short.confidence,
            text: short.text,
            reasons: short.reasons,
        },
        plan,
        decisions: Vec::new(),
        plan_path,
        target: FilmTarget {
            film,
            ..job.target.clone()
        },
    }
}
