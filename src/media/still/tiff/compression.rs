//! The bytes of a strip or tile as they were before they were compressed, read as they are needed.

use std::io::{self, BufReader, Cursor, Read};

use fax::Color;
use fax::decoder::{DecodeStatus, Group3Decoder, Group4Decoder, pels};
use flate2::read::ZlibDecoder;
use weezl::BitOrder;
use weezl::decode::Configuration;

use super::layout::Compression;

/// A source of bytes whose end is the end of the strip.
type Packed<'a> = Box<dyn Read + 'a>;

/// Unpacks `packed`, whose rows are `width` pixels wide. JPEG is no stream of bytes and is decoded elsewhere.
pub(super) fn unpacked<'a>(
    compression: &Compression,
    packed: impl Read + 'a,
    bits_reversed: bool,
    width: u32,
) -> io::Result<Packed<'a>> {
    let packed: Packed = match bits_reversed {
        true => Box::new(ReversedBits(packed)),
        false => Box::new(packed),
    };
    Ok(match compression {
        Compression::None | Compression::Jpeg(_) => packed,
        Compression::Deflate => Box::new(ZlibDecoder::new(packed)),
        Compression::Lzw => Box::new(Lzw::new(packed)),
        Compression::PackBits => Box::new(PackBits::new(packed)),
        Compression::Fax3 | Compression::Fax4 => Box::new(FaxRows::new(
            packed,
            *compression == Compression::Fax4,
            width,
        )?),
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

/// Rows of fax compression (ITU-T T.4 in one dimension, T.6), one bit a pixel, 0 where the paper is white.
struct FaxRows<R: Read> {
    decoder: FaxDecoder<R>,
    width: u16,
    row: Cursor<Vec<u8>>,
    ended: bool,
}

type Input<R> = io::Bytes<BufReader<R>>;

enum FaxDecoder<R: Read> {
    Group3(Box<Group3Decoder<Input<R>>>),
    Group4(Box<Group4Decoder<Input<R>>>),
}

impl<R: Read> FaxRows<R> {
    fn new(packed: R, group4: bool, width: u32) -> io::Result<Self> {
        let bad = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
        let width = u16::try_from(width)
            .map_err(|_| bad("fax compression has no rows as wide as that".into()))?;
        let input = BufReader::new(packed).bytes();
        let decoder = if group4 {
            let decoder = Group4Decoder::new(input, width);
            FaxDecoder::Group4(Box::new(decoder?))
        } else {
            let decoder = Group3Decoder::new(input);
            FaxDecoder::Group3(Box::new(decoder.map_err(|error| bad(error.to_string()))?))
        };
        Ok(Self {
            decoder,
            width,
            row: Cursor::new(Vec::new()),
            ended: false,
        })
    }

    /// Decodes the next row; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        let bad = |error: &dyn std::fmt::Display| {
            io::Error::new(io::ErrorKind::InvalidData, error.to_string())
        };
        let transitions = match &mut self.decoder {
            FaxDecoder::Group3(decoder) => {
                match decoder.advance() {
                    Ok(status) => self.ended = status == DecodeStatus::End,
                    // libtiff writes no mark behind the last row.
                    Err(_) if !decoder.transitions().is_empty() => self.ended = true,
                    Err(error) => return Err(bad(&error)),
                }
                decoder.transitions()
            }
            FaxDecoder::Group4(decoder) => {
                if decoder.advance().map_err(|error| bad(&error))? == DecodeStatus::End {
                    return Ok(false);
                }
                decoder.transition()
            }
        };
        let mut bits = pels(transitions, self.width).map(|color| u8::from(color == Color::Black));
        let row = self.row.get_mut();
        row.clear();
        for _ in 0..self.width.div_ceil(8) {
            let byte = (0..8).fold(0, |byte, _| byte << 1 | bits.next().unwrap_or(0));
            row.push(byte);
        }
        self.row.set_position(0);
        Ok(true)
    }
}

impl<R: Read> Read for FaxRows<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.row.read(to)?;
        if count > 0 || to.is_empty() || self.ended {
            return Ok(count);
        }
        match self.advance()? {
            true => self.row.read(to),
            false => Ok(0),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(compression: Compression, packed: &[u8], reversed: bool) -> Vec<u8> {
        let mut all = Vec::new();
        unpacked(&compression, packed, reversed, 8)
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
                let mut reader = unpacked(&compression, packed, false, 8).unwrap();
                let mut to = [0; 64];
                let mut reads = 0;
                while matches!(reader.read(&mut to), Ok(1..)) {
                    reads += 1;
                    assert!(reads < 64);
                }
            }
        }
    }
}
