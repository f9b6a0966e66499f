//! Detects from one picture whether it has already been finished.
//!
//! Two signs are reliable: no color at all, and a floor. The darkest tones of a camera thin out toward black; if black
//! was lifted afterwards, they end abruptly, with many pixels at the edge. Of 134 photographs of the corpus 5 have a
//! floor, and they look faded. Of photographs in faded looks only a quarter has one, so the absence of a floor proves
//! nothing.

use crate::looks::color::luma;
use crate::looks::correction::reduced;
use crate::picture::Rgb8;

/// Share of the darkest pixels that are ignored below a floor.
const DARKEST: f64 = 0.002;
/// Least luma of a floor.
const LIFTED: f64 = 0.07;
/// Thickness of a floor in luma, and the share of the picture that must lie in it.
const FLOOR: (f64, f64) = (0.025, 0.04);
/// Chroma below which nine tenths of a black and white picture lie.
const NO_COLOR: f64 = 0.03;

/// The finish of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It has no color.
    BlackAndWhite,
    /// Its black was lifted.
    Faded,
}

impl Finish {
    /// Detects the finish of a picture in sRGB; `None` if it may be straight from the camera.
    pub fn of(picture: &Rgb8) -> Option<Self> {
        let small = reduced(picture);
        let mut lumas = vec![];
        let mut chromas = vec![];
        for pixel in small.pixels() {
            let color = pixel.map(|value| f64::from(value) / 255.0);
            let most = color.into_iter().fold(0.0, f64::max);
            let least = color.into_iter().fold(1.0, f64::min);
            lumas.push(luma(color));
            chromas.push(most - least);
        }
        lumas.sort_unstable_by(f64::total_cmp);
        chromas.sort_unstable_by(f64::total_cmp);
        let at = |values: &[f64], share: f64| {
            let place = (share * values.len() as f64) as usize;
            values.get(place).copied().unwrap_or(0.0)
        };
        let (dark, bright) = (at(&lumas, DARKEST), at(&lumas, 0.99));
        if bright - dark < 0.1 {
            return None;
        }
        if at(&chromas, 0.9) <= NO_COLOR {
            return Some(Self::BlackAndWhite);
        }
        let floor = lumas.iter().filter(|luma| **luma < dark + FLOOR.0).count();
        let share = floor as f64 / lumas.len().max(1) as f64;
        (dark > LIFTED && share > FLOOR.1).then_some(Self::Faded)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::geometry::Size;

    fn picture(color: impl Fn(u32) -> [u8; 3]) -> Rgb8 {
        Rgb8::new(Size::new(64, 64), (0..4096).flat_map(color).collect()).unwrap()
    }

    #[test]
    fn a_floor_and_no_color_are_seen_and_a_plain_picture_is_left_alone() {
        let plain = |at: u32| [(at % 256) as u8, (at / 16) as u8, 255 - (at % 200) as u8];
        assert_eq!(Finish::of(&picture(plain)), None);
        let gray = |at: u32| [(at % 256) as u8; 3];
        assert_eq!(Finish::of(&picture(gray)), Some(Finish::BlackAndWhite));
        let faded = |at: u32| {
            let value = (at % 256).max(40) as u8;
            [
                value,
                value,
                value.saturating_add(if value > 40 { 30 } else { 0 }),
            ]
        };
        assert_eq!(Finish::of(&picture(faded)), Some(Finish::Faded));
        assert_eq!(Finish::of(&picture(|_| [90; 3])), None);
    }
}
