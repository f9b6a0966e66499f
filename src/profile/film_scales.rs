//! The scales on which films are described: from seconds and shapes to features of 0 to 1, and back.

/// Seconds a shot that count as not cutting often (0) and as cutting often (1).
const CUT_LENGTHS: (f64, f64) = (8.0, 0.5);
/// Seconds of a film that count as running long.
const LONG: f64 = 90.0;
/// Beats a shot that count as many, as a power of two: sixteen, four bars.
const MANY_BEATS: f64 = 4.0;
/// The shape of a television picture, width to height.
const WIDE: f64 = 16.0 / 9.0;

/// How often a film with shots of this many seconds is cut, from 0, seldom, to 1, often: a logarithmic scale, as the
/// difference between shots of one and two seconds is that between four and eight.
pub fn cuts_often(seconds: f64) -> f64 {
    let (slow, quick) = CUT_LENGTHS;
    let often = (slow.ln() - seconds.max(0.01).ln()) / (slow / quick).ln();
    often.clamp(0.0, 1.0)
}

/// Seconds a shot of a film that is cut so often.
pub(super) fn shot_seconds(often: f64) -> f64 {
    let (slow, quick) = CUT_LENGTHS;
    slow * libm::pow(quick / slow, often)
}

/// How long a film of this many seconds runs, from 0 to 1, long.
pub fn runs_long(seconds: f64) -> f64 {
    (seconds / LONG).clamp(0.0, 1.0)
}

/// Seconds of a film that runs so long; `None` for the end of the scale, where all longer films stand.
pub(super) fn film_seconds(long: f64) -> Option<f64> {
    (0.0..1.0).contains(&long).then_some(long * LONG)
}

/// How many beats a shot lasts, from 0, one, to 1, sixteen: logarithmic, since bars and phrases double.
pub fn spans_beats(beats: f64) -> f64 {
    (beats.max(1.0).log2() / MANY_BEATS).clamp(0.0, 1.0)
}

/// Beats a shot at that place of the scale.
pub(super) fn shot_beats(spans: f64) -> f64 {
    libm::pow(2.0, spans * MANY_BEATS)
}

/// How tall a picture is, from 0 (16:9) over 0.5 (1:1) to 1 (9:16), by the logarithm of its shape.
pub fn tallness(width: f64, height: f64) -> f64 {
    let tall = (height.max(1.0) / width.max(1.0)).ln() / WIDE.ln();
    (0.5 + 0.5 * tall).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_lead_back_to_where_they_came_from() {
        for seconds in [0.6, 1.8, 7.5] {
            assert!((shot_seconds(cuts_often(seconds)) - seconds).abs() < 1e-9);
            let long = film_seconds(runs_long(seconds));
            assert!(long.is_some_and(|long| (long - seconds).abs() < 1e-9));
            assert!((shot_beats(spans_beats(seconds + 1.0)) - seconds - 1.0).abs() < 1e-9);
        }
        assert_eq!(film_seconds(runs_long(200.0)), None);
        assert_eq!(tallness(1080.0, 1080.0), 0.5);
        assert!((tallness(1080.0, 1920.0) - 1.0).abs() < 1e-9);
        assert!(tallness(1920.0, 1080.0).abs() < 1e-9);
    }
}
