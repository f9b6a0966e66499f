//! The appearance of a face or a person: enough to distinguish two people in one shot, not to recognize anybody.
//!
//! Color histograms, of 4×4×4 bins, of the upper and lower half of the box (a face is widened to hair and shoulders),
//! compared by histogram intersection (Swain & Ballard, *Color indexing*, 1991).

use crate::geometry::Rect;
use crate::picture::Rgb8;

/// Pixels sampled across and down.
const GRID: usize = 24;
/// Bins of each half: two bits a channel.
const BINS: usize = 64;

/// Shares of colors, 0..255 of the largest possible.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Appearance {
    shares: [u8; 2 * BINS],
}

impl Appearance {
    /// The appearance of what is in `bounds`.
    pub fn of(picture: &Rgb8, bounds: Rect) -> Self {
        let mut counts = [0_u32; 2 * BINS];
        let bounds = bounds.clipped();
        let (wide, high) = (picture.width(), picture.height());
        let place = |from: f64, side: f64, step: usize, limit: usize| {
            let share = from + side * (step as f64 + 0.5) / GRID as f64;
            ((share * limit as f64) as usize).min(limit.saturating_sub(1))
        };
        for row in 0..GRID {
            let y = place(bounds.y, bounds.height, row, high);
            let half = usize::from(row * 2 >= GRID) * BINS;
            for column in 0..GRID {
                let x = place(bounds.x, bounds.width, column, wide);
                let at = 3 * (y * wide + x);
                if let Some([red, green, blue]) = picture.samples().get(at..at + 3) {
                    let bits = |sample: &u8| usize::from(sample >> 6);
                    counts[half + (bits(red) << 4 | bits(green) << 2 | bits(blue))] += 1;
                }
            }
        }
        let most = (GRID * GRID / 2) as u32;
        Self {
            shares: counts.map(|count| (count.min(most) * 255 / most) as u8),
        }
    }

    /// The appearance of a face with hair and shoulders.
    pub fn of_face(picture: &Rgb8, face: Rect) -> Self {
        let around = Rect::new(
            face.x - 0.35 * face.width,
            face.y - 0.45 * face.height,
            1.7 * face.width,
            2.4 * face.height,
        );
        Self::of(picture, around)
    }

    /// Shared part of the colors, 0..1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let common: u32 = self
            .shares
            .iter()
            .zip(&other.shares)
            .map(|(&a, &b)| u32::from(a.min(b)))
            .sum();
        let whole = |shares: &[u8]| shares.iter().map(|&share| u32::from(share)).sum::<u32>();
        f64::from(common) / f64::from(whole(&self.shares).min(whole(&other.shares)).max(1))
    }

    /// Moves a quarter of the way to `other`, because light and pose change slowly.
    pub fn approach(&mut self, other: &Self) {
        for (mine, theirs) in self.shares.iter_mut().zip(&other.shares) {
            *mine = ((3 * u16::from(*mine) + u16::from(*theirs) + 2) / 4) as u8;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn picture(of: impl Fn(usize, usize) -> [u8; 3]) -> Rgb8 {
        let samples = (0..90)
            .flat_map(|y| (0..160).map(move |x| (x, y)))
            .flat_map(|(x, y)| of(x, y));
        Rgb8::new(Size::new(160, 90), samples.collect()).unwrap()
    }

    #[test]
    fn the_same_clothes_elsewhere_are_alike_and_others_are_not() {
        // A red coat over blue trousers, moving; on the right a green one.
        let at = |left: usize| {
            picture(move |x, y| match x {
                _ if (left..left + 20).contains(&x) && y < 45 => [200, 30, 30],
                _ if (left..left + 20).contains(&x) => [20, 30, 150],
                120..140 => [20, 150, 60],
                _ => [128, 128, 128],
            })
        };
        let bounds = |left: usize| Rect::new(left as f64 / 160.0, 0.0, 20.0 / 160.0, 1.0);
        let one = Appearance::of(&at(10), bounds(10));
        assert!(one.likeness(&Appearance::of(&at(70), bounds(70))) > 0.95);
        assert!(one.likeness(&Appearance::of(&at(10), bounds(120))) < 0.1);
        // Upside down, the appearance is different.
        let turned = picture(|_, y| if y < 45 { [20, 30, 150] } else { [200, 30, 30] });
        assert!(one.likeness(&Appearance::of(&turned, Rect::FULL)) < 0.1);
    }

    #[test]
    fn boxes_outside_the_picture_are_survived() {
        let gray = picture(|_, _| [128; 3]);
        for bounds in [
            Rect::new(2.0, 2.0, 1.0, 1.0),
            Rect::new(-1.0, -1.0, 0.5, 0.5),
            Rect::new(0.5, 0.5, 0.0, 0.0),
            Rect::new(f64::NAN, 0.0, f64::INFINITY, 1.0),
        ] {
            let _ = Appearance::of_face(&gray, bounds);
        }
    }
}
