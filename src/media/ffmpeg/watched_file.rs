//! The file under an open container, as FFmpeg reads it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// The system's answer to the last failed read. FFmpeg keeps only a number of it, or nothing.
pub(super) type ReadFailure = Arc<Mutex<Option<io::Error>>>;

/// A file that remembers why reading it failed, and that ends where its readable part does.
pub(super) struct WatchedFile {
    file: File,
    at: u64,
    end: u64,
    failure: ReadFailure,
}

impl WatchedFile {
    /// `file` from its beginning up to `end`.
    pub(super) fn new(file: File, end: u64, failure: ReadFailure) -> Self {
        Self {
            file,
            at: 0,
            end,
            failure,
        }
    }
}

impl Read for WatchedFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let length = into.len().min(left);
        let read = self.file.read(&mut into[..length]).inspect_err(|error| {
            let copy = error.raw_os_error().map_or_else(
                || io::Error::from(error.kind()),
                io::Error::from_raw_os_error,
            );
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(copy);
        })?;
        self.at = self.at.saturating_add(read as u64);
        Ok(read)
    }
}

impl Seek for WatchedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(back) => SeekFrom::Start(self.end.saturating_add_signed(back)),
            SeekFrom::Current(by) => SeekFrom::Start(self.at.saturating_add_signed(by)),
            start => start,
        };
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

/// The failure that was noted last; it is noted no more.
pub(super) fn take_failure(failure: &ReadFailure) -> Option<io::Error> {
    failure
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
}
