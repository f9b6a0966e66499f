//! One trait for pictures of 8 and 16 bits, so that every pass over pixels is written once.

use crate::looks::table::Table;

/// A sample of 8 or 16 bits.
pub(super) trait Depth: Copy + Default + Send + Sync + 'static {
    /// The value in 16 bits.
    fn widen(self) -> u16;
    /// The nearest value for one of 16 bits.
    fn narrow(value: u16) -> Self;
    /// The value for a fraction of white, clipped to 0..1.
    fn from_fraction(fraction: f32) -> Self;
    /// Maps pixels through a table, in place.
    fn look_up(table: &Table, samples: &mut [Self]);
    /// Maps pixels through a table to rows of red, green and blue in fractions of white.
    fn look_up_exact(table: &Table, samples: &[Self], channels: [&mut [f32]; 3]);
}

/// The low bits of the result are `value` (0..2^22), rounded: after adding 2^23 there is no room for a fraction. Unlike
/// a cast, which checks its range, this vectorizes.
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
    fn look_up_exact(table: &Table, samples: &[Self], channels: [&mut [f32]; 3]) {
        table.eight_exact(samples, channels);
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
        table.sixteens(samples.as_chunks_mut().0);
    }

    #[inline(always)]
    fn look_up_exact(table: &Table, samples: &[Self], [red, green, blue]: [&mut [f32]; 3]) {
        let channels = red.iter_mut().zip(green).zip(blue);
        for (pixel, ((red, green), blue)) in samples.as_chunks().0.iter().zip(channels) {
            [*red, *green, *blue] = table
                .sixteen(*pixel)
                .map(|value| f32::from(value) * (1.0 / 65535.0));
        }
    }
}
