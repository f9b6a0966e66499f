//! The encoded pictures of a film that is not finished, kept beside it: after a kill, the next run of the same plan goes on
//! after the last group of pictures that was encoded whole.
//!
//! They are kept in the order in which the encoder made them. A run that ends in any other way leaves nothing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Result;
use crate::media::{EncodedPicture, FilmWriter};
use crate::store::RecordLog;

/// Longest part of a film's name that goes into that of the log, in bytes.
const LONGEST_NAME: usize = 200;

/// What is kept of one film.
pub struct UnfinishedFilm {
    path: PathBuf,
    /// `None` before it is opened, while another run has it, and after a record could not be written.
    log: Arc<Mutex<Option<RecordLog>>>,
}

impl UnfinishedFilm {
    /// For the film at `target`.
    pub fn beside(target: &Path) -> Self {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let name = &name[..name.floor_char_boundary(LONGEST_NAME)];
        Self {
            path: target.with_file_name(format!(".{name}.frames")),
            log: Arc::default(),
        }
    }

    /// Writes what an earlier run encoded of a film of so many `frames` into `writer`, which has none yet, and keeps what
    /// is encoded from now on. `key` says of what and how the film is made; what was made otherwise is dropped.
    /// `after` is told after each picture how many there are. Returns how many frames there are in the end.
    pub(super) fn go_on(
        &self,
        key: &[u8; 32],
        frames: u64,
        writer: &mut FilmWriter,
        mut after: impl FnMut(u64, &mut FilmWriter) -> Result<()>,
    ) -> Result<u64> {
        let mut done = 0;
        // Films are made without a log where none can be written.
        let opened = RecordLog::open(&self.path, key).ok().flatten();
        let Some(mut log) = opened else {
            return Ok(0);
        };
        let whole = whole_groups(&mut log, frames)?;
        let start = log.start();
        let mut end = start;
        if whole > 0 {
            log.read(|record, ends| {
                let Some(picture) = picture_of(record) else {
                    return Ok(false);
                };
                writer.write_encoded(picture)?;
                (done, end) = (done + 1, ends);
                after(done, writer)?;
                Ok(done < whole)
            })?;
        }
        log.cut(end)?;
        *self.log.lock().unwrap_or_else(PoisonError::into_inner) = Some(log);
        let log = Arc::clone(&self.log);
        writer.watch(move |picture| {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = log.as_mut().map(|log| keep(log, picture));
            if let Some(Err(_)) = kept {
                *log = None;
            }
        });
        Ok(done)
    }
}

/// How many pictures of a log make whole groups, from the first on: all are there that are shown before the next group,
/// or all of the film.
fn whole_groups(log: &mut RecordLog, frames: u64) -> Result<u64> {
    let mut whole = 0;
    let (mut count, mut after) = (0, 0);
    log.read(|record, _| {
        let Some(picture) = picture_of(record) else {
            return Ok(false);
        };
        if picture.is_key && after == count {
            whole = count;
        }
        count += 1;
        after = after
            .max(u64::try_from(picture.shown).map_or(u64::MAX, |shown| shown.saturating_add(1)));
        Ok(count < frames)
    })?;
    Ok(if count == frames && after == frames {
        frames
    } else {
        whole
    })
}

fn keep(log: &mut RecordLog, picture: EncodedPicture<'_>) -> Result<()> {
    let EncodedPicture {
        shown,
        decoded,
        is_key,
        bytes,
    } = picture;
    log.append(&[
        &shown.to_le_bytes(),
        &decoded.to_le_bytes(),
        &[u8::from(is_key)],
        bytes,
    ])
}

/// The picture of a record; `None` where it is none.
fn picture_of(record: &[u8]) -> Option<EncodedPicture<'_>> {
    let (shown, rest) = record.split_first_chunk::<8>()?;
    let (decoded, rest) = rest.split_first_chunk::<8>()?;
    let (is_key, bytes) = rest.split_first()?;
    Some(EncodedPicture {
        shown: i64::from_le_bytes(*shown),
        decoded: i64::from_le_bytes(*decoded),
        is_key: *is_key == 1,
        bytes,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_groups_count() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let whole = |pictures: &[(i64, bool)]| {
            let mut log = RecordLog::open(&path, &[0; 32]).unwrap().unwrap();
            for (shown, is_key) in pictures {
                let picture = EncodedPicture {
                    shown: *shown,
                    decoded: 0,
                    is_key: *is_key,
                    bytes: b"picture",
                };
                keep(&mut log, picture).unwrap();
            }
            whole_groups(&mut log, 6).unwrap()
        };
        let (key, other) = (true, false);
        assert_eq!(whole(&[]), 0);
        let first = [(0, key), (2, other), (1, other)];
        assert_eq!(whole(&first), 0);
        assert_eq!(whole(&[&first[..], &[(3, key)]].concat()), 3);
        assert_eq!(whole(&[&first[..], &[(3, key), (5, other)]].concat()), 3);
        assert_eq!(
            whole(&[&first[..], &[(3, key), (5, other), (4, other)]].concat()),
            6
        );
        // What is shown before a key picture and stored behind it is encoded again with it.
        let open = [(0, key), (2, other), (1, other), (4, key), (3, other)];
        assert_eq!(whole(&open), 3);
        assert_eq!(whole(&[(0, key), (2, other), (3, key), (1, other)]), 0);
        assert_eq!(whole(&[(i64::MIN, key), (i64::MAX, key), (2, key)]), 0);
    }
}
