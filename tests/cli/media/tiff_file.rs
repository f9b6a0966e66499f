//! TIFF files for tests: any samples, in strips, tiles or planes, in either byte order, packed or not.

use std::io::Write as _;

/// How the samples of a picture are stored.
#[derive(Debug, Clone, Copy)]
pub struct Storage {
    pub big_endian: bool,
    pub big_tiff: bool,
    pub tiled: bool,
    pub planar: bool,
    pub packing: Packing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    None,
    PackBits,
    Lzw,
    Deflate,
    /// Differences of neighbors, then deflate.
    Predicted,
    Zstandard,
    Lzma,
}

/// A picture's samples, pixel after pixel, and the tags that say what they mean.
#[derive(Debug, Clone)]
pub struct Stored {
    pub width: usize,
    pub height: usize,
    pub bits: usize,
    /// Samples of one pixel.
    pub samples: usize,
    pub values: Vec<u64>,
    /// Tag, kind (2 text, 3 SHORT, 5 RATIONAL, 7 bytes) and values.
    pub tags: Vec<(u16, u16, Vec<u64>)>,
}

pub const STRIP_ROWS: usize = 7;
pub const TILE: usize = 16;

fn number(value: u64, bytes: usize, big_endian: bool) -> Vec<u8> {
    let little: Vec<u8> = value.to_le_bytes()[..bytes].to_vec();
    match big_endian {
        true => little.into_iter().rev().collect(),
        false => little,
    }
}

impl Stored {
    /// The samples of a row of a strip or tile that begins at `x`, `width` pixels wide; what lies outside is 0.
    fn row(&self, x: usize, y: usize, width: usize, plane: Option<usize>) -> Vec<u64> {
        let samples = match plane {
            Some(plane) => plane..plane + 1,
            None => 0..self.samples,
        };
        (x..x + width)
            .flat_map(|x| {
                let inside = x < self.width && y < self.height;
                samples.clone().map(move |sample| {
                    let at = (y * self.width + x) * self.samples + sample;
                    if inside { self.values[at] } else { 0 }
                })
            })
            .collect()
    }

    fn bytes(&self, row: &[u64], storage: Storage, step: usize) -> Vec<u8> {
        let mask = u64::MAX >> (64 - self.bits);
        let mut row = row.to_vec();
        if storage.packing == Packing::Predicted {
            for at in (step..row.len()).rev() {
                row[at] = row[at].wrapping_sub(row[at - step]) & mask;
            }
        }
        if self.bits >= 8 {
            let values = row.iter();
            return values
                .flat_map(|&value| number(value, self.bits / 8, storage.big_endian))
                .collect();
        }
        row.chunks(8 / self.bits)
            .map(|part| {
                part.iter().enumerate().fold(0, |byte, (at, &value)| {
                    byte | (value as u8) << (8 - self.bits * (at + 1))
                })
            })
            .collect()
    }

    /// The strips or tiles, each packed by itself.
    fn chunks(&self, storage: Storage) -> Vec<Vec<u8>> {
        let (width, height) = match storage.tiled {
            true => (TILE, TILE),
            false => (self.width, STRIP_ROWS),
        };
        let planes: Vec<Option<usize>> = match storage.planar {
            true => (0..self.samples).map(Some).collect(),
            false => vec![None],
        };
        let step = if storage.planar { 1 } else { self.samples };
        let mut all = Vec::new();
        for plane in planes {
            for top in (0..self.height).step_by(height) {
                for left in (0..self.width).step_by(width) {
                    let bottom = match storage.tiled {
                        true => top + height,
                        false => (top + height).min(self.height),
                    };
                    let bytes = (top..bottom)
                        .flat_map(|y| self.bytes(&self.row(left, y, width, plane), storage, step))
                        .collect::<Vec<u8>>();
                    all.push(packed(&bytes, storage.packing));
                }
            }
        }
        all
    }

    /// The file.
    pub fn file(&self, storage: Storage) -> Vec<u8> {
        let mut tags = self.tags.clone();
        if storage.planar {
            tags.push((284, 3, vec![2]));
        }
        let compression = match storage.packing {
            Packing::None => 1,
            Packing::PackBits => 32_773,
            Packing::Lzw => 5,
            Packing::Deflate | Packing::Predicted => 8,
            Packing::Zstandard => 50_000,
            Packing::Lzma => 34_925,
        };
        tags.push((259, 3, vec![compression]));
        if storage.packing == Packing::Predicted {
            tags.push((317, 3, vec![2]));
        }
        tags.push((258, 3, vec![self.bits as u64; self.samples]));
        tags.push((277, 3, vec![self.samples as u64]));
        let (offsets, lengths) = if storage.tiled {
            tags.push((322, 3, vec![TILE as u64]));
            tags.push((323, 3, vec![TILE as u64]));
            (324, 325)
        } else {
            tags.push((278, 3, vec![STRIP_ROWS as u64]));
            (273, 279)
        };
        assemble(
            self,
            storage,
            tags,
            &self.chunks(storage),
            (offsets, lengths),
        )
    }
}

/// A file of these tags and ready strips or tiles, whose places stand in the two tags that are named.
pub fn assemble(
    stored: &Stored,
    storage: Storage,
    mut tags: Vec<(u16, u16, Vec<u64>)>,
    chunks: &[Vec<u8>],
    (offsets, lengths): (u16, u16),
) -> Vec<u8> {
    let wide = if storage.big_tiff { 8 } else { 4 };
    let number = |value: u64, bytes: usize| number(value, bytes, storage.big_endian);
    let mut file = if storage.big_endian {
        b"MM".to_vec()
    } else {
        b"II".to_vec()
    };
    match storage.big_tiff {
        true => file.extend([number(43, 2), number(8, 2), number(0, 2)].concat()),
        false => file.extend(number(42, 2)),
    }
    let link = file.len();
    file.extend(number(0, wide));
    let mut places = Vec::new();
    for chunk in chunks {
        places.push(file.len() as u64);
        file.extend(chunk);
    }
    tags.push((256, 3, vec![stored.width as u64]));
    tags.push((257, 3, vec![stored.height as u64]));
    tags.push((offsets, 4, places));
    tags.push((
        lengths,
        4,
        chunks.iter().map(|chunk| chunk.len() as u64).collect(),
    ));
    tags.sort();
    let mut entries = Vec::new();
    for (tag, kind, values) in &tags {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|&value| match kind {
                3 => number(value, 2),
                // Rationals are given in ten-thousandths.
                5 => [number(value, 4), number(10_000, 4)].concat(),
                2 | 7 => number(value, 1),
                _ => number(value, 4),
            })
            .collect();
        entries.extend([number((*tag).into(), 2), number((*kind).into(), 2)].concat());
        entries.extend(number(values.len() as u64, wide));
        if bytes.len() <= wide {
            entries.extend(bytes.iter().copied().chain([0; 8]).take(wide));
        } else {
            entries.extend(number(file.len() as u64, wide));
            file.extend(&bytes);
        }
    }
    let directory = number(file.len() as u64, wide);
    file[link..link + wide].copy_from_slice(&directory);
    file.extend(number(
        tags.len() as u64,
        if storage.big_tiff { 8 } else { 2 },
    ));
    file.extend(entries);
    file.extend(number(0, wide));
    file
}

fn packed(bytes: &[u8], packing: Packing) -> Vec<u8> {
    match packing {
        Packing::None => bytes.to_vec(),
        Packing::PackBits => bytes
            .chunks(100)
            .flat_map(|run| {
                let same = run.len() > 1 && run.iter().all(|byte| *byte == run[0]);
                match same {
                    true => vec![(1 - run.len() as i8) as u8, run[0]],
                    false => [&[run.len() as u8 - 1], run].concat(),
                }
            })
            .collect(),
        Packing::Lzw => weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
            .encode(bytes)
            .unwrap(),
        Packing::Deflate | Packing::Predicted => {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Default::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Zstandard => {
            use ruzstd::encoding::{CompressionLevel, compress_to_vec};
            compress_to_vec(bytes, CompressionLevel::Fastest)
        }
        Packing::Lzma => {
            let options = lzma_rust2::XzOptions::with_preset(1);
            let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
    }
}
