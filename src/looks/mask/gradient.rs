//! Masks that depend on the position only, computed row by row.

use crate::geometry::Size;
use crate::looks::mask::{LinearGradient, RadialGradient};

/// A gradient scaled to a picture's size. Plain f32 arithmetic in a fixed order gives the same bits everywhere.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gradient {
    Linear {
        /// The value at the middle of the first pixel, and the steps to the right and down.
        start: f32,
        across: f32,
        down: f32,
    },
    Radial {
        center: [f32; 2],
        /// The radius at which it begins to fall, in pixels, and the inverse of the length of the fall.
        inner: f32,
        scale: f32,
    },
}

impl Gradient {
    pub(super) fn linear(gradient: &LinearGradient, size: Size) -> Self {
        let turn = gradient.angle * (std::f64::consts::PI / 180.0);
        let (right, up) = (libm::sin(turn), libm::cos(turn));
        // From the full side (0) to the opposite one (1), on the picture as a unit square.
        let extent = right.abs() + up.abs();
        let (across, down) = (-right / extent, up / extent);
        let width = gradient.width / 100.0;
        let (w, h) = (f64::from(size.width.max(1)), f64::from(size.height.max(1)));
        let at = |x: f64, y: f64| {
            let place = 0.5 + (x - 0.5) * across + (y - 0.5) * down;
            (place - gradient.position / 100.0) / width + 0.5
        };
        Self::Linear {
            start: at(0.5 / w, 0.5 / h) as f32,
            across: (across / w / width) as f32,
            down: (down / h / width) as f32,
        }
    }

    pub(super) fn radial(gradient: &RadialGradient, size: Size) -> Self {
        let shorter = f64::from(size.width.min(size.height).max(1));
        let radius = gradient.radius / 100.0 * shorter;
        let soft = radius * gradient.feather / 100.0;
        let [x, y] = gradient.center;
        Self::Radial {
            center: [
                (x / 100.0 * f64::from(size.width)) as f32,
                (y / 100.0 * f64::from(size.height)) as f32,
            ],
            inner: (radius - soft) as f32,
            scale: (1.0 / (2.0 * soft).max(1e-6)) as f32,
        }
    }

    /// Writes the weights (0..1) of the picture's row `line`.
    pub(super) fn row(&self, line: usize, weights: &mut [f32]) {
        match *self {
            Self::Linear {
                start,
                across,
                down,
            } => {
                let first = start + down * line as f32;
                for (place, weight) in weights.iter_mut().enumerate() {
                    *weight = falling(first + across * place as f32);
                }
            }
            Self::Radial {
                center: [x, y],
                inner,
                scale,
            } => {
                let below = line as f32 + 0.5 - y;
                for (place, weight) in weights.iter_mut().enumerate() {
                    let right = place as f32 + 0.5 - x;
                    let away = (right * right + below * below).sqrt();
                    *weight = falling((away - inner) * scale);
                }
            }
        }
    }
}

/// 1 up to 0, 0 beyond 1, smooth in between.
fn falling(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    1.0 - t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(gradient: Gradient, size: Size) -> Vec<Vec<f32>> {
        (0..size.height as usize)
            .map(|line| {
                let mut weights = vec![0.0; size.width as usize];
                gradient.row(line, &mut weights);
                weights
            })
            .collect()
    }

    #[test]
    fn a_linear_gradient_is_whole_on_its_side_and_half_at_its_position() {
        let size = Size::new(60, 40);
        let of = |angle| LinearGradient {
            angle,
            position: 50.0,
            width: 40.0,
        };
        let top = rows(Gradient::linear(&of(0.0), size), size);
        assert_eq!((top[0][7], top[39][7]), (1.0, 0.0));
        assert!((top[19][0] + top[20][59] - 1.0).abs() < 1e-4);
        let right = rows(Gradient::linear(&of(90.0), size), size);
        assert!((right[0][59] - 1.0).abs() < 1e-5 && right[0][0] < 1e-5);
        let corner = rows(Gradient::linear(&of(225.0), size), size);
        assert!(corner[39][0] > 0.999 && corner[0][59] < 0.001);
    }

    #[test]
    fn a_disk_is_round_in_any_shape_of_picture() {
        let size = Size::new(300, 100);
        let disk = RadialGradient {
            center: [50.0, 50.0],
            radius: 40.0,
            feather: 10.0,
        };
        let weights = rows(Gradient::radial(&disk, size), size);
        assert_eq!((weights[50][150], weights[50][100]), (1.0, 0.0));
        assert!((weights[50][190] - weights[90][150]).abs() < 1e-3);
        assert!((weights[50][190] - 0.5).abs() < 0.1);
    }
}
