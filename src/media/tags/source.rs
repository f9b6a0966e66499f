//! Random access to a file for the readers of tags, within a budget.

use std::io::{Read, Seek, SeekFrom};

/// Most bytes to read for a file's tags: a picture of 20 MiB and the tags around it.
const MOST_READ: u64 = 48 << 20;

/// A seekable source of bytes.
pub(super) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// The content of a file, of which at most [`MOST_READ`] bytes are read in total.
pub(super) struct TagSource<'a> {
    content: &'a mut dyn ReadSeek,
    bytes: u64,
    left: u64,
}

impl<'a> TagSource<'a> {
    /// `None` if the content cannot be sought in.
    pub fn new(content: &'a mut dyn ReadSeek) -> Option<Self> {
        let bytes = content.seek(SeekFrom::End(0)).ok()?;
        Some(Self {
            content,
            bytes,
            left: MOST_READ,
        })
    }

    /// Length of the file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Up to `length` bytes from `at`, fewer if the file or the budget ends before.
    pub fn up_to(&mut self, at: u64, length: u64) -> Vec<u8> {
        let length = length.min(self.left).min(self.bytes.saturating_sub(at));
        let mut bytes = Vec::new();
        if length > 0 && self.content.seek(SeekFrom::Start(at)).is_ok() {
            // Bytes that were read before a failure are good.
            let _ = (&mut self.content).take(length).read_to_end(&mut bytes);
        }
        self.left = self.left.saturating_sub(bytes.len() as u64);
        bytes
    }

    /// Exactly `length` bytes from `at`.
    pub fn exactly(&mut self, at: u64, length: u64) -> Option<Vec<u8>> {
        let there = at.checked_add(length).is_some_and(|end| end <= self.bytes);
        let bytes = (there && length <= self.left).then(|| self.up_to(at, length))?;
        (bytes.len() as u64 == length).then_some(bytes)
    }

    /// `N` bytes from `at`.
    pub fn array<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        self.exactly(at, N as u64)?.try_into().ok()
    }
}
