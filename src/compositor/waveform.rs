//! The waveform: bars as high as the film is loud around the moment that is shown.

use crate::effects::WaveStrip;
use crate::picture::Rgb8;

/// Share of the frame's width that the bars stand in: what apps lay over the edges hides none of them.
const ACROSS: f64 = 0.7;
/// Width of a bar, as a share of the distance between two.
const BAR: f64 = 0.55;
/// Share of the way to white of the bars that are still to be heard; those that were are white.
const COMING: f64 = 0.45;
/// How far a bar darkens what is around it, in radii, so that it is seen on a bright picture.
const SHADE: f64 = 2.0;
/// Share of its light that the picture loses beside a bar.
const DARKER: f64 = 0.4;

/// Draws a bar for each of `levels` (0..1); the moment that is shown is in the middle of them.
pub(super) fn draw(frame: &mut Rgb8, strip: &WaveStrip, levels: &[f64]) {
    if strip.height <= 0.0 || levels.is_empty() {
        return;
    }
    let (width, height) = (frame.width() as f64, frame.height() as f64);
    let pitch = width * ACROSS / levels.len() as f64;
    let left = width * (1.0 - ACROSS) / 2.0;
    let radius = (pitch * BAR / 2.0).max(0.5);
    for (number, level) in levels.iter().enumerate() {
        let half = strip.height * height / 2.0 * level.clamp(0.0, 1.0);
        let bar = Bar {
            x: left + pitch * (number as f64 + 0.5),
            y: strip.place * height,
            // A round dot where it is silent.
            half: (half - radius).max(0.0),
            radius,
            light: if number * 2 < levels.len() {
                1.0
            } else {
                COMING
            },
        };
        bar.draw(frame);
    }
}

/// An upright bar with round ends, in pixels.
struct Bar {
    x: f64,
    y: f64,
    /// From its middle to the middle of either round end.
    half: f64,
    radius: f64,
    /// Share of the way to white.
    light: f64,
}

impl Bar {
    fn draw(&self, frame: &mut Rgb8) {
        let reach = self.radius * (1.0 + SHADE) + 1.0;
        let inside = |value: f64, most: usize| (value.max(0.0) as usize).min(most);
        let (width, height) = (frame.width(), frame.height());
        let columns = inside(self.x - reach, width)..inside(self.x + reach + 1.0, width);
        let rows = inside(self.y - self.half - reach, height)
            ..inside(self.y + self.half + reach + 1.0, height);
        let lines = frame.samples_mut().chunks_exact_mut(width.max(1) * 3);
        for (y, line) in lines.enumerate().take(rows.end).skip(rows.start) {
            let pixels = line.chunks_exact_mut(3).enumerate();
            for (x, pixel) in pixels.take(columns.end).skip(columns.start) {
                let distance = self.distance(x as f64 + 0.5, y as f64 + 0.5);
                let covered = (self.radius + 0.5 - distance).clamp(0.0, 1.0);
                let beside = 1.0 - (distance / self.radius - 1.0).max(0.0) / SHADE;
                let kept = 1.0 - DARKER * beside.clamp(0.0, 1.0).powi(2);
                for sample in pixel {
                    let dark = f64::from(*sample) * kept;
                    *sample = (dark + (255.0 - dark) * covered * self.light).round() as u8;
                }
            }
        }
    }

    /// How far a point is from the line between the middles of the round ends.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let beyond = ((y - self.y).abs() - self.half).max(0.0);
        (x - self.x).hypot(beyond)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn bars_are_as_high_as_the_sound_is_loud_and_bright_once_heard() {
        let size = Size::new(200, 100);
        let drawn = |levels: &[f64]| {
            let mut frame = Rgb8::new(size, vec![60; 60_000]).unwrap();
            let strip = WaveStrip {
                height: 0.5,
                place: 0.5,
            };
            draw(&mut frame, &strip, levels);
            frame
        };
        let levels = [1.0, 0.5, 0.0, 1.0];
        let frame = drawn(&levels);
        let middle = |bar: usize| 30 + 35 * bar + 17;
        let rows = |bar: usize, light: u8| {
            let rows = (0..100).filter(|y| frame.pixel(middle(bar), *y)[0] > light);
            rows.count() as f64
        };
        assert!((rows(0, 200) - 50.0).abs() <= 2.0, "{}", rows(0, 200));
        assert!((rows(1, 200) - 25.0).abs() <= 2.0, "{}", rows(1, 200));
        assert_eq!(rows(3, 200), 0.0);
        assert!((rows(3, 100) - 50.0).abs() <= 2.0, "{}", rows(3, 100));
        assert_eq!(frame.pixel(5, 50), [60; 3]);
        assert_eq!(drawn(&[]).pixel(100, 50), [60; 3]);
    }
}
