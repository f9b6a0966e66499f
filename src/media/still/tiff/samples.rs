//! Rows of a strip or tile, from bytes to whole numbers of 8 or 16 bits.

use super::layout::{Predictor, TiffLayout};

/// What the bytes of a row are.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowFormat {
    /// Samples that stand side by side in a pixel.
    pub(super) samples: usize,
    pub(super) bits: u8,
    pub(super) float: bool,
    pub(super) predictor: Predictor,
    pub(super) little_endian: bool,
}

impl RowFormat {
    pub(super) fn new(layout: &TiffLayout, little_endian: bool) -> Self {
        Self {
            samples: if layout.planar { 1 } else { layout.samples },
            bits: layout.bits,
            float: layout.float,
            predictor: layout.predictor,
            little_endian,
        }
    }

    /// Bytes of a row of `width` pixels.
    pub(super) fn bytes(&self, width: u32) -> u64 {
        (u64::from(width) * self.samples as u64 * u64::from(self.bits)).div_ceil(8)
    }

    /// The samples of a row: as they are up to 16 bits; wider ones, and floating-point numbers of 0 to 1, as 16 bits.
    pub(super) fn unpack(&self, row: &mut [u8]) -> Vec<u16> {
        match (self.bits, self.predictor) {
            (8, Predictor::Horizontal) => {
                for at in self.samples..row.len() {
                    row[at] = row[at].wrapping_add(row[at - self.samples]);
                }
                row.iter().map(|&byte| u16::from(byte)).collect()
            }
            (8, _) => row.iter().map(|&byte| u16::from(byte)).collect(),
            (1 | 2 | 4, _) => self.unpack_small(row),
            _ => {
                let mut numbers = match self.predictor {
                    Predictor::FloatingPoint => self.gathered(row),
                    _ => self.wide(row),
                };
                if self.predictor == Predictor::Horizontal {
                    let mask = u64::MAX >> (64 - u32::from(self.bits).clamp(1, 64));
                    for at in self.samples..numbers.len() {
                        numbers[at] = numbers[at].wrapping_add(numbers[at - self.samples]) & mask;
                    }
                }
                numbers.iter().map(|&number| self.narrow(number)).collect()
            }
        }
    }

    /// Samples of less than a byte, the first in the highest bits.
    fn unpack_small(&self, row: &[u8]) -> Vec<u16> {
        let bits = u32::from(self.bits);
        let mask = (1u16 << bits) - 1;
        let parts = 8 / bits;
        row.iter()
            .flat_map(|&byte| {
                (0..parts).map(move |part| u16::from(byte) >> (8 - bits * (part + 1)) & mask)
            })
            .collect()
    }

    /// Numbers of 16, 32 or 64 bits in the file's byte order.
    fn wide(&self, row: &[u8]) -> Vec<u64> {
        let bytes = usize::from(self.bits / 8).max(1);
        row.chunks_exact(bytes)
            .map(|number| {
                let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
                match self.little_endian {
                    true => number.iter().rev().fold(0, add),
                    false => number.iter().fold(0, add),
                }
            })
            .collect()
    }

    /// Floating-point numbers of which the row holds all first bytes, then all second ones, as differences.
    fn gathered(&self, row: &mut [u8]) -> Vec<u64> {
        for at in self.samples..row.len() {
            row[at] = row[at].wrapping_add(row[at - self.samples]);
        }
        let bytes = usize::from(self.bits / 8).max(1);
        let count = row.len() / bytes;
        let number = |at: usize| {
            (0..bytes).fold(0, |sum, byte| {
                let byte = row.get(byte * count + at).copied().unwrap_or(0);
                sum << 8 | u64::from(byte)
            })
        };
        (0..count).map(number).collect()
    }

    fn narrow(&self, number: u64) -> u16 {
        let value = match (self.float, self.bits) {
            (false, 32) => return (number >> 16) as u16,
            (false, _) => return number as u16,
            (true, 16) => f64::from(half(number as u16)),
            (true, 32) => f64::from(f32::from_bits(number as u32)),
            (true, _) => f64::from_bits(number),
        };
        // `as` turns what is no number into 0.
        (value.clamp(0.0, 1.0) * 65_535.0).round() as u16
    }
}

/// A number of IEEE 754's binary16.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10 & 31);
    let fraction = u32::from(bits & 0x3ff);
    let magnitude = match exponent {
        // Subnormal: so many parts of 2^-24.
        0 => fraction as f32 / 16_777_216.0,
        31 => f32::from_bits(0x7f80_0000 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    f32::from_bits(magnitude.to_bits() | sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(bits: u8, float: bool, predictor: Predictor) -> RowFormat {
        RowFormat {
            samples: 1,
            bits,
            float,
            predictor,
            little_endian: true,
        }
    }

    #[test]
    fn half_numbers_are_what_ieee_754_says() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0x3800, 0.5),
            (0x0001, 5.960_464_5e-8),
            (0, 0.0),
        ] {
            assert_eq!(half(bits), value);
        }
        assert_eq!(half(0xc000), -2.0);
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn rows_are_unpacked() {
        let none = Predictor::None;
        assert_eq!(
            format(2, false, none).unpack(&mut [0b11_01_00_10]),
            [3, 1, 0, 2]
        );
        assert_eq!(format(16, false, none).unpack(&mut [1, 2]), [0x201]);
        let sums = format(16, false, Predictor::Horizontal);
        assert_eq!(sums.unpack(&mut [255, 255, 2, 0, 1, 0]), [65_535, 1, 2]);
        let numbers: Vec<u8> = [0.5f32, 7.0, -1.0, f32::NAN]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        let unpacked = format(32, true, none).unpack(&mut numbers.clone());
        assert_eq!(unpacked, [32_768, 65_535, 0, 0]);
    }

    #[test]
    fn bytes_of_floating_point_numbers_are_gathered() {
        // 0.5 and 1.0 are 3f000000 and 3f800000: all first bytes, then all second ones, as differences.
        let plain = [0x3f, 0x3f, 0x00, 0x80, 0, 0, 0, 0u8];
        let mut before = 0;
        let mut row: Vec<u8> = plain
            .iter()
            .map(|&byte| byte.wrapping_sub(std::mem::replace(&mut before, byte)))
            .collect();
        let unpacked = format(32, true, Predictor::FloatingPoint).unpack(&mut row);
        assert_eq!(unpacked, [32_768, 65_535]);
    }
}
