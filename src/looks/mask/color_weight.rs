//! Masks that depend on the color only: ranges of luma and of hue.

use crate::looks::color::{Triple, luma, smooth_step, turn};
use crate::looks::hue::Hue;
use crate::looks::mask::{HueBand, LumaBand, Mask, MaskShape};

/// The product of masks at a color.
#[derive(Debug, Clone)]
pub(in crate::looks) struct ColorWeight {
    masks: Vec<Mask>,
    /// The combined weight of the other masks.
    share: f64,
}

impl ColorWeight {
    /// The weight of `masks`; those that do not depend on the color count as the constant `coverage`.
    pub(in crate::looks) fn new(masks: &[Mask], coverage: f64) -> Self {
        let (masks, elsewhere): (Vec<Mask>, Vec<Mask>) =
            masks.iter().cloned().partition(Mask::fits_a_table);
        let share = elsewhere
            .iter()
            .map(|mask| mask.amount / 100.0 * coverage)
            .product();
        Self { masks, share }
    }

    /// The weight, 0..1, at `color` (display RGB, 0..1).
    pub(in crate::looks) fn at(&self, color: Triple) -> f64 {
        self.masks.iter().fold(self.share, |weight, mask| {
            let inside = match &mask.shape {
                MaskShape::Luma(band) => band.at(color),
                MaskShape::Hue(band) => band.at(color),
                _ => 1.0,
            };
            let inside = if mask.invert { 1.0 - inside } else { inside };
            weight * inside * (mask.amount / 100.0)
        })
    }
}

impl LumaBand {
    fn at(&self, color: Triple) -> f64 {
        let luma = luma(color);
        let soft = self.softness / 100.0;
        let [low, high] = self.range;
        let above = if low <= 0.0 {
            1.0
        } else {
            smooth_step(low - soft, low + soft, luma)
        };
        let below = if high >= 1.0 {
            1.0
        } else {
            1.0 - smooth_step(high - soft, high + soft, luma)
        };
        above * below
    }
}

impl HueBand {
    fn at(&self, color: Triple) -> f64 {
        let hue = Hue::of(color);
        let away = turn(self.center, hue.degrees).abs();
        let near = 1.0 - smooth_step(self.reach / 2.0, self.reach, away);
        let gate = self.chroma / 100.0;
        near * smooth_step(0.5 * gate, 1.5 * gate, hue.chroma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(shape: MaskShape) -> Mask {
        Mask {
            shape,
            invert: false,
            amount: 100.0,
        }
    }

    #[test]
    fn a_band_of_luma_is_open_at_black_and_white_and_half_at_its_ends() {
        let band = |low, high| {
            let range = [low, high];
            ColorWeight::new(
                &[mask(MaskShape::Luma(LumaBand {
                    range,
                    softness: 10.0,
                }))],
                0.0,
            )
        };
        let shadows = band(0.0, 0.4);
        for (gray, weight) in [(0.0, 1.0), (0.29, 1.0), (0.4, 0.5), (0.51, 0.0), (1.0, 0.0)] {
            assert!((shadows.at([gray; 3]) - weight).abs() < 1e-9, "{gray}");
        }
        assert!((band(0.6, 1.0).at([1.0; 3]) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn gray_has_no_hue_and_inverting_takes_the_rest() {
        let mut band = mask(MaskShape::Hue(HueBand {
            center: 350.0,
            reach: 40.0,
            chroma: 10.0,
        }));
        let at = |mask: &Mask, color| ColorWeight::new(std::slice::from_ref(mask), 0.0).at(color);
        assert_eq!(at(&band, [1.0, 0.0, 0.0]), 1.0);
        assert_eq!(at(&band, [0.5; 3]), 0.0);
        assert_eq!(at(&band, [0.0, 1.0, 0.0]), 0.0);
        band.invert = true;
        band.amount = 80.0;
        assert_eq!(at(&band, [0.5; 3]), 0.8);
        assert_eq!(at(&band, [1.0, 0.0, 0.0]), 0.0);
    }
}
