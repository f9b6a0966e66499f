//! A time between two frames of a source: both of them mixed.

use crate::picture::Rgb8;
use crate::time::Rational;

/// Shares of a picture are integers out of so many.
const ONE: u32 = 256;

/// The share of the later of two frames at `time`, in parts of [`ONE`]. It rises evenly over the share `blend` of the
/// time between them, and stands still before and after.
pub(super) fn share_of_later(
    earlier: Rational,
    later: Rational,
    time: Rational,
    blend: f64,
) -> u32 {
    let gap = (later - earlier).seconds();
    if gap <= 0.0 || blend <= 0.0 {
        return ONE;
    }
    let passed = (time - earlier).seconds() / gap;
    let share = ((passed - 0.5) / blend.min(1.0) + 0.5).clamp(0.0, 1.0);
    (share * f64::from(ONE)).round() as u32
}

/// A share as a fraction.
pub(super) fn fraction(share: u32) -> f64 {
    f64::from(share) / f64::from(ONE)
}

/// Whether only the later frame is seen.
pub(super) fn is_whole(share: u32) -> bool {
    share >= ONE
}

/// Both frames, which have one size, mixed on gamma-coded values.
pub(super) fn mixed(earlier: &Rgb8, later: &Rgb8, share: u32) -> Rgb8 {
    let mut mixed = earlier.clone();
    let share = share.min(ONE);
    for (sample, over) in mixed.samples_mut().iter_mut().zip(later.samples()) {
        let sum = u32::from(*sample) * (ONE - share) + u32::from(*over) * share;
        *sample = ((sum + ONE / 2) / ONE) as u8;
    }
    mixed
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn the_share_rises_within_the_part_that_blends() {
        let at = |time: i64, blend: f64| {
            let time = Rational::new(time, 8).unwrap();
            share_of_later(Rational::ZERO, Rational::ONE, time, blend)
        };
        assert_eq!([0, 2, 4, 8].map(|time| at(time, 1.0)), [0, 64, 128, 256]);
        assert_eq!(
            [0, 2, 4, 6, 8].map(|time| at(time, 0.5)),
            [0, 0, 128, 256, 256]
        );
        assert_eq!(
            share_of_later(Rational::ONE, Rational::ONE, Rational::ONE, 1.0),
            ONE
        );
        let flat = |value| Rgb8::new(Size::new(2, 1), vec![value; 6]).unwrap();
        assert_eq!(mixed(&flat(10), &flat(30), 128), flat(20));
        assert_eq!(mixed(&flat(10), &flat(30), 0), flat(10));
    }
}
