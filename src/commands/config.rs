//! The person's defaults: `config.toml` in the configuration folder. Flags win over it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::commands::places;
use crate::error::{Error, Result};

/// All keys are optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder or file that `suggest` and `edit` take music from.
    pub music: Option<PathBuf>,
    /// Id of the platform.
    pub platform: Option<String>,
    /// Id of the style.
    pub style: Option<String>,
    /// Name of the profile.
    pub profile: Option<String>,
}

impl Config {
    /// Where music comes from: what was typed, or else what stands here; `none` is nowhere.
    pub fn music(&self, typed: Option<&PathBuf>) -> Option<PathBuf> {
        let place = typed.or(self.music.as_ref());
        place.filter(|place| !is_none(place)).cloned()
    }

    /// Whose taste counts: the name that was typed, or else the one here; `none` is nobody.
    pub fn profile(&self, typed: Option<&String>) -> Option<String> {
        let name = typed.or(self.profile.as_ref());
        name.filter(|name| *name != NONE).cloned()
    }

    /// Reads `explicit`, or the usual file where it exists.
    pub fn read(explicit: Option<&Path>) -> Result<Self> {
        let usual = places::config_file();
        let path = match (explicit, usual.as_deref()) {
            (Some(path), _) => path,
            (None, Some(path)) if path.is_file() => path,
            _ => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(path).map_err(|problem| Error::read(path, problem))?;
        let mut config: Self =
            toml::from_str(&text).map_err(|problem| Error::toml(path, &text, &problem))?;
        // A relative folder counts from the file it stands in.
        if let (Some(music), Some(folder)) = (&config.music, path.parent())
            && !is_none(music)
        {
            config.music = Some(folder.join(music));
        }
        Ok(config)
    }
}

/// The word for no music and nobody's taste.
const NONE: &str = "none";

fn is_none(place: &Path) -> bool {
    place.as_os_str() == NONE
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_where_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "platform = \"tiktok\"\n  musik = \"x\"\n").unwrap();
        let problem = Config::read(Some(&path)).unwrap_err();
        assert!(
            matches!(
                &problem,
                Error::Document {
                    line: 2,
                    column: 3,
                    ..
                }
            ),
            "{problem}"
        );
    }

    #[test]
    fn a_relative_music_folder_counts_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "music = \"tracks\"\n").unwrap();
        assert_eq!(
            Config::read(Some(&path)).unwrap().music,
            Some(folder.path().join("tracks"))
        );
    }

    #[test]
    fn none_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "music = \"none\"\nprofile = \"none\"\n").unwrap();
        let config = Config::read(Some(&path)).unwrap();
        assert_eq!(config.music(None), None);
        assert_eq!(config.profile(None), None);
        let typed = PathBuf::from("tracks");
        assert_eq!(config.music(Some(&typed)), Some(typed));
    }
}
