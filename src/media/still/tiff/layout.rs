//! How a page of a TIFF file stores its picture: what its tags say, checked, and refused by name where it is a kind
//! that is not read here.

use super::compression::{Compression, JPEG_STREAM, is_old_jpeg};
use super::directory::{TiffDirectory, TiffFile};
use crate::error::{Error, Result};
use crate::geometry::Size;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS_PER_SAMPLE: u16 = 258;
const PHOTOMETRIC: u16 = 262;
const FILL_ORDER: u16 = 266;
const STRIP_OFFSETS: u16 = 273;
const SAMPLES_PER_PIXEL: u16 = 277;
const ROWS_PER_STRIP: u16 = 278;
const STRIP_BYTES: u16 = 279;
const PLANAR_CONFIGURATION: u16 = 284;
const PREDICTOR: u16 = 317;
const COLOR_MAP: u16 = 320;
const TILE_WIDTH: u16 = 322;
const TILE_HEIGHT: u16 = 323;
const TILE_OFFSETS: u16 = 324;
const TILE_BYTES: u16 = 325;
const INK_SET: u16 = 332;
const EXTRA_SAMPLES: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;
/// The length of [`JPEG_STREAM`].
const JPEG_STREAM_BYTES: u16 = 514;
const YCBCR_COEFFICIENTS: u16 = 529;
const YCBCR_SUBSAMPLING: u16 = 530;
const REFERENCE_BLACK_WHITE: u16 = 532;

/// Samples of one pixel, more than any picture has.
const MOST_SAMPLES: u64 = 64;

/// A picture's storage.
pub(super) struct TiffLayout {
    pub(super) size: Size,
    /// Samples of one pixel, colors first.
    pub(super) samples: usize,
    pub(super) bits: u8,
    pub(super) float: bool,
    /// Each sample in a plane of its own.
    pub(super) planar: bool,
    /// Width and height of a strip or tile; those at the edge may reach beyond the picture.
    pub(super) chunk: Size,
    pub(super) tiled: bool,
    pub(super) offsets: Vec<u64>,
    pub(super) lengths: Vec<u64>,
    pub(super) compression: Compression,
    pub(super) predictor: Predictor,
    /// The lowest bit of each byte comes first.
    pub(super) bits_reversed: bool,
    pub(super) color: TiffColor,
    pub(super) alpha: Option<AlphaKind>,
}

/// What the colors' samples mean.
pub(super) enum TiffColor {
    Grey {
        white_is_zero: bool,
    },
    Rgb,
    Palette(Vec<[u16; 3]>),
    /// Cyan, magenta, yellow, black.
    Inks,
    YCbCr(YCbCr),
    /// YCbCr in JPEG streams, which libjpeg-turbo turns into RGB.
    JpegYCbCr,
    Lab(LabEncoding),
}

/// Luma and color differences (TIFF 6.0, section 21).
pub(super) struct YCbCr {
    /// Shares of red, green and blue in luma.
    pub(super) coefficients: [f32; 3],
    /// The codes of black and white of each component.
    pub(super) reference: [f32; 6],
    /// Pixels across and down for one pair of color differences.
    pub(super) thinned: (u32, u32),
}

/// How the numbers of CIE L*a*b* are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LabEncoding {
    /// a* and b* have a sign (TIFF 6.0, section 23).
    Signed,
    /// a* and b* are moved up by half of the range (Adobe's technical note on ICC L*a*b*).
    Icc,
}

/// What the first sample behind the colors is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AlphaKind {
    /// Colors were multiplied with it.
    Associated,
    Straight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    /// Differences of neighbors.
    Horizontal,
    /// The same of floating-point numbers' bytes (Adobe Photoshop TIFF technical note 3).
    FloatingPoint,
}

impl TiffLayout {
    /// Reads what `directory` says. Fails with `Unsupported` for kinds that are not read here, `Damaged` for
    /// contradictions.
    pub(super) fn read(file: &mut TiffFile, directory: &TiffDirectory) -> Result<Self> {
        let path = file.path;
        let mut tag = |tag, usual| Ok(file.number(directory, tag)?.unwrap_or(usual));
        let side = |value: u64| u32::try_from(value).unwrap_or(0);
        let size = Size::new(side(tag(WIDTH, 0)?), side(tag(HEIGHT, 0)?));
        if size.pixels() == 0 {
            return Err(Error::damaged(path, "the picture has no size"));
        }
        let samples = tag(SAMPLES_PER_PIXEL, 1)?;
        let planar = tag(PLANAR_CONFIGURATION, 1)? == 2;
        let bits_reversed = tag(FILL_ORDER, 1)? == 2;
        let predictor = match tag(PREDICTOR, 1)? {
            1 => Predictor::None,
            2 => Predictor::Horizontal,
            3 => Predictor::FloatingPoint,
            other => {
                return Err(Error::unsupported(
                    path,
                    format!("TIFF with predictor {other}"),
                ));
            }
        };
        if !(1..=MOST_SAMPLES).contains(&samples) {
            let what = format!("TIFF with {samples} samples a pixel");
            return Err(Error::unsupported(path, what));
        }
        let (bits, float) = sample_kind(file, directory)?;
        let compression = Compression::read(file, directory)?;
        let color = color(file, directory, &compression, bits)?;
        let extra = file.numbers(directory, EXTRA_SAMPLES)?;
        let mut layout = Self {
            size,
            samples: samples as usize,
            bits,
            float,
            planar: planar && samples > 1,
            chunk: size,
            tiled: false,
            offsets: Vec::new(),
            lengths: Vec::new(),
            compression,
            predictor,
            bits_reversed,
            color,
            alpha: None,
        };
        layout.alpha = layout.alpha_kind(extra.as_deref());
        layout.check(file)?;
        layout.find_chunks(file, directory)?;
        if is_old_jpeg(file, directory)? {
            layout.find_old_jpeg(file, directory)?;
        }
        Ok(layout)
    }

    /// Samples of one pixel that are colors.
    pub(super) fn colors(&self) -> usize {
        match self.color {
            TiffColor::Grey { .. } | TiffColor::Palette(_) => 1,
            TiffColor::Rgb | TiffColor::YCbCr(_) | TiffColor::JpegYCbCr | TiffColor::Lab(_) => 3,
            TiffColor::Inks => 4,
        }
    }

    /// Samples of one pixel that are shown: colors and opacity.
    pub(super) fn shown(&self) -> usize {
        self.colors() + usize::from(self.alpha.is_some())
    }

    /// Bits a sample of the picture that it becomes: 8 or more.
    pub(super) fn bit_depth(&self) -> u8 {
        match self.color {
            TiffColor::Palette(_)
            | TiffColor::Inks
            | TiffColor::YCbCr(_)
            | TiffColor::JpegYCbCr => 8,
            _ => self.bits.max(8),
        }
    }

    /// An unknown sample behind the colors is no opacity; one that nothing is said about is, as in Pillow and libtiff.
    fn alpha_kind(&self, extra: Option<&[u64]>) -> Option<AlphaKind> {
        let more = self.samples.checked_sub(self.colors())?;
        match extra {
            None if more == 1 => Some(AlphaKind::Straight),
            Some([1, ..]) if more > 0 => Some(AlphaKind::Associated),
            Some([2, ..]) if more > 0 => Some(AlphaKind::Straight),
            _ => None,
        }
    }

    /// WebP holds RGB and opacity, 8 bits each.
    fn fits_webp(&self) -> bool {
        matches!(self.color, TiffColor::Rgb)
            && (self.bits, self.float, self.planar) == (8, false, false)
            && matches!(self.samples, 3 | 4)
            && self.predictor == Predictor::None
    }

    /// Refuses combinations that are not read here.
    fn check(&self, file: &TiffFile) -> Result<()> {
        let unsupported = |what: &str| Err(Error::unsupported(file.path, what));
        if self.samples < self.colors() {
            let what = "it has fewer samples a pixel than its colors need";
            return Err(Error::damaged(file.path, what));
        }
        let jpeg = matches!(self.compression, Compression::Jpeg(_));
        if jpeg && self.bits != 8 {
            return unsupported("TIFF with JPEG of other than 8 bits a sample");
        }
        if jpeg && !self.planar && self.samples != self.colors() {
            return unsupported("TIFF with JPEG of more samples than colors");
        }
        if jpeg && self.planar && matches!(self.color, TiffColor::JpegYCbCr) {
            return unsupported("TIFF with JPEG of YCbCr in planes");
        }
        if self.predictor == Predictor::Horizontal && self.bits < 8 {
            return unsupported("TIFF with a predictor over samples of less than 8 bits");
        }
        if self.predictor == Predictor::FloatingPoint && !self.float {
            return unsupported("TIFF with a predictor for floating-point samples over others");
        }
        let webp = self.compression == Compression::WebP;
        if webp && !self.fits_webp() {
            return unsupported("TIFF with WebP of other than RGB with 8 bits a sample");
        }
        let fax = matches!(self.compression, Compression::Fax(_));
        if fax && (self.bits != 1 || self.samples != 1) {
            return unsupported("TIFF with fax compression of other than black and white");
        }
        match &self.color {
            TiffColor::Lab(_) if self.float || !matches!(self.bits, 8 | 16) => {
                unsupported("TIFF in L*a*b* with other than 8 or 16 bits a sample")
            }
            TiffColor::Inks if self.float || !matches!(self.bits, 8 | 16) => {
                unsupported("TIFF in inks with other than 8 or 16 bits a sample")
            }
            TiffColor::Palette(_) if self.float || self.bits > 16 => {
                unsupported("TIFF with a palette of more than 16 bits")
            }
            TiffColor::YCbCr(_) if self.float || self.bits != 8 => {
                unsupported("TIFF in YCbCr with other than 8 bits a sample")
            }
            TiffColor::YCbCr(color)
                if color.thinned != (1, 1)
                    && (self.planar || self.samples != 3 || self.predictor != Predictor::None) =>
            {
                unsupported(
                    "TIFF in YCbCr with thinned color in planes, with a predictor or with more samples",
                )
            }
            _ => Ok(()),
        }
    }

    /// Where the strips or tiles are.
    fn find_chunks(&mut self, file: &mut TiffFile, directory: &TiffDirectory) -> Result<()> {
        self.tiled = directory.has(TILE_OFFSETS);
        let mut side = |tag| -> Result<Option<u32>> {
            let value = file.number(directory, tag)?;
            Ok(value.map(|value| u32::try_from(value).unwrap_or(u32::MAX)))
        };
        self.chunk = if self.tiled {
            Size::new(
                side(TILE_WIDTH)?.unwrap_or(0),
                side(TILE_HEIGHT)?.unwrap_or(0),
            )
        } else {
            let rows = side(ROWS_PER_STRIP)?.unwrap_or(u32::MAX);
            Size::new(self.size.width, rows.min(self.size.height))
        };
        let (offsets, lengths) = if self.tiled {
            (TILE_OFFSETS, TILE_BYTES)
        } else {
            (STRIP_OFFSETS, STRIP_BYTES)
        };
        self.offsets = file.numbers(directory, offsets)?.unwrap_or_default();
        if self.chunk.pixels() == 0 || self.offsets.is_empty() {
            let what = "it does not say where its picture is";
            return Err(Error::damaged(file.path, what));
        }
        // Some writers leave the lengths out: then a strip ends where its compression ends, or with the file.
        let to_end = |offsets: &[u64]| {
            let end = file.bytes();
            offsets.iter().map(|at| end.saturating_sub(*at)).collect()
        };
        let usual: Vec<u64> = to_end(&self.offsets);
        self.lengths = file.numbers(directory, lengths)?.unwrap_or(usual);
        Ok(())
    }
}

impl TiffLayout {
    /// Finds the one JPEG stream of the whole picture, which strips are parts of or continue.
    fn find_old_jpeg(&mut self, file: &mut TiffFile, directory: &TiffDirectory) -> Result<()> {
        let start = file.number(directory, JPEG_STREAM)?.unwrap_or(0);
        let length = file.number(directory, JPEG_STREAM_BYTES)?.unwrap_or(0);
        let end = match length {
            0 => file.bytes(),
            length => start.saturating_add(length),
        };
        // Where only its headers stand by themselves, the strips must follow in one piece.
        let mut whole_end = end;
        for (&at, &length) in self.offsets.iter().zip(&self.lengths) {
            if !(start..=whole_end).contains(&at) {
                let what = "TIFF with JPEG in the way of TIFF 6.0, which was withdrawn, in parts";
                return Err(Error::unsupported(file.path, what));
            }
            whole_end = whole_end.max(at.saturating_add(length));
        }
        self.chunk = self.size;
        self.tiled = false;
        self.offsets = vec![start];
        self.lengths = vec![whole_end.saturating_sub(start)];
        Ok(())
    }
}

/// Bits a sample, and whether samples are floating-point numbers.
fn sample_kind(file: &mut TiffFile, directory: &TiffDirectory) -> Result<(u8, bool)> {
    let path = file.path;
    let all = file
        .numbers(directory, BITS_PER_SAMPLE)?
        .unwrap_or_else(|| vec![1]);
    let bits = all.first().copied().unwrap_or(1);
    if all.iter().any(|other| *other != bits) {
        let what = "TIFF whose samples have different numbers of bits";
        return Err(Error::unsupported(path, what));
    }
    let formats = file.numbers(directory, SAMPLE_FORMAT)?.unwrap_or_default();
    let format = formats.first().copied().unwrap_or(1);
    let unsupported = |what: String| Err(Error::unsupported(path, what));
    match (format, bits) {
        _ if formats.iter().any(|other| *other != format) => {
            unsupported("TIFF whose samples are of different kinds".into())
        }
        // Kind 4 is "not defined"; L*a*b* says that its samples have a sign, which its color says already.
        (1 | 4, 1 | 2 | 4 | 8 | 16 | 32) => Ok((bits as u8, false)),
        (2, 8 | 16) if is_lab(file, directory)? => Ok((bits as u8, false)),
        (3, 16 | 32 | 64) => Ok((bits as u8, true)),
        (2, _) => unsupported("TIFF whose samples have a sign".into()),
        (3, _) => unsupported(format!("TIFF with floating-point samples of {bits} bits")),
        (5 | 6, _) => unsupported("TIFF with complex numbers".into()),
        _ => unsupported(format!("TIFF with {bits} bits a sample")),
    }
}

fn is_lab(file: &mut TiffFile, directory: &TiffDirectory) -> Result<bool> {
    Ok(file.number(directory, PHOTOMETRIC)? == Some(8))
}

fn color(
    file: &mut TiffFile,
    directory: &TiffDirectory,
    compression: &Compression,
    bits: u8,
) -> Result<TiffColor> {
    let path = file.path;
    let unsupported = |what: String| Err(Error::unsupported(path, what));
    let Some(number) = file.number(directory, PHOTOMETRIC)? else {
        return unsupported("TIFF that does not say what its numbers mean".into());
    };
    Ok(match number {
        0 => TiffColor::Grey {
            white_is_zero: true,
        },
        1 => TiffColor::Grey {
            white_is_zero: false,
        },
        2 => TiffColor::Rgb,
        3 => TiffColor::Palette(palette(file, directory, bits)?),
        4 => return unsupported("TIFF that is a mask of another picture".into()),
        5 => match file.number(directory, INK_SET)?.unwrap_or(1) {
            1 => TiffColor::Inks,
            _ => {
                return unsupported(
                    "TIFF in inks other than cyan, magenta, yellow and black".into(),
                );
            }
        },
        6 if matches!(compression, Compression::Jpeg(_)) => TiffColor::JpegYCbCr,
        6 => TiffColor::YCbCr(ycbcr(file, directory)?),
        8 => TiffColor::Lab(LabEncoding::Signed),
        9 => TiffColor::Lab(LabEncoding::Icc),
        10 => return unsupported("TIFF in L*a*b* of ITU-T T.42".into()),
        32_803 | 34_892 => return unsupported("a camera raw picture".into()),
        32_844 | 32_845 => return unsupported("TIFF in LogLuv".into()),
        other => {
            return unsupported(format!(
                "TIFF with the unknown meaning {other} of its numbers"
            ));
        }
    })
}

/// Red, green and blue of each index; a map that is too short is black behind its end.
fn palette(file: &mut TiffFile, directory: &TiffDirectory, bits: u8) -> Result<Vec<[u16; 3]>> {
    let map = file.numbers(directory, COLOR_MAP)?.unwrap_or_default();
    let count = map.len() / 3;
    if count == 0 || bits > 16 {
        let what = "its palette is missing";
        return Err(Error::damaged(file.path, what));
    }
    // Writers of old stored 8 bits where 16 are meant (libtiff's readers know it by the largest value, too).
    let eight_bits = map.iter().all(|value| *value < 256);
    let scale = if eight_bits { 257 } else { 1 };
    let color = |at: usize| {
        let value = map.get(at).copied().unwrap_or(0);
        u16::try_from(value * scale).unwrap_or(u16::MAX)
    };
    let colors = (0..count).map(|at| [color(at), color(at + count), color(at + 2 * count)]);
    Ok(colors.collect())
}

fn ycbcr(file: &mut TiffFile, directory: &TiffDirectory) -> Result<YCbCr> {
    let coefficients = file.rationals(directory, YCBCR_COEFFICIENTS)?;
    let reference = file.rationals(directory, REFERENCE_BLACK_WHITE)?;
    let thinned = file.numbers(directory, YCBCR_SUBSAMPLING)?;
    let thinned = match thinned.as_deref() {
        None => (2, 2),
        Some([across @ (1 | 2 | 4), down @ (1 | 2 | 4)]) => (*across as u32, *down as u32),
        Some(_) => {
            let what = "its color is thinned in a way that there is not";
            return Err(Error::damaged(file.path, what));
        }
    };
    let coefficients: Option<[f32; 3]> = coefficients.and_then(|all| all.try_into().ok());
    let reference: Option<[f32; 6]> = reference.and_then(|all| all.try_into().ok());
    let usable = |shares: &[f32; 3]| shares.iter().all(|share| *share > 0.0 && *share < 1.0);
    Ok(YCbCr {
        // ITU-R BT.601, TIFF's default.
        coefficients: coefficients.filter(usable).unwrap_or([0.299, 0.587, 0.114]),
        reference: reference.unwrap_or([0.0, 255.0, 128.0, 255.0, 128.0, 255.0]),
        thinned,
    })
}
