//! Samples as a decoder gives them, and the upright picture that they become.

use super::orientation::{upright, upright_size};
use crate::error::Error;
use crate::geometry::Size;
use crate::media::color_meaning as color;
use crate::media::{ChromaSubsampling, Metadata};
use crate::picture::{ColorSpace, Picture, Pixels, Rgb, Rgb8, Rgb16};

/// What the samples of one pixel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PixelLayout {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Cyan, magenta, yellow, black; 0 is no ink. 8 bits only.
    Inks,
}

impl PixelLayout {
    pub(super) fn is_grey(self) -> bool {
        matches!(self, Self::Grey | Self::GreyAlpha)
    }

    pub(super) fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Inks => 4,
        }
    }
}

/// Samples of either depth, interleaved.
pub(super) enum Samples {
    Eight(Vec<u8>),
    Sixteen(Vec<u16>),
}

/// What a decoder gives: as coded, not yet upright.
pub(super) struct Raster {
    pub(super) size: Size,
    pub(super) channels: PixelLayout,
    pub(super) samples: Samples,
}

/// A still as its format's decoder gives it.
pub(super) struct DecodedStill {
    pub(super) raster: Raster,
    pub(super) metadata: Metadata,
    pub(super) subsampling: Option<ChromaSubsampling>,
    pub(super) partial: Option<Error>,
}

/// A picture, and whether its samples were converted from the file's profile to sRGB.
pub(super) struct UprightPicture {
    pub(super) picture: Picture,
    pub(super) left_profile: bool,
}

/// The bytes that [`Raster::into_picture`] holds at most, besides the raster.
pub(super) fn picture_bytes(size: Size, bit_depth: u8) -> u64 {
    let sample_bytes = if bit_depth > 8 { 2 } else { 1 };
    // The picture, once more while it is turned or converted, and its alpha.
    size.pixels().saturating_mul(3 * sample_bytes * 2 + 2)
}

impl Raster {
    /// Makes the upright picture. Grey and ink with a profile of their kind become sRGB; RGB keeps its profile, unless
    /// that is RGB in name only. `None` if the number of samples does not match the size.
    pub(super) fn into_picture(
        self,
        icc: Option<&[u8]>,
        orientation: u8,
    ) -> Option<UprightPicture> {
        let wanted = self.size.pixels() * self.channels.count() as u64;
        let found = match &self.samples {
            Samples::Eight(samples) => samples.len(),
            Samples::Sixteen(samples) => samples.len(),
        };
        if found as u64 != wanted || wanted == 0 {
            return None;
        }
        let grey = self.channels.is_grey();
        let is_rgb = matches!(self.channels, PixelLayout::Rgb | PixelLayout::Rgba);
        let unusual = icc.filter(|icc| is_rgb && !color::is_usual_rgb(icc));
        // What the numbers mean where they had to leave an unusual profile.
        let mut usual = None;
        let mut left_profile = self.channels == PixelLayout::Inks && icc.is_some();
        let (pixels, alpha) = match self.samples {
            Samples::Eight(samples) if self.channels == PixelLayout::Inks => {
                let samples = color::inks_to_srgb(&samples, icc);
                (
                    upright_pixels(samples, self.size, orientation).map(Pixels::Eight)?,
                    None,
                )
            }
            Samples::Eight(samples) => {
                let (mut samples, alpha) =
                    split(samples, self.channels, |alpha| u16::from(alpha) * 257);
                if grey {
                    let converted = icc.and_then(|icc| color::grey_to_srgb_8(&samples, icc));
                    left_profile = converted.is_some();
                    samples = converted.unwrap_or_else(|| tripled(&samples));
                }
                if let Some((converted, space)) =
                    unusual.and_then(|icc| color::usual_rgb_8(&samples, icc))
                {
                    (samples, usual) = (converted, Some(space));
                }
                let pixels: Rgb8 = upright_pixels(samples, self.size, orientation)?;
                (Pixels::Eight(pixels), alpha)
            }
            Samples::Sixteen(samples) => {
                let (mut samples, alpha) = split(samples, self.channels, |alpha| alpha);
                if grey {
                    let converted = icc.and_then(|icc| color::grey_to_srgb_16(&samples, icc));
                    left_profile = converted.is_some();
                    samples = converted.unwrap_or_else(|| tripled(&samples));
                }
                if let Some((converted, space)) =
                    unusual.and_then(|icc| color::usual_rgb_16(&samples, icc))
                {
                    (samples, usual) = (converted, Some(space));
                }
                let pixels: Rgb16 = upright_pixels(samples, self.size, orientation)?;
                (Pixels::Sixteen(pixels), alpha)
            }
        };
        let color = match usual {
            Some(space) => {
                left_profile = true;
                space
            }
            None if left_profile => ColorSpace::Srgb,
            None => color::rgb_color_space(icc),
        };
        let alpha = alpha.map(|alpha| upright(alpha, self.size, 1, orientation));
        Some(UprightPicture {
            picture: Picture {
                pixels,
                alpha,
                color,
            },
            left_profile,
        })
    }
}

fn upright_pixels<T: Copy + Default>(
    samples: Vec<T>,
    size: Size,
    orientation: u8,
) -> Option<Rgb<T>> {
    Rgb::new(
        upright_size(size, orientation),
        upright(samples, size, 3, orientation),
    )
}

fn tripled<T: Copy>(grey: &[T]) -> Vec<T> {
    grey.iter().flat_map(|&sample| [sample; 3]).collect()
}

/// Separates the alpha channel; drops one that is opaque everywhere.
fn split<T: Copy>(
    samples: Vec<T>,
    channels: PixelLayout,
    opacity: impl Fn(T) -> u16,
) -> (Vec<T>, Option<Vec<u16>>) {
    if !matches!(channels, PixelLayout::GreyAlpha | PixelLayout::Rgba) {
        return (samples, None);
    }
    let count = channels.count();
    let alpha: Vec<u16> = samples
        .chunks_exact(count)
        .map(|pixel| opacity(pixel[count - 1]))
        .collect();
    let colors = samples
        .chunks_exact(count)
        .flat_map(|pixel| &pixel[..count - 1])
        .copied()
        .collect();
    let opaque = alpha.iter().all(|&alpha| alpha == u16::MAX);
    (colors, (!opaque).then_some(alpha))
}
