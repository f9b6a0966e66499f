//! Fax compression (ITU-T T.4 and T.6): rows of one bit a pixel, 0 where the paper is white.

use std::io::{self, Cursor, Read};

use hayro_ccitt::{DecodeError, DecodeSettings, Decoder, DecoderContext, EncodingMode, decode};

use crate::geometry::Size;

/// How rows are coded and where they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaxKind {
    /// T.4 in one dimension without line ends; a row begins on a byte.
    OnBytes,
    /// The same; a row begins on a word of two bytes.
    OnWords,
    /// T.4 in one dimension.
    Group3,
    /// T.4 in two dimensions.
    Group3TwoDimensional,
    /// T.6.
    Group4,
}

/// The rows of a strip or tile of `size`, and what ended them early.
pub(super) fn rows(kind: FaxKind, packed: &[u8], size: Size) -> impl Read + use<> {
    let mut sheet = Sheet {
        bytes: Vec::new(),
        row_bytes: size.width.div_ceil(8) as usize,
        width: size.width,
    };
    let problem = match kind {
        FaxKind::OnWords => rows_on_words(packed, size, &mut sheet),
        _ => decode(
            packed,
            &mut sheet,
            &mut DecoderContext::new(settings(kind, size)),
        )
        .map(|_| ()),
    };
    Cursor::new(sheet.bytes).chain(Ending(problem.err()))
}

fn settings(kind: FaxKind, size: Size) -> DecodeSettings {
    let marked = !matches!(kind, FaxKind::OnBytes | FaxKind::OnWords);
    DecodeSettings {
        columns: size.width,
        rows: size.height,
        end_of_block: marked,
        end_of_line: matches!(kind, FaxKind::Group3 | FaxKind::Group3TwoDimensional),
        rows_are_byte_aligned: !marked,
        encoding: match kind {
            FaxKind::OnBytes | FaxKind::OnWords | FaxKind::Group3 => EncodingMode::Group3_1D,
            FaxKind::Group3TwoDimensional => EncodingMode::Group3_2D,
            FaxKind::Group4 => EncodingMode::Group4,
        },
        strict: false,
    }
}

/// Decodes row by row: the decoder knows no words.
fn rows_on_words(packed: &[u8], size: Size, sheet: &mut Sheet) -> Result<(), DecodeError> {
    let one_row = Size::new(size.width, 1);
    let mut context = DecoderContext::new(settings(FaxKind::OnWords, one_row));
    let mut at = 0;
    for _ in 0..size.height {
        let rest = packed.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return Err(DecodeError::UnexpectedEof);
        }
        at += decode(rest, sheet, &mut context)?.next_multiple_of(2);
    }
    Ok(())
}

/// The decoded rows.
struct Sheet {
    bytes: Vec<u8>,
    row_bytes: usize,
    width: u32,
}

impl Decoder for Sheet {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.bytes.len();
        self.bytes.resize(start + self.row_bytes, 0);
        let row = self.bytes.get_mut(start..).unwrap_or_default();
        for black in changes.chunks(2) {
            let from = black.first().copied().unwrap_or(self.width);
            let to = black.get(1).copied().unwrap_or(self.width);
            for x in from..to.min(self.width) {
                if let Some(byte) = row.get_mut(x as usize / 8) {
                    *byte |= 0x80 >> (x % 8);
                }
            }
        }
    }
}

/// Fails if something is wrong; else there is nothing more.
struct Ending(Option<DecodeError>);

impl Read for Ending {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let kind = match self.0 {
            None => return Ok(0),
            Some(DecodeError::UnexpectedEof) => io::ErrorKind::UnexpectedEof,
            Some(_) => io::ErrorKind::InvalidData,
        };
        let what = self.0.map(|error| error.to_string());
        Err(io::Error::new(kind, what.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// White 2, black 3, white 3 in T.4's codes: 0111 10 1000, 10 bits.
    const ROW: [u8; 2] = [0b0111_1010, 0b0000_0000];

    #[test]
    fn rows_begin_on_bytes_or_words() {
        let size = Size::new(8, 3);
        for (kind, packed) in [
            (FaxKind::OnBytes, ROW.repeat(3)),
            (FaxKind::OnWords, ROW.repeat(3)),
        ] {
            let mut all = Vec::new();
            rows(kind, &packed, size).read_to_end(&mut all).unwrap();
            assert_eq!(all, [0b0011_1000; 3], "{kind:?}");
        }
        // White 8 alone takes 5 bits: a byte, or a word with one byte of nothing.
        let white = [0b1001_1000];
        for (kind, gap) in [(FaxKind::OnBytes, &[][..]), (FaxKind::OnWords, &[0][..])] {
            let packed = [&white[..], gap, &ROW, &white, gap].concat();
            let mut all = Vec::new();
            rows(kind, &packed, size).read_to_end(&mut all).unwrap();
            assert_eq!(all, [0, 0b0011_1000, 0], "{kind:?}");
        }
    }

    #[test]
    fn what_came_before_a_break_is_there() {
        for kind in [FaxKind::OnBytes, FaxKind::OnWords] {
            let mut reader = rows(kind, &ROW, Size::new(8, 3));
            let mut row = [0];
            reader.read_exact(&mut row).unwrap();
            assert_eq!(row, [0b0011_1000], "{kind:?}");
            assert!(reader.read_exact(&mut row).is_err(), "{kind:?}");
        }
    }

    #[test]
    fn any_bytes_end_without_harm() {
        for kind in [
            FaxKind::OnBytes,
            FaxKind::OnWords,
            FaxKind::Group3,
            FaxKind::Group3TwoDimensional,
            FaxKind::Group4,
        ] {
            let mut state = 1u32;
            for length in 0..400 {
                let packed: Vec<u8> = (0..length)
                    .map(|_| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        (state >> 24) as u8
                    })
                    .collect();
                let mut all = Vec::new();
                let _ = rows(kind, &packed, Size::new(70_000, 3)).read_to_end(&mut all);
                assert!(all.len() <= 3 * 70_000 / 8, "{kind:?}");
            }
        }
    }
}
