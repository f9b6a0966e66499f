//! A person's defaults: `config.toml` in the configuration folder. What is asked for wins over it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};

/// Where the configuration file may be.
#[derive(Debug, Clone, Default)]
pub struct ConfigPlace {
    /// The file that was asked for by name; it has to exist.
    pub asked: Option<PathBuf>,
    /// The usual file, whether it exists or not.
    pub usual: Option<PathBuf>,
}

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
    /// Where music comes from: the place that was asked for, or else the one here; `none` is nowhere.
    pub fn music(&self, asked: Option<&PathBuf>) -> Option<PathBuf> {
        let place = asked.or(self.music.as_ref());
        place.filter(|place| !is_none(place)).cloned()
    }

    /// Whose taste counts: the name that was asked for, or else the one here; `none` is nobody.
    pub fn profile(&self, asked: Option<&String>) -> Option<String> {
        let name = asked.or(self.profile.as_ref());
        name.filter(|name| *name != NONE).cloned()
    }

    /// Reads the file that was asked for, or the usual one where it exists.
    ///
    /// Errors: those of reading, and `Document` for a key that is not known.
    pub fn read(place: &ConfigPlace) -> Result<Self> {
        let path = match (place.asked.as_deref(), place.usual.as_deref()) {
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

    fn read(path: PathBuf) -> Result<Config> {
        Config::read(&ConfigPlace {
            asked: Some(path),
            usual: None,
        })
    }

    #[test]
    fn an_unknown_key_is_refused_where_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "platform = \"tiktok\"\n  musik = \"x\"\n").unwrap();
        let problem = read(path.clone()).unwrap_err();
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
            read(path.clone()).unwrap().music,
            Some(folder.path().join("tracks"))
        );
    }

    #[test]
    fn none_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "music = \"none\"\nprofile = \"none\"\n").unwrap();
        let config = read(path.clone()).unwrap();
        assert_eq!(config.music(None), None);
        assert_eq!(config.profile(None), None);
        let asked = PathBuf::from("tracks");
        assert_eq!(config.music(Some(&asked)), Some(asked));
    }
}
