//! A memory-mapped file of many small vectors, with exact search by angle.
//!
//! Little endian, each part aligned to 64 bytes:
//!
//! ```text
//! 0   magic "TMVECTOR", version u32, dimension u32, count u64, stamp 16 bytes, zeros up to 64
//!     ids, 32 bytes each
//!     one over the length of each vector, f32 (0 for a vector that has none)
//!     vectors, one i8 a dimension
//! ```
//!
//! The file is written completely, renamed into place ([`VectorWriter::write`]), and never changed after that.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::store::{Output, Overwrite};

const MAGIC: &[u8; 8] = b"TMVECTOR";
const VERSION: u32 = 1;
const ALIGNED: usize = 64;
const ID: usize = 32;
/// Position of the stamp in the header, in bytes.
const STAMP: std::ops::Range<usize> = 24..40;
/// Largest dimension; no embedding of sound is larger.
const LARGEST_DIMENSION: usize = 4096;
/// Rows that one thread searches at a time.
const ROWS: usize = 16_384;

/// A BLAKE3 hash.
pub type VectorId = [u8; ID];

/// Identifies the data that the file was made from.
pub type VectorStamp = [u8; 16];

/// A row of the file, and the cosine of its angle to the query, -1..1.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Near {
    pub row: usize,
    pub cosine: f32,
}

/// Positions of the parts of a file, in bytes.
#[derive(Debug, Clone, Copy)]
struct Layout {
    dimension: usize,
    count: usize,
    lengths: usize,
    vectors: usize,
    end: usize,
}

impl Layout {
    /// `None` for numbers that no valid file has.
    fn new(dimension: usize, count: usize) -> Option<Self> {
        if !(1..=LARGEST_DIMENSION).contains(&dimension) {
            return None;
        }
        let after = |start: usize, each: usize| {
            start
                .checked_add(count.checked_mul(each)?)?
                .checked_next_multiple_of(ALIGNED)
        };
        let lengths = after(ALIGNED, ID)?;
        let vectors = after(lengths, 4)?;
        let end = vectors.checked_add(count.checked_mul(dimension)?)?;
        Some(Self {
            dimension,
            count,
            lengths,
            vectors,
            end,
        })
    }
}

/// An opened file of vectors.
#[derive(Debug)]
pub struct VectorFile {
    map: Mmap,
    layout: Layout,
}

impl VectorFile {
    /// Maps the file at `path`. Fails with [`Error::Read`], with [`Error::Unsupported`] for another version or another
    /// kind of file, and with [`Error::Damaged`] when its length is not the one in its header.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|error| Error::read(path, error))?;
        #[allow(unsafe_code)]
        // SAFETY: the map is read-only and private to this value. Files of vectors are made under another name, renamed
        // into place and never written to or cut after that, so that the mapped bytes stay as they are; a file that is
        // replaced keeps its content for as long as it is mapped.
        let map = unsafe { Mmap::map(&file) }.map_err(|error| Error::read(path, error))?;
        let layout = layout_of(&map).map_err(|wrong| match wrong {
            VectorFault::Kind => {
                Error::unsupported(path, "it is not a file of vectors of this version")
            }
            VectorFault::Size => Error::damaged(path, "it does not have the size that it says"),
        })?;
        Ok(Self { map, layout })
    }

    /// The stamp that [`VectorWriter::new`] was given.
    pub fn stamp(&self) -> VectorStamp {
        let stamp = self.map.get(STAMP).and_then(|bytes| bytes.try_into().ok());
        stamp.unwrap_or_default()
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.layout.count
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.layout.count == 0
    }

    /// Dimension of the vectors.
    pub fn dimension(&self) -> usize {
        self.layout.dimension
    }

    /// The id of a row.
    pub fn id(&self, row: usize) -> Option<VectorId> {
        let ids = self.map.get(ALIGNED..self.layout.lengths)?;
        let id = ids.chunks_exact(ID).take(self.layout.count).nth(row)?;
        id.try_into().ok()
    }

    /// The `most` rows nearest to `query` by angle among the `allowed` ones, nearest first; among equals the first row.
    /// Every row is compared, on the threads of the current pool; the result does not depend on their number. Empty if
    /// `query` has another dimension or is zero.
    pub fn nearest(
        &self,
        query: &[f32],
        most: usize,
        allowed: impl Fn(usize) -> bool + Sync,
    ) -> Vec<Near> {
        let Some((query, length)) = packed(query).filter(|_| most > 0) else {
            return Vec::new();
        };
        let Layout {
            dimension,
            lengths: at,
            vectors: from,
            end,
            ..
        } = self.layout;
        if query.len() != dimension || length == 0.0 {
            return Vec::new();
        }
        let query: Vec<i16> = query.into_iter().map(i16::from).collect();
        let vectors = self.map.get(from..end).unwrap_or_default();
        let lengths = self.map.get(at..from).unwrap_or_default();
        let mut found: Vec<Near> = vectors
            .par_chunks(ROWS * dimension)
            .zip(lengths.par_chunks(ROWS * 4))
            .enumerate()
            .flat_map_iter(|(part, (vectors, lengths))| {
                let mut best = Best::new(most);
                let rows = vectors.chunks_exact(dimension).zip(lengths.chunks_exact(4));
                for (number, (vector, row_length)) in rows.enumerate() {
                    let row = part * ROWS + number;
                    if !allowed(row) {
                        continue;
                    }
                    let one_over = match row_length {
                        [a, b, c, d] => f32::from_le_bytes([*a, *b, *c, *d]),
                        _ => 0.0,
                    };
                    best.offer(row, dot(vector, &query) as f32 * one_over * length);
                }
                best.found
            })
            .collect();
        found.sort_by(order);
        found.truncate(most);
        found
    }
}

enum VectorFault {
    Kind,
    Size,
}

fn layout_of(bytes: &[u8]) -> Result<Layout, VectorFault> {
    let head = bytes.get(..ALIGNED).ok_or(VectorFault::Size)?;
    let (magic, rest) = head.split_at_checked(8).ok_or(VectorFault::Size)?;
    let number = |from: usize, bytes: usize| {
        let part = rest.get(from..from + bytes).unwrap_or_default();
        part.iter()
            .rev()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    if magic != MAGIC || number(0, 4) != u64::from(VERSION) {
        return Err(VectorFault::Kind);
    }
    let size = |number| usize::try_from(number).ok();
    size(number(4, 4))
        .zip(size(number(8, 8)))
        .and_then(|(dimension, count)| Layout::new(dimension, count))
        .filter(|layout| layout.end == bytes.len())
        .ok_or(VectorFault::Size)
}

/// Dot product. At most 4096 products of 128 × 128, which fit into 32 bits.
fn dot(vector: &[u8], query: &[i16]) -> i32 {
    vector
        .iter()
        .zip(query)
        .map(|(a, b)| i32::from(i16::from(*a as i8)) * i32::from(*b))
        .sum()
}

fn order(a: &Near, b: &Near) -> std::cmp::Ordering {
    b.cosine.total_cmp(&a.cosine).then(a.row.cmp(&b.row))
}

/// The best rows so far, best first.
struct Best {
    most: usize,
    found: Vec<Near>,
}

impl Best {
    fn new(most: usize) -> Self {
        Self {
            most,
            found: Vec::new(),
        }
    }

    /// Rows must be offered in order, so that among equals the earlier one comes first.
    fn offer(&mut self, row: usize, cosine: f32) {
        let worse = self.found.len() >= self.most
            && self.found.last().is_some_and(|last| cosine <= last.cosine);
        if worse || !cosine.is_finite() {
            return;
        }
        let place = self.found.partition_point(|near| near.cosine >= cosine);
        self.found.insert(place, Near { row, cosine });
        self.found.truncate(self.most);
    }
}

/// A vector quantized in steps of 1/127 of its largest number, and the inverse of its length in those steps (0 for a
/// zero vector). `None` if a number is not finite.
fn packed(vector: &[f32]) -> Option<(Vec<i8>, f32)> {
    if !vector.iter().all(|number| number.is_finite()) {
        return None;
    }
    let largest = vector
        .iter()
        .fold(0.0_f32, |most, number| most.max(number.abs()));
    let packed: Vec<i8> = vector
        .iter()
        .map(|number| {
            if largest > 0.0 {
                (number / largest * 127.0).round() as i8
            } else {
                0
            }
        })
        .collect();
    let squares: i32 = packed.iter().map(|number| i32::from(*number).pow(2)).sum();
    let one_over = if squares > 0 {
        1.0 / (squares as f32).sqrt()
    } else {
        0.0
    };
    Some((packed, one_over))
}

/// Collects vectors for a file.
#[derive(Debug)]
pub struct VectorWriter {
    dimension: usize,
    stamp: VectorStamp,
    ids: Vec<u8>,
    lengths: Vec<u8>,
    vectors: Vec<u8>,
}

impl VectorWriter {
    /// For vectors of `dimension` numbers, 1..=4096; `stamp` is stored for [`VectorFile::stamp`].
    pub fn new(dimension: usize, stamp: VectorStamp) -> Self {
        Self {
            dimension,
            stamp,
            ids: Vec::new(),
            lengths: Vec::new(),
            vectors: Vec::new(),
        }
    }

    /// Adds a row. Returns false and adds nothing if the vector has another dimension or a number that is not finite.
    pub fn push(&mut self, id: VectorId, vector: &[f32]) -> bool {
        let Some((packed, length)) = packed(vector).filter(|_| vector.len() == self.dimension)
        else {
            return false;
        };
        self.ids.extend_from_slice(&id);
        self.lengths.extend_from_slice(&length.to_le_bytes());
        self.vectors
            .extend(packed.into_iter().map(|number| number as u8));
        true
    }

    /// Writes the file, replacing an existing one. Fails with [`Error::Write`].
    pub fn write(&self, target: &Path) -> Result<()> {
        let failed = |error| Error::write(target, error);
        let layout = Layout::new(self.dimension, self.ids.len() / ID).ok_or_else(|| {
            failed(io::Error::new(
                io::ErrorKind::InvalidInput,
                "vectors of this dimension are not supported",
            ))
        })?;
        let output = Output::create(target, Overwrite::Force)?;
        let path: PathBuf = output.path().to_owned();
        let file = File::options()
            .write(true)
            .truncate(true)
            .open(path)
            .map_err(failed)?;
        let mut file = BufWriter::new(file);
        let mut head = MAGIC.to_vec();
        head.extend_from_slice(&VERSION.to_le_bytes());
        head.extend_from_slice(&(layout.dimension as u32).to_le_bytes());
        head.extend_from_slice(&(layout.count as u64).to_le_bytes());
        head.extend_from_slice(&self.stamp);
        let mut written = 0_usize;
        for (part, next) in [
            (&head, ALIGNED),
            (&self.ids, layout.lengths),
            (&self.lengths, layout.vectors),
            (&self.vectors, layout.end),
        ] {
            file.write_all(part).map_err(failed)?;
            written += part.len();
            let gap = [0; ALIGNED];
            let missing = next.saturating_sub(written).min(ALIGNED);
            file.write_all(gap.get(..missing).unwrap_or_default())
                .map_err(failed)?;
            written += missing;
        }
        file.flush().map_err(failed)?;
        drop(file);
        output.commit()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: usize) -> VectorId {
        *blake3::hash(&number.to_le_bytes()).as_bytes()
    }

    fn made(dimension: usize, rows: &[Vec<f32>]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vectors");
        let mut writer = VectorWriter::new(dimension, [7; 16]);
        for (number, row) in rows.iter().enumerate() {
            assert!(writer.push(id(number), row));
        }
        writer.write(&path).unwrap();
        (folder, path)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_nearest_are_those_of_a_naive_search(
            dimension in 1_usize..40,
            numbers in proptest::collection::vec(-1.0_f32..1.0, 40..2000),
            most in 1_usize..12,
            modulus in 1_usize..4,
        ) {
            let rows: Vec<Vec<f32>> = numbers.chunks_exact(dimension).map(<[f32]>::to_vec).collect();
            let (_folder, path) = made(dimension, &rows);
            let file = VectorFile::open(&path).unwrap();
            prop_assert_eq!((file.len(), file.dimension()), (rows.len(), dimension));
            prop_assert_eq!(file.stamp(), [7; 16]);
            let query = &rows[0];
            let found = file.nearest(query, most, |row| row % modulus == 0);
            let (own, _) = packed(query).unwrap();
            let mut naive: Vec<f64> = rows.iter().step_by(modulus).map(|row| {
                let (row, _) = packed(row).unwrap();
                let dot = |a: &[i8], b: &[i8]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
                let lengths = (dot(&row, &row) * dot(&own, &own)).sqrt();
                if lengths > 0.0 { dot(&row, &own) / lengths } else { 0.0 }
            }).collect();
            naive.sort_by(|a, b| b.total_cmp(a));
            naive.truncate(most);
            prop_assert!(found.iter().all(|near| near.row % modulus == 0));
            prop_assert!(found.windows(2).all(|pair| order(&pair[0], &pair[1]).is_lt()));
            if own.iter().any(|number| *number != 0) {
                prop_assert_eq!(found.len(), naive.len());
                for (near, cosine) in found.iter().zip(naive) {
                    prop_assert!((f64::from(near.cosine) - cosine).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn many_rows_are_searched_over_all_parts_and_threads_change_nothing() {
        let rows: Vec<Vec<f32>> = (0..2 * ROWS + 77)
            .map(|row| {
                (0..3)
                    .map(|at| ((row * 7919 + at * 104_729) % 2003) as f32 - 1000.0)
                    .collect()
            })
            .collect();
        let (_folder, path) = made(3, &rows);
        let file = VectorFile::open(&path).unwrap();
        let last = rows.len() - 1;
        let search = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| file.nearest(&rows[last], 5, |_| true))
        };
        assert_eq!(search(1), search(3));
        assert!(search(2)[0].cosine > 0.9999);
        let alone = file.nearest(&rows[last], 5, |row| row == last);
        assert_eq!(alone.len(), 1);
        assert_eq!(file.id(alone[0].row), Some(id(last)));
        assert_eq!(file.id(last + 1), None);
    }

    #[test]
    fn what_is_no_file_of_vectors_is_refused() {
        let (_folder, path) = made(3, &[vec![1.0, 2.0, 3.0], vec![0.0; 3]]);
        let whole = std::fs::read(&path).unwrap();
        assert_eq!(whole.len(), 64 + 64 + 64 + 6);
        let refused = |bytes: &[u8]| {
            let other = path.with_extension("other");
            std::fs::write(&other, bytes).unwrap();
            VectorFile::open(&other).unwrap_err().code()
        };
        for length in [1, 8, 63, 64, 100, whole.len() - 1] {
            assert_eq!(refused(&whole[..length]), "damaged", "{length}");
        }
        let with = |at: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            refused(&bytes)
        };
        assert_eq!((with(0, b'X'), with(8, 9)), ("unsupported", "unsupported"));
        // Dimension, and a count that is larger than any memory.
        assert_eq!((with(12, 4), with(23, 0xff)), ("damaged", "damaged"));
        assert!(refused(&[&whole[..], &[0]].concat()) == "damaged");
        let mut writer = VectorWriter::new(2, [0; 16]);
        assert!(!writer.push(id(0), &[1.0]) && !writer.push(id(0), &[1.0, f32::NAN]));
        let file = VectorFile::open(&path).unwrap();
        assert!(file.nearest(&[1.0], 3, |_| true).is_empty());
        assert!(file.nearest(&[0.0; 3], 3, |_| true).is_empty());
        assert_eq!(file.nearest(&[1.0, 2.0, 3.0], 9, |_| true).len(), 2);
    }
}
