//! A still's file, opened and recognized by its first bytes.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::recognize::{CodedFormat, FileHead, HEAD_BYTES, recognize};
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::Limits;
use crate::notice::LeftOutPart;

/// A still of one of the formats: a file, or a part of one.
pub(super) struct StillFile<'a> {
    pub(super) path: &'a Path,
    pub(super) limits: &'a Limits,
    pub(super) format: CodedFormat,
    pub(super) bytes: u64,
    pub(super) reader: BufReader<StillBytes>,
}

/// Where the bytes of a still are.
pub(super) enum StillBytes {
    File(File),
    Bytes(Cursor<Arc<[u8]>>),
}

impl StillBytes {
    /// A second handle, at the beginning. Handles of one file share their position.
    fn again(&self) -> io::Result<Self> {
        Ok(match self {
            Self::File(file) => {
                let mut file = file.try_clone()?;
                file.rewind()?;
                Self::File(file)
            }
            Self::Bytes(bytes) => Self::Bytes(Cursor::new(Arc::clone(bytes.get_ref()))),
        })
    }
}

impl Read for StillBytes {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(to),
            Self::Bytes(bytes) => bytes.read(to),
        }
    }
}

impl Seek for StillBytes {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(place),
            Self::Bytes(bytes) => bytes.seek(place),
        }
    }
}

/// What a still's headers say, whatever its format.
pub(super) struct StillHeader {
    /// As coded, before it is turned.
    pub(super) size: Size,
    /// EXIF orientation, 1..8.
    pub(super) orientation: u8,
    pub(super) bit_depth: u8,
    pub(super) icc: bool,
    pub(super) animated: bool,
    /// What else the file holds.
    pub(super) left_out: Vec<LeftOutPart>,
}

impl<'a> StillFile<'a> {
    /// Opens `path`; `None` if its content is not a still, an error if it is one that cannot be decoded.
    pub(super) fn open(path: &'a Path, limits: &'a Limits) -> Result<Option<Self>> {
        let (file, bytes) = limits.open(path)?;
        Self::of(StillBytes::File(file), bytes, path, limits)
    }

    /// A still that lies inside the file at `path`.
    pub(super) fn inside(
        path: &'a Path,
        bytes: Vec<u8>,
        limits: &'a Limits,
    ) -> Result<Option<Self>> {
        let length = bytes.len() as u64;
        let content = StillBytes::Bytes(Cursor::new(bytes.into()));
        Self::of(content, length, path, limits)
    }

    fn of(
        content: StillBytes,
        bytes: u64,
        path: &'a Path,
        limits: &'a Limits,
    ) -> Result<Option<Self>> {
        let read_error = |source| Error::read(path, source);
        let mut reader = BufReader::new(content);
        let mut head = Vec::with_capacity(HEAD_BYTES);
        reader
            .by_ref()
            .take(HEAD_BYTES as u64)
            .read_to_end(&mut head)
            .map_err(read_error)?;
        reader.seek(SeekFrom::Start(0)).map_err(read_error)?;
        match recognize(&head) {
            FileHead::Still(format) => Ok(Some(Self {
                path,
                limits,
                format,
                bytes,
                reader,
            })),
            FileHead::Foreign(name) => Err(Error::unsupported(path, format!("it is {name}"))),
            FileHead::Bent(what) => Err(Error::damaged(path, what)),
            FileHead::Other => Ok(None),
        }
    }

    /// A reader of its own for a decoder, at the beginning of the file.
    pub(super) fn again(&self) -> Result<BufReader<StillBytes>> {
        let content = self.reader.get_ref().again();
        Ok(BufReader::new(
            content.map_err(|error| Error::read(self.path, error))?,
        ))
    }

    /// Turns a decoder's error into one that the owner of the file understands.
    pub(super) fn error(&self, error: image::ImageError) -> Error {
        match error {
            image::ImageError::Unsupported(what) => {
                Error::unsupported(self.path, one_line(&what.to_string()))
            }
            image::ImageError::Limits(_) => Error::Limit {
                path: self.path.into(),
                limit: LimitName::MemoryBytes,
                found: self.limits.memory.saturating_add(1),
                allowed: self.limits.memory,
            },
            image::ImageError::IoError(source) if is_end(&source) => {
                Error::damaged(self.path, "it ends before the picture begins")
            }
            image::ImageError::IoError(source)
                if source.kind() == io::ErrorKind::InvalidData
                    || source.kind() == io::ErrorKind::InvalidInput
                    || source.raw_os_error().is_none() =>
            {
                Error::damaged(self.path, source)
            }
            image::ImageError::IoError(source) => Error::read(self.path, source),
            other => {
                // The cause says more than the crate's wrapper around it.
                let cause = std::error::Error::source(&other).map(ToString::to_string);
                let what = cause.unwrap_or_else(|| other.to_string());
                Error::damaged(self.path, one_line(&what))
            }
        }
    }
}

/// The limits as the `image` crate takes them.
pub(super) fn image_limits(limits: &Limits) -> image::Limits {
    let mut these = image::Limits::no_limits();
    these.max_alloc = Some(limits.memory);
    these
}

/// True if a read met the end of the file.
pub(super) fn is_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

/// Joins the lines of a decoder's message.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
