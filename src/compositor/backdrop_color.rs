//! Puts a color behind people: even, or darker towards the lower edge, as a lit studio wall is.

use crate::effects::BackdropColor;
use crate::picture::Rgb8;

/// Weight of a person up to which nothing of the pixel is kept: it shows mostly what was there, and a rim of that would
/// shine around dark people before a wall of another color.
const RIM: u32 = 80;

/// Replaces what lies behind `people` (their weight at each pixel, 0..255).
pub(super) fn fill(frame: &mut Rgb8, people: &[u8], color: &BackdropColor) {
    let (width, height) = (frame.width().max(1), frame.height().max(1));
    let rows = frame.samples_mut().chunks_exact_mut(width * 3);
    for (y, (row, people)) in rows.zip(people.chunks_exact(width)).enumerate() {
        let down = (y as f64 + 0.5) / height as f64;
        let behind = rgb(
            color,
            color.brightness * (1.0 - color.shade.clamp(0.0, 1.0) * down),
        );
        for (pixel, person) in row.chunks_exact_mut(3).zip(people) {
            let person = u32::from(*person).saturating_sub(RIM) * 255 / (255 - RIM);
            let rest = 255 - person;
            for (sample, behind) in pixel.iter_mut().zip(behind) {
                *sample = ((u32::from(*sample) * person + behind * rest + 127) / 255) as u8;
            }
        }
    }
}

/// The color with another brightness, 0..255 a channel (HSV: hue, saturation, value).
fn rgb(color: &BackdropColor, brightness: f64) -> [u32; 3] {
    /// Degrees between red, yellow, green, cyan, blue and magenta.
    const STEP: f64 = 60.0;
    let (saturation, value) = (color.saturation.clamp(0.0, 1.0), brightness.clamp(0.0, 1.0));
    // Each channel is full within a step of its own hue, and gone two steps from it.
    [0.0, 120.0, 240.0].map(|own| {
        let away = (color.hue - own).rem_euclid(360.0);
        let away = away.min(360.0 - away) / STEP;
        let share = (2.0 - away).clamp(0.0, 1.0);
        (value * (1.0 - saturation * (1.0 - share)) * 255.0).round() as u32
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn color(hue: f64, saturation: f64) -> BackdropColor {
        BackdropColor {
            hue,
            saturation,
            brightness: 1.0,
            shade: 0.0,
        }
    }

    #[test]
    fn hues_are_those_of_the_circle_of_colors() {
        for (hue, expected) in [
            (0.0, [255, 0, 0]),
            (30.0, [255, 128, 0]),
            (60.0, [255, 255, 0]),
            (120.0, [0, 255, 0]),
            (210.0, [0, 128, 255]),
            (300.0, [255, 0, 255]),
            (360.0, [255, 0, 0]),
        ] {
            assert_eq!(rgb(&color(hue, 1.0), 1.0), expected, "{hue}");
        }
        assert_eq!(rgb(&color(200.0, 0.0), 0.4), [102; 3]);
    }

    #[test]
    fn people_stay_and_the_color_darkens_downwards() {
        let size = Size::new(3, 4);
        let mut frame = Rgb8::new(size, vec![90; 36]).unwrap();
        let shaded = BackdropColor {
            shade: 0.5,
            ..color(0.0, 0.0)
        };
        fill(&mut frame, &[0, 150, 255].repeat(4), &shaded);
        for (y, behind) in [239, 207, 175, 143].into_iter().enumerate() {
            let edge = ((90 * 102 + behind * 153 + 127) / 255) as u8;
            assert_eq!(frame.pixel(0, y), [behind as u8; 3]);
            assert_eq!(frame.pixel(1, y), [edge; 3]);
            assert_eq!(frame.pixel(2, y), [90; 3]);
        }
    }
}
