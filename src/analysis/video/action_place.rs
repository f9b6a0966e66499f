//! Where in the picture things move: the box that most of the motion lies in that the camera does not cause.
//!
//! The difference that remains after the camera's move is summed over strips of the picture, across and down. The box
//! leaves out a tenth of it on each side, so that noise and single pixels do not count.

use crate::geometry::Rect;

/// Strips across, and strips down.
pub(crate) const STRIPS: usize = 12;
/// Share of the motion that lies beyond the box on each of its sides.
const BEYOND: f32 = 0.1;

/// The motion between two frames by the strips of the picture that it lies in; any unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ActionPlace {
    /// From the left.
    pub across: [f32; STRIPS],
    /// From the top.
    pub down: [f32; STRIPS],
}

impl ActionPlace {
    /// Adds the motion between two other frames.
    pub fn add(&mut self, other: &Self) {
        let strips = self.across.iter_mut().chain(&mut self.down);
        for (sum, value) in strips.zip(other.across.iter().chain(&other.down)) {
            *sum += value;
        }
    }

    /// The box that most of it lies in; `None` where nothing moves.
    pub fn bounds(&self) -> Option<Rect> {
        let [left, right] = middle_of(&self.across)?;
        let [top, bottom] = middle_of(&self.down)?;
        Some(Rect::new(left, top, right - left, bottom - top))
    }
}

/// Where all but [`BEYOND`] on either side lies, 0..1.
fn middle_of(strips: &[f32; STRIPS]) -> Option<[f64; 2]> {
    let all: f32 = strips.iter().sum();
    if !(all.is_finite() && all > 0.0) {
        return None;
    }
    let reached = |part: f32| {
        let mut sum = 0.0;
        for (at, strip) in strips.iter().enumerate() {
            if sum + strip >= part && *strip > 0.0 {
                return (at as f64 + f64::from((part - sum) / strip)) / STRIPS as f64;
            }
            sum += strip;
        }
        1.0
    };
    Some([reached(BEYOND * all), reached((1.0 - BEYOND) * all)])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_on_each_side_is_left_out() {
        assert_eq!(middle_of(&[0.0; STRIPS]), None);
        assert_eq!(middle_of(&[f32::NAN; STRIPS]), None);
        let [from, to] = middle_of(&[1.0; STRIPS]).unwrap();
        assert!((from - 0.1).abs() < 1e-6 && (to - 0.9).abs() < 1e-6);
    }
}
