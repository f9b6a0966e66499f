//! A target appears whole or not at all: temporary file beside it, fsync, rename.
//!
//! The temporary file lies in the target's own folder, because a rename is atomic only within one file system. It is
//! hidden and named after the target, the process and a counter, so that two writers never share one. What is
//! unfinished is listed for the whole process: dropping an [`Output`] removes its file, and [`remove_unfinished`]
//! removes all of them when no destructor will run.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};

/// What happens when the target is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Fail with `Exists`, also when the target appears while the work is going on.
    Refuse,
    /// Replace it at the end.
    Force,
}

/// A file in the making. Dropped without [`Output::commit`], it leaves nothing.
#[derive(Debug)]
pub struct Output {
    target: PathBuf,
    temporary: PathBuf,
    overwrite: Overwrite,
}

/// The temporary files of this process.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Makes names unique within the process.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A file name may have 255 bytes on the common file systems; the temporary name adds up to 40.
const LONGEST_NAME: usize = 200;

impl Output {
    /// Reserves `target` (its folder is made if missing, and stays) and creates an empty temporary file beside it.
    ///
    /// Fails with `Exists` when the target is there and is to be kept, with `Write` when the folder cannot be made or
    /// written to, or when the target is something other than a file.
    pub fn create(target: &Path, overwrite: Overwrite) -> Result<Self> {
        let name = target.file_name().ok_or_else(|| {
            let reason = io::Error::new(io::ErrorKind::InvalidInput, "it has no file name");
            Error::write(target, reason)
        })?;
        match fs::symlink_metadata(target) {
            Ok(_) if overwrite == Overwrite::Refuse => {
                return Err(Error::Exists {
                    path: target.into(),
                });
            }
            // Renaming onto a device such as /dev/null would replace it.
            Ok(facts) if !facts.is_file() && !facts.is_symlink() => {
                let reason = io::Error::new(io::ErrorKind::InvalidInput, "it is not a file");
                return Err(Error::write(target, reason));
            }
            _ => {}
        }
        let folder = folder_of(target);
        fs::create_dir_all(folder).map_err(|source| Error::write(folder, source))?;
        let temporary = create_temporary(folder, &name.to_string_lossy())
            .map_err(|source| Error::write(target, source))?;
        Ok(Self {
            target: target.into(),
            temporary,
            overwrite,
        })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// Syncs and renames onto the target.
    pub fn commit(self) -> Result<()> {
        File::open(&self.temporary)
            .and_then(|file| file.sync_all())
            .map_err(|source| Error::write(&self.target, source))?;
        let folder = folder_of(&self.target).to_path_buf();
        self.publish()?;
        sync_folder(&folder).map_err(|source| Error::write(folder, source))
    }

    /// Renames onto the target without waiting for the disk: for files whose loss is harmless.
    pub(super) fn publish(self) -> Result<()> {
        match self.overwrite {
            Overwrite::Force => {
                // A replaced file keeps who may read it; where that fails, the usual rights are good enough.
                if let Ok(facts) = fs::metadata(&self.target) {
                    let _ = fs::set_permissions(&self.temporary, facts.permissions());
                }
                fs::rename(&self.temporary, &self.target)
            }
            Overwrite::Refuse => rename_to_new(&self.temporary, &self.target),
        }
        .map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists {
                path: self.target.clone(),
            },
            _ => Error::write(&self.target, source),
        })
        // Dropping `self` clears the list, and the temporary file where there still is one.
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
        unfinished().remove(&self.temporary);
    }
}

/// Writes `bytes` to `target` in one go.
pub fn write_atomic(target: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<()> {
    let output = Output::create(target, overwrite)?;
    fs::write(output.path(), bytes).map_err(|source| Error::write(target, source))?;
    output.commit()
}

/// Removes every temporary file of this process: for Ctrl-C and other sudden ends.
pub fn remove_unfinished() {
    let all = std::mem::take(&mut *unfinished());
    for path in all {
        let _ = fs::remove_file(path);
    }
}

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn create_temporary(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let end = name.floor_char_boundary(LONGEST_NAME);
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let file_name = format!(".{}.{}-{number}.part", &name[..end], std::process::id());
        let path = folder.join(OsString::from(file_name));
        // Listed first: a sudden end between the two lines must not leave the file.
        unfinished().insert(path.clone());
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => return Ok(path),
            Err(error) => {
                unfinished().remove(&path);
                // Left behind by a killed process that had the same number: take the next name.
                if error.kind() != io::ErrorKind::AlreadyExists {
                    return Err(error);
                }
            }
        }
    }
}

/// A rename that fails with `AlreadyExists` instead of replacing: a hard link is made only where there is no file.
fn rename_to_new(temporary: &Path, target: &Path) -> io::Result<()> {
    match fs::hard_link(temporary, target) {
        Ok(()) => fs::remove_file(temporary),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // No hard links on this file system (FAT, some network shares): claim the name with an empty file instead.
        Err(_) => {
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(target)?;
            fs::rename(temporary, target).inspect_err(|_| {
                let _ = fs::remove_file(target);
            })
        }
    }
}

/// A rename lasts through a power cut only once its folder is synced.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network file systems cannot sync folders.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_target_appears_only_on_commit_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new/deep/film.mp4");
        let output = Output::create(&target, Overwrite::Refuse).unwrap();
        fs::write(output.path(), b"frames").unwrap();
        assert!(!target.exists());
        assert!(
            output
                .path()
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(".film.mp4.")
        );
        output.commit().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"frames");
        assert_eq!(names(target.parent().unwrap()), ["film.mp4"]);
    }

    #[test]
    fn a_dropped_output_leaves_nothing_and_keeps_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("film.mp4");
        fs::write(&target, b"old").unwrap();
        let output = Output::create(&target, Overwrite::Force).unwrap();
        fs::write(output.path(), b"half").unwrap();
        drop(output);
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["film.mp4"]);
    }

    #[test]
    fn an_existing_target_is_refused_or_replaced_as_asked() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.json");
        write_atomic(&target, b"1", Overwrite::Refuse).unwrap();
        let refused = write_atomic(&target, b"2", Overwrite::Refuse).unwrap_err();
        assert!(matches!(&refused, Error::Exists { path } if path == &target));
        assert_eq!(fs::read(&target).unwrap(), b"1");
        write_atomic(&target, b"3", Overwrite::Force).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"3");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.json");
        let output = Output::create(&target, Overwrite::Refuse).unwrap();
        fs::write(output.path(), b"mine").unwrap();
        fs::write(&target, b"theirs").unwrap();
        assert!(matches!(output.commit().unwrap_err(), Error::Exists { .. }));
        assert_eq!(fs::read(&target).unwrap(), b"theirs");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn of_many_writers_that_refuse_one_wins() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.json");
        let wins = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|number: u8| {
                    let target = &target;
                    scope.spawn(move || write_atomic(target, &[number; 9], Overwrite::Refuse))
                })
                .collect();
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .filter(Result::is_ok)
                .count()
        });
        assert_eq!(wins, 1);
        let content = fs::read(&target).unwrap();
        assert!(content.len() == 9 && content.iter().all(|byte| *byte == content[0]));
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn unusable_targets_are_typed_errors() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        for target in [
            PathBuf::from("/"),
            folder.path().join(".."),
            folder.path().to_path_buf(),
            file.join("below a file"),
        ] {
            let error = Output::create(&target, Overwrite::Force).unwrap_err();
            assert!(matches!(error, Error::Write { .. }), "{error}");
        }
        #[cfg(unix)]
        {
            let device = Output::create(Path::new("/dev/null"), Overwrite::Force).unwrap_err();
            assert!(matches!(device, Error::Write { .. }));
        }
        let long = folder.path().join("ü".repeat(120));
        write_atomic(&long, b"x", Overwrite::Refuse).unwrap();
        assert_eq!(fs::read(&long).unwrap(), b"x");
    }

    #[test]
    #[cfg(unix)]
    fn a_replaced_file_keeps_its_rights() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("private.json");
        fs::write(&target, b"1").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
        write_atomic(&target, b"2", Overwrite::Force).unwrap();
        let mode = fs::metadata(&target).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_unfinished_is_listed_until_it_is_done() {
        // `remove_unfinished` itself would pull files from under the tests beside this one in the same process; what it
        // needs is that the list is right.
        let folder = tempfile::tempdir().unwrap();
        let kept = Output::create(&folder.path().join("a"), Overwrite::Refuse).unwrap();
        let path = kept.path().to_path_buf();
        assert!(unfinished().contains(&path));
        kept.commit().unwrap();
        assert!(!unfinished().contains(&path));
        let dropped = Output::create(&folder.path().join("b"), Overwrite::Refuse).unwrap();
        let path = dropped.path().to_path_buf();
        drop(dropped);
        assert!(!unfinished().contains(&path) && !path.exists());
    }
}
