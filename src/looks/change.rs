//! Measures what a compiled look does to one picture, so that a harmful look can be refused.

use crate::looks::color::{Triple, chroma, distance, hue, lab, luma, turn};
use crate::looks::compile::CompiledLook;
use crate::looks::skin::is_skin;
use crate::picture::Rgb8;

/// Measures of a picture before and after a look. Shares and lumas are 0..1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LookChange {
    /// Share of pixels with a luma of at most 2/255, before the look.
    pub clipping_low_before: f64,
    /// The same, after it.
    pub clipping_low: f64,
    /// Share of pixels with a luma of at least 253/255, before the look.
    pub clipping_high_before: f64,
    /// The same, after it.
    pub clipping_high: f64,
    /// Before the look.
    pub mean_luma_before: f64,
    /// After it.
    pub mean_luma_after: f64,
    /// Standard deviation of luma, before the look.
    pub contrast_before: f64,
    /// After it.
    pub contrast_after: f64,
    /// Mean chroma in Oklab (0 gray, about 0.3 the most colorful), before the look.
    pub chroma_before: f64,
    /// After it.
    pub chroma_after: f64,
    /// Mean distance in Oklab that pixels move: 0.02 is just visible, 0.15 another picture.
    pub change: f64,
    /// Share of pixels that have the color of skin; sand and wood have it too, so measure a face rather than a scene.
    pub skin_share: f64,
    /// Turn of the hue of skin in Oklab degrees: positive toward yellow and green, negative toward red and magenta. 0
    /// without skin, or if the look leaves no color.
    pub skin_hue_shift_degrees: f64,
    /// Chroma of skin after over before; 1 without skin.
    pub skin_chroma_ratio: f64,
    /// Change of skin's mean luma.
    pub skin_luma_shift: f64,
}

impl CompiledLook {
    /// Applies the look to a copy of `picture` and compares. Meant for small pictures: it takes about a microsecond a
    /// pixel.
    pub fn measure(&self, picture: &Rgb8) -> LookChange {
        let mut changed = picture.clone();
        self.apply(&mut changed, 0, 0);
        let (mut before, mut after) = (Sums::default(), Sums::default());
        let mut skin = Skin::default();
        let mut change = 0.0;
        for (old, new) in picture.pixels().zip(changed.pixels()) {
            let [old, new] = [old, new].map(|pixel| pixel.map(|value| f64::from(value) / 255.0));
            let (old_lab, new_lab) = (lab(old), lab(new));
            before.add(luma(old), chroma(old_lab));
            after.add(luma(new), chroma(new_lab));
            change += distance(old_lab, new_lab);
            if is_skin(old_lab) {
                skin.add((luma(old), old_lab), (luma(new), new_lab));
            }
        }
        let count = picture.size().pixels() as f64;
        LookChange {
            clipping_low_before: before.low / count,
            clipping_low: after.low / count,
            clipping_high_before: before.high / count,
            clipping_high: after.high / count,
            mean_luma_before: before.luma / count,
            mean_luma_after: after.luma / count,
            contrast_before: before.deviation(count),
            contrast_after: after.deviation(count),
            chroma_before: before.chroma / count,
            chroma_after: after.chroma / count,
            change: change / count,
            skin_share: skin.count / count,
            skin_hue_shift_degrees: skin.hue_shift(),
            skin_chroma_ratio: if skin.chroma_before > 0.0 {
                skin.chroma_after / skin.chroma_before
            } else {
                1.0
            },
            skin_luma_shift: if skin.count > 0.0 {
                skin.luma_shift / skin.count
            } else {
                0.0
            },
        }
    }
}

#[derive(Default)]
struct Sums {
    low: f64,
    high: f64,
    luma: f64,
    squares: f64,
    chroma: f64,
}

impl Sums {
    fn add(&mut self, luma: f64, chroma: f64) {
        if luma <= 2.0 / 255.0 {
            self.low += 1.0;
        }
        // A little less than 253/255, which rounding in the weighted sum may miss.
        if luma >= 252.99 / 255.0 {
            self.high += 1.0;
        }
        self.luma += luma;
        self.squares += luma * luma;
        self.chroma += chroma;
    }

    fn deviation(&self, count: f64) -> f64 {
        let mean = self.luma / count;
        (self.squares / count - mean * mean).max(0.0).sqrt()
    }
}

#[derive(Default)]
struct Skin {
    count: f64,
    luma_shift: f64,
    chroma_before: f64,
    chroma_after: f64,
    /// Sum of turns, each weighted by the remaining chroma: gray has no hue.
    turns: f64,
}

impl Skin {
    fn add(&mut self, (old_luma, old): (f64, Triple), (new_luma, new): (f64, Triple)) {
        self.count += 1.0;
        self.luma_shift += new_luma - old_luma;
        self.chroma_before += chroma(old);
        self.chroma_after += chroma(new);
        self.turns += chroma(new) * turn(hue(old), hue(new));
    }

    fn hue_shift(&self) -> f64 {
        // With less than an eighth of the chroma left the look is monochrome, perhaps toned.
        if self.chroma_after > 0.125 * self.chroma_before {
            self.turns / self.chroma_after
        } else {
            0.0
        }
    }
}
