//! A log of finished work in records of bytes, which survives a kill at any moment.
//!
//! Records are only appended, each with its length and a checksum, so an abrupt exit tears no more than the last one. A
//! log belongs to one key, which says what the work is; what another key left is dropped. The file is removed with its
//! log, and by [`remove_unfinished`](super::remove_unfinished) after Ctrl-C; only a kill leaves it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::store::atomic::{keep_unfinished, remove_when_interrupted};

/// What a file begins with; the number is the version of the format. Then comes the key.
const MARK: [u8; 8] = *b"TMLOG\0\0\x01";
/// Bytes of a key.
const KEY: usize = 32;
/// Bytes before the content of a record: its length and its checksum.
const HEAD: usize = 12;
/// Longest record, in bytes.
const LONGEST: u32 = 256 << 20;

/// An open log.
#[derive(Debug)]
pub struct RecordLog {
    path: PathBuf,
    file: File,
    /// Where the next record goes.
    end: u64,
}

impl RecordLog {
    /// Opens the log at `path` of the work with this key, or begins it. `None` while another process has it open, and
    /// where something else has that name, which is left alone.
    pub fn open(path: &Path, key: &[u8; KEY]) -> Result<Option<Self>> {
        let write = |error| Error::write(path, error);
        let is_other = |facts: fs::Metadata| !facts.is_file();
        if fs::symlink_metadata(path).is_ok_and(is_other) {
            return Ok(None);
        }
        let mut options = OpenOptions::new();
        let opened = options.read(true).write(true).create(true).truncate(false);
        let mut file = opened.open(path).map_err(write)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Ok(None);
        }
        let mut head = Vec::new();
        let wanted = (MARK.len() + KEY) as u64;
        (&file).take(wanted).read_to_end(&mut head).map_err(write)?;
        // A kill may have torn the mark.
        if !head.iter().zip(&MARK).all(|(is, own)| is == own) {
            return Ok(None);
        }
        let is_own = head.len() as u64 == wanted && head.ends_with(key);
        if !is_own {
            file.set_len(0).map_err(write)?;
            file.rewind().map_err(write)?;
            file.write_all(&[&MARK[..], key].concat()).map_err(write)?;
        }
        remove_when_interrupted(path);
        Ok(Some(Self {
            path: path.into(),
            file,
            end: wanted,
        }))
    }

    /// Where the first record begins.
    pub fn start(&self) -> u64 {
        (MARK.len() + KEY) as u64
    }

    /// Hands the content of each whole record and where it ends to `take`, from the first on, as long as that returns
    /// true. The next record is appended behind the last one that was handed over.
    pub fn read(&mut self, mut take: impl FnMut(&[u8], u64) -> Result<bool>) -> Result<()> {
        let read = |error| Error::read(&self.path, error);
        let start = self.start();
        let length = self.file.metadata().map_err(read)?.len();
        self.file.seek(SeekFrom::Start(start)).map_err(read)?;
        self.end = start;
        let mut file = io::BufReader::new(&self.file);
        let mut content = Vec::new();
        while let Some(end) = next_record(&mut file, self.end, length, &mut content) {
            self.end = end;
            if !take(&content, end)? {
                break;
            }
        }
        Ok(())
    }

    /// Drops what comes after the record that ends at `end`.
    pub fn cut(&mut self, end: u64) -> Result<()> {
        let write = |error| Error::write(&self.path, error);
        self.file.set_len(end).map_err(write)?;
        self.end = end;
        Ok(())
    }

    /// Appends a record of these `parts`. Once this returns, it survives a kill of the process.
    pub fn append(&mut self, parts: &[&[u8]]) -> Result<()> {
        let content = parts.concat();
        let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
        if length > LONGEST {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "the record is too long");
            return Err(Error::write(&self.path, error));
        }
        let record = [&length.to_le_bytes()[..], &checksum(&content), &content].concat();
        let written = self.file.seek(SeekFrom::Start(self.end));
        written
            .and_then(|_| self.file.write_all(&record))
            .map_err(|error| Error::write(&self.path, error))?;
        self.end += record.len() as u64;
        Ok(())
    }
}

impl Drop for RecordLog {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        keep_unfinished(&self.path);
    }
}

/// Reads the record at `start` of a file of `length` bytes into `content`, and returns where it ends; `None` where there
/// is no whole one.
fn next_record(
    file: &mut impl io::Read,
    start: u64,
    length: u64,
    content: &mut Vec<u8>,
) -> Option<u64> {
    let mut head = [0; HEAD];
    file.read_exact(&mut head).ok()?;
    let (size, sum) = head.split_first_chunk::<4>()?;
    let size = u32::from_le_bytes(*size);
    let end = start.checked_add(HEAD as u64 + u64::from(size))?;
    if size > LONGEST || end > length {
        return None;
    }
    content.clear();
    content.resize(size as usize, 0);
    file.read_exact(content).ok()?;
    (checksum(content) == sum).then_some(end)
}

fn checksum(content: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    blake3::Hasher::new()
        .update(content)
        .finalize_xof()
        .fill(&mut sum);
    sum
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const KEY_A: [u8; KEY] = [1; KEY];

    /// All records, and where each ends.
    fn records(log: &mut RecordLog) -> Vec<(Vec<u8>, u64)> {
        let mut all = Vec::new();
        log.read(|content, end| {
            all.push((content.to_vec(), end));
            Ok(true)
        })
        .unwrap();
        all
    }

    /// Ends a process without its destructors.
    fn kill(log: RecordLog) {
        let kept = fs::read(&log.path).unwrap();
        let path = log.path.clone();
        drop(log);
        assert!(!path.exists());
        fs::write(path, kept).unwrap();
    }

    #[test]
    fn whole_records_survive_and_torn_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let open = |key| RecordLog::open(&path, key).unwrap().unwrap();
        let mut log = open(&KEY_A);
        assert_eq!(records(&mut log), []);
        log.append(&[b"one", b" and more"]).unwrap();
        log.append(&[b""]).unwrap();
        log.append(&[b"three"]).unwrap();
        // Another run sees that somebody works on it.
        assert!(RecordLog::open(&path, &KEY_A).unwrap().is_none());
        kill(log);
        let mut bytes = fs::read(&path).unwrap();
        let whole = bytes.len();
        for torn in [whole - 1, whole - 5, whole - 9] {
            fs::write(&path, &bytes[..torn]).unwrap();
            let mut log = open(&KEY_A);
            let all = records(&mut log);
            assert_eq!(all.len(), 2, "{torn}");
            assert_eq!(all[0].0, b"one and more");
            // It goes on after the whole ones.
            log.cut(all[0].1).unwrap();
            log.append(&[b"two"]).unwrap();
            let all = records(&mut log);
            assert_eq!(all[1].0, b"two");
            kill(log);
        }
        bytes[whole - 2] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(records(&mut open(&KEY_A)).len(), 2);
        fs::write(&path, &bytes).unwrap();
        assert_eq!(records(&mut open(&[2; KEY])), []);
        fs::write(&path, &MARK[..5]).unwrap();
        assert_eq!(records(&mut open(&KEY_A)), []);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_no_log_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, b"something else").unwrap();
        assert!(RecordLog::open(&path, &KEY_A).unwrap().is_none());
        assert_eq!(fs::read(&path).unwrap(), b"something else");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("nothing"), &link).unwrap();
        assert!(RecordLog::open(&link, &KEY_A).unwrap().is_none());
        assert!(!folder.path().join("nothing").exists());
    }
}
