//! The directories of a TIFF or BigTIFF file: which pages there are, and the values of their tags.
//!
//! Formats: TIFF 6.0, section 2; the BigTIFF proposal of 2004 (64-bit offsets). Offsets and counts may lie, so each
//! list is checked against the file's length and the memory that is allowed before it is read.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{Error, LimitName, Result};
use crate::media::Limits;
use crate::media::still::still_file::{StillBytes, StillFile, is_end};

/// Pages that are looked at; what stands behind them is not counted.
const MOST_PAGES: usize = 10_000;
/// Entries of one directory; real ones have some dozens.
const MOST_ENTRIES: u64 = 4_096;

/// Bytes of an entry and of the padding behind its values.
const ENTRY_BYTES: usize = 13;

/// Tags that say which of several pages a directory is.
const NEW_SUBFILE_TYPE: u16 = 254;
/// Bits of that tag: a smaller copy of another page, and a mask of one.
const REDUCED: u64 = 1;
const MASK: u64 = 4;

/// An open file, which reads in its own byte order.
pub(super) struct TiffFile<'a> {
    pub(super) path: &'a Path,
    pub(super) limits: &'a Limits,
    pub(super) reader: BufReader<StillBytes>,
    pub(super) little_endian: bool,
    bytes: u64,
    /// Offsets have eight bytes.
    big: bool,
}

/// The entries of one page.
#[derive(Default)]
pub(super) struct TiffDirectory {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the values are.
    at: u64,
}

/// The values of one tag in the file's byte order.
pub(super) struct TagValues {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u32,
    pub(super) bytes: Vec<u8>,
}

/// The page that is shown, and how many there are.
pub(super) struct Pages {
    pub(super) first: TiffDirectory,
    /// Pages besides smaller copies and masks.
    pub(super) count: usize,
}

impl<'a> TiffFile<'a> {
    /// Reads the header.
    pub(super) fn open(source: &StillFile<'a>) -> Result<Self> {
        let mut file = Self {
            path: source.path,
            limits: source.limits,
            reader: source.again()?,
            little_endian: true,
            bytes: source.bytes,
            big: false,
        };
        let head: [u8; 4] = file.take()?;
        file.little_endian = head.starts_with(b"II");
        file.big = head.contains(&43);
        Ok(file)
    }

    /// Finds the first page that is no smaller copy of another. Fails with `Damaged` without any.
    pub(super) fn pages(&mut self) -> Result<Pages> {
        let mut next = self.first_directory()?;
        let mut seen = BTreeSet::new();
        let mut pages: Option<Pages> = None;
        let mut reduced = None;
        // Directories that name each other in a circle end where the circle closes.
        while next != 0 && seen.len() < MOST_PAGES && seen.insert(next) {
            let (directory, after) = match self.directory(next) {
                Ok(read) => read,
                // A chain that breaks off behind the first page costs the pages behind it.
                Err(_) if pages.is_some() => break,
                Err(error) => return Err(error),
            };
            next = after;
            let role = self.number(&directory, NEW_SUBFILE_TYPE);
            let role = role.ok().flatten().unwrap_or(0);
            match &mut pages {
                _ if role & (REDUCED | MASK) != 0 => reduced = reduced.or(Some(directory)),
                Some(pages) => pages.count += 1,
                None => {
                    pages = Some(Pages {
                        first: directory,
                        count: 1,
                    });
                }
            }
        }
        let only_reduced = reduced.map(|first| Pages { first, count: 1 });
        pages
            .or(only_reduced)
            .ok_or_else(|| Error::damaged(self.path, "it has no picture"))
    }

    fn first_directory(&mut self) -> Result<u64> {
        if self.big {
            // The size of offsets, 8, and a zero.
            let [size, _] = [self.word(2)?, self.word(2)?];
            if size != 8 {
                let what = format!("BigTIFF with offsets of {size} bytes");
                return Err(Error::unsupported(self.path, what));
            }
            self.word(8)
        } else {
            self.word(4)
        }
    }

    /// The directory at `offset`, and where the next one is.
    fn directory(&mut self, offset: u64) -> Result<(TiffDirectory, u64)> {
        self.seek(offset)?;
        let width = self.offset_bytes();
        let count = self.word(if self.big { 8 } else { 2 })?;
        if count > MOST_ENTRIES {
            let what = format!("a directory of it claims {count} entries");
            return Err(Error::damaged(self.path, what));
        }
        let mut entries = Vec::new();
        for _ in 0..count {
            let (tag, kind) = (self.word(2)? as u16, self.word(2)? as u16);
            let count = self.word(width)?;
            let here = self.place()?;
            let value = self.word(width)?;
            let fits = count.saturating_mul(unit(kind)) <= width as u64;
            entries.push(Entry {
                tag,
                kind,
                count,
                at: if fits { here } else { value },
            });
        }
        let next = self.word(width).unwrap_or(0);
        Ok((TiffDirectory { entries }, next))
    }

    /// The first value of a tag of whole numbers.
    pub(super) fn number(&mut self, directory: &TiffDirectory, tag: u16) -> Result<Option<u64>> {
        Ok(self
            .numbers(directory, tag)?
            .and_then(|all| all.first().copied()))
    }

    /// The values of a tag of whole numbers; `None` without the tag.
    pub(super) fn numbers(
        &mut self,
        directory: &TiffDirectory,
        tag: u16,
    ) -> Result<Option<Vec<u64>>> {
        let Some(entry) = directory.find(tag) else {
            return Ok(None);
        };
        let bytes = match entry.kind {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return Ok(None),
        };
        let raw = self.values(entry, bytes)?;
        let little_endian = self.little_endian;
        let numbers = raw
            .chunks_exact(bytes as usize)
            .map(|value| number(value, little_endian));
        Ok(Some(numbers.collect()))
    }

    /// The values of a tag of rational numbers.
    pub(super) fn rationals(
        &mut self,
        directory: &TiffDirectory,
        tag: u16,
    ) -> Result<Option<Vec<f32>>> {
        let Some(entry) = directory.find(tag).filter(|entry| entry.kind == 5) else {
            return Ok(None);
        };
        let raw = self.values(entry, 8)?;
        let little_endian = self.little_endian;
        let values = raw.chunks_exact(8).map(|value| {
            let (above, below) = value.split_at(4);
            let below = number(below, little_endian).max(1);
            number(above, little_endian) as f32 / below as f32
        });
        Ok(Some(values.collect()))
    }

    /// The values of the tags that `is_kept` holds for, as they are stored: at most `most`, and as many as fit into
    /// `bytes`, which shrinks by them. Values that cannot be read are not there.
    pub(super) fn tag_values(
        &mut self,
        directory: &TiffDirectory,
        is_kept: impl Fn(u16) -> bool,
        most: usize,
        bytes: &mut usize,
    ) -> Vec<TagValues> {
        let mut all = Vec::new();
        let entries = directory.entries.iter().filter(|entry| is_kept(entry.tag));
        for &entry in entries.take(most) {
            // Kinds of TIFF 6.0; those of BigTIFF are none of EXIF.
            let size = entry.count.saturating_mul(unit(entry.kind));
            let size = usize::try_from(size)
                .unwrap_or(usize::MAX)
                .saturating_add(ENTRY_BYTES);
            let (Ok(count), 1..=12, true) =
                (u32::try_from(entry.count), entry.kind, size <= *bytes)
            else {
                continue;
            };
            if let Ok(values) = self.values(entry, unit(entry.kind)) {
                *bytes -= size;
                all.push(TagValues {
                    tag: entry.tag,
                    kind: entry.kind,
                    count,
                    bytes: values,
                });
            }
        }
        all
    }

    /// The entries of the directory at `offset`.
    pub(super) fn directory_at(&mut self, offset: u64) -> Result<TiffDirectory> {
        self.directory(offset).map(|(directory, _)| directory)
    }

    /// The bytes of a tag that holds a block of another format.
    pub(super) fn block(&mut self, directory: &TiffDirectory, tag: u16) -> Result<Option<Vec<u8>>> {
        match directory.find(tag) {
            Some(entry) if matches!(entry.kind, 1 | 2 | 7) => self.values(entry, 1).map(Some),
            _ => Ok(None),
        }
    }

    /// The raw values of an entry, which lie within the file.
    fn values(&mut self, entry: Entry, unit: u64) -> Result<Vec<u8>> {
        let length = entry.count.saturating_mul(unit);
        if entry.at.saturating_add(length) > self.bytes {
            let what = format!("the values of its tag {} lie behind its end", entry.tag);
            return Err(Error::damaged(self.path, what));
        }
        // As whole numbers they have eight bytes each.
        let held = length.saturating_add(entry.count.saturating_mul(8));
        self.limits.check(self.path, LimitName::MemoryBytes, held)?;
        self.seek(entry.at)?;
        let mut raw = vec![0; usize::try_from(length).unwrap_or(0)];
        self.fill(&mut raw)?;
        Ok(raw)
    }

    /// Size of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn seek(&mut self, at: u64) -> Result<()> {
        let sought = self.reader.seek(SeekFrom::Start(at));
        sought.map(|_| ()).map_err(|error| self.failed(error))
    }

    fn place(&mut self) -> Result<u64> {
        let place = self.reader.stream_position();
        place.map_err(|error| self.failed(error))
    }

    fn offset_bytes(&self) -> usize {
        if self.big { 8 } else { 4 }
    }

    fn fill(&mut self, to: &mut [u8]) -> Result<()> {
        let filled = self.reader.read_exact(to);
        filled.map_err(|error| self.failed(error))
    }

    fn take<const COUNT: usize>(&mut self) -> Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A whole number of 2, 4 or 8 bytes.
    fn word(&mut self, bytes: usize) -> Result<u64> {
        let mut raw = [0; 8];
        let part = &mut raw[..bytes.min(8)];
        self.reader
            .read_exact(part)
            .map_err(|error| failed(self.path, error))?;
        Ok(number(part, self.little_endian))
    }

    fn failed(&self, error: io::Error) -> Error {
        failed(self.path, error)
    }
}

fn failed(path: &Path, error: io::Error) -> Error {
    if is_end(&error) {
        Error::damaged(path, "it ends before the picture begins")
    } else {
        Error::read(path, error)
    }
}

impl TiffDirectory {
    fn find(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.tag == tag).copied()
    }

    pub(super) fn has(&self, tag: u16) -> bool {
        self.find(tag).is_some()
    }
}

/// Bytes of one value; of kinds that nobody knows, more than fit into an entry.
fn unit(kind: u16) -> u64 {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 9,
    }
}

/// A whole number of at most eight bytes.
fn number(bytes: &[u8], little_endian: bool) -> u64 {
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if little_endian {
        bytes.iter().rev().fold(0, add)
    } else {
        bytes.iter().fold(0, add)
    }
}
