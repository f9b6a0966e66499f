//! A cache of results by key, with a size limit; the least recently used go first.
//!
//! Each result is a file named by the BLAKE3 of its key, spread over 256 folders. A file begins with a mark and the
//! BLAKE3 of key and content together, so that a damaged or renamed file is detected and counts as absent. The time of
//! last use is the modification time of the file, which every read renews. Several processes may share the folder:
//! files are replaced atomically, and a file that another process removed is simply absent.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::error::{Error, Result};
use crate::store::atomic::{Output, Overwrite};

/// The first bytes of every file; the number is the version of the format.
const MARK: &[u8; 8] = b"tmcache1";
/// Mark and checksum.
const HEADER: usize = MARK.len() + blake3::OUT_LEN;

/// A folder of results. Safe to share between threads and processes.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    limit: u64,
    known: Mutex<FolderSize>,
}

/// An estimate of the folder's size: counting files on every write would cost more than writing.
#[derive(Debug, Default)]
struct FolderSize {
    /// Bytes when the files were last counted.
    counted: u64,
    /// Bytes written by this process since.
    added: u64,
}

struct CacheFile {
    used: SystemTime,
    path: PathBuf,
    bytes: u64,
}

impl Cache {
    /// Opens or creates `folder`, kept below `limit` bytes. Fails with `Write` if the folder cannot be created.
    pub fn open(folder: &Path, limit: u64) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|source| Error::write(folder, source))?;
        let cache = Self {
            folder: folder.into(),
            limit,
            known: Mutex::default(),
        };
        cache.shrink();
        Ok(cache)
    }

    /// The bytes stored under `key` (any text); `None` when there are none or they are damaged.
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.path(key);
        let mut content = fs::read(&path).ok()?;
        let header = content.get(..HEADER)?;
        if header[..MARK.len()] != *MARK
            || header[MARK.len()..] != *checksum(key, &content[HEADER..]).as_bytes()
        {
            return None;
        }
        // Writing the first byte again only renews the modification time. If that is not permitted, the result just
        // expires earlier.
        if let Ok(mut file) = OpenOptions::new().write(true).open(&path) {
            let _ = file.write_all(&MARK[..1]);
        }
        content.drain(..HEADER);
        Some(content)
    }

    /// Stores `bytes` under `key`, unless they alone exceed the limit. Fails with `Write`, which a caller that can do
    /// without the cache may ignore.
    pub fn put(&self, key: &str, bytes: &[u8]) -> Result<()> {
        let size = (HEADER as u64).saturating_add(bytes.len() as u64);
        if size > self.limit {
            return Ok(());
        }
        let path = self.path(key);
        let output = Output::create(&path, Overwrite::Force)?;
        let mut content = Vec::with_capacity(HEADER + bytes.len());
        content.extend_from_slice(MARK);
        content.extend_from_slice(checksum(key, bytes).as_bytes());
        content.extend_from_slice(bytes);
        fs::write(output.path(), content).map_err(|source| Error::write(&path, source))?;
        // No sync: after a power failure the checksum detects a torn file.
        output.publish()?;
        let full = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.added = known.added.saturating_add(size);
            // Count again after a sixteenth of the limit, since other processes write too.
            known.counted.saturating_add(known.added) > self.limit || known.added > self.limit / 16
        };
        if full {
            self.shrink();
        }
        Ok(())
    }

    fn path(&self, key: &str) -> PathBuf {
        let name = blake3::hash(key.as_bytes()).to_hex();
        let (folder, file) = name.split_at(2);
        self.folder.join(folder).join(file)
    }

    /// Counts the files and, if they exceed the limit, removes the least recently used until a tenth is free.
    fn shrink(&self) {
        // Keep the lock, so that only one thread removes files.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut entries = self.entries();
        let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
        if total > self.limit {
            entries.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
            for entry in entries {
                if total <= self.limit - self.limit / 10 {
                    break;
                }
                // A file that another process removed counts as removed.
                if fs::remove_file(&entry.path).is_ok() || !entry.path.exists() {
                    total = total.saturating_sub(entry.bytes);
                }
            }
        }
        *known = FolderSize {
            counted: total,
            added: 0,
        };
    }

    /// All files, including temporary ones of killed processes: these are never used, so they expire first.
    fn entries(&self) -> Vec<CacheFile> {
        let mut entries = Vec::new();
        for number in 0..=u8::MAX {
            let Ok(files) = fs::read_dir(self.folder.join(format!("{number:02x}"))) else {
                continue;
            };
            for file in files.flatten() {
                if let Ok(facts) = file.metadata()
                    && facts.is_file()
                {
                    entries.push(CacheFile {
                        used: facts.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                        path: file.path(),
                        bytes: facts.len(),
                    });
                }
            }
        }
        entries
    }
}

fn checksum(key: &str, bytes: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(blake3::hash(key.as_bytes()).as_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    fn total(cache: &Cache) -> u64 {
        cache.entries().iter().map(|entry| entry.bytes).sum()
    }

    fn age(cache: &Cache, key: &str, seconds: u64) {
        File::options()
            .write(true)
            .open(cache.path(key))
            .unwrap()
            .set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .unwrap();
    }

    #[test]
    fn answers_come_back_and_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), 1 << 20).unwrap();
        assert_eq!(cache.get("key"), None);
        cache.put("key", b"one").unwrap();
        cache.put("", b"").unwrap();
        assert_eq!(cache.get("key").unwrap(), b"one");
        assert_eq!(cache.get("").unwrap(), b"");
        cache.put("key", b"two").unwrap();
        let again = Cache::open(folder.path(), 1 << 20).unwrap();
        assert_eq!(again.get("key").unwrap(), b"two");
    }

    #[test]
    fn damage_of_any_byte_is_absence() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), 1 << 20).unwrap();
        cache.put("key", b"an answer").unwrap();
        let path = cache.path("key");
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            assert_eq!(cache.get("key"), None, "byte {at}");
            fs::write(&path, &good[..at]).unwrap();
            assert_eq!(cache.get("key"), None, "cut at {at}");
        }
        // A file that was renamed to another key counts as absent.
        fs::write(&path, &good).unwrap();
        let other = cache.path("other");
        fs::create_dir_all(other.parent().unwrap()).unwrap();
        fs::rename(&path, &other).unwrap();
        assert_eq!(cache.get("other"), None);
    }

    #[test]
    fn the_longest_unused_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), 5000).unwrap();
        for (number, key) in ["a", "b", "c", "d"].into_iter().enumerate() {
            cache.put(key, &[0; 1000]).unwrap();
            age(&cache, key, 100 + number as u64);
        }
        assert!(cache.get("a").is_some(), "reading renews it");
        cache.put("e", &[0; 1000]).unwrap();
        assert!(total(&cache) <= 5000);
        assert_eq!(cache.get("b"), None);
        for key in ["a", "c", "d", "e"] {
            assert!(cache.get(key).is_some(), "{key} stays");
        }
        cache.put("too large", &[0; 6000]).unwrap();
        assert_eq!(cache.get("too large"), None);
        assert!(cache.get("a").is_some());
    }

    #[test]
    fn a_smaller_limit_holds_from_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), 1 << 20).unwrap();
        for number in 0..20 {
            cache.put(&number.to_string(), &[0; 1000]).unwrap();
        }
        let smaller = Cache::open(folder.path(), 10_000).unwrap();
        assert!(total(&smaller) <= 10_000);
    }

    #[test]
    fn two_openings_and_many_threads_share_one_folder() {
        let folder = tempfile::tempdir().unwrap();
        let limit = 60_000;
        let caches = [
            Cache::open(folder.path(), limit).unwrap(),
            Cache::open(folder.path(), limit).unwrap(),
        ];
        std::thread::scope(|scope| {
            for thread in 0..6_u8 {
                let cache = &caches[usize::from(thread % 2)];
                scope.spawn(move || {
                    for round in 0..60_u32 {
                        let key = (round % 20).to_string();
                        // All writers of a key write the same, as in real use.
                        let bytes = vec![(round % 20) as u8; 900];
                        cache.put(&key, &bytes).unwrap();
                        if let Some(found) = cache.get(&key) {
                            assert_eq!(found, bytes);
                        }
                    }
                });
            }
        });
        assert!(total(&caches[0]) <= limit + limit / 16 * 2);
        let left: Vec<_> = caches[0].entries();
        assert!(
            left.iter()
                .all(|entry| entry.path.extension().is_none_or(|end| end != "part"))
        );
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error_to_ignore() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("cache"), 1 << 20).unwrap();
        fs::remove_dir(folder.path().join("cache")).unwrap();
        fs::write(folder.path().join("cache"), b"a file is in the way").unwrap();
        assert!(matches!(
            cache.put("key", b"x").unwrap_err(),
            Error::Write { .. }
        ));
        assert_eq!(cache.get("key"), None);
        assert!(Cache::open(&folder.path().join("cache/below"), 1).is_err());
    }
}
