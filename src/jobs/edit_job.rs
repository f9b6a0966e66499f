//! The request of `edit`.

use std::path::{Path, PathBuf};

use crate::edit::Plan;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::render::{FilmTarget, refuse_conflicts};
use crate::store::{Overwrite, is_database};

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
    pub(super) fn or_planned<'a>(&'a self, planned: Option<&'a str>) -> Option<&'a str> {
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

/// A stretch of a file that a person names.
#[derive(Debug, Clone, PartialEq)]
pub struct FileStretch {
    /// A path that is given, or the end of one, such as its name.
    pub file: PathBuf,
    /// Seconds in it.
    pub start: f64,
    /// Exclusive.
    pub end: f64,
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
    /// What must not be shown.
    pub never: Vec<FileStretch>,
    /// The look.
    pub look: LookWish,
    /// Whose taste counts; absent: nobody's.
    pub profile: Option<String>,
    /// 0 for the best film that is found, other numbers for other films; absent: 0, or that of the plan.
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

    /// Whether the music is one track, which is then laid whatever else would fit better.
    pub(super) fn names_track(&self) -> bool {
        let music = self.music.as_deref();
        music.is_some_and(|path| path.is_file() && !is_database(path))
    }

    /// The folder that relative paths of the plan count from.
    pub(super) fn plan_folder(&self) -> &Path {
        self.plan.parent().unwrap_or(Path::new(""))
    }

    /// A plan keeps its picture: a setting that would change it is refused rather than ignored.
    pub(super) fn refuse_changes(&self, plan: &Plan) -> Result<()> {
        let platform = self.platform.asked.as_deref();
        let changed = [
            ("length", self.length.is_some()),
            ("aspect", self.aspect.is_some()),
            ("look", self.look != LookWish::Auto),
            ("stretch to leave out", !self.never.is_empty()),
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
}
