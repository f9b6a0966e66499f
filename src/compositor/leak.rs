//! Warm light that falls into a frame.

use crate::effects::Leak;
use crate::picture::Rgb8;

/// Reach of the light, in widths of the frame.
const REACH: f64 = 0.9;
/// Red, green and blue of the light at strength 1, as shares of white. The middle of a stronger light is white, its
/// rim orange.
const COLOR: [f64; 3] = [1.0, 0.62, 0.28];

/// Adds the light as two projectors on one screen do: bright parts gain less.
pub(super) fn fall_in(frame: &mut Rgb8, leak: &Leak) {
    if leak.strength <= 0.0 {
        return;
    }
    let (width, height) = (frame.width(), frame.height());
    let (across, down) = (width as f64, height as f64);
    for (y, row) in frame.samples_mut().chunks_exact_mut(width * 3).enumerate() {
        // In widths of the frame, so that the spot is round.
        let dy = (y as f64 + 0.5 - leak.y * down) / across;
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let dx = (x as f64 + 0.5) / across - leak.x;
            let near = 1.0 - (dx * dx + dy * dy) / (REACH * REACH);
            if near <= 0.0 {
                continue;
            }
            let light = leak.strength * near * near;
            for (sample, share) in pixel.iter_mut().zip(COLOR) {
                let dark = f64::from(255 - *sample);
                *sample = 255 - (dark * (1.0 - (light * share).min(1.0))).round() as u8;
            }
        }
    }
}
