//! The bar that shows how much of the film has passed.

use crate::effects::FilmBar;
use crate::picture::Rgb8;

/// Share of the picture that is left under the empty part: dark enough to tell it from the white one on any picture.
const UNDER: f64 = 0.35;

/// Draws the bar over the frame. Its end moves by parts of a pixel, so that a long film has no steps.
pub(super) fn draw(frame: &mut Rgb8, bar: &FilmBar) {
    if bar.height <= 0.0 {
        return;
    }
    let (width, height) = (frame.width(), frame.height());
    let rows = ((bar.height * height as f64).round() as usize).clamp(1, height.max(1));
    let top = (bar.place.clamp(0.0, 1.0) * (height - rows.min(height)) as f64).round() as usize;
    let end = bar.filled.clamp(0.0, 1.0) * width as f64;
    let lines = frame.samples_mut().chunks_exact_mut(width.max(1) * 3);
    for line in lines.skip(top).take(rows) {
        for (x, pixel) in line.chunks_exact_mut(3).enumerate() {
            let filled = (end - x as f64).clamp(0.0, 1.0);
            for sample in pixel {
                let empty = f64::from(*sample) * UNDER;
                *sample = (empty + (255.0 - empty) * filled).round() as u8;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn it_is_white_as_far_as_the_film_has_passed() {
        let mut frame = Rgb8::new(Size::new(10, 20), vec![100; 600]).unwrap();
        let bar = |filled| FilmBar {
            height: 0.1,
            place: 1.0,
            filled,
        };
        draw(&mut frame, &bar(0.45));
        let line: Vec<u8> = (0..10).map(|x| frame.pixel(x, 19)[0]).collect();
        assert_eq!(line, [255, 255, 255, 255, 145, 35, 35, 35, 35, 35]);
        assert_eq!(frame.pixel(0, 18), [255; 3]);
        assert_eq!(frame.pixel(0, 17), [100; 3]);
        draw(&mut frame, &FilmBar::default());
        assert_eq!(frame.pixel(0, 0), [100; 3]);
    }
}
