//! The job of `edit`: clips and photos into a film on the beat, or music under the cut of a plan.
//!
//! [`plan_edit`] checks what was asked, analyzes files and tracks, takes the best suggestions and plans the film.
//! [`finish_edit`] renders and verifies it, writes the plan and records that the track was used. A person sees the
//! plan in between, and a dry run ends there.

use std::path::{Path, PathBuf};

use crate::analysis::Analysis;
use crate::choice::{Decision, Setting};
use crate::edit::{
    EditOutcome, EditRequest, FilmBrief, LookChoice, MusicChoice, Plan, Platform, RescoreRequest,
    SourceFile, SourceKind, Style, film_brief, plan, rescore,
};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::draft::Draft;
use crate::jobs::material::{Material, read_sources, read_tracks, record_use};
use crate::jobs::render::{FilmReport, FilmTarget, refuse_conflicts, render_film};
use crate::jobs::suggest::DEFAULT_PLATFORM;
use crate::jobs::taste::learned_taste;
use crate::jobs::usage::{film_use, notice_rights};
use crate::music::{Track, Usage};
use crate::notice::Notice;
use crate::profile::Taste;
use crate::store::{Overwrite, write_atomic};
use crate::suggest::{Film, MusicSuggestion, SuggestRequest, Suggestions, suggest};
use crate::task::Task;

/// The style where none is named.
const DEFAULT_STYLE: &str = "steady";

/// A setting that was asked for, or is usual for this person.
#[derive(Debug, Clone, Default)]
pub struct Preference {
    /// Asked for this time.
    pub asked: Option<String>,
    /// What the person's configuration says.
    pub usual: Option<String>,
}

impl Preference {
    /// What counts: what was asked, then what a plan says, then what is usual.
    fn or_planned<'a>(&'a self, planned: Option<&'a str>) -> Option<&'a str> {
        let (asked, usual) = (self.asked.as_deref(), self.usual.as_deref());
        asked.or(planned).or(usual)
    }
}

/// The look that was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LookWish {
    /// The best of the suggested ones.
    #[default]
    Auto,
    /// None.
    None,
    /// The one of this name or path.
    Named(String),
}

/// What a film is made from, and where it goes.
#[derive(Debug, Clone)]
pub struct EditJob {
    /// Clips, photos and folders of them; or one plan, whose cut stays and gets music.
    pub files: Vec<PathBuf>,
    /// A catalog, a folder of tracks or one track; absent: the clips' own sound.
    pub music: Option<PathBuf>,
    /// Lay music even over clips that have some of their own.
    pub over_music: bool,
    /// How much faster or slower music may be played where a cut is fixed, 0..0.04.
    pub stretch: f64,
    /// What the film is for.
    pub usage: Option<String>,
    /// Id of the style.
    pub style: Preference,
    /// Id of the platform.
    pub platform: Preference,
    /// Width to height, where it is not to be the platform's.
    pub aspect: Option<(u32, u32)>,
    /// Seconds of film.
    pub length: Option<f64>,
    /// The look.
    pub look: LookWish,
    /// Whose taste counts; absent: nobody's.
    pub profile: Option<String>,
    /// Breaks ties; absent: 0, or that of the plan.
    pub seed: Option<u64>,
    /// Where the plan goes.
    pub plan: PathBuf,
    /// Whether a plan that exists may be replaced.
    pub overwrite: Overwrite,
    /// The film; absent: only the plan is made.
    pub film: Option<FilmTarget>,
}

impl EditJob {
    /// Fails, before any work, when the plan, the film or its contact sheet is in the way.
    pub fn refuse_conflicts(&self) -> Result<()> {
        let film = self.film.as_ref();
        let sheet = film.and_then(|film| film.sheet.as_ref());
        let written = [film.map(|film| &film.film), Some(&self.plan), sheet];
        refuse_conflicts(written, self.overwrite)
    }
}

/// A film that is planned.
pub struct PlannedEdit {
    /// The plan.
    pub plan: Plan,
    /// What was decided without being asked.
    pub decisions: Vec<Decision>,
    /// Some file failed, or only a part of it could be read.
    pub failed: bool,
    /// The id of the track under it.
    track: Option<String>,
}

/// Analyzes, suggests and plans.
///
/// Errors: [`Error::Usage`] for what cannot be meant together, [`Error::Nothing`] where there is nothing to show, and
/// those that end the whole run. A file that fails goes to the task.
pub fn plan_edit(job: &EditJob, workshop: &Workshop, task: &Task) -> Result<PlannedEdit> {
    let recipe = Recipe::new(job, workshop, task)?;
    let draft = recipe.draft.as_ref();
    let files = draft.map_or(&job.files, |draft| &draft.files);
    let sources = read_sources(files, workshop, task)?;
    let source_files = match draft {
        Some(_) => Vec::new(),
        None => source_files(&sources.items, plan_folder(job))?,
    };
    let brief = recipe.brief(job, &sources.items, &source_files)?;
    let request = recipe.suggest_request(job, &brief, &sources.items, workshop)?;
    let tracks = match &job.music {
        Some(place) => read_tracks(place, &request, workshop, task)?,
        None => Material::nothing(),
    };
    let suggestions = suggest(&SuggestRequest {
        tracks: &tracks.items,
        left_out: &tracks.left_out,
        ..request
    })?;
    notice_rights(&suggestions, task);
    if suggestions.music.is_empty() && job.music.is_some() {
        task.notice(no_music(&suggestions));
    }
    task.check()?;
    let chosen = chosen_track(&tracks.items, &suggestions, plan_folder(job))?;
    let music = chosen.as_ref().map(|(track, best)| MusicChoice {
        track,
        reasons: best.choice.reasons.clone(),
        arrangement: best.arrangement.clone(),
    });
    let outcome = match draft {
        Some(draft) => recipe.rescored(job, draft, &sources.items, music)?,
        None => plan(&EditRequest {
            music,
            look: match &job.look {
                LookWish::None => LookChoice::None,
                LookWish::Auto => LookChoice::auto(&suggestions.looks, workshop.looks()?),
                LookWish::Named(name) => LookChoice::Named(name.clone()),
            },
            ..recipe.edit_request(job, &source_files)
        })?,
    };
    Ok(PlannedEdit {
        decisions: recipe.decisions(job, &outcome),
        plan: outcome.plan,
        failed: sources.failed || tracks.failed,
        track: suggestions.music.first().map(|best| best.choice.id.clone()),
    })
}

/// Renders and verifies the film where one is wanted, writes the plan, and records that the track was used.
pub fn finish_edit(
    job: &EditJob,
    planned: &PlannedEdit,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<FilmReport>> {
    let made = match &job.film {
        Some(target) => {
            let folder = plan_folder(job);
            Some(render_film(&planned.plan, folder, target, workshop, task)?)
        }
        None => None,
    };
    write_atomic(&job.plan, planned.plan.to_json()?.as_bytes(), job.overwrite)?;
    // A plan alone uses no track yet.
    if made.is_some()
        && let Some(track) = &planned.track
    {
        record_use(job.music.as_deref(), track, workshop, task);
    }
    Ok(made)
}

/// What was asked, looked up: everything that can be wrong before a file is analyzed.
struct Recipe {
    draft: Option<Draft>,
    style: &'static Style,
    platform: &'static Platform,
    usage: Option<Usage>,
    taste: Option<Taste>,
    seed: u64,
}

impl Recipe {
    fn new(job: &EditJob, workshop: &Workshop, task: &Task) -> Result<Self> {
        let draft = Draft::read(&job.files)?;
        if let Some(draft) = &draft {
            refuse_changes(job, &draft.plan)?;
        }
        let looks = workshop.looks()?;
        if let LookWish::Named(name) = &job.look {
            looks.find(name)?;
        }
        let planned = draft.as_ref().map(|draft| &draft.plan.output);
        let platform = job
            .platform
            .or_planned(planned.map(|output| output.platform.as_str()));
        let style = job
            .style
            .or_planned(planned.map(|output| output.style.as_str()));
        Ok(Self {
            platform: Platform::find(platform.unwrap_or(DEFAULT_PLATFORM))?,
            usage: film_use(job.usage.as_deref(), platform)?,
            style: Style::find(style.unwrap_or(DEFAULT_STYLE))?,
            taste: learned_taste(job.profile.as_deref(), workshop, task)?,
            seed: job.seed.or(planned.map(|output| output.seed)).unwrap_or(0),
            draft,
        })
    }

    /// What is known of the film before its music is chosen.
    fn brief(
        &self,
        job: &EditJob,
        sources: &[Analysis],
        source_files: &[SourceFile],
    ) -> Result<FilmBrief> {
        let Some(draft) = &self.draft else {
            return film_brief(&self.edit_request(job, source_files));
        };
        let cut = draft.cut(sources);
        Ok(FilmBrief {
            length: cut.length,
            exact: true,
            speech: cut.speech,
            cuts: cut.cuts,
            stretch: job.stretch,
        })
    }

    /// Without music and look, which are chosen last.
    fn edit_request<'a>(&'a self, job: &EditJob, sources: &'a [SourceFile]) -> EditRequest<'a> {
        EditRequest {
            sources,
            music: None,
            style: self.style,
            platform: self.platform,
            aspect: job.aspect,
            length: job.length,
            stretch: job.stretch,
            look: LookChoice::None,
            seed: self.seed,
        }
    }

    /// Without tracks, which are read for it.
    fn suggest_request<'a>(
        &'a self,
        job: &EditJob,
        brief: &'a FilmBrief,
        files: &'a [Analysis],
        workshop: &'a Workshop,
    ) -> Result<SuggestRequest<'a>> {
        Ok(SuggestRequest {
            files,
            tracks: &[],
            left_out: &[],
            looks: workshop.looks()?,
            taste: self.taste.as_ref(),
            models: workshop.models()?,
            target_lufs: self.platform.loudness_lufs,
            film: Film {
                length: Some(brief.length),
                exact: brief.exact,
                arc: self.style.arc,
                // What is cut already keeps its own pace.
                pace: self.draft.is_none().then(|| self.style.pace()),
                cuts: &brief.cuts,
                speech: &brief.speech,
                stretch: brief.stretch,
                over_music: job.over_music,
                ..Film::default()
            },
            usage: self.usage.as_ref(),
            today: workshop.today(),
            seed: self.seed,
        })
    }

    /// The draft with music under it.
    fn rescored(
        &self,
        job: &EditJob,
        draft: &Draft,
        sources: &[Analysis],
        music: Option<MusicChoice<'_>>,
    ) -> Result<EditOutcome> {
        let music = music.ok_or_else(|| Error::Nothing {
            what: "there is no music to lay under this plan".into(),
            hint: Hint::NameMusic,
        })?;
        let mut plan = draft.plan.clone();
        plan.output.seed = self.seed;
        for source in &mut plan.sources {
            if source.kind != SourceKind::Audio {
                let path = path_in_plan(&draft.folder.join(&source.path), plan_folder(job))?;
                source.path = path.to_string_lossy().into_owned();
            }
        }
        rescore(&RescoreRequest {
            plan: &plan,
            sources,
            music,
            style: self.style,
            stretch: job.stretch,
        })
    }

    /// Everything that was decided without being asked.
    fn decisions(&self, job: &EditJob, outcome: &EditOutcome) -> Vec<Decision> {
        let mut decisions = Vec::new();
        if self.draft.is_none() && job.platform.asked.is_none() {
            let why = "your default, or the most common one";
            decisions.push(Decision::new(Setting::Platform, &self.platform.id, why));
        }
        if self.draft.is_none() && job.style.asked.is_none() {
            let style = self.style;
            decisions.push(Decision::new(Setting::Style, &style.id, &style.summary));
        }
        decisions.extend(outcome.decisions.iter().cloned());
        decisions
    }
}

/// A plan keeps its picture: a setting that would change it is refused rather than ignored.
fn refuse_changes(job: &EditJob, plan: &Plan) -> Result<()> {
    let platform = job.platform.asked.as_deref();
    let changed = [
        ("length", job.length.is_some()),
        ("aspect", job.aspect.is_some()),
        ("look", job.look != LookWish::Auto),
        (
            "platform",
            platform.is_some_and(|id| id != plan.output.platform),
        ),
    ];
    match changed.iter().find(|(_, is_changed)| *is_changed) {
        None => Ok(()),
        Some((setting, _)) => Err(Error::Usage {
            what: format!("another {setting} changes the picture, which a plan has already"),
            hint: Hint::ReplacePlan,
        }),
    }
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

fn source_files(sources: &[Analysis], plan_folder: &Path) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for analysis in sources {
        let path = path_in_plan(Path::new(&analysis.file.path), plan_folder)?;
        files.push(SourceFile {
            path,
            analysis: analysis.clone(),
        });
    }
    Ok(files)
}

fn plan_folder(job: &EditJob) -> &Path {
    job.plan.parent().unwrap_or(Path::new(""))
}

/// A path as it stands in a plan: relative where the file lies below the plan's folder, so that both can be moved
/// together; else absolute, so that the plan can be moved alone.
fn path_in_plan(file: &Path, plan_folder: &Path) -> Result<PathBuf> {
    let file = file
        .canonicalize()
        .map_err(|problem| Error::read(file, problem))?;
    let folder = if plan_folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        plan_folder
    };
    // A folder that is still to be made holds no sources.
    let Ok(folder) = folder.canonicalize() else {
        return Ok(file);
    };
    Ok(file
        .strip_prefix(&folder)
        .map(Path::to_path_buf)
        .unwrap_or(file))
}
