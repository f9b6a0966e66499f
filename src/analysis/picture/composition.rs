//! Composition: horizon, position of the subject, balance.
//!
//! Thirds and center follow Liu et al., "Optimizing photo composition", 2010: the distance of the subject's center from
//! the nearest intersection of the thirds, and from the center of the picture. Balance is the center of visual weight
//! (Arnheim, "Art and visual perception", 1954), where a pixel weighs as much as its color differs from the mean.

use crate::analysis::picture::horizon;
use crate::analysis::picture::oklab::oklab;
use crate::analysis::{Balance, Composition, Face, LabelScore, Subject};
use crate::geometry::Point;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Distance from the center of the picture to an intersection of the thirds, with both sides 1: √2 / 6.
const CROSSING: f64 = std::f64::consts::SQRT_2 / 6.0;
/// Scenes in which a line that looks like a horizon is something else.
const NO_HORIZON: [&str; 6] = ["indoor", "food", "drink", "portrait", "graphic", "insect"];
/// A face this wide (share of the width) hides the horizon; a line behind it is a wall or a shelf.
const CLOSE_FACE: f64 = 0.2;

/// Measures `small`, the picture reduced to about 160 pixels.
pub(crate) fn measure(
    small: &Rgb8,
    subject: Option<&Subject>,
    faces: &[Face],
    scene: &[LabelScore],
) -> Composition {
    let closed = scene
        .iter()
        .any(|word| NO_HORIZON.contains(&word.label.as_str()))
        || faces.iter().any(|face| face.bounds.width >= CLOSE_FACE);
    let middle = subject.map(|subject| subject.bounds.center());
    let far = |place: Point, x: f64, y: f64| {
        ((place.x - x) * (place.x - x) + (place.y - y) * (place.y - y)).sqrt()
    };
    let near = |distance: f64| rounded((1.0 - distance / CROSSING).clamp(0.0, 1.0));
    Composition {
        horizon: if closed { None } else { horizon::find(small) },
        thirds: middle.map(|at| {
            let nearest = |value: f64| if value < 0.5 { 1.0 / 3.0 } else { 2.0 / 3.0 };
            near(far(at, nearest(at.x), nearest(at.y)))
        }),
        centered: middle.map(|at| near(far(at, 0.5, 0.5))),
        balance: balance(small),
    }
}

fn balance(small: &Rgb8) -> Balance {
    let colors: Vec<[f64; 3]> = small
        .pixels()
        .map(|pixel| oklab(pixel).map(f64::from))
        .collect();
    let count = colors.len().max(1) as f64;
    let mut mean = [0.0; 3];
    for color in &colors {
        for (sum, value) in mean.iter_mut().zip(color) {
            *sum += value / count;
        }
    }
    let (width, height) = (small.width().max(1), small.height().max(1));
    let (mut weight, mut across, mut down) = (0.0, 0.0, 0.0);
    for (at, color) in colors.iter().enumerate() {
        let squared: f64 = color.iter().zip(mean).map(|(a, b)| (a - b) * (a - b)).sum();
        let off = squared.sqrt();
        let place = |at: usize, side: usize| 2.0 * (at as f64 + 0.5) / side as f64 - 1.0;
        weight += off;
        across += off * place(at % width, width);
        down += off * place(at / width, height);
    }
    // A picture of one color has only rounding errors for weights.
    if weight / count < 1e-4 {
        return Balance::default();
    }
    Balance {
        horizontal: rounded(across / weight),
        vertical: rounded(down / weight),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::{Rect, Size};

    fn subject(x: f64, y: f64) -> Subject {
        Subject {
            bounds: Rect::new(x - 0.1, y - 0.1, 0.2, 0.2),
            score: 0.9,
        }
    }

    #[test]
    fn a_subject_is_on_a_third_or_in_the_middle() {
        let plain = Rgb8::black(Size::new(60, 40));
        let of = |x: f64, y: f64| {
            let found = measure(&plain, Some(&subject(x, y)), &[], &[]);
            (found.thirds.unwrap(), found.centered.unwrap())
        };
        assert_eq!(of(0.5, 0.5), (0.0, 1.0));
        let (thirds, centered) = of(2.0 / 3.0, 1.0 / 3.0);
        assert!(thirds > 0.999 && centered < 0.001);
        let (thirds, centered) = of(0.9, 0.9);
        assert!(thirds < 0.01 && centered == 0.0);
        let nothing = measure(&plain, None, &[], &[]);
        assert_eq!((nothing.thirds, nothing.centered), (None, None));
        assert_eq!(nothing.balance, Balance::default());
    }

    #[test]
    fn weight_lies_where_something_stands_out() {
        let size = Size::new(60, 40);
        let mut samples = vec![90_u8; 60 * 40 * 3];
        for y in 4..10 {
            for x in 45..55 {
                samples[(y * 60 + x) * 3] = 255;
            }
        }
        let found = balance(&Rgb8::new(size, samples).unwrap());
        assert!(found.horizontal > 0.3 && found.vertical < -0.3, "{found:?}");
    }
}
