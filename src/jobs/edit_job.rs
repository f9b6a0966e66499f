//! The request of `edit`.

use std::path::{Path, PathBuf};

use crate::edit::{CutExpression, CutRule, Denoiser, FramingChoice, Plan, Style};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::draft::{plan_beside, read_plan};
use crate::jobs::render::{FilmTarget, refuse_conflicts};
use crate::media::DynamicRange;
use crate::picture::Background;
use crate::store::{Overwrite, is_database};

/// The style where none is named.
const DEFAULT_STYLE: &str = "steady";

/// The style where none is named, and it is said what is cut.
const CUTTING_STYLE: &str = "talk";

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

/// The captions that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CaptionWish {
    /// Nothing was said: a plan keeps its own, a new film has none.
    #[default]
    Unsaid,
    /// None.
    None,
    /// What is said, in the style of this name.
    Style(String),
}

/// The transition between shots that was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TransitionWish {
    /// That of the style.
    #[default]
    Unsaid,
    /// Cuts alone.
    None,
    /// The effect of this name.
    Named(String),
}

/// The framing that was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FramingWish {
    /// The usual one, or what taste prefers.
    #[default]
    Unsaid,
    /// This one.
    Named(FramingChoice),
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

/// Where one film goes.
#[derive(Debug, Clone)]
pub struct EditTarget {
    /// Its plan.
    pub plan: PathBuf,
    /// The film; absent: only the plan is made.
    pub film: Option<FilmTarget>,
}

/// `reel-2.mp4` of `reel.mp4`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// What a film is made from, and where it goes.
#[derive(Debug, Clone)]
pub struct EditJob {
    /// Clips, photos and folders of them; or one plan, whose cut stays and gets music.
    pub files: Vec<PathBuf>,
    /// A catalog, a folder of tracks or one track; absent: the clips' own sound.
    pub music: Option<PathBuf>,
    /// A track that the film is cut to and leaves out, in place of music.
    pub guide_track: Option<PathBuf>,
    /// What the film is to feel like and its music to sound like; absent: what the pictures are like.
    pub words: Option<String>,
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
    /// What has to be shown whole.
    pub must: Vec<FileStretch>,
    /// What must not be shown.
    pub never: Vec<FileStretch>,
    /// The transition between shots.
    pub transition: TransitionWish,
    /// What is cut out of recordings; absent: what their style cuts.
    pub cut: Option<CutExpression>,
    /// What takes noise off speech; absent: what the style says, where the room is noisy.
    pub denoise: Option<Denoiser>,
    /// The look.
    pub look: LookWish,
    /// The captions.
    pub captions: CaptionWish,
    /// How near and how still it is framed.
    pub framing: FramingWish,
    /// Whose taste counts; absent: nobody's.
    pub profile: Option<String>,
    /// What the profile knows little of gets a chance, by the seed.
    pub curious: bool,
    /// 0 for the best film that is found, other numbers for other films; absent: 0, or that of the plan.
    pub seed: Option<u64>,
    /// How many different films are made; each has a number in its names. Absent: one, whose names have none.
    pub variations: Option<usize>,
    /// What transparent areas show; absent: black, or what a plan says.
    pub background: Option<Background>,
    /// A plan whose locked segments stay; absent: the one that is replaced.
    pub held: Option<Plan>,
    /// Where the plan goes.
    pub plan: PathBuf,
    /// Whether a plan that exists may be replaced.
    pub overwrite: Overwrite,
    /// The film; absent: only the plan is made.
    pub film: Option<FilmTarget>,
}

impl EditJob {
    /// The places of each film's files.
    pub fn targets(&self) -> Vec<EditTarget> {
        let target = |number: Option<usize>| {
            let named =
                |path: &PathBuf| number.map_or_else(|| path.clone(), |it| numbered(path, it));
            let plan_beside_film = self
                .film
                .as_ref()
                .filter(|film| plan_beside(&film.film) == self.plan);
            let film = self.film.as_ref().map(|film| FilmTarget {
                film: named(&film.film),
                sheet: film.sheet.as_ref().map(named),
                ..film.clone()
            });
            let plan = match (plan_beside_film, &film) {
                (Some(_), Some(film)) => plan_beside(&film.film),
                _ => named(&self.plan),
            };
            EditTarget { plan, film }
        };
        match self.variations {
            None => vec![target(None)],
            Some(count) => (1..=count).map(|number| target(Some(number))).collect(),
        }
    }

    /// Fails for what the encoder does not take, and for what is not drawn in the dynamic range that is to be kept.
    fn check_film(&self, film: &FilmTarget) -> Result<()> {
        film.check_encoding()?;
        let drawn = match (&self.look, &self.captions) {
            _ if film.dynamic_range == DynamicRange::Standard => return Ok(()),
            (LookWish::Named(_), _) => "a look is",
            (_, CaptionWish::Style(_)) => "captions in the picture are",
            _ => return Ok(()),
        };
        Err(Error::Usage {
            what: format!(
                "the dynamic range of the clips cannot be kept: {drawn} for ordinary displays"
            ),
            hint: Hint::LeaveDynamicRange,
        })
    }

    /// Fails, before any work, when a plan, a film or its contact sheet is in the way.
    pub fn refuse_conflicts(&self) -> Result<()> {
        for target in self.targets() {
            let film = target.film.as_ref();
            film.map_or(Ok(()), |film| self.check_film(film))?;
            let sheet = film.and_then(|film| film.sheet.as_ref());
            let written = [film.map(|film| &film.film), Some(&target.plan), sheet];
            refuse_conflicts(written, self.overwrite)?;
        }
        Ok(())
    }

    /// Where tracks to cut to come from.
    pub(super) fn tracks(&self) -> Option<&PathBuf> {
        self.guide_track.as_ref().or(self.music.as_ref())
    }

    /// Whether the music is one track, which is then laid whatever else would fit better.
    pub(super) fn names_track(&self) -> bool {
        let tracks = self.tracks();
        tracks.is_some_and(|path| path.is_file() && !is_database(path))
    }

    /// The folder that relative paths of the plan count from.
    pub(super) fn plan_folder(&self) -> &Path {
        self.plan.parent().unwrap_or(Path::new(""))
    }

    /// The style that counts; `wanted` is what was asked for, planned or usual.
    ///
    /// Errors: one that is unknown, and one that was asked for and cuts by no expression where there is one.
    pub(super) fn style_of(&self, wanted: Option<&str>) -> Result<&'static Style> {
        let wanted = match (&self.cut, &self.style.asked) {
            (Some(_), None) => Some(CUTTING_STYLE),
            _ => wanted,
        };
        let style = Style::find(wanted.unwrap_or(DEFAULT_STYLE))?;
        if self.cut.is_none() || style.cut == CutRule::Talk {
            return Ok(style);
        }
        let styles = Style::all()?.iter();
        let cutting = styles.filter(|style| style.cut == CutRule::Talk);
        Err(Error::Usage {
            what: format!("the style {} does not cut what it is told to", style.id),
            hint: Hint::UseKnownName {
                known: cutting.map(|style| style.id.clone()).collect(),
            },
        })
    }

    /// The plan at `target` that is to be replaced, where it can be read.
    pub(super) fn earlier_plan(&self, target: &Path) -> Option<Plan> {
        let replaces = self.overwrite == Overwrite::Force && target.is_file();
        let earlier = replaces.then(|| read_plan(target).ok()).flatten();
        earlier.map(|(plan, _)| plan)
    }

    /// The plan that is to be replaced, where segments are locked in it. Of several films, each begins anew.
    pub(super) fn plan_with_locks(&self) -> Option<Plan> {
        if self.variations.is_some() {
            return None;
        }
        let earlier = match &self.held {
            Some(held) => held.clone(),
            None => self.earlier_plan(&self.plan)?,
        };
        earlier
            .picture
            .iter()
            .any(|segment| segment.locked)
            .then_some(earlier)
    }

    /// A plan keeps its picture: a setting that would change it is refused rather than ignored.
    pub(super) fn refuse_changes(&self, plan: &Plan) -> Result<()> {
        if plan.is_of_sound() {
            return Err(Error::Usage {
                what: "no music is laid under a film of sound".into(),
                hint: Hint::ReplacePlan,
            });
        }
        let platform = self.platform.asked.as_deref();
        let changed = [
            ("length", self.length.is_some()),
            ("aspect", self.aspect.is_some()),
            ("look", self.look != LookWish::Auto),
            ("guide track", self.guide_track.is_some()),
            ("number of films", self.variations.is_some()),
            ("stretch to show", !self.must.is_empty()),
            ("stretch to leave out", !self.never.is_empty()),
            ("rule for what is cut", self.cut.is_some()),
            ("transition", self.transition != TransitionWish::Unsaid),
            ("framing", self.framing != FramingWish::Unsaid),
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
