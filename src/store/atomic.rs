//! Atomic writes: a target appears complete or not at all, by a temporary file beside it, fsync and rename.
//!
//! The temporary file is in the target's folder, because a rename is atomic only within one file system. It is hidden
//! and named after the target, the process and a counter, so that two writers never share one. Unfinished files are
//! registered for the whole process: dropping an [`Output`] removes its file, and [`remove_unfinished`] removes all of
//! them when no destructor will run.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};

/// What to do when the target already exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Fail with `Exists`, also when the target appears during the work.
    Refuse,
    /// Replace it at the end.
    Force,
}

/// A file being written. If it is dropped without [`Output::commit`], it leaves nothing behind.
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
    /// Creates an empty temporary file beside `target`. A missing folder is created, and stays.
    ///
    /// Fails with `Exists` when the target exists and must be kept, and with `Write` when the folder cannot be created
    /// or written to, or when the target is not a regular file.
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

    /// Fills the file with `bytes`.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        fs::write(&self.temporary, bytes).map_err(|source| Error::write(&self.target, source))
    }

    /// Copies the content of `original` into the file.
    pub fn copy_of(&self, original: &Path) -> Result<()> {
        let mut from = File::open(original).map_err(|source| Error::read(original, source))?;
        OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(&self.temporary)
            .and_then(|mut to| io::copy(&mut from, &mut to))
            .map_err(|source| Error::write(&self.target, source))?;
        Ok(())
    }

    /// Gives the file the modification time of `original`, if the system can.
    pub fn keep_time_of(&self, original: &Path) {
        // Errors are ignored: a picture with the current time is better than none.
        let time = fs::metadata(original).and_then(|facts| facts.modified());
        if let Ok(time) = time
            && let Ok(file) = OpenOptions::new().write(true).open(&self.temporary)
        {
            let _ = file.set_modified(time);
        }
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
                // Keep the permissions of a replaced file; if that fails, the default ones will do.
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
    output.write(bytes)?;
    output.commit()
}

/// Removes `target` for good.
pub fn remove_file(target: &Path) -> Result<()> {
    fs::remove_file(target).map_err(|source| Error::write(target, source))?;
    let folder = folder_of(target);
    sync_folder(folder).map_err(|source| Error::write(folder, source))
}

/// Removes all temporary files of this process, for Ctrl-C and other abrupt exits.
pub fn remove_unfinished() {
    let all = std::mem::take(&mut *unfinished());
    for path in all {
        let _ = fs::remove_file(path);
    }
}

/// Removes the temporary files that killed processes left beside `targets`, and nothing else; returns their number.
///
/// The caller must make sure that no process is writing these targets.
pub fn remove_abandoned<'a>(targets: impl IntoIterator<Item = &'a Path>) -> Result<usize> {
    let mut folders: BTreeMap<&Path, BTreeSet<String>> = BTreeMap::new();
    for target in targets {
        if let Some(name) = target.file_name() {
            let names = folders.entry(folder_of(target)).or_default();
            names.insert(temporary_stem(&name.to_string_lossy()).to_owned());
        }
    }
    let mut removed = 0;
    for (folder, names) in folders {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::read(folder, error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Error::read(folder, error))?;
            let abandoned = entry
                .file_name()
                .to_str()
                .and_then(target_of_temporary)
                .is_some_and(|target| names.contains(target));
            if abandoned && !unfinished().contains(&entry.path()) {
                fs::remove_file(entry.path()).map_err(|error| Error::write(entry.path(), error))?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

/// The part of a target's name that goes into the name of its temporary file.
fn temporary_stem(name: &str) -> &str {
    &name[..name.floor_char_boundary(LONGEST_NAME)]
}

/// The target's part of a temporary file's name; `None` for any other file.
fn target_of_temporary(name: &str) -> Option<&str> {
    let inner = name.strip_prefix('.')?.strip_suffix(".part")?;
    let (target, numbers) = inner.rsplit_once('.')?;
    let (process, counter) = numbers.split_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(process) && is_number(counter)).then_some(target)
}

/// Has [`remove_unfinished`] remove the file, too.
pub(super) fn remove_when_interrupted(path: &Path) {
    unfinished().insert(path.into());
}

/// Takes that back.
pub(super) fn keep_unfinished(path: &Path) {
    unfinished().remove(path);
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
    let name = temporary_stem(name);
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let file_name = format!(".{name}.{}-{number}.part", std::process::id());
        let path = folder.join(OsString::from(file_name));
        // Register it first: an abrupt exit between the two lines must not leave the file behind.
        unfinished().insert(path.clone());
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => return Ok(path),
            Err(error) => {
                unfinished().remove(&path);
                // Left behind by a killed process with the same id: take the next name.
                if error.kind() != io::ErrorKind::AlreadyExists {
                    return Err(error);
                }
            }
        }
    }
}

/// Renames, but fails with `AlreadyExists` instead of replacing: a hard link is only made if the target does not exist.
fn rename_to_new(temporary: &Path, target: &Path) -> io::Result<()> {
    match fs::hard_link(temporary, target) {
        Ok(()) => fs::remove_file(temporary),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Without hard links (FAT, some network shares), claim the name with an empty file instead.
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

/// Syncs a folder, without which a rename may not survive a power failure.
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
    fn only_what_killed_runs_left_beside_these_targets_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(230);
        let own = Output::create(&folder.path().join("a.jpg"), Overwrite::Refuse).unwrap();
        let left = [
            ".a.jpg.123-0.part".to_owned(),
            format!(".{}.9-12.part", &long[..LONGEST_NAME]),
        ];
        let others = [
            "a.jpg",
            ".b.jpg.123-0.part",
            ".a.jpg.123-.part",
            ".a.jpg.part",
            ".a.jpg.12x-0.part",
            "a.jpg.123-0.part",
        ];
        for name in left.iter().map(String::as_str).chain(others) {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        let targets = [
            folder.path().join("a.jpg"),
            folder.path().join(&long),
            folder.path().join("missing/c.jpg"),
        ];
        let removed = remove_abandoned(targets.iter().map(PathBuf::as_path)).unwrap();
        assert_eq!(removed, 2);
        assert!(
            own.path().exists(),
            "a file of this process is not abandoned"
        );
        drop(own);
        let mut expected: Vec<_> = others.map(String::from).to_vec();
        expected.sort();
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn a_file_can_have_the_time_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        fs::write(&old, b"old").unwrap();
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_234_567_891_500);
        File::options()
            .write(true)
            .open(&old)
            .unwrap()
            .set_modified(time)
            .unwrap();
        let output = Output::create(&new, Overwrite::Refuse).unwrap();
        output.write(b"longer").unwrap();
        output.copy_of(&old).unwrap();
        output.keep_time_of(&old);
        output.commit().unwrap();
        assert_eq!(fs::read(&new).unwrap(), b"old");
        assert_eq!(fs::metadata(&new).unwrap().modified().unwrap(), time);
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
