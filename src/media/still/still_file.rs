//! A still's file, opened and recognized, and what its headers say.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use image::ImageDecoder;
use image::codecs::bmp::BmpDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;

use super::gif_header::GifHeader;
use super::heif;
use super::jpeg_header::JpegHeader;
use super::png_header::PngHeader;
use super::recognize::{CodedFormat, FileHead, HEAD_BYTES, recognize};
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::metadata::exif;
use crate::media::{Limits, StillFacts};

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
    /// The same from its beginning; the place in a file is shared.
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
}

impl<'a> StillFile<'a> {
    /// Opens `path`; `None` when it is no still by its content, an error when it is one that nothing here decodes.
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

    /// The file from its beginning, for a decoder to keep.
    pub(super) fn again(&self) -> Result<BufReader<StillBytes>> {
        let content = self.reader.get_ref().again();
        Ok(BufReader::new(
            content.map_err(|error| Error::read(self.path, error))?,
        ))
    }

    /// Reads the headers and checks the limits against them.
    pub(super) fn header(&mut self) -> Result<StillHeader> {
        let read = match self.format {
            CodedFormat::Jpeg => self.jpeg_facts(),
            CodedFormat::Png => self.png_facts(),
            CodedFormat::Gif => self.gif_facts(),
            CodedFormat::WebP => WebPDecoder::new(&mut self.reader).and_then(|mut decoder| {
                let animated = decoder.has_animation();
                decoded_facts(&mut decoder, animated)
            }),
            CodedFormat::Tiff => TiffDecoder::new(&mut self.reader)
                .and_then(|mut decoder| decoded_facts(&mut decoder, false)),
            CodedFormat::Bmp => self.bitmap_facts()?,
            CodedFormat::Heic | CodedFormat::Avif => Ok(heif::header(self)?),
        };
        let header = read.map_err(|error| self.error(error))?;
        if header.size.pixels() == 0 {
            return Err(Error::damaged(self.path, "the picture has no size"));
        }
        self.limits
            .check(self.path, LimitName::Pixels, header.size.pixels())?;
        self.reader
            .seek(SeekFrom::Start(0))
            .map_err(|source| Error::read(self.path, source))?;
        Ok(header)
    }

    fn jpeg_facts(&mut self) -> image::ImageResult<StillHeader> {
        let header = JpegHeader::read(&mut self.reader)?.ok_or_else(|| missing("frame header"))?;
        Ok(StillHeader {
            size: Size::new(header.width.into(), header.height.into()),
            orientation: header.exif.as_deref().map_or(1, exif::orientation),
            bit_depth: header.precision,
            icc: header.icc.is_some(),
            animated: false,
        })
    }

    fn png_facts(&mut self) -> image::ImageResult<StillHeader> {
        let header = PngHeader::read(&mut self.reader)?.ok_or_else(|| missing("header chunk"))?;
        // The decoder judges the header chunk before anything else is promised.
        self.reader.seek(SeekFrom::Start(0))?;
        PngDecoder::with_limits(&mut self.reader, image_limits(self.limits))?;
        Ok(StillHeader {
            size: Size::new(header.width, header.height),
            orientation: header.exif.as_deref().map_or(1, exif::orientation),
            bit_depth: header.bit_depth,
            icc: header.icc,
            animated: false,
        })
    }

    fn gif_facts(&mut self) -> image::ImageResult<StillHeader> {
        let header = GifHeader::read(&mut self.reader)?;
        Ok(StillHeader {
            size: Size::new(header.width.into(), header.height.into()),
            orientation: 1,
            bit_depth: 8,
            icc: false,
            animated: header.animated,
        })
    }

    /// The decoder calls a picture that is too large damaged, so its size is checked first.
    fn bitmap_facts(&mut self) -> Result<image::ImageResult<StillHeader>> {
        let mut head = [0; 26];
        let sides = self.reader.read_exact(&mut head).ok().and_then(|()| {
            let [.., w0, w1, w2, w3, h0, h1, h2, h3] = head;
            let long = head.get(14..18) != Some(&[12, 0, 0, 0]);
            long.then_some((
                u32::from_le_bytes([w0, w1, w2, w3]),
                i32::from_le_bytes([h0, h1, h2, h3]).unsigned_abs(),
            ))
        });
        if let Some((width, height)) = sides {
            let pixels = Size::new(width, height).pixels();
            self.limits.check(self.path, LimitName::Pixels, pixels)?;
        }
        self.reader
            .rewind()
            .map_err(|source| Error::read(self.path, source))?;
        Ok(BmpDecoder::new(&mut self.reader)
            .and_then(|mut decoder| decoded_facts(&mut decoder, false)))
    }

    /// Says what a decoder's error means for the person who has the file.
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
                // The cause says more than the frame that the crate puts around it.
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

/// True for a read that met the end of the file.
pub(super) fn is_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

fn missing(what: &str) -> image::ImageError {
    image::ImageError::IoError(io::Error::new(
        io::ErrorKind::InvalidData,
        format!("there is no {what}"),
    ))
}

/// Decoders' messages may span lines; ours do not.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decoded_facts(
    decoder: &mut impl ImageDecoder,
    animated: bool,
) -> image::ImageResult<StillHeader> {
    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    let sample_bytes = color.bytes_per_pixel() / color.channel_count().max(1);
    Ok(StillHeader {
        size: Size::new(width, height),
        orientation: orientation(decoder),
        bit_depth: sample_bytes * 8,
        icc: decoder.icc_profile().ok().flatten().is_some(),
        animated,
    })
}

/// Which way is up, as the EXIF block or a tag of the format's own says.
pub(super) fn orientation(decoder: &mut impl ImageDecoder) -> u8 {
    match decoder.exif_metadata() {
        Ok(Some(block)) => exif::orientation(exif::without_prefix(&block)),
        _ => decoder.orientation().map_or(1, |turn| turn.to_exif()),
    }
}

/// The container's name, what the headers say, and whether there is more than one frame. `Ok(None)` when `path` is no
/// still by its content; `Unsupported` when it is surely a still that nothing here decodes.
pub(in crate::media) fn still_facts(
    path: &Path,
    limits: &Limits,
) -> Result<Option<(String, StillFacts, bool)>> {
    let Some(mut source) = StillFile::open(path, limits)? else {
        return Ok(None);
    };
    let header = source.header()?;
    let size = if header.orientation >= 5 {
        Size::new(header.size.height, header.size.width)
    } else {
        header.size
    };
    let facts = StillFacts {
        size,
        orientation: header.orientation,
        bit_depth: header.bit_depth,
        icc: header.icc,
    };
    Ok(Some((source.format.name().into(), facts, header.animated)))
}
