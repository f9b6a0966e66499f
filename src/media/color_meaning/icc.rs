//! ICC profiles of stills, and conversion to sRGB with moxcms.

use std::sync::Arc;

use moxcms::{
    ColorProfile, DataColorSpace, Layout, ProfileClass, Transform8BitExecutor,
    Transform16BitExecutor, TransformOptions,
};
use rayon::prelude::*;

use super::lay_over;
use crate::picture::{Background, ColorSpace, Picture, Pixels, Rgb8};

/// Pixels per unit of parallel work.
const BLOCK: usize = 1 << 16;

/// The color space of RGB samples with this profile. Broken profiles, profiles that are not RGB and profiles equal to
/// sRGB all give sRGB.
pub(in crate::media) fn rgb_color_space(icc: Option<&[u8]>) -> ColorSpace {
    let Some(bytes) = icc else {
        return ColorSpace::Srgb;
    };
    match to_srgb_8(bytes, DataColorSpace::Rgb, Layout::Rgb) {
        Some(transform) if !is_plain_srgb(transform.as_ref()) => ColorSpace::Icc(Arc::from(bytes)),
        _ => ColorSpace::Srgb,
    }
}

/// True if the profile is equal to sRGB.
pub(in crate::media) fn is_srgb_profile(icc: &[u8]) -> bool {
    to_srgb_8(icc, DataColorSpace::Rgb, Layout::Rgb)
        .is_some_and(|transform| is_plain_srgb(transform.as_ref()))
}

/// True if no color of a grid changes by more than one level of 255.
fn is_plain_srgb(transform: &Transform8BitExecutor) -> bool {
    let steps: Vec<u8> = (0..=16).map(|step: u16| (step * 255 / 16) as u8).collect();
    let grid: Vec<u8> = steps
        .iter()
        .flat_map(|&red| {
            let steps = &steps;
            steps
                .iter()
                .flat_map(move |&green| steps.iter().flat_map(move |&blue| [red, green, blue]))
        })
        .collect();
    let mut converted = vec![0; grid.len()];
    transform.transform(&grid, &mut converted).is_ok()
        && grid
            .iter()
            .zip(&converted)
            .all(|(before, after)| before.abs_diff(*after) <= 1)
}

/// Position of the date in a profile's header (ICC.1:2022, section 7.2.10), and the date of profiles made here:
/// 2024-01-01.
const DATE: std::ops::Range<usize> = 24..36;
const FIXED_DATE: [u8; 12] = [0x07, 0xe8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];

/// Encodes a profile with a fixed date. moxcms writes the current time, but the same picture must give the same bytes.
pub(in crate::media) fn profile_bytes(profile: &ColorProfile) -> Option<Vec<u8>> {
    let mut bytes = profile.encode().ok()?;
    bytes.get_mut(DATE)?.copy_from_slice(&FIXED_DATE);
    Some(bytes)
}

/// Converts RGB (`channels` 3) or RGBA (4) samples to sRGB. `None` if the profile is unusable.
pub(in crate::media) fn rgb_to_srgb_8(
    samples: &[u8],
    channels: usize,
    icc: &[u8],
) -> Option<Vec<u8>> {
    let layout = rgb_layout(channels)?;
    let transform = read_profile(icc, DataColorSpace::Rgb)?
        .create_transform_8bit(
            layout,
            &ColorProfile::new_srgb(),
            layout,
            TransformOptions::default(),
        )
        .ok()?;
    let mut converted = vec![0; samples.len()];
    transform.transform(samples, &mut converted).ok()?;
    Some(converted)
}

/// Like [`rgb_to_srgb_8`], with 16 bits a sample.
pub(in crate::media) fn rgb_to_srgb_16(
    samples: &[u16],
    channels: usize,
    icc: &[u8],
) -> Option<Vec<u16>> {
    let layout = rgb_layout(channels)?;
    let transform = read_profile(icc, DataColorSpace::Rgb)?
        .create_transform_16bit(
            layout,
            &ColorProfile::new_srgb(),
            layout,
            TransformOptions::default(),
        )
        .ok()?;
    let mut converted = vec![0; samples.len()];
    transform.transform(samples, &mut converted).ok()?;
    Some(converted)
}

fn rgb_layout(channels: usize) -> Option<Layout> {
    match channels {
        3 => Some(Layout::Rgb),
        4 => Some(Layout::Rgba),
        _ => None,
    }
}

/// Reads a profile whose device space is `space`.
pub(super) fn read_profile(icc: &[u8], space: DataColorSpace) -> Option<ColorProfile> {
    let profile = ColorProfile::new_from_slice(icc).ok()?;
    let usable = matches!(
        profile.profile_class,
        ProfileClass::DisplayDevice
            | ProfileClass::InputDevice
            | ProfileClass::OutputDevice
            | ProfileClass::ColorSpace
    );
    (usable && profile.color_space == space).then_some(profile)
}

fn to_srgb_8(
    icc: &[u8],
    space: DataColorSpace,
    layout: Layout,
) -> Option<Arc<Transform8BitExecutor>> {
    read_profile(icc, space)?
        .create_transform_8bit(
            layout,
            &ColorProfile::new_srgb(),
            Layout::Rgb,
            TransformOptions::default(),
        )
        .ok()
}

fn to_srgb_16(
    icc: &[u8],
    space: DataColorSpace,
    layout: Layout,
) -> Option<Arc<Transform16BitExecutor>> {
    read_profile(icc, space)?
        .create_transform_16bit(
            layout,
            &ColorProfile::new_srgb(),
            Layout::Rgb,
            TransformOptions::default(),
        )
        .ok()
}

/// Runs a transform with `channels` input samples per pixel over all pixels, into RGB.
pub(super) fn convert<T: Copy + Default + Send + Sync>(
    samples: &[T],
    channels: usize,
    transform: &(dyn moxcms::TransformExecutor<T> + Send + Sync),
) -> Option<Vec<T>> {
    let mut converted = vec![T::default(); samples.len() / channels * 3];
    let done = converted
        .par_chunks_mut(BLOCK * 3)
        .zip(samples.par_chunks(BLOCK * channels))
        .all(|(to, from)| transform.transform(from, to).is_ok());
    done.then_some(converted)
}

/// Converts grey samples with a grey profile to sRGB. `None` if the profile is unusable.
pub(in crate::media) fn grey_to_srgb_8(samples: &[u8], icc: &[u8]) -> Option<Vec<u8>> {
    let transform = to_srgb_8(icc, DataColorSpace::Gray, Layout::Gray)?;
    convert(samples, 1, transform.as_ref())
}

/// Like [`grey_to_srgb_8`], with 16 bits a sample.
pub(in crate::media) fn grey_to_srgb_16(samples: &[u16], icc: &[u8]) -> Option<Vec<u16>> {
    let transform = to_srgb_16(icc, DataColorSpace::Gray, Layout::Gray)?;
    convert(samples, 1, transform.as_ref())
}

/// Converts CMYK (0 = no ink, 255 = full) to sRGB, with the profile if it is usable, else as ideal inks.
pub(in crate::media) fn inks_to_srgb(samples: &[u8], icc: Option<&[u8]>) -> Vec<u8> {
    let by_profile = || {
        let transform = to_srgb_8(icc?, DataColorSpace::Cmyk, Layout::Rgba)?;
        convert(samples, 4, transform.as_ref())
    };
    by_profile().unwrap_or_else(|| {
        let light = |ink: u8, black: u8| {
            let product = u32::from(255 - ink) * u32::from(255 - black);
            ((product + 127) / 255) as u8
        };
        samples
            .chunks_exact(4)
            .flat_map(|ink| {
                [
                    light(ink[0], ink[3]),
                    light(ink[1], ink[3]),
                    light(ink[2], ink[3]),
                ]
            })
            .collect()
    })
}

/// Rounds 16 bits to 8.
pub(in crate::media) fn eight_bit(sample: u16) -> u8 {
    ((u32::from(sample) * 255 + 32_767) / 65_535) as u8
}

/// The picture as 8-bit sRGB, ignoring alpha.
fn opaque_srgb(picture: &Picture) -> Vec<u8> {
    let icc = match &picture.color {
        ColorSpace::Srgb => None,
        ColorSpace::Icc(bytes) => Some(bytes.as_ref()),
    };
    match &picture.pixels {
        Pixels::Eight(pixels) => icc
            .and_then(|icc| {
                let transform = to_srgb_8(icc, DataColorSpace::Rgb, Layout::Rgb)?;
                convert(pixels.samples(), 3, transform.as_ref())
            })
            .unwrap_or_else(|| pixels.samples().to_vec()),
        Pixels::Sixteen(pixels) => {
            let narrow = |samples: &[u16]| samples.iter().copied().map(eight_bit).collect();
            icc.and_then(|icc| {
                let transform = to_srgb_16(icc, DataColorSpace::Rgb, Layout::Rgb)?;
                convert(pixels.samples(), 3, transform.as_ref())
            })
            .map_or_else(|| narrow(pixels.samples()), |samples| narrow(&samples))
        }
    }
}

/// `background` in the numbers of `color`.
pub(in crate::media) fn background_in(color: &ColorSpace, background: Background) -> [u8; 3] {
    let rgb = background.rgb();
    let ColorSpace::Icc(icc) = color else {
        return rgb;
    };
    let transform = read_profile(icc, DataColorSpace::Rgb).and_then(|profile| {
        ColorProfile::new_srgb()
            .create_transform_8bit(
                Layout::Rgb,
                &profile,
                Layout::Rgb,
                TransformOptions::default(),
            )
            .ok()
    });
    transform
        .and_then(|transform| convert(&rgb, 3, transform.as_ref()))
        .and_then(|converted| converted.try_into().ok())
        .unwrap_or(rgb)
}

/// The picture as opaque 8-bit sRGB, for analysis. Transparent areas show black.
pub fn to_srgb(picture: &Picture) -> Rgb8 {
    to_srgb_over(picture, Background::BLACK)
}

/// The picture as opaque 8-bit sRGB. Transparent areas show `background`.
pub fn to_srgb_over(picture: &Picture, background: Background) -> Rgb8 {
    let mut samples = opaque_srgb(picture);
    if let Some(alpha) = &picture.alpha {
        lay_over(&mut samples, alpha, u16::MAX, background.rgb());
    }
    Rgb8::new(picture.size(), samples).unwrap_or_else(|| Rgb8::black(picture.size()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::geometry::Size;
    use crate::picture::Rgb16;

    fn encoded(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().unwrap()
    }

    #[test]
    fn only_real_rgb_profiles_are_kept() {
        let wide = encoded(&ColorProfile::new_display_p3());
        assert_eq!(
            rgb_color_space(Some(&wide)),
            ColorSpace::Icc(Arc::from(wide.as_slice()))
        );
        for plain in [
            encoded(&ColorProfile::new_srgb()),
            encoded(&ColorProfile::new_gray_with_gamma(2.2)),
            wide[..wide.len() / 2].to_vec(),
            b"no profile".to_vec(),
        ] {
            assert_eq!(rgb_color_space(Some(&plain)), ColorSpace::Srgb);
        }
    }

    #[test]
    fn sixteen_bits_round_to_the_nearest_eight() {
        for value in 0..=255u16 {
            assert_eq!(eight_bit(value * 257), value as u8);
            assert_eq!(eight_bit((value * 257).saturating_add(128)), value as u8);
            assert_eq!(eight_bit((value * 257).saturating_sub(128)), value as u8);
        }
    }

    #[test]
    fn transparency_shows_black_or_the_chosen_color() {
        let pixels = Rgb16::new(Size::new(2, 1), vec![65_535, 0, 0, 65_535, 0, 0]).unwrap();
        let picture = Picture {
            pixels: Pixels::Sixteen(pixels),
            alpha: Some(vec![0, 65_535]),
            color: ColorSpace::Srgb,
        };
        assert_eq!(to_srgb(&picture).samples(), [0, 0, 0, 255, 0, 0]);
        let gray = to_srgb_over(&picture, Background::new([9, 90, 200]));
        assert_eq!(gray.samples(), [9, 90, 200, 255, 0, 0]);
    }

    #[test]
    fn a_background_looks_the_same_in_every_color_space() {
        let wide = ColorSpace::Icc(encoded(&ColorProfile::new_display_p3()).into());
        for rgb in [[0, 0, 0], [255, 255, 255], [200, 100, 50], [0, 128, 128]] {
            let background = Background::new(rgb);
            assert_eq!(background_in(&ColorSpace::Srgb, background), rgb);
            let inside = background_in(&wide, background);
            let picture = Picture {
                pixels: Pixels::Eight(Rgb8::new(Size::new(1, 1), inside.to_vec()).unwrap()),
                alpha: None,
                color: wide.clone(),
            };
            for (shown, wanted) in to_srgb(&picture).samples().iter().zip(rgb) {
                assert!(shown.abs_diff(wanted) <= 2, "{rgb:?} became {inside:?}");
            }
        }
        assert_eq!(background_in(&wide, Background::BLACK), [0; 3]);
    }

    #[test]
    fn a_wide_gamut_red_becomes_the_fullest_srgb_red() {
        let picture = Picture {
            pixels: Pixels::Eight(Rgb8::new(Size::new(1, 1), vec![255, 0, 0]).unwrap()),
            alpha: None,
            color: ColorSpace::Icc(encoded(&ColorProfile::new_display_p3()).into()),
        };
        assert_eq!(to_srgb(&picture).samples(), [255, 0, 0]);
    }

    #[test]
    fn bent_profiles_do_no_harm() {
        let whole = encoded(&ColorProfile::new_display_p3());
        for at in 0..whole.len() {
            for value in [0, 0x7f, 0xff] {
                let mut bent = whole.clone();
                bent[at] = value;
                rgb_color_space(Some(&bent));
            }
        }
    }
}
