//! The file under an open container, with its read errors.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// The error of the last failed read. FFmpeg itself keeps at most an error number.
pub(super) type ReadFailure = Arc<Mutex<Option<io::Error>>>;

/// A part of a file that remembers why reading failed.
pub(super) struct WatchedFile {
    file: File,
    /// Offsets in the whole file.
    start: u64,
    at: u64,
    end: u64,
    failure: ReadFailure,
    /// Bytes served in place of the first ones.
    first: &'static [u8],
}

impl WatchedFile {
    /// Serves `file` from `start` to `end`.
    pub(super) fn new(
        mut file: File,
        (start, end): (u64, u64),
        failure: ReadFailure,
    ) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        Ok(Self {
            file,
            start,
            at: start,
            end,
            failure,
            first: b"",
        })
    }

    /// Replaces the first bytes.
    pub(super) fn beginning_with(self, first: &'static [u8]) -> Self {
        Self { first, ..self }
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
        let offset = usize::try_from(self.at - self.start).unwrap_or(usize::MAX);
        let shown = self.first.get(offset..).unwrap_or_default();
        for (byte, shown) in into[..read].iter_mut().zip(shown) {
            *byte = *shown;
        }
        self.at = self.at.saturating_add(read as u64);
        Ok(read)
    }
}

impl Seek for WatchedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(back) => self.end.saturating_add_signed(back),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::Start(at) => self.start.saturating_add(at),
        };
        self.at = self.file.seek(SeekFrom::Start(to.max(self.start)))?;
        Ok(self.at - self.start)
    }
}

/// Takes the last error, leaving none.
pub(super) fn take_failure(failure: &ReadFailure) -> Option<io::Error> {
    failure
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
}
