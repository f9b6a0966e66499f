//! The job of `suggest`: music, looks and effects for a set of files, or for words alone.

use std::path::PathBuf;

use crate::analysis::Analysis;
use crate::edit::Platform;
use crate::error::Result;
use crate::jobs::Workshop;
use crate::jobs::draft::{Draft, FixedCut};
use crate::jobs::json_file::write_json;
use crate::jobs::material::{Material, read_sources, read_tracks};
use crate::jobs::profile::learned_taste;
use crate::jobs::render::refuse_conflicts;
use crate::jobs::usage::{film_use, notice_rights};
use crate::music::Ending;
use crate::picture::Background;
use crate::profile::TasteKind;
use crate::store::Overwrite;
use crate::suggest::{Film, SuggestRequest, Suggestions, suggest};
use crate::task::Task;

/// The platform whose shape and loudness count where none is named.
pub const DEFAULT_PLATFORM: &str = "instagram-reels";

/// What suggestions are asked for.
#[derive(Debug, Clone)]
pub struct SuggestJob {
    /// Files and folders, or one plan; may be empty where words are given.
    pub files: Vec<PathBuf>,
    /// A catalog, a folder of tracks or one track; absent: no music.
    pub music: Option<PathBuf>,
    /// What the film is to feel like.
    pub words: Option<String>,
    /// Suggest music even where the clips have some of their own.
    pub over_music: bool,
    /// How much faster or slower music may be played where the cut is fixed, 0..0.04.
    pub stretch: f64,
    /// Id of the platform.
    pub platform: Option<String>,
    /// What the music is for.
    pub usage: Option<String>,
    /// Seconds of film.
    pub length: Option<f64>,
    /// Whose taste counts; absent: nobody's.
    pub profile: Option<String>,
    /// What the profile knows little of gets a chance, by the seed.
    pub curious: bool,
    /// Breaks ties.
    pub seed: u64,
    /// The file that the suggestions are written to, where one is wanted.
    pub output: Option<PathBuf>,
    /// Whether that file may be replaced.
    pub overwrite: Overwrite,
}

/// What was found.
pub struct SuggestReport {
    /// The ranked choices.
    pub suggestions: Suggestions,
    /// Some file failed, or only a part of it could be read.
    pub failed: bool,
}

impl SuggestJob {
    /// Checks the file to write, names and the profile, which cost nothing, before anything is analyzed.
    ///
    /// Errors: those of a file in the way, of an unknown platform, profile or use, and of missing networks.
    pub fn check(&self, workshop: &Workshop) -> Result<()> {
        refuse_conflicts([self.output.as_ref()], self.overwrite)?;
        self.platform()?;
        film_use(self.usage.as_deref(), self.platform.as_deref())?;
        workshop.models()?;
        workshop.looks()?;
        if let Some(name) = &self.profile {
            workshop.profiles().find(name)?;
        }
        Ok(())
    }

    fn platform(&self) -> Result<&'static Platform> {
        Platform::find(self.platform.as_deref().unwrap_or(DEFAULT_PLATFORM))
    }
}

/// Ranks music, looks and effects.
///
/// Errors: those that end the whole run. A file that fails goes to the task.
pub fn suggest_for_files(
    job: &SuggestJob,
    workshop: &Workshop,
    task: &Task,
) -> Result<SuggestReport> {
    job.platform()?;
    let draft = Draft::read(&job.files)?;
    let files = draft.as_ref().map_or(&job.files, |draft| &draft.files);
    let sources = if files.is_empty() {
        Material::nothing()
    } else {
        read_sources(files, Background::BLACK, workshop, task)?
    };
    let cut = draft.map(|draft| draft.cut(&sources.items));
    rank(job, &sources, cut, workshop, task)
}

/// Ranks music, looks and effects for files that were analyzed earlier. No file is opened, and those of `job` do not
/// count.
pub fn suggest_for_analyses(
    job: &SuggestJob,
    analyses: Vec<Analysis>,
    workshop: &Workshop,
    task: &Task,
) -> Result<SuggestReport> {
    let sources = Material {
        items: analyses,
        ..Material::nothing()
    };
    rank(job, &sources, None, workshop, task)
}

/// `cut` is that of a plan; a clip that is cut already has its own.
fn rank(
    job: &SuggestJob,
    sources: &Material<Analysis>,
    cut: Option<FixedCut>,
    workshop: &Workshop,
    task: &Task,
) -> Result<SuggestReport> {
    let platform = job.platform()?;
    let usage = film_use(job.usage.as_deref(), job.platform.as_deref())?;
    let models = workshop.models()?;
    let looks = workshop.looks()?;
    let taste = learned_taste(
        job.profile.as_deref(),
        &suggested_kinds(job.music.is_some()),
        workshop,
        task,
    )?;
    let taste = match job.curious {
        true => taste.map(|taste| taste.curious(job.seed)),
        false => taste,
    };
    let fixed = match cut {
        None if job.length.is_none() => FixedCut::of_clip(&sources.items),
        other => other,
    };
    let request = SuggestRequest {
        files: &sources.items,
        tracks: &[],
        left_out: &[],
        looks,
        taste: taste.as_ref(),
        models,
        target_lufs: platform.loudness_lufs,
        film: film(job, fixed.as_ref()),
        usage: usage.as_ref(),
        today: workshop.today(),
        seed: job.seed,
    };
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
    if let Some(output) = &job.output {
        write_json(output, &suggestions, job.overwrite)?;
    }
    Ok(SuggestReport {
        suggestions,
        failed: sources.failed || tracks.failed,
    })
}

/// The kinds of choice in which taste is asked: looks, and music where there is some.
pub(super) fn suggested_kinds(music: bool) -> Vec<TasteKind> {
    let kinds = [(TasteKind::Look, true), (TasteKind::Music, music)];
    let kinds = kinds.into_iter().filter(|(_, is_asked)| *is_asked);
    kinds.map(|(kind, _)| kind).collect()
}

/// What is known of the film before its music is chosen.
fn film<'a>(job: &'a SuggestJob, fixed: Option<&'a FixedCut>) -> Film<'a> {
    Film {
        length: job.length.or(fixed.map(|cut| cut.length)),
        ending: match (fixed, job.length) {
            (Some(_), _) => Ending::Exact,
            (None, Some(_)) => Ending::Bar,
            (None, None) => Ending::Phrase,
        },
        cuts: fixed.map_or(&[], |cut| &cut.cuts),
        speech: fixed.map_or(&[], |cut| &cut.speech),
        platform: job.platform.as_deref(),
        words: job.words.as_deref(),
        over_music: job.over_music,
        stretch: job.stretch,
        ..Film::default()
    }
}
