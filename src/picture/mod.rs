//! Decoded pictures, and resizing them.

mod background;
mod blurred_fill;
mod deep_planar;
mod fit;
mod obscure;
mod overlay;
mod panels;
mod paste;
mod planar;
mod plane_resize;
mod resize;
mod treatment;
mod vector_level;

pub use background::Background;
pub use blurred_fill::{blurred_fill, place_in_frame};
pub use deep_planar::{ChromaPlace, DEEP_WHITE, DeepPlanar};
pub use obscure::obscure;
pub use overlay::Overlay;
pub use panels::{Panels, two_panels};
pub use planar::Planar;
pub use resize::{Filter, ResizeBuffers, crop_resize, crop_resize_with, resize};
pub use treatment::FilmTreatment;
pub use vector_level::vector_level;

use std::sync::Arc;

use crate::geometry::Size;

/// RGB samples, rows from top to bottom without padding, 3 samples a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rgb<T> {
    size: Size,
    samples: Vec<T>,
}

/// 8 bits a sample.
pub type Rgb8 = Rgb<u8>;
/// 16 bits a sample.
pub type Rgb16 = Rgb<u16>;

impl<T: Copy + Default> Rgb<T> {
    /// Takes the samples; `None` unless there are exactly `3 × width × height` and neither side is 0.
    pub fn new(size: Size, samples: Vec<T>) -> Option<Self> {
        let wanted = size.pixels().checked_mul(3)?;
        (wanted > 0 && wanted == samples.len() as u64).then_some(Self { size, samples })
    }

    /// A black picture of at least 1×1.
    pub fn black(size: Size) -> Self {
        let size = Size::new(size.width.max(1), size.height.max(1));
        Self {
            size,
            samples: vec![T::default(); size.pixels() as usize * 3],
        }
    }

    /// Width and height, never 0.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.size.width as usize
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.size.height as usize
    }

    /// All samples: R, G, B of the first pixel, and so on.
    pub fn samples(&self) -> &[T] {
        &self.samples
    }

    /// All samples, to be changed in place.
    pub fn samples_mut(&mut self) -> &mut [T] {
        &mut self.samples
    }

    /// Returns the samples.
    pub fn into_samples(self) -> Vec<T> {
        self.samples
    }

    /// The pixel at `x`, `y`; outside of the picture, the nearest one.
    pub fn pixel(&self, x: usize, y: usize) -> [T; 3] {
        let at = (y.min(self.height() - 1) * self.width() + x.min(self.width() - 1)) * 3;
        [self.samples[at], self.samples[at + 1], self.samples[at + 2]]
    }

    /// Pixels one after another.
    pub fn pixels(&self) -> impl Iterator<Item = [T; 3]> + '_ {
        self.samples
            .chunks_exact(3)
            .map(|pixel| [pixel[0], pixel[1], pixel[2]])
    }
}

/// A still as it was decoded: upright, in its own colors and depth.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The colors.
    pub pixels: Pixels,
    /// Opacity of each pixel, 16 bit (65535 is opaque); `None` for an opaque picture.
    pub alpha: Option<Vec<u16>>,
    /// Color space of the pixels.
    pub color: ColorSpace,
}

/// Samples of either depth.
#[derive(Debug, Clone)]
pub enum Pixels {
    /// 8 bits a sample.
    Eight(Rgb8),
    /// 16 bits a sample.
    Sixteen(Rgb16),
}

/// The color space of RGB samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColorSpace {
    /// sRGB, also for files that do not name a color space.
    Srgb,
    /// That of an ICC profile (RGB, display or input class).
    Icc(Arc<[u8]>),
}

impl Picture {
    /// Width and height.
    pub fn size(&self) -> Size {
        match &self.pixels {
            Pixels::Eight(pixels) => pixels.size(),
            Pixels::Sixteen(pixels) => pixels.size(),
        }
    }
}
