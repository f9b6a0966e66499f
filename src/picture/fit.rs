//! Crops and resizes stills, keeping their depth and opacity.

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::{U16, U16x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use crate::geometry::Size;
use crate::picture::{Filter, Picture, Pixels, Rgb, Rgb8, Rgb16, resize};

const WHITE: u64 = u16::MAX as u64;

impl Picture {
    /// The part of `size` with its upper left pixel at `left`, `top`, moved and clipped to lie within the picture.
    pub fn cropped(&self, left: u32, top: u32, size: Size) -> Self {
        let whole = self.size();
        let size = Size::new(
            size.width.clamp(1, whole.width),
            size.height.clamp(1, whole.height),
        );
        let left = left.min(whole.width - size.width) as usize;
        let top = top.min(whole.height - size.height) as usize;
        let across = whole.width as usize;
        let part = Part {
            left,
            top,
            size,
            across,
        };
        Self {
            pixels: match &self.pixels {
                Pixels::Eight(pixels) => Pixels::Eight(part.of_colors(pixels)),
                Pixels::Sixteen(pixels) => Pixels::Sixteen(part.of_colors(pixels)),
            },
            alpha: self.alpha.as_deref().map(|alpha| part.of(alpha, 1)),
            color: self.color.clone(),
        }
    }

    /// The picture at `size` (each side at least 1), by Lanczos with 3 lobes. Colors of transparent pixels do not
    /// bleed.
    pub fn resized(&self, size: Size) -> Self {
        let size = Size::new(size.width.max(1), size.height.max(1));
        let whole = self.size();
        let Some(alpha) = &self.alpha else {
            return Self {
                pixels: match &self.pixels {
                    Pixels::Eight(pixels) => Pixels::Eight(resize(pixels, size, Filter::Lanczos)),
                    Pixels::Sixteen(pixels) => Pixels::Sixteen(sixteen(pixels, size)),
                },
                alpha: None,
                color: self.color.clone(),
            };
        };
        // Weight each pixel by its opacity.
        let wide: Vec<u16> = match &self.pixels {
            Pixels::Eight(pixels) => pixels
                .samples()
                .iter()
                .map(|v| u16::from(*v) * 257)
                .collect(),
            Pixels::Sixteen(pixels) => pixels.samples().to_vec(),
        };
        let seen: Vec<u16> = wide
            .chunks_exact(3)
            .zip(alpha)
            .flat_map(|(pixel, &alpha)| {
                [pixel[0], pixel[1], pixel[2]].map(|sample| times(sample, alpha))
            })
            .collect();
        let seen = Rgb16::new(whole, seen).unwrap_or_else(|| Rgb16::black(whole));
        let seen = sixteen(&seen, size);
        let alpha = plane(alpha, whole, size);
        let samples: Vec<u16> = seen
            .samples()
            .chunks_exact(3)
            .zip(&alpha)
            .flat_map(|(pixel, &alpha)| {
                [pixel[0], pixel[1], pixel[2]].map(|sample| over(sample, alpha))
            })
            .collect();
        let pixels = match &self.pixels {
            Pixels::Eight(_) => {
                let narrow = samples.iter().map(|v| ((u32::from(*v) + 128) / 257) as u8);
                Pixels::Eight(
                    Rgb8::new(size, narrow.collect()).unwrap_or_else(|| Rgb8::black(size)),
                )
            }
            Pixels::Sixteen(_) => {
                Pixels::Sixteen(Rgb16::new(size, samples).unwrap_or_else(|| Rgb16::black(size)))
            }
        };
        Self {
            pixels,
            alpha: Some(alpha),
            color: self.color.clone(),
        }
    }
}

fn times(sample: u16, alpha: u16) -> u16 {
    ((u64::from(sample) * u64::from(alpha) + WHITE / 2) / WHITE) as u16
}

fn over(sample: u16, alpha: u16) -> u16 {
    match u64::from(alpha) {
        0 => 0,
        alpha => ((u64::from(sample) * WHITE + alpha / 2) / alpha).min(WHITE) as u16,
    }
}

/// A part that lies within rows of `across` pixels.
struct Part {
    left: usize,
    top: usize,
    size: Size,
    across: usize,
}

impl Part {
    fn of<T: Copy>(&self, samples: &[T], channels: usize) -> Vec<T> {
        samples
            .chunks_exact(self.across * channels)
            .skip(self.top)
            .take(self.size.height as usize)
            .flat_map(|row| {
                row.iter()
                    .skip(self.left * channels)
                    .take(self.size.width as usize * channels)
            })
            .copied()
            .collect()
    }

    fn of_colors<T: Copy + Default>(&self, pixels: &Rgb<T>) -> Rgb<T> {
        Rgb::new(self.size, self.of(pixels.samples(), 3)).unwrap_or_else(|| Rgb::black(self.size))
    }
}

fn sixteen(pixels: &Rgb16, size: Size) -> Rgb16 {
    let packed = pixels.pixels().map(U16x3::new).collect();
    let samples = scaled(packed, pixels.size(), size)
        .into_iter()
        .flat_map(|pixel| pixel.0)
        .collect();
    Rgb16::new(size, samples).unwrap_or_else(|| Rgb16::black(size))
}

fn plane(values: &[u16], from: Size, size: Size) -> Vec<u16> {
    let packed = values.iter().copied().map(U16::new).collect();
    let scaled = scaled(packed, from, size);
    scaled.into_iter().map(|pixel| pixel.0).collect()
}

/// Resizes pixels of a picture of size `from` to `size`; returns exactly as many as that has.
fn scaled<P: PixelTrait>(pixels: Vec<P>, from: Size, size: Size) -> Vec<P> {
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let mut target = TypedImage::<P>::new(size.width, size.height);
    // This cannot fail: there are as many pixels as the size says.
    if let Ok(source) = TypedImage::from_pixels(from.width, from.height, pixels) {
        let done = Resizer::new().resize_typed(&source, &mut target, &options);
        debug_assert!(done.is_ok(), "{done:?}");
    }
    target.pixels().to_vec()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::picture::ColorSpace;

    fn picture(size: Size, alpha: bool) -> Picture {
        let samples = (0..size.pixels() as u32 * 3).map(|at| (at * 37 % 251) as u8);
        let opacity = (0..size.pixels() as u32).map(|at| (at * 911) as u16);
        Picture {
            pixels: Pixels::Eight(Rgb8::new(size, samples.collect()).unwrap()),
            alpha: alpha.then(|| opacity.collect()),
            color: ColorSpace::Srgb,
        }
    }

    fn deep(picture: &Picture) -> Picture {
        let Pixels::Eight(pixels) = &picture.pixels else {
            panic!("eight bits")
        };
        let wide = pixels.samples().iter().map(|v| u16::from(*v) * 257);
        Picture {
            pixels: Pixels::Sixteen(Rgb16::new(pixels.size(), wide.collect()).unwrap()),
            ..picture.clone()
        }
    }

    fn eight(picture: &Picture) -> Vec<u8> {
        match &picture.pixels {
            Pixels::Eight(pixels) => pixels.samples().to_vec(),
            Pixels::Sixteen(pixels) => pixels.samples().iter().map(|v| (v / 257) as u8).collect(),
        }
    }

    #[test]
    fn a_part_is_the_pixels_that_were_there() {
        let whole = picture(Size::new(7, 5), true);
        for whole in [whole.clone(), deep(&whole)] {
            let part = whole.cropped(2, 1, Size::new(4, 3));
            assert_eq!(part.size(), Size::new(4, 3));
            let (all, cut) = (eight(&whole), eight(&part));
            for y in 0..3 {
                let from = ((y + 1) * 7 + 2) * 3;
                assert_eq!(cut[y * 12..y * 12 + 12], all[from..from + 12]);
            }
            let alpha = part.alpha.unwrap();
            assert_eq!(alpha[4], whole.alpha.as_ref().unwrap()[16]);
            let moved = whole.cropped(100, 100, Size::new(3, 100));
            assert_eq!(moved.size(), Size::new(3, 5));
        }
    }

    #[test]
    fn both_depths_are_reduced_alike() {
        let whole = picture(Size::new(61, 40), false);
        let size = Size::new(30, 20);
        let (narrow, wide) = (whole.resized(size), deep(&whole).resized(size));
        assert_eq!((narrow.size(), wide.size()), (size, size));
        for (a, b) in eight(&narrow).into_iter().zip(eight(&wide)) {
            assert!(a.abs_diff(b) <= 2, "{a} {b}");
        }
    }

    #[test]
    fn what_is_transparent_does_not_bleed() {
        // White that is seen beside black that is not.
        let size = Size::new(8, 8);
        let samples = (0..64).flat_map(|at| [if at % 2 == 0 { 255 } else { 0 }; 3]);
        let alpha = (0..64).map(|at| if at % 2 == 0 { u16::MAX } else { 0 });
        let picture = Picture {
            pixels: Pixels::Eight(Rgb8::new(size, samples.collect()).unwrap()),
            alpha: Some(alpha.collect()),
            color: ColorSpace::Srgb,
        };
        let small = picture.resized(Size::new(4, 4));
        assert!(eight(&small).iter().all(|&sample| sample >= 254));
        let alpha = small.alpha.unwrap();
        assert!(alpha.iter().all(|&alpha| (25_000..40_000).contains(&alpha)));
    }
}
