//! Curves through points without overshoot, and curves sampled for speed.

/// A monotone cubic through points (F. N. Fritsch, R. E. Carlson, "Monotone Piecewise Cubic Interpolation", 1980), flat
/// beyond the outer ones.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    points: Vec<[f64; 2]>,
    slopes: Vec<f64>,
}

impl Curve {
    /// `points` ascend in x; without points the curve is the identity.
    pub(super) fn new(points: &[[f64; 2]]) -> Self {
        let secants: Vec<f64> = points
            .windows(2)
            .map(|pair| (pair[1][1] - pair[0][1]) / (pair[1][0] - pair[0][0]))
            .collect();
        let slopes = (0..points.len())
            .map(|place| {
                let before = place.checked_sub(1).and_then(|place| secants.get(place));
                match (before, secants.get(place)) {
                    // The slope is 0 at an extremum; elsewhere the harmonic mean keeps the cubic monotone.
                    (Some(a), Some(b)) if a * b <= 0.0 => 0.0,
                    (Some(a), Some(b)) => 2.0 * a * b / (a + b),
                    (Some(only), None) | (None, Some(only)) => *only,
                    (None, None) => 0.0,
                }
            })
            .collect();
        Self {
            points: points.to_vec(),
            slopes,
        }
    }

    pub(super) fn at(&self, x: f64) -> f64 {
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else {
            return x;
        };
        if x <= first[0] {
            return first[1];
        }
        if x >= last[0] {
            return last[1];
        }
        let right = self.points.partition_point(|point| point[0] <= x);
        let left = right - 1;
        let ([x0, y0], [x1, y1]) = (self.points[left], self.points[right]);
        let width = x1 - x0;
        let t = (x - x0) / width;
        let u = 1.0 - t;
        let rise = (y1 - y0) * t * t * (3.0 - 2.0 * t);
        y0 + rise + width * (self.slopes[left] * t * u * u - self.slopes[right] * t * t * u)
    }
}

/// A curve on 0..1, sampled so densely that linear interpolation is off by less than 1e-4.
#[derive(Debug, Clone)]
pub(super) struct SampledCurve(Vec<f64>);

impl SampledCurve {
    /// The index of the last sample.
    const LAST: usize = 1024;

    pub(super) fn new(curve: impl Fn(f64) -> f64) -> Self {
        let sample = |number: usize| curve(number as f64 / Self::LAST as f64).clamp(0.0, 1.0);
        Self((0..=Self::LAST).map(sample).collect())
    }

    /// Applies another curve after this one.
    pub(super) fn then(&mut self, curve: impl Fn(f64) -> f64) {
        for value in &mut self.0 {
            *value = curve(*value);
        }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let position = value.clamp(0.0, 1.0) * Self::LAST as f64;
        let left = (position as usize).min(Self::LAST - 1);
        self.0[left] + (self.0[left + 1] - self.0[left]) * (position - left as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::Curve;

    #[test]
    fn passes_through_its_points_and_never_turns_between_them() {
        let points = [
            [0.0, 0.05],
            [0.2, 0.06],
            [0.3, 0.6],
            [0.8, 0.61],
            [1.0, 1.0],
        ];
        let curve = Curve::new(&points);
        for [x, y] in points {
            assert!((curve.at(x) - y).abs() < 1e-12);
        }
        let values: Vec<f64> = (0..=1000)
            .map(|x| curve.at(f64::from(x) / 1000.0))
            .collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
    }

    #[test]
    fn is_the_identity_without_points_and_flat_outside() {
        assert_eq!(Curve::new(&[]).at(0.3), 0.3);
        let curve = Curve::new(&[[0.2, 0.3], [0.8, 0.7]]);
        assert_eq!(curve.at(0.0), 0.3);
        assert_eq!(curve.at(1.0), 0.7);
    }
}
