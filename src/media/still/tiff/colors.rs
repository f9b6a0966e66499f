//! Stored samples into grey, RGB or inks: palettes, YCbCr, L*a*b*, numbers of less than a byte, white that is zero.

use super::layout::{AlphaKind, LabEncoding, TiffColor, TiffLayout, YCbCr};
use crate::media::color_meaning::{divide_by_alpha, eight_bit, inks_to_srgb};
use crate::media::still::raster::{PixelLayout, Samples};

/// Samples as a raster takes them.
pub(super) struct Converted {
    pub(super) channels: PixelLayout,
    pub(super) samples: Samples,
    /// The numbers are sRGB now, whatever profile the file has.
    pub(super) left_profile: bool,
}

/// Converts the samples of `layout`. `icc` says what inks look like.
pub(super) fn convert(layout: &TiffLayout, stored: Samples, icc: Option<&[u8]>) -> Converted {
    let left_profile = matches!(layout.color, TiffColor::Lab(_))
        || (matches!(layout.color, TiffColor::Inks) && layout.alpha.is_some());
    let alpha = layout.alpha.is_some();
    let colored = match alpha {
        true => PixelLayout::Rgba,
        false => PixelLayout::Rgb,
    };
    let (channels, mut samples) = match &layout.color {
        TiffColor::Grey { white_is_zero } => {
            let channels = match alpha {
                true => PixelLayout::GreyAlpha,
                false => PixelLayout::Grey,
            };
            let inverted = white_is_zero.then_some(layout.shown());
            (channels, stretched(layout.bits, stored, inverted))
        }
        TiffColor::Rgb | TiffColor::JpegYCbCr => (colored, stretched(layout.bits, stored, None)),
        TiffColor::Palette(colors) => (colored, indexed(layout, &stored, colors)),
        TiffColor::YCbCr(color) => (colored, from_ycbcr(layout, stored, color)),
        TiffColor::Lab(encoding) => (colored, from_lab(layout, stored, *encoding)),
        TiffColor::Inks => match alpha {
            true => (colored, from_inks(&narrowed(stored), icc)),
            false => (PixelLayout::Inks, Samples::Eight(narrowed(stored))),
        },
    };
    if layout.alpha == Some(AlphaKind::Associated) {
        match &mut samples {
            Samples::Eight(samples) => divide(samples, channels, u8::MAX),
            Samples::Sixteen(samples) => divide(samples, channels, u16::MAX),
        }
    }
    Converted {
        channels,
        samples,
        left_profile,
    }
}

fn divide<T: Copy + Into<u64> + TryFrom<u64>>(samples: &mut [T], channels: PixelLayout, most: T) {
    if channels == PixelLayout::Rgba {
        return divide_by_alpha(samples, most);
    }
    for pixel in samples.chunks_exact_mut(2) {
        let [grey, alpha] = pixel else { continue };
        let mut whole = [*grey, *grey, *grey, *alpha];
        divide_by_alpha(&mut whole, most);
        *grey = whole[0];
    }
}

/// Samples of less than a byte over the range of a byte. With `inverted`, the first of so many samples a pixel is
/// turned around.
fn stretched(bits: u8, stored: Samples, inverted: Option<usize>) -> Samples {
    match stored {
        Samples::Eight(mut samples) => {
            if bits < 8 {
                // 1, 3 and 15 divide 255.
                let factor = 255 / ((1u8 << bits) - 1);
                samples
                    .iter_mut()
                    .for_each(|sample| *sample = sample.wrapping_mul(factor));
            }
            if let Some(step) = inverted {
                samples
                    .iter_mut()
                    .step_by(step)
                    .for_each(|sample| *sample = 255 - *sample);
            }
            Samples::Eight(samples)
        }
        Samples::Sixteen(mut samples) => {
            if let Some(step) = inverted {
                samples
                    .iter_mut()
                    .step_by(step)
                    .for_each(|sample| *sample = u16::MAX - *sample);
            }
            Samples::Sixteen(samples)
        }
    }
}

/// 8 bits a sample.
fn narrowed(stored: Samples) -> Vec<u8> {
    match stored {
        Samples::Eight(samples) => samples,
        Samples::Sixteen(samples) => samples.into_iter().map(eight_bit).collect(),
    }
}

/// The colors of a palette at these indices, 8 bits a sample; black where there is none.
fn indexed(layout: &TiffLayout, stored: &Samples, colors: &[[u16; 3]]) -> Samples {
    let most = u32::MAX >> (32 - u32::from(layout.bits).clamp(1, 32));
    let opacity = |value: u16| (u32::from(value) * 255 / most).min(255) as u8;
    let pixel = |index: u16, alpha: Option<u16>| {
        let color = colors.get(usize::from(index)).copied().unwrap_or_default();
        color.map(eight_bit).into_iter().chain(alpha.map(opacity))
    };
    let step = layout.shown();
    Samples::Eight(match stored {
        Samples::Eight(samples) => samples
            .chunks_exact(step)
            .flat_map(|at| pixel(at[0].into(), at.get(1).map(|&alpha| alpha.into())))
            .collect(),
        Samples::Sixteen(samples) => samples
            .chunks_exact(step)
            .flat_map(|at| pixel(at[0], at.get(1).copied()))
            .collect(),
    })
}

/// Turns luma and color differences into RGB in place (TIFF 6.0, sections 20 and 21).
fn from_ycbcr(layout: &TiffLayout, stored: Samples, color: &YCbCr) -> Samples {
    let mut samples = narrowed(stored);
    let [red_share, green_share, blue_share] = color.coefficients;
    let [black, white, blue_zero, blue_most, red_zero, red_most] = color.reference;
    let part = |code: u8, zero: f32, most: f32, range: f32| {
        let span = if most - zero == 0.0 { 1.0 } else { most - zero };
        (f32::from(code) - zero) * range / span
    };
    for pixel in samples.chunks_exact_mut(layout.shown()) {
        let luma = part(pixel[0], black, white, 255.0);
        // Differences have a sign: half of the range lies above zero.
        let blue = luma + (2.0 - 2.0 * blue_share) * part(pixel[1], blue_zero, blue_most, 127.0);
        let red = luma + (2.0 - 2.0 * red_share) * part(pixel[2], red_zero, red_most, 127.0);
        let green = (luma - blue_share * blue - red_share * red) / green_share;
        for (place, value) in pixel.iter_mut().zip([red, green, blue]) {
            *place = value.round().clamp(0.0, 255.0) as u8;
        }
    }
    Samples::Eight(samples)
}

fn from_inks(samples: &[u8], icc: Option<&[u8]>) -> Samples {
    let inks: Vec<u8> = samples
        .chunks_exact(5)
        .flat_map(|pixel| &pixel[..4])
        .copied()
        .collect();
    let colors = inks_to_srgb(&inks, icc);
    let pixels = colors.chunks_exact(3).zip(samples.chunks_exact(5));
    Samples::Eight(
        pixels
            .flat_map(|(color, pixel)| color.iter().chain(pixel.get(4)))
            .copied()
            .collect(),
    )
}

/// L*a*b* under D50 in sRGB, whose white is D65: the matrix adapts by Bradford's method (ICC.1, annex E).
const D50: [f32; 3] = [0.964_22, 1.0, 0.825_21];
const XYZ_TO_RGB: [[f32; 3]; 3] = [
    [3.133_856, -1.616_867, -0.490_615],
    [-0.978_768, 1.916_142, 0.033_454],
    [0.071_945, -0.228_991, 1.405_243],
];

fn from_lab(layout: &TiffLayout, stored: Samples, encoding: LabEncoding) -> Samples {
    let curve = srgb_curve();
    let step = layout.shown();
    let signed = encoding == LabEncoding::Signed;
    match stored {
        Samples::Eight(mut samples) => {
            for pixel in samples.chunks_exact_mut(step) {
                let axis = |code: u8| match signed {
                    true => f32::from(code as i8),
                    false => f32::from(code) - 128.0,
                };
                let lab = [f32::from(pixel[0]) / 2.55, axis(pixel[1]), axis(pixel[2])];
                let colors = rgb_of(lab, &curve).map(eight_bit);
                pixel
                    .iter_mut()
                    .zip(colors)
                    .for_each(|(place, color)| *place = color);
            }
            Samples::Eight(samples)
        }
        Samples::Sixteen(mut samples) => {
            for pixel in samples.chunks_exact_mut(step) {
                let axis = |code: u16| match signed {
                    true => f32::from(code as i16) / 256.0,
                    false => f32::from(code) / 256.0 - 128.0,
                };
                let most = if signed { 655.35 } else { 652.80 };
                let lab = [f32::from(pixel[0]) / most, axis(pixel[1]), axis(pixel[2])];
                let colors = rgb_of(lab, &curve);
                pixel
                    .iter_mut()
                    .zip(colors)
                    .for_each(|(place, color)| *place = color);
            }
            Samples::Sixteen(samples)
        }
    }
}

/// sRGB's numbers for light in steps of 1/65535 (IEC 61966-2-1).
fn srgb_curve() -> Vec<u16> {
    let encoded = |step: u32| {
        let light = step as f32 / 65_535.0;
        let code = if light <= 0.003_130_8 {
            12.92 * light
        } else {
            1.055 * libm::powf(light, 1.0 / 2.4) - 0.055
        };
        (code * 65_535.0).round() as u16
    };
    (0..=65_535).map(encoded).collect()
}

fn rgb_of([lightness, a, b]: [f32; 3], curve: &[u16]) -> [u16; 3] {
    // The inverse of CIE 15's function for a ratio of light.
    let ratio = |f: f32| match f > 6.0 / 29.0 {
        true => f * f * f,
        false => (f - 4.0 / 29.0) * 3.0 * (6.0 / 29.0) * (6.0 / 29.0),
    };
    let y = (lightness + 16.0) / 116.0;
    let light = [y + a / 500.0, y, y - b / 200.0].map(ratio);
    XYZ_TO_RGB.map(|row| {
        let sum: f32 = (0..3).map(|axis| row[axis] * light[axis] * D50[axis]).sum();
        let step = (sum.clamp(0.0, 1.0) * 65_535.0).round() as usize;
        curve.get(step).copied().unwrap_or(u16::MAX)
    })
}
