//! The two depths of pictures, 8 and 16 bits, behind one trait, so that every pass over pixels is written once.

use crate::looks::table::Table;

/// The two depths pictures come in.
pub(super) trait Depth: Copy + Default + Send + Sync + 'static {
    /// As 16 bits.
    fn widen(self) -> u16;
    /// From 16 bits, rounded.
    fn narrow(value: u16) -> Self;
    /// From a fraction of white; what lies outside 0..1 is clipped.
    fn from_fraction(fraction: f32) -> Self;
    /// Pixels through a table, in place.
    fn look_up(table: &Table, samples: &mut [Self]);
    /// A pixel through a table, as fractions of white.
    fn look_up_exact(table: &Table, color: [Self; 3]) -> [f32; 3];
}

/// The low bits are `value` (0..2^22) rounded to the nearest integer: adding 2^23 leaves no room for a fraction. Unlike
/// a cast, which checks for what cannot be here, this is done for many pixels at once.
#[inline(always)]
fn rounded_bits(value: f32) -> u32 {
    (value + 8_388_608.0).to_bits()
}

impl Depth for u8 {
    #[inline(always)]
    fn widen(self) -> u16 {
        u16::from(self) * 257
    }

    #[inline(always)]
    fn narrow(value: u16) -> Self {
        ((u32::from(value) + 128) / 257) as Self
    }

    #[inline(always)]
    fn from_fraction(fraction: f32) -> Self {
        rounded_bits(fraction.clamp(0.0, 1.0) * 255.0) as Self
    }

    fn look_up(table: &Table, samples: &mut [Self]) {
        table.eight(samples);
    }

    #[inline(always)]
    fn look_up_exact(table: &Table, color: [Self; 3]) -> [f32; 3] {
        table.eight_exact(color)
    }
}

impl Depth for u16 {
    #[inline(always)]
    fn widen(self) -> u16 {
        self
    }

    #[inline(always)]
    fn narrow(value: u16) -> Self {
        value
    }

    #[inline(always)]
    fn from_fraction(fraction: f32) -> Self {
        rounded_bits(fraction.clamp(0.0, 1.0) * 65535.0) as Self
    }

    fn look_up(table: &Table, samples: &mut [Self]) {
        let (pixels, _) = samples.as_chunks_mut::<3>();
        for pixel in pixels {
            *pixel = table.sixteen(*pixel);
        }
    }

    #[inline(always)]
    fn look_up_exact(table: &Table, color: [Self; 3]) -> [f32; 3] {
        table
            .sixteen(color)
            .map(|value| f32::from(value) * (1.0 / 65535.0))
    }
}
