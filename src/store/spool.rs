//! Files that arrive in pieces, and folders of work in progress. Only the user of this process can read them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A file that is being received. Unless it is finished it is removed when it is dropped.
#[derive(Debug)]
pub struct ArrivingFile {
    path: PathBuf,
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
    finished: bool,
}

impl ArrivingFile {
    /// Makes the file, which must not exist.
    pub fn create(path: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(path);
        Ok(Self {
            path: path.into(),
            file: file.map_err(|problem| Error::write(path, problem))?,
            hasher: blake3::Hasher::new(),
            bytes: 0,
            finished: false,
        })
    }

    /// Appends a piece.
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.hasher.update(piece);
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        let written = self.file.write_all(piece);
        written.map_err(|problem| Error::write(&self.path, problem))
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// BLAKE3 of what arrived so far, lower-case hex.
    pub fn blake3(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }

    /// Keeps the file, synced to the disk; gives the BLAKE3 of its content.
    pub fn finish(mut self) -> Result<String> {
        let told = |problem| Error::write(&self.path, problem);
        self.file.sync_all().map_err(told)?;
        sync_folder_of(&self.path).map_err(told)?;
        self.finished = true;
        Ok(self.blake3())
    }
}

impl Drop for ArrivingFile {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Makes a folder, and those above it, that only this user can enter. An existing one is left as it is.
pub fn make_private_folder(folder: &Path) -> Result<()> {
    make_folder(folder, true)
}

/// Makes a folder that only this user can enter. It must not exist: in a place where all can write, one that does may
/// be somebody else's.
pub fn make_new_folder(folder: &Path) -> Result<()> {
    make_folder(folder, false)
}

fn make_folder(folder: &Path, recursive: bool) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(recursive);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    let made = builder.create(folder);
    made.map_err(|problem| Error::write(folder, problem))
}

/// Removes a folder with all that is in it. One that does not exist counts as removed.
pub fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(problem) if problem.kind() != io::ErrorKind::NotFound => {
            Err(Error::write(folder, problem))
        }
        _ => Ok(()),
    }
}

/// Removes all that is in a folder, and keeps the folder itself. Links are removed, not followed.
pub fn empty_folder(folder: &Path) -> Result<()> {
    let told = |problem| Error::write(folder, problem);
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let is_folder = entry.file_type().map_err(told)?.is_dir();
        let path = entry.path();
        let removed = match is_folder {
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        };
        removed.map_err(|problem| Error::write(path, problem))?;
    }
    Ok(())
}

/// Gives the folder `from` the name `to`, and what had that name is removed.
pub fn move_folder(from: &Path, to: &Path) -> Result<()> {
    remove_folder(to)?;
    let told = |problem| Error::write(to, problem);
    fs::rename(from, to).map_err(told)?;
    sync_folder_of(to).map_err(told)
}

/// A second name of the file `from`; a copy where the file system has no second names.
pub fn link_or_copy(from: &Path, to: &Path) -> Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    let copied = fs::copy(from, to);
    copied
        .map(drop)
        .map_err(|problem| Error::write(to, problem))
}

/// Makes sure that the names in `folder` outlive a power failure.
pub fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|problem| Error::write(folder, problem))?;
    Ok(())
}

/// Makes sure that the names in the folder of `path` outlive a power failure.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_arrive_whole_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut cut_off = ArrivingFile::create(&path).unwrap();
        cut_off.write(b"half").unwrap();
        assert!(matches!(
            ArrivingFile::create(&path),
            Err(Error::Write { .. })
        ));
        drop(cut_off);
        assert!(!path.exists());
        let mut whole = ArrivingFile::create(&path).unwrap();
        whole.write(b"wh").unwrap();
        whole.write(b"ole").unwrap();
        assert_eq!(whole.bytes(), 5);
        let hash = whole.finish().unwrap();
        assert_eq!(hash, blake3::hash(b"whole").to_hex().to_string());
        assert_eq!(fs::read(&path).unwrap(), b"whole");
    }

    #[test]
    #[cfg(unix)]
    fn a_new_folder_is_of_this_user_alone_and_nobody_made_it_before() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (new, link) = (folder.path().join("new"), folder.path().join("link"));
        make_new_folder(&new).unwrap();
        let mode = fs::metadata(&new).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        std::os::unix::fs::symlink(&new, &link).unwrap();
        for refused in [&new, &link, &folder.path().join("missing/new")] {
            let made = make_new_folder(refused);
            assert!(matches!(made, Err(Error::Write { .. })), "{refused:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_is_emptied_without_following_links() {
        let folder = tempfile::tempdir().unwrap();
        let (outside, inside) = (folder.path().join("outside"), folder.path().join("inside"));
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("kept"), "x").unwrap();
        make_private_folder(&inside.join("deep")).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
        empty_folder(&inside).unwrap();
        assert!(outside.join("kept").is_file());
        assert_eq!(fs::read_dir(&inside).unwrap().count(), 0);
        let moved = folder.path().join("moved");
        move_folder(&inside, &moved).unwrap();
        move_folder(&outside, &moved).unwrap();
        assert!(moved.join("kept").is_file());
        remove_folder(&moved).unwrap();
        remove_folder(&moved).unwrap();
        assert!(!moved.exists());
    }
}
