//! Fractions from the floats of other programs.

use crate::time::Rational;

/// Latest time of a timeline in seconds, as in plans (115 days): later ones are mistakes.
const LATEST: f64 = 10_000_000.0;
/// Largest denominator of a number that a float stands for. Half-frames, thirds and sample counts lie below it.
const FINEST: i64 = 1_000_000;
/// Relative distance up to which a rate is the NTSC one: programs write 29.97, 23.98 and 59.94.
const NTSC_NEAR: f64 = 0.0002;
/// Frame rates that a timeline can have, in frames a second.
const RATES: (f64, f64) = (1.0, 1000.0);

/// The simplest fraction next to `value` whose denominator is at most `most`; `None` unless it is finite and within
/// the range of times.
pub(super) fn fraction(value: f64, most: i64) -> Option<Rational> {
    if !value.is_finite() || value.abs() > LATEST * RATES.1 {
        return None;
    }
    // Continued fractions: the last convergent whose denominator fits.
    let (mut above, mut below) = ((0_i128, 1_i128), (1_i128, 0_i128));
    let mut rest = value;
    for _ in 0..40 {
        let whole = rest.floor();
        let part = whole as i128;
        let next = (
            part.checked_mul(below.0)?.checked_add(above.0)?,
            part.checked_mul(below.1)?.checked_add(above.1)?,
        );
        if next.1 > i128::from(most) {
            break;
        }
        (above, below) = (below, next);
        let left = rest - whole;
        let found = below.0 as f64 / below.1 as f64;
        if left == 0.0 || (found - value).abs() <= value.abs() * f64::EPSILON {
            break;
        }
        rest = 1.0 / left;
    }
    Rational::new(i64::try_from(below.0).ok()?, i64::try_from(below.1).ok()?)
}

/// The exact frame rate that a float stands for; `None` outside 1 to 1000 frames a second.
pub(super) fn frame_rate(value: f64) -> Option<Rational> {
    if !value.is_finite() || value < RATES.0 || value > RATES.1 {
        return None;
    }
    let whole = value.ceil();
    let ntsc = whole * 1000.0 / 1001.0;
    if whole != value && (value / ntsc - 1.0).abs() < NTSC_NEAR {
        return Rational::new(whole as i64 * 1000, 1001);
    }
    fraction(value, 1001)
}

/// Seconds of `value` units at `rate` units a second; `None` where it is no time.
pub(super) fn seconds(value: f64, rate: Rational) -> Option<Rational> {
    let time = fraction(value, FINEST)? * rate.inverse()?;
    in_range(time)
}

/// The time itself, unless it is out of range.
pub(super) fn in_range(time: Rational) -> Option<Rational> {
    (time.seconds().abs() <= LATEST).then_some(time)
}

/// `value` rounded to a whole number of `1 / rate`.
pub(super) fn on_grid(value: Rational, rate: Rational) -> Rational {
    let frame = rate.inverse().unwrap_or(Rational::ONE);
    Rational::whole((value * rate).round()) * frame
}

/// Whether `value` is a whole number of `1 / rate`.
pub(super) fn is_on_grid(value: Rational, rate: Rational) -> bool {
    (value * rate).denominator() == 1
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ratio(above: i64, below: i64) -> Rational {
        Rational::new(above, below).unwrap()
    }

    #[test]
    fn rates_that_programs_shorten_are_exact() {
        for (value, above, below) in [
            (29.97, 30000, 1001),
            (29.97002997002997, 30000, 1001),
            (23.98, 24000, 1001),
            (23.976, 24000, 1001),
            (59.94, 60000, 1001),
            (25.0, 25, 1),
            (12.5, 25, 2),
        ] {
            assert_eq!(frame_rate(value).unwrap(), ratio(above, below), "{value}");
        }
        for value in [0.0, -24.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(frame_rate(value), None);
        }
    }

    #[test]
    fn floats_become_the_fractions_they_stand_for() {
        assert_eq!(fraction(4.5, 1000), Some(ratio(9, 2)));
        assert_eq!(fraction(175.0 / 3.0, 1_000_000), Some(ratio(175, 3)));
        assert_eq!(fraction(-0.1, 1000), Some(ratio(-1, 10)));
        assert_eq!(fraction(0.0, 1000), Some(Rational::ZERO));
        assert_eq!(seconds(1e308, ratio(24, 1)), None);
        assert_eq!(seconds(f64::NAN, ratio(24, 1)), None);
        assert_eq!(seconds(45.0, ratio(30000, 1001)), Some(ratio(45045, 30000)));
    }
}
