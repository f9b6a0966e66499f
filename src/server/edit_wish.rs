//! What a film is to be, as it is asked for over HTTP: kept with its job, and read by the child that makes it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::captions::CaptionStyle;
use crate::edit::{FramingChoice, Platform, Style};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::{
    CaptionWish, EditJob, FilmTarget, FramingWish, LookWish, Preference, TransitionWish, Workshop,
    film_use, plan_beside,
};
use crate::store::Overwrite;

/// The film among the results.
pub const FILM: &str = "film.mp4";
/// Seconds of film that can be asked for: longer than any platform takes.
const LONGEST: f64 = 3600.0;

/// A film that is asked for. Names of files are those in the folder of the input.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EditWish {
    /// Clips and photos.
    pub files: Vec<String>,
    /// A track to lay under the film.
    pub music: Option<String>,
    /// What the film is for, where only music that allows it may be laid.
    pub usage: Option<String>,
    /// Id of the style.
    pub style: Option<String>,
    /// Id of the platform.
    pub platform: Option<String>,
    /// Width to height.
    pub aspect: Option<(u32, u32)>,
    /// Seconds.
    pub length: Option<f64>,
    /// `auto`, `none`, or the id of a look.
    pub look: Option<String>,
    /// `none`, or the id of a style of captions.
    pub captions: Option<String>,
    /// How near and how still it is framed.
    pub framing: Option<FramingChoice>,
    /// What the profile knows little of gets a chance, by the seed.
    #[serde(default)]
    pub curious: bool,
    /// Other numbers are other films.
    pub seed: Option<u64>,
}

impl EditWish {
    /// Fails for names that are not known and numbers that make no film. Looks are those that are built in: a request
    /// never names a file.
    pub fn check(&self, workshop: &Workshop) -> Result<()> {
        let platform = self.platform.as_deref();
        self.style.as_deref().map(Style::find).transpose()?;
        platform.map(Platform::find).transpose()?;
        film_use(self.usage.as_deref(), platform)?;
        let captions = self.captions.as_deref().filter(|it| *it != "none");
        captions.map(CaptionStyle::find).transpose()?;
        let look = self
            .look
            .as_deref()
            .filter(|it| *it != "auto" && *it != "none");
        let looks = workshop.looks()?.looks();
        if let Some(name) = look.filter(|name| !looks.iter().any(|look| look.id == *name)) {
            return Err(Error::UnknownName {
                kind: "look",
                name: name.into(),
                known: looks.iter().map(|look| look.id.clone()).collect(),
            });
        }
        let is_length = |length: f64| length > 0.0 && length <= LONGEST;
        match self.length {
            Some(length) if !is_length(length) => Err(Error::Usage {
                what: format!("a film of {length} seconds cannot be made"),
                hint: Hint::ShortenFilm,
            }),
            _ => Ok(()),
        }
    }

    /// The job: files of this folder into a film in `folder`.
    pub fn job(&self, folder: &Path, profile: Option<String>) -> EditJob {
        let film = folder.join(FILM);
        let asked = |asked: &Option<String>| Preference {
            asked: asked.clone(),
            usual: None,
        };
        EditJob {
            files: self.files.iter().map(PathBuf::from).collect(),
            music: self.music.as_ref().map(PathBuf::from),
            words: None,
            guide_track: None,
            // Who sends a track wants it laid.
            over_music: self.music.is_some(),
            stretch: 0.0,
            usage: self.usage.clone(),
            style: asked(&self.style),
            platform: asked(&self.platform),
            aspect: self.aspect,
            length: self.length,
            must: Vec::new(),
            never: Vec::new(),
            transition: TransitionWish::Unsaid,
            cut: None,
            denoise: None,
            look: match self.look.as_deref() {
                None | Some("auto") => LookWish::Auto,
                Some("none") => LookWish::None,
                Some(name) => LookWish::Named(name.into()),
            },
            captions: match self.captions.as_deref() {
                None | Some("none") => CaptionWish::None,
                Some(style) => CaptionWish::Style(style.into()),
            },
            framing: self.framing.map_or(FramingWish::Unsaid, FramingWish::Named),
            profile,
            curious: self.curious,
            seed: self.seed,
            variations: None,
            background: None,
            held: None,
            plan: plan_beside(&film),
            overwrite: Overwrite::Force,
            film: Some(FilmTarget::encoded_anew(film, Overwrite::Force)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn framing_and_curiosity_reach_the_film_and_older_jobs_have_neither() {
        let job = |text: &str| {
            let wish: EditWish = serde_json::from_str(text).unwrap();
            wish.job(Path::new("films"), None)
        };
        let asked = job(r#"{"files": ["a.jpg"], "framing": "close", "curious": true}"#);
        assert_eq!(asked.framing, FramingWish::Named(FramingChoice::Close));
        assert!(asked.curious);
        let older = job(r#"{"files": ["a.jpg"]}"#);
        assert_eq!((older.framing, older.curious), (FramingWish::Unsaid, false));
    }
}
