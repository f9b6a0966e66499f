//! Which compression a picture has, and the bytes of its strips and tiles as they were before, read as they are needed.

use std::io::{self, BufReader, Read};

use flate2::read::ZlibDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;
use weezl::BitOrder;
use weezl::decode::Configuration;

use super::directory::{TiffDirectory, TiffFile};
use super::fax::{self, FaxKind};
use crate::error::{Error, Result};
use crate::geometry::Size;

const COMPRESSION: u16 = 259;
const FAX_OPTIONS: u16 = 292;
const JPEG_TABLES: u16 = 347;
/// A whole JPEG stream, in the way of TIFF 6.0 (section 22).
pub(super) const JPEG_STREAM: u16 = 513;

/// JPEG in the way of TIFF 6.0, which technical note 2 withdrew.
const OLD_JPEG: u64 = 6;

/// How strips and tiles are compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    PackBits,
    Lzw,
    Deflate,
    Zstandard,
    /// In containers of xz.
    Lzma,
    Fax(FaxKind),
    /// With the tables that its streams leave out.
    Jpeg(Vec<u8>),
    WebP,
}

impl Compression {
    /// The compression that `directory` names. Fails with `Unsupported` for those that are not undone here.
    pub(super) fn read(file: &mut TiffFile, directory: &TiffDirectory) -> Result<Self> {
        let path = file.path;
        let number = file.number(directory, COMPRESSION)?.unwrap_or(1);
        let name = match number {
            1 => return Ok(Self::None),
            2 => return Ok(Self::Fax(FaxKind::OnBytes)),
            3 => {
                let options = file.number(directory, FAX_OPTIONS)?.unwrap_or(0);
                return Ok(Self::Fax(match options & 1 {
                    0 => FaxKind::Group3,
                    _ => FaxKind::Group3TwoDimensional,
                }));
            }
            4 => return Ok(Self::Fax(FaxKind::Group4)),
            5 => return Ok(Self::Lzw),
            OLD_JPEG if file.number(directory, JPEG_STREAM)?.unwrap_or(0) > 0 => {
                return Ok(Self::Jpeg(Vec::new()));
            }
            7 => {
                let tables = file.block(directory, JPEG_TABLES)?.unwrap_or_default();
                return Ok(Self::Jpeg(tables));
            }
            8 | 32_946 => return Ok(Self::Deflate),
            32_771 => return Ok(Self::Fax(FaxKind::OnWords)),
            32_773 => return Ok(Self::PackBits),
            34_925 => return Ok(Self::Lzma),
            50_000 => return Ok(Self::Zstandard),
            50_001 => return Ok(Self::WebP),
            OLD_JPEG => "JPEG in the way of TIFF 6.0, which was withdrawn, in parts",
            9 | 10 | 34_661 => "JBIG",
            32_766 => "NeXT's compression",
            32_809 => "ThunderScan",
            32_908 | 32_909 => "Pixar's compression",
            34_676 | 34_677 => "LogLuv",
            33_003 | 33_005 | 34_712 => "JPEG 2000",
            34_887 => "LERC",
            34_892 => "lossy JPEG of DNG",
            50_002 | 52_546 => "JPEG XL",
            _ => {
                let what = format!("TIFF with the unknown compression {number}");
                return Err(Error::unsupported(path, what));
            }
        };
        Err(Error::unsupported(path, format!("TIFF with {name}")))
    }
}

/// True if JPEG is stored in the way of TIFF 6.0.
pub(super) fn is_old_jpeg(file: &mut TiffFile, directory: &TiffDirectory) -> Result<bool> {
    Ok(file.number(directory, COMPRESSION)? == Some(OLD_JPEG))
}

/// A source of bytes whose end is the end of the strip.
type Packed<'a> = Box<dyn Read + 'a>;

/// How a strip or tile is unpacked.
#[derive(Clone, Copy)]
pub(super) struct Unpacking {
    /// The lowest bit of each byte comes first.
    pub(super) bits_reversed: bool,
    /// Pixels across, and rows that are wanted.
    pub(super) place: Size,
    /// Most bytes that a decoder may look back.
    pub(super) window: u64,
}

/// Unpacks `packed`. Strips that are pictures of their own (JPEG, WebP) are decoded elsewhere.
pub(super) fn unpacked<'a>(
    compression: &Compression,
    packed: impl Read + 'a,
    unpacking: Unpacking,
) -> io::Result<Packed<'a>> {
    let mut packed: Packed = match unpacking.bits_reversed {
        true => Box::new(ReversedBits(packed)),
        false => Box::new(packed),
    };
    Ok(match compression {
        Compression::None | Compression::Jpeg(_) | Compression::WebP => packed,
        Compression::Deflate => Box::new(ZlibDecoder::new(packed)),
        Compression::Lzw => Box::new(Lzw::new(packed)),
        Compression::PackBits => Box::new(PackBits::new(packed)),
        Compression::Zstandard => {
            let packed = BufReader::new(packed);
            let decoder = StreamingDecoder::new_with_max_window_size(packed, unpacking.window);
            Box::new(decoder.map_err(io::Error::other)?)
        }
        Compression::Lzma => {
            let most = u32::try_from(unpacking.window >> 10).unwrap_or(u32::MAX);
            Box::new(XzReader::new_mem_limit(BufReader::new(packed), true, most))
        }
        Compression::Fax(kind) => {
            let mut bytes = Vec::new();
            packed.read_to_end(&mut bytes)?;
            Box::new(fax::rows(*kind, &bytes, unpacking.place))
        }
    })
}

struct ReversedBits<R>(R);

impl<R: Read> Read for ReversedBits<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(to)?;
        for byte in to.iter_mut().take(count) {
            *byte = byte.reverse_bits();
        }
        Ok(count)
    }
}

/// TIFF's variant of LZW, in which codes grow one early.
struct Lzw<R> {
    packed: BufReader<R>,
    decoder: weezl::decode::Decoder,
}

impl<R: Read> Lzw<R> {
    fn new(packed: R) -> Self {
        Self {
            packed: BufReader::new(packed),
            decoder: Configuration::with_tiff_size_switch(BitOrder::Msb, 8)
                .with_yield_on_full_buffer(true)
                .build(),
        }
    }
}

impl<R: Read> Read for Lzw<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        use std::io::BufRead as _;
        use weezl::LzwStatus;
        if to.is_empty() {
            return Ok(0);
        }
        // The decoder stalls once where the output was full amid its codes; twice, and nothing follows.
        let mut stalled = false;
        loop {
            let step = self.decoder.decode_bytes(self.packed.fill_buf()?, to);
            self.packed.consume(step.consumed_in);
            match step.status {
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
                Ok(_) if step.consumed_out > 0 => return Ok(step.consumed_out),
                Ok(LzwStatus::Ok) => {}
                Ok(LzwStatus::NoProgress) if !stalled => stalled = true,
                Ok(_) => return Ok(0),
            }
        }
    }
}

/// Runs of Macintosh's PackBits (TIFF 6.0, section 9).
struct PackBits<R: Read> {
    packed: io::Bytes<BufReader<R>>,
    /// Bytes that are left of the current run.
    left: usize,
    /// The byte that the run repeats; `None` in a run of different ones.
    repeated: Option<u8>,
}

impl<R: Read> PackBits<R> {
    fn new(packed: R) -> Self {
        Self {
            packed: BufReader::new(packed).bytes(),
            left: 0,
            repeated: None,
        }
    }

    /// The next byte; `None` at the end.
    fn byte(&mut self) -> io::Result<Option<u8>> {
        while self.left == 0 {
            let Some(head) = self.packed.next().transpose()? else {
                return Ok(None);
            };
            // -128 stands for nothing.
            (self.left, self.repeated) = match head as i8 {
                -128 => (0, None),
                length @ 0.. => (length as usize + 1, None),
                length => (
                    usize::from(length.unsigned_abs()) + 1,
                    self.packed.next().transpose()?,
                ),
            };
        }
        self.left -= 1;
        match self.repeated {
            Some(byte) => Ok(Some(byte)),
            None => self.packed.next().transpose(),
        }
    }
}

impl<R: Read> Read for PackBits<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        for (count, place) in to.iter_mut().enumerate() {
            match self.byte()? {
                Some(byte) => *place = byte,
                None => return Ok(count),
            }
        }
        Ok(to.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn plain(bits_reversed: bool) -> Unpacking {
        Unpacking {
            bits_reversed,
            place: Size::new(8, 8),
            window: 1 << 20,
        }
    }

    fn read(compression: Compression, packed: &[u8], reversed: bool) -> Vec<u8> {
        let mut all = Vec::new();
        unpacked(&compression, packed, plain(reversed))
            .unwrap()
            .take(1 << 20)
            .read_to_end(&mut all)
            .unwrap();
        all
    }

    #[test]
    fn runs_are_repeated_and_the_empty_one_is_nothing() {
        // The example of TIFF 6.0, section 9.
        let packed = [
            0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x80, 0x03, 0x80, 0x00, 0x2a, 0x22,
            0xf7, 0xaa,
        ];
        let wanted = [
            0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0x22,
            0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
        ];
        assert_eq!(read(Compression::PackBits, &packed, false), wanted);
        let backwards: Vec<u8> = packed.iter().map(|byte| byte.reverse_bits()).collect();
        assert_eq!(read(Compression::PackBits, &backwards, true), wanted);
    }

    #[test]
    fn streams_without_an_end_end_all_the_same() {
        for compression in [Compression::Lzw, Compression::PackBits, Compression::None] {
            for packed in [&b""[..], b"\x80", b"\x80\x80\x80\x80", b"\x7f\x01"] {
                let mut reader = unpacked(&compression, packed, plain(false)).unwrap();
                let mut to = [0; 64];
                let mut reads = 0;
                while matches!(reader.read(&mut to), Ok(1..)) {
                    reads += 1;
                    assert!(reads < 64);
                }
            }
        }
    }

    #[test]
    fn a_window_beyond_the_limit_takes_no_memory() {
        // Headers of streams whose windows are 64 MiB: a Zstandard frame, and a block of xz with LZMA2.
        let zstandard = b"\x28\xb5\x2f\xfd\x00\x80\x01\x00\x00".to_vec();
        let xz =
            b"\xfd7zXZ\0\x00\x01\x69\x22\xde\x36\x02\x00\x21\x01\x1c\x00\x00\x00\x10\xcf\x58\xcc"
                .to_vec();
        for (compression, packed) in [(Compression::Zstandard, zstandard), (Compression::Lzma, xz)]
        {
            let mut all = Vec::new();
            let outcome = unpacked(&compression, &packed[..], plain(false))
                .and_then(|mut reader| reader.read_to_end(&mut all));
            assert!(outcome.is_err(), "{compression:?}");
        }
    }
}
