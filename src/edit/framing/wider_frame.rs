//! Frames wider than the film's shape, which stand over a blurred enlargement of the picture: for subjects that no crop
//! holds. The narrowest that holds them shows them largest.

use crate::edit::framing::axis::CropAxis;

/// How much wider, in crops of the film's shape: in an upright film 3:4, 1:1 and 4:3.
const WIDER: [f64; 3] = [4.0 / 3.0, 16.0 / 9.0, 64.0 / 27.0];
/// What a frame has to hold of the weight …
const HELD: f64 = 0.8;
/// … and of the length of an object.
const HELD_OF_OBJECT: f64 = 0.9;

/// The narrowest frame that holds enough; the whole picture where none does. `kept` is the share of the weight that a
/// frame holds, `subject` the length along the axis of what should be seen whole, 0 without.
pub(super) fn wider_frame(
    axis: CropAxis,
    subject: f64,
    kept: impl Fn(CropAxis) -> f64,
) -> CropAxis {
    let frames = WIDER.map(|times| axis.sized(axis.size() * times));
    frames
        .into_iter()
        .find(|frame| frame.size() >= subject * HELD_OF_OBJECT && kept(*frame) >= HELD)
        .unwrap_or(CropAxis::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIRD: CropAxis = CropAxis::Across(0.3);

    #[test]
    fn the_narrowest_frame_that_holds_enough_is_taken() {
        let kept = |frame: CropAxis| frame.size() * 2.1;
        assert_eq!(
            wider_frame(THIRD, 0.0, kept),
            THIRD.sized(0.3 * (4.0 / 3.0))
        );
        assert_eq!(
            wider_frame(THIRD, 0.5, kept),
            THIRD.sized(0.3 * (16.0 / 9.0))
        );
        assert_eq!(wider_frame(THIRD, 0.9, kept), CropAxis::Whole);
        assert_eq!(wider_frame(THIRD, 0.0, |_| 0.5), CropAxis::Whole);
        // A frame as wide as the picture is the picture.
        let half = CropAxis::Across(0.5);
        let kept = |frame: CropAxis| frame.size() * 0.85;
        assert_eq!(wider_frame(half, 0.0, kept), CropAxis::Whole);
    }
}
