//! Turns frames into opaque pictures in BT.709.

use ffmpeg::frame;
use ffmpeg_next as ffmpeg;

use super::frame_facts::{has_alpha, planes};
use super::frame_to_rgb::{Converters, RgbFormat};
use crate::geometry::Size;
use crate::media::color_meaning::{DisplayMap, FilmColor, lay_over};
use crate::media::yuv::to_rgb;
use crate::picture::Rgb8;

/// Makes pictures from frames, and keeps converters and tables between frames.
#[derive(Default)]
pub(super) struct FramePictures {
    converters: Converters,
    /// The conversion used last.
    map: Option<DisplayMap>,
    /// A transparent pixel has been seen.
    transparent: bool,
    /// The buffer of a picture that is done with, for the next one.
    spare: Vec<u8>,
}

impl FramePictures {
    /// Drops what was cached for the previous frame.
    pub fn next_frame(&mut self) {
        self.converters.next_frame();
    }

    /// The next picture may take the buffer of this one.
    pub fn reuse(&mut self, picture: Rgb8) {
        self.spare = picture.into_samples();
    }

    /// True if any pixel so far was transparent.
    pub fn met_transparency(&self) -> bool {
        self.transparent
    }

    /// The picture of `frame` at `size`, with transparent areas showing `background`. `None` if the pixel format cannot
    /// be converted.
    pub fn picture(
        &mut self,
        frame: &frame::Video,
        color: FilmColor,
        size: Size,
        background: [u8; 3],
    ) -> Option<Rgb8> {
        if has_alpha(frame) {
            // Composed before scaling, or hidden colors would bleed into the edges.
            let picture = self.opaque(frame, color, background)?;
            return self.resized(picture, size);
        }
        if self.map_for(color).is_none() {
            return self.rgb(frame, color, size);
        }
        let samples = self
            .converters
            .convert(frame, color, size, RgbFormat::Rgb48)?;
        self.map_for(color)?.apply(size, &samples)
    }

    /// `picture` at `size`.
    pub fn resized(&mut self, picture: Rgb8, size: Size) -> Option<Rgb8> {
        match picture.size() == size {
            true => Some(picture),
            false => self.converters.resize(&picture, size),
        }
    }

    /// The conversion from `color` to BT.709; `None` if there is nothing to convert.
    fn map_for(&mut self, color: FilmColor) -> Option<&DisplayMap> {
        if color.is_bt709() {
            return None;
        }
        if !self.map.as_ref().is_some_and(|map| map.is_for(color)) {
            self.map = DisplayMap::new(color);
        }
        self.map.as_ref()
    }

    /// 8-bit RGB of a frame that needs no color conversion.
    fn rgb(&mut self, frame: &frame::Video, color: FilmColor, size: Size) -> Option<Rgb8> {
        let own = size == Size::new(frame.width(), frame.height());
        let common = own.then(|| planes(frame, color)).flatten();
        let spare = std::mem::take(&mut self.spare);
        common
            .and_then(|planes| to_rgb(&planes, spare))
            .or_else(|| {
                let samples = self
                    .converters
                    .convert(frame, color, size, RgbFormat::Rgb24)?;
                Rgb8::new(size, samples)
            })
    }

    /// A frame with alpha at its own size, composed over `background`. Decoders give straight alpha.
    fn opaque(
        &mut self,
        frame: &frame::Video,
        color: FilmColor,
        background: [u8; 3],
    ) -> Option<Rgb8> {
        let size = Size::new(frame.width(), frame.height());
        let (mut picture, alpha): (Rgb8, Vec<u8>) = if self.map_for(color).is_none() {
            let samples = self
                .converters
                .convert(frame, color, size, RgbFormat::Rgba)?;
            let pixels = samples.chunks_exact(4);
            let colors = pixels.clone().flat_map(|pixel| &pixel[..3]).copied();
            (
                Rgb8::new(size, colors.collect())?,
                pixels.map(|pixel| pixel[3]).collect(),
            )
        } else {
            let samples = self
                .converters
                .convert(frame, color, size, RgbFormat::Rgba64)?;
            let pixels = samples.chunks_exact(8);
            let colors: Vec<u8> = pixels
                .clone()
                .flat_map(|pixel| &pixel[..6])
                .copied()
                .collect();
            let picture = self.map_for(color)?.apply(size, &colors)?;
            // The high byte of the little-endian alpha.
            (picture, pixels.map(|pixel| pixel[7]).collect())
        };
        self.transparent |= alpha.iter().any(|&alpha| alpha < u8::MAX);
        lay_over(picture.samples_mut(), &alpha, u8::MAX, background);
        Some(picture)
    }
}
