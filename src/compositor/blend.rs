//! Lays the layers of one frame over each other, on gamma-coded values.
//!
//! Shares of pixels are integers, so that every CPU gives the same bytes.

use crate::compositor::cover::{BITS, ONE, RowCover};
use crate::effects::LayerState;
use crate::geometry::Size;
use crate::picture::Rgb8;

/// The layers, bottom first, over black. Each picture has the size of the frame.
pub(super) fn blend(size: Size, layers: Vec<(Rgb8, LayerState)>) -> Rgb8 {
    let mut layers = layers.into_iter().peekable();
    // Mostly there is one layer, which needs no copy.
    let mut frame = match layers.next_if(|(_, state)| state.fills_frame()) {
        Some((picture, _)) => picture,
        None => Rgb8::black(size),
    };
    for (picture, state) in layers {
        draw_over(&mut frame, &picture, &state);
    }
    frame
}

/// Draws `picture` over `frame`, as far as it lies inside.
fn draw_over(frame: &mut Rgb8, picture: &Rgb8, state: &LayerState) {
    let size = frame.size();
    let right = pixels(state.shift[0], size.width);
    let down = pixels(state.shift[1], size.height);
    let row_samples = size.width as usize * 3;
    let mut cover = RowCover::new(size, state);
    let skip = |moved: i64| usize::try_from(moved).unwrap_or(0);
    let (left, cut) = (skip(right) * 3, skip(-right) * 3);
    let rows = frame.samples_mut().chunks_exact_mut(row_samples);
    let own_rows = picture.samples().chunks_exact(row_samples);
    let pairs = rows.skip(skip(down)).zip(own_rows.skip(skip(-down)));
    for (number, (row, own)) in pairs.enumerate() {
        let (Some(row), Some(own)) = (row.get_mut(left..), own.get(cut..)) else {
            return;
        };
        match cover.of_row(skip(down) + number) {
            None => lay_evenly(row, own, cover.opacity()),
            Some(shares) => {
                let shares = shares.get(left / 3..).unwrap_or_default();
                for ((pixel, own), share) in
                    row.chunks_exact_mut(3).zip(own.chunks_exact(3)).zip(shares)
                {
                    lay_evenly(pixel, own, *share);
                }
            }
        }
    }
}

/// Lays samples over samples, all with one share.
fn lay_evenly(under: &mut [u8], over: &[u8], share: u32) {
    let rest = ONE - share.min(ONE);
    let half = ONE / 2;
    for (under, over) in under.iter_mut().zip(over) {
        let sum = half + rest * u32::from(*under) + (ONE - rest) * u32::from(*over);
        *under = (sum >> BITS) as u8;
    }
}

/// Whole pixels of a move by `share` of `side`. A picture that leaves and one that follows it a whole side behind are
/// rounded alike, so that no gap opens between them.
fn pixels(share: f64, side: u32) -> i64 {
    /// Above the rounding of `f64`, below a pixel.
    const ROUNDING: f64 = 1e-6;
    let share = share.clamp(-1.0, 1.0);
    (share * f64::from(side) + ROUNDING).floor() as i64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::effects::LayerArea;

    const SIZE: Size = Size {
        width: 50,
        height: 40,
    };

    fn flat(value: u8) -> Rgb8 {
        Rgb8::new(SIZE, vec![value; 50 * 40 * 3]).unwrap()
    }

    fn over(state: LayerState) -> Rgb8 {
        let layers = vec![(flat(10), LayerState::default()), (flat(200), state)];
        blend(SIZE, layers)
    }

    #[test]
    fn opacity_is_the_share_of_the_upper_picture() {
        for (opacity, expected) in [(0.5, 105), (0.25, 58), (1.0, 200), (0.0, 10)] {
            let state = LayerState {
                opacity,
                ..LayerState::default()
            };
            assert_eq!(over(state), flat(expected), "{opacity}");
        }
    }

    #[test]
    fn equal_pictures_stay_as_they_are_and_nothing_is_black() {
        for opacity in [0.1, 1.0 / 3.0, 0.777] {
            let state = LayerState {
                opacity,
                ..LayerState::default()
            };
            let layers = vec![(flat(255), LayerState::default()), (flat(255), state)];
            assert_eq!(blend(SIZE, layers), flat(255));
        }
        assert_eq!(blend(SIZE, vec![]), flat(0));
    }

    #[test]
    fn pictures_that_push_each_other_leave_no_gap() {
        for step in 0..=200 {
            let moved = f64::from(step) / 200.0;
            for axis in 0..2 {
                let at = |share: f64| {
                    let mut state = LayerState::default();
                    state.shift[axis] = share;
                    state
                };
                let layers = vec![(flat(10), at(-moved)), (flat(200), at(1.0 - moved))];
                let frame = blend(SIZE, layers);
                assert!(frame.samples().iter().all(|v| *v == 10 || *v == 200));
                let share = frame.samples().iter().filter(|v| **v == 200).count() as f64;
                assert!((share / 6000.0 - moved).abs() < 0.03, "{moved}");
            }
        }
    }

    #[test]
    fn areas_grow_from_nothing_to_all() {
        for area in [
            LayerArea::FromLeft as fn(f64) -> LayerArea,
            LayerArea::FromTop,
            LayerArea::Circle,
        ] {
            let at = |share| {
                let state = LayerState {
                    area: area(share),
                    ..LayerState::default()
                };
                let frame = over(state);
                frame.samples().iter().map(|v| u64::from(*v)).sum::<u64>()
            };
            assert_eq!(at(0.0), 10 * 6000);
            assert_eq!(at(1.0), 200 * 6000);
            assert!(at(0.2) < at(0.5) && at(0.5) < at(0.8));
        }
    }
}
