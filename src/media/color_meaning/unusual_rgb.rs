//! Profiles that are RGB in name only: XYB (as jpegli writes it), swapped channels, and lookup tables (A2B).
//!
//! A look works on sample values and expects red in the first channel and equal values for grey. If a profile means
//! something else, the picture is converted before anything is done to it: to sRGB, or to Display P3 if sRGB cannot
//! hold its colors. Profiles with lookup tables are always converted, because a look can produce values that the table
//! was not measured for.

use std::sync::Arc;

use moxcms::{
    ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformExecutor, TransformOptions,
};

use super::icc::{convert, eight_bit, profile_bytes, read_profile};
use crate::picture::ColorSpace;

/// Greatest difference between the channels of a grey, of 255. Scanner profiles stay below.
const GREY_TOLERANCE: u8 = 24;
/// A color is outside sRGB if a round trip changes it by more than this, of 255. Rounding alone gives two.
const OUT_OF_SRGB: u8 = 4;
/// One pixel in this many outside sRGB makes the picture wide gamut.
const WIDE_SHARE: usize = 1000;

/// True if red, green and blue are in their places and equal values are grey.
pub(in crate::media) fn is_usual_rgb(icc: &[u8]) -> bool {
    let Some(profile) = read_profile(icc, DataColorSpace::Rgb) else {
        // An unreadable profile counts as sRGB.
        return true;
    };
    if has_table(&profile) {
        return false;
    }
    let colors = [
        255, 0, 0, 0, 255, 0, 0, 0, 255, 64, 64, 64, 128, 128, 128, 208, 208, 208,
    ];
    let Some(shown) = converted_8(&colors, &profile, &ColorProfile::new_srgb()) else {
        return true;
    };
    let mut pixels = shown.chunks_exact(3);
    let in_place = pixels.by_ref().take(3).enumerate().all(|(channel, pixel)| {
        let others = pixel
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != channel);
        others.into_iter().all(|(_, other)| pixel[channel] > *other)
    });
    let grey = pixels.all(|pixel| {
        let (least, most) = (pixel.iter().min(), pixel.iter().max());
        least
            .zip(most)
            .is_some_and(|(least, most)| most - least <= GREY_TOLERANCE)
    });
    in_place && grey
}

fn has_table(profile: &ColorProfile) -> bool {
    profile.lut_a_to_b_perceptual.is_some()
        || profile.lut_a_to_b_colorimetric.is_some()
        || profile.lut_a_to_b_saturation.is_some()
}

/// Converts samples of such a profile to usual RGB, and returns its color space. `None` if the profile is unusable.
pub(in crate::media) fn usual_rgb_8(samples: &[u8], icc: &[u8]) -> Option<(Vec<u8>, ColorSpace)> {
    let profile = read_profile(icc, DataColorSpace::Rgb)?;
    let wide = converted_8(samples, &profile, &ColorProfile::new_display_p3())?;
    if exceeds_srgb(&wide) {
        return Some((wide, display_p3()?));
    }
    let narrow = converted_8(samples, &profile, &ColorProfile::new_srgb())?;
    Some((narrow, ColorSpace::Srgb))
}

/// Like [`usual_rgb_8`], with 16 bits a sample.
pub(in crate::media) fn usual_rgb_16(
    samples: &[u16],
    icc: &[u8],
) -> Option<(Vec<u16>, ColorSpace)> {
    let profile = read_profile(icc, DataColorSpace::Rgb)?;
    let wide = converted_16(samples, &profile, &ColorProfile::new_display_p3())?;
    let looked_at: Vec<u8> = wide.iter().copied().map(eight_bit).collect();
    if exceeds_srgb(&looked_at) {
        return Some((wide, display_p3()?));
    }
    let narrow = converted_16(samples, &profile, &ColorProfile::new_srgb())?;
    Some((narrow, ColorSpace::Srgb))
}

fn display_p3() -> Option<ColorSpace> {
    let bytes = profile_bytes(&ColorProfile::new_display_p3())?;
    Some(ColorSpace::Icc(Arc::from(bytes)))
}

/// True if more than a few colors of a Display P3 picture are outside sRGB.
fn exceeds_srgb(wide: &[u8]) -> bool {
    let (p3, srgb) = (ColorProfile::new_display_p3(), ColorProfile::new_srgb());
    let back = converted_8(wide, &p3, &srgb).and_then(|narrow| converted_8(&narrow, &srgb, &p3));
    let Some(back) = back else {
        return false;
    };
    let pairs = wide.chunks_exact(3).zip(back.chunks_exact(3));
    let outside = pairs.filter(|(before, after)| {
        let mut channels = before.iter().zip(*after);
        channels.any(|(before, after)| before.abs_diff(*after) > OUT_OF_SRGB)
    });
    outside.count() * WIDE_SHARE > wide.len() / 3
}

/// Prefers the colorimetric table to the perceptual one.
fn options(profile: &ColorProfile) -> TransformOptions {
    TransformOptions {
        rendering_intent: match profile.lut_a_to_b_colorimetric.is_some() {
            true => RenderingIntent::RelativeColorimetric,
            false => RenderingIntent::Perceptual,
        },
        ..TransformOptions::default()
    }
}

fn converted_8(samples: &[u8], from: &ColorProfile, to: &ColorProfile) -> Option<Vec<u8>> {
    let transform = from
        .create_transform_8bit(Layout::Rgb, to, Layout::Rgb, options(from))
        .ok()?;
    let transform: &(dyn TransformExecutor<u8> + Send + Sync) = transform.as_ref();
    convert(samples, 3, transform)
}

fn converted_16(samples: &[u16], from: &ColorProfile, to: &ColorProfile) -> Option<Vec<u16>> {
    let transform = from
        .create_transform_16bit(Layout::Rgb, to, Layout::Rgb, options(from))
        .ok()?;
    let transform: &(dyn TransformExecutor<u16> + Send + Sync) = transform.as_ref();
    convert(samples, 3, transform)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn encoded(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().unwrap()
    }

    /// The profile with red and blue swapped.
    fn swapped(mut profile: ColorProfile) -> Vec<u8> {
        std::mem::swap(&mut profile.red_colorant, &mut profile.blue_colorant);
        profile.cicp = None;
        encoded(&profile)
    }

    #[test]
    fn real_rgb_is_told_from_rgb_in_name() {
        for usual in [
            ColorProfile::new_srgb(),
            ColorProfile::new_display_p3(),
            ColorProfile::new_adobe_rgb(),
            ColorProfile::new_pro_photo_rgb(),
            ColorProfile::new_bt2020(),
            ColorProfile::new_dci_p3(),
            ColorProfile::new_gray_with_gamma(2.2),
        ] {
            assert!(is_usual_rgb(&encoded(&usual)));
        }
        assert!(is_usual_rgb(b"no profile"));
        assert!(!is_usual_rgb(&swapped(ColorProfile::new_srgb())));
        assert!(!is_usual_rgb(&swapped(ColorProfile::new_display_p3())));
    }

    #[test]
    fn channels_go_back_to_their_places() {
        let (samples, color) = usual_rgb_8(
            &[32, 64, 192, 10, 20, 30],
            &swapped(ColorProfile::new_srgb()),
        )
        .unwrap();
        assert_eq!(color, ColorSpace::Srgb);
        let wanted = [192, 64, 32, 30, 20, 10];
        let near = samples
            .iter()
            .zip(wanted)
            .all(|(found, wanted)| found.abs_diff(wanted) <= 1);
        assert!(near, "{samples:?}");
    }

    /// A profile with a table alone: blue, green and red of sRGB, in that order.
    fn table() -> Vec<u8> {
        const GRID: u8 = 33;
        let srgb = ColorProfile::new_srgb();
        let matrix = srgb.colorant_matrix().v;
        let light = |step: u8| {
            let value = f64::from(step) / f64::from(GRID - 1);
            ((value + 0.055) / 1.055).powf(2.4)
        };
        let mut colors = Vec::new();
        for blue in 0..GRID {
            for green in 0..GRID {
                for red in 0..GRID {
                    let rgb = [red, green, blue].map(light);
                    for row in matrix {
                        let sum = row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2];
                        // 1 is stored as half of the range.
                        colors.push((sum * 32_768.0).round() as u16);
                    }
                }
            }
        }
        let straight = || moxcms::LutStore::Store16([0, u16::MAX].repeat(3));
        let lut = moxcms::LutDataType {
            num_input_channels: 3,
            num_output_channels: 3,
            num_clut_grid_points: GRID,
            matrix: moxcms::Matrix3d::IDENTITY,
            num_input_table_entries: 2,
            num_output_table_entries: 2,
            input_table: straight(),
            clut_table: moxcms::LutStore::Store16(colors),
            output_table: straight(),
            lut_type: moxcms::LutType::Lut16,
        };
        let mut profile = srgb;
        profile.cicp = None;
        profile.lut_a_to_b_perceptual = Some(moxcms::LutWarehouse::Lut(lut));
        encoded(&profile)
    }

    #[test]
    fn a_table_is_followed_and_left() {
        let icc = table();
        assert!(!is_usual_rgb(&icc));
        let (samples, color) = usual_rgb_8(&[32, 128, 224, 128, 128, 128], &icc).unwrap();
        assert_eq!(color, ColorSpace::Srgb);
        for (found, wanted) in samples.into_iter().zip([224, 128, 32, 128, 128, 128]) {
            assert!(found.abs_diff(wanted) <= 4, "{found} {wanted}");
        }
    }

    #[test]
    fn what_srgb_cannot_hold_stays_wide() {
        let icc = swapped(ColorProfile::new_display_p3());
        let (samples, color) = usual_rgb_16(&[0, 0, 65_535, 2000, 3000, 4000], &icc).unwrap();
        assert!(matches!(color, ColorSpace::Icc(_)));
        assert!(
            samples[0] > 65_000 && samples[1] < 500 && samples[2] < 500,
            "{samples:?}"
        );
    }
}
