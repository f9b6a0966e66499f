//! The folder of profiles, found by name; other profile files are found by path.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::profile::Profile;
use crate::store::{Overwrite, write_atomic};

/// Most bytes of a profile file: 500 judgments take a fraction of it.
const MOST_BYTES: u64 = 16 << 20;

/// The folder of named profiles.
#[derive(Debug, Clone)]
pub struct ProfileLibrary {
    folder: Option<PathBuf>,
}

impl ProfileLibrary {
    /// Profiles in `folder`, which need not exist.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// Names, in order.
    pub fn names(&self) -> Vec<String> {
        let Some(entries) = self
            .folder
            .as_ref()
            .and_then(|folder| folder.read_dir().ok())
        else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|name| is_name(name))
            .collect();
        names.sort();
        names
    }

    /// The file of `name`; a name that ends in `.json` or has a slash is a path.
    ///
    /// Errors: [`Error::Usage`] for text that is neither a name nor a path.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        if name.ends_with(".json") || name.contains(['/', '\\']) {
            return Ok(name.into());
        }
        match &self.folder {
            Some(folder) if is_name(name) => Ok(folder.join(format!("{name}.json"))),
            _ => Err(Error::Usage {
                what: format!("{name:?} cannot be the name of a profile"),
                hint: Hint::NameProfile,
            }),
        }
    }

    /// The profile `name`.
    ///
    /// Errors: [`Error::UnknownName`], [`Error::Nothing`] or [`Error::Read`] if it does not exist, [`Error::Document`]
    /// if the file is not a profile.
    pub fn find(&self, name: &str) -> Result<Profile> {
        let path = self.path(name)?;
        if let Some(profile) = read(&path)? {
            return Ok(profile);
        }
        let known = self.names();
        Err(if !is_name(name) {
            Error::read(path, std::io::ErrorKind::NotFound.into())
        } else if known.is_empty() {
            Error::Nothing {
                what: format!("there is no profile named {name}"),
                hint: Hint::TeachProfile { name: name.into() },
            }
        } else {
            Error::UnknownName {
                kind: "profile",
                name: name.into(),
                known,
            }
        })
    }

    /// The profile `name`, or an empty one if it does not exist.
    pub fn find_or_new(&self, name: &str) -> Result<Profile> {
        Ok(read(&self.path(name)?)?.unwrap_or_default())
    }

    /// Writes the profile `name`, whole or not at all, and returns its path.
    pub fn save(&self, name: &str, profile: &Profile) -> Result<PathBuf> {
        let path = self.path(name)?;
        write_atomic(&path, profile.to_json().as_bytes(), Overwrite::Force)?;
        Ok(path)
    }
}

fn read(path: &Path) -> Result<Option<Profile>> {
    let bytes = match std::fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::read(path, error)),
    };
    if bytes > MOST_BYTES {
        return Err(Error::unsupported(path, "it is too large for a profile"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| Error::read(path, error))?;
    Profile::parse(path, &text).map(Some)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}
