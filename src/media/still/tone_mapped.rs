//! Tone maps stills of high dynamic range (PQ, HLG) to 8-bit sRGB, as for films, by the light of each picture.

use super::raster::{PixelLayout, Samples};
use crate::geometry::Size;
use crate::media::color_meaning::ToneMap;

/// Tone maps the samples of a picture of `size` and keeps alpha. `None` if their number does not fit.
pub(super) fn tone_mapped(
    size: Size,
    channels: PixelLayout,
    samples: &Samples,
    map: &ToneMap,
) -> Option<Samples> {
    let count = channels.count();
    let wide: Vec<u16> = match samples {
        Samples::Eight(samples) => samples
            .iter()
            .map(|&sample| u16::from(sample) * 257)
            .collect(),
        Samples::Sixteen(samples) => samples.clone(),
    };
    let colors: Vec<u8> = wide
        .chunks_exact(count)
        .flat_map(|pixel| {
            // Grey is three equal samples.
            [0, 1, 2]
                .map(|channel| if channels.is_grey() { 0 } else { channel })
                .map(|channel| pixel.get(channel).copied().unwrap_or(0))
        })
        .flat_map(u16::to_le_bytes)
        .collect();
    let mapped = map.fitted_to(&colors).apply(size, &colors)?;
    let has_alpha = matches!(channels, PixelLayout::GreyAlpha | PixelLayout::Rgba);
    let kept = if channels.is_grey() { 1 } else { 3 };
    let mut narrow = Vec::with_capacity(wide.len());
    for (pixel, from) in mapped
        .samples()
        .chunks_exact(3)
        .zip(wide.chunks_exact(count))
    {
        narrow.extend(pixel.iter().take(kept));
        if has_alpha {
            narrow.extend(from.last().map(|alpha| (alpha >> 8) as u8));
        }
    }
    Some(Samples::Eight(narrow))
}
