//! Expands names of files and folders into the files to work on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::hint::Hint;

/// File name extensions of media. What a file is, its content decides; these only tell a damaged photo in a folder from
/// a text file beside it.
const MEDIA_ENDINGS: &[&str] = &[
    "3gp", "aac", "ac3", "aif", "aiff", "avi", "avif", "bmp", "caf", "flac", "flv", "gif", "heic",
    "jpeg", "jpg", "m4a", "m4v", "mka", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf",
    "ogg", "ogv", "opus", "png", "tif", "tiff", "ts", "wav", "webm", "webp", "wma", "wmv",
];

/// A file to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The path as it is shown and opened.
    pub path: PathBuf,
    /// The named folder in which it was found; absent when the file itself was named. A file that is not media fails
    /// only when it was named itself.
    pub folder: Option<PathBuf>,
}

/// The named files, and the files of named folders in the order of their names, without hidden ones. No file comes
/// twice. A name that does not exist is kept, so that its error stands in its place.
///
/// Errors: `Nothing` where no file is left, and those of reading a folder.
pub fn expand(named: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    let mut seen = BTreeSet::new();
    for path in named {
        if path.is_dir() {
            let mut files = Vec::new();
            walk(path, &mut files)?;
            for file in files {
                if seen.insert(file.clone()) {
                    inputs.push(Input {
                        path: file,
                        folder: Some(path.clone()),
                    });
                }
            }
        } else if seen.insert(path.clone()) {
            inputs.push(Input {
                path: path.clone(),
                folder: None,
            });
        }
    }
    if inputs.is_empty() {
        let names: Vec<String> = named
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(Error::Nothing {
            what: format!("no files in {}", names.join(", ")),
            hint: Hint::NameFiles,
        });
    }
    Ok(inputs)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|problem| Error::read(folder, problem))?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|problem| Error::read(folder, problem))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    for path in paths {
        // Links to folders are not followed: they can lead in circles.
        let is_link = path
            .symlink_metadata()
            .is_ok_and(|facts| facts.is_symlink());
        if path.is_dir() && !is_link {
            walk(&path, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// True for a file that merely lies in a folder of media: it was not named itself, its ending is not that of media, and
/// its content is of no known kind.
pub fn is_bystander(input: &Input, problem: &Error) -> bool {
    let ending = input
        .path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let claims = ending.is_some_and(|ending| MEDIA_ENDINGS.contains(&ending.as_str()));
    input.folder.is_some()
        && !claims
        && matches!(problem, Error::Unsupported { .. } | Error::Damaged { .. })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn folders_are_walked_in_order_and_nothing_comes_twice() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.jpg", "a.jpg", ".hidden.jpg", "sub/c.jpg"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        let inputs = expand(&[folder.path().into(), folder.path().join("a.jpg")]).unwrap();
        let names: Vec<_> = inputs
            .iter()
            .map(|input| input.path.strip_prefix(folder.path()).unwrap().to_owned())
            .collect();
        assert_eq!(
            names,
            [PathBuf::from("a.jpg"), "b.jpg".into(), "sub/c.jpg".into()]
        );
    }

    #[test]
    fn an_empty_folder_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            expand(&[folder.path().into()]),
            Err(Error::Nothing { .. })
        ));
    }
}
