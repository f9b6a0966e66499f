//! A picture shown whole in a frame of another shape, over a blurred and darker enlargement of itself.

use crate::geometry::{Rect, Size};
use crate::picture::{Filter, Rgb8, crop_resize, resize};

/// Longer side, in pixels, of what lies behind before it is enlarged: too few for any detail to compete.
const BEHIND: u32 = 24;
/// Longer side of the step in between: enlarged at once, the few pixels would show as a grid.
const BETWEEN: u32 = 160;
/// Parts of its light that the picture behind keeps, of 256: darker, so that the eye stays in the middle.
const LIGHT: u32 = 160;

/// Where a part of a picture, `aspect` wide over high, stands in a frame when it is shown whole: in the middle, as large
/// as fits; in fractions of the frame.
pub fn place_in_frame(aspect: f64, frame: Size) -> Rect {
    let share = aspect / frame.aspect();
    if !share.is_finite() || share <= 0.0 {
        return Rect::FULL;
    }
    let (width, height) = (share.min(1.0), (1.0 / share).min(1.0));
    Rect::new((1.0 - width) / 2.0, (1.0 - height) / 2.0, width, height)
}

/// The frame of `size` that shows the part `part` (in fractions) of `picture` whole.
pub fn blurred_fill(picture: &Rgb8, part: Rect, size: Size) -> Rgb8 {
    let pixels = picture.size();
    let aspect = pixels.aspect() * part.width / part.height.max(f64::MIN_POSITIVE);
    let place = place_in_frame(aspect, size);
    let mut frame = behind(picture, covering(part, place), size);
    let side = |share: f64, side: u32| ((share * f64::from(side)).round() as u32).clamp(1, side);
    let inner = Size::new(
        side(place.width, size.width),
        side(place.height, size.height),
    );
    let whole = crop_resize(picture, part, inner, Filter::Lanczos);
    let left = (frame.width() - whole.width()) / 2;
    let top = (frame.height() - whole.height()) / 2;
    frame.paste(&whole, left, top);
    frame
}

/// The middle of `part` that has the shape of the frame in which it stands at `place`.
fn covering(part: Rect, place: Rect) -> Rect {
    let (width, height) = (part.width * place.height, part.height * place.width);
    let center = part.center();
    Rect::new(
        center.x - width / 2.0,
        center.y - height / 2.0,
        width,
        height,
    )
}

fn behind(picture: &Rgb8, part: Rect, size: Size) -> Rgb8 {
    let few = crop_resize(picture, part, size.within(BEHIND), Filter::Box);
    let soft = resize(&few, size.within(BETWEEN), Filter::Gaussian);
    let mut frame = resize(&soft, size, Filter::Gaussian);
    for sample in frame.samples_mut() {
        *sample = (u32::from(*sample) * LIGHT / 256) as u8;
    }
    frame
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wide_picture_stands_whole_in_the_middle_of_a_tall_frame() {
        let size = Size::new(40, 20);
        let samples = (0..40 * 20 * 3_u32).map(|at| 100 + (at % 100) as u8);
        let picture = Rgb8::new(size, samples.collect()).unwrap();
        let frame = blurred_fill(&picture, Rect::FULL, Size::new(40, 80));
        let row = |y: usize| &frame.samples()[y * 120..(y + 1) * 120];
        for y in 0..20 {
            assert_eq!(row(30 + y), &picture.samples()[y * 120..(y + 1) * 120]);
        }
        for y in (0..30).chain(50..80) {
            assert!(row(y).iter().all(|sample| *sample < 160), "row {y}");
        }
    }

    proptest! {
        #[test]
        fn any_part_of_any_picture_fits_any_frame(
            (wide, high) in (1..60_u32, 1..60_u32),
            (across, down) in (1..60_u32, 1..60_u32),
            (x, y, width, height) in (0.0..0.9_f64, 0.0..0.9_f64, 1e-4..1.0_f64, 1e-4..1.0_f64),
        ) {
            let picture = Rgb8::black(Size::new(wide, high));
            let size = Size::new(across, down);
            prop_assert_eq!(blurred_fill(&picture, Rect::new(x, y, width, height), size).size(), size);
            let place = place_in_frame(width / height, size);
            prop_assert!(place.x >= 0.0 && place.y >= 0.0);
            prop_assert!(place.x + place.width <= 1.0 + 1e-9 && place.y + place.height <= 1.0 + 1e-9);
        }
    }
}
