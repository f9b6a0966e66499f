//! The folder of profiles, found by name; other profile files are found by path.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::profile::Profile;
use crate::store::{FolderLock, Overwrite, remove_abandoned, remove_file, write_atomic};

/// Most bytes of a profile file: twenty thousand pieces of evidence take half of it.
const MOST_BYTES: u64 = 32 << 20;

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
        self.named_path(name)
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

    /// Makes an empty profile; returns its path.
    ///
    /// Errors: [`Error::Exists`] where there is one.
    pub fn create(&self, name: &str) -> Result<PathBuf> {
        self.replace(name, &Profile::default(), Overwrite::Refuse)
    }

    /// Writes the profile `name` as a whole; returns its path.
    ///
    /// Errors: [`Error::Exists`] where there is one and it must be kept.
    pub fn replace(&self, name: &str, profile: &Profile, overwrite: Overwrite) -> Result<PathBuf> {
        let path = self.named_path(name)?;
        let _lock = locked(&path)?;
        write_atomic(&path, profile.to_json().as_bytes(), overwrite)?;
        Ok(path)
    }

    /// Changes the profile `name`, or a new one, and writes it, while no other process does; returns it with its path.
    pub fn change(
        &self,
        name: &str,
        change: impl FnOnce(&mut Profile) -> Result<()>,
    ) -> Result<(PathBuf, Profile)> {
        let path = self.path(name)?;
        let _lock = locked(&path)?;
        let mut profile = read(&path)?.unwrap_or_default();
        change(&mut profile)?;
        write_atomic(&path, profile.to_json().as_bytes(), Overwrite::Force)?;
        Ok((path, profile))
    }

    /// Removes the profile `name` for good.
    ///
    /// Errors: those of [`Self::find`], but for a file that is damaged.
    pub fn remove(&self, name: &str) -> Result<()> {
        let path = self.path(name)?;
        if !path.is_file() {
            self.find(name)?;
        }
        let _lock = locked(&path)?;
        remove_file(&path)
    }

    /// The file of a profile that is named, not found by its path.
    fn named_path(&self, name: &str) -> Result<PathBuf> {
        match &self.folder {
            Some(folder) if is_name(name) => Ok(folder.join(format!("{name}.json"))),
            _ => Err(Error::Usage {
                what: format!("{name:?} cannot be the name of a profile"),
                hint: Hint::NameProfile,
            }),
        }
    }
}

/// Keeps other processes out of the folder of `path`, and removes what killed ones left there.
fn locked(path: &Path) -> Result<FolderLock> {
    let lock = FolderLock::wait(path.parent().unwrap_or(Path::new("")))?;
    remove_abandoned([path])?;
    Ok(lock)
}

/// The profile in the file `path`, which may come from anywhere.
///
/// Errors: [`Error::Read`], and [`Error::Document`] if it is not a profile.
pub fn read_profile(path: &Path) -> Result<Profile> {
    let missing = || Error::read(path, std::io::ErrorKind::NotFound.into());
    read(path)?.ok_or_else(missing)
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
    // The file may grow meanwhile, or be a device.
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text))
        .map_err(|error| Error::read(path, error))?;
    Profile::parse(path, &text).map(Some)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}
