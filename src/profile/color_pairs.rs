//! What somebody did to the colors of a picture: a few dozen mean colors before and after.
//!
//! The pixels before are divided into 64 groups of equal size by color (median cut: the widest group is divided along its
//! widest channel), and of each group the means before and after are kept. Nothing is left of where in the picture they were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::Swatch;
use crate::geometry::Size;
use crate::looks::Pair;
use crate::picture::Rgb8;

/// Groups of colors along a side of the picture that they are laid out in.
const SIDE: u32 = 8;
/// Groups of colors.
const GROUPS: usize = (SIDE * SIDE) as usize;

/// Colors of a palette.
const PALETTE: usize = 8;
/// Points of a tone curve.
const TONES: usize = 16;
/// Spread of luma, or chroma, below which a change is not compared with it: fog has neither.
const LEAST_RANGE: f64 = 0.05;

/// Mean colors before and after: red, green and blue before, then after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColorPairs(Vec<[u8; 6]>);

impl ColorPairs {
    /// Those of a pair of pictures; `None` where they have fewer pixels than there are groups, or differ in size.
    pub fn of(pair: &Pair) -> Option<Self> {
        let (before, after) = (pair.before.samples(), pair.after.samples());
        if before.len() != after.len() || before.len() / 3 < GROUPS {
            return None;
        }
        let pixels = before.chunks_exact(3).zip(after.chunks_exact(3));
        let mut groups: Vec<Vec<[u8; 6]>> = vec![
            pixels
                .map(|(a, b)| [a[0], a[1], a[2], b[0], b[1], b[2]])
                .collect(),
        ];
        while groups.len() < GROUPS {
            groups = groups.into_iter().flat_map(halves).collect();
        }
        Some(Self(groups.iter().map(|group| mean(group)).collect()))
    }

    /// Small pictures of the colors, from which a look can be learned.
    pub fn pair(&self) -> Pair {
        let picture = |from: usize| {
            let colors = self
                .0
                .iter()
                .flat_map(|color| color[from..from + 3].to_vec());
            let samples = colors.collect();
            Rgb8::new(Size::new(SIDE, SIDE), samples)
                .unwrap_or_else(|| Rgb8::black(Size::new(SIDE, SIDE)))
        };
        Pair {
            before: picture(0),
            after: picture(3),
        }
    }

    /// What was done, in the words in which looks are described.
    pub fn features(&self) -> BTreeMap<String, f64> {
        let (before, after) = (self.tone(0), self.tone(3));
        let ratio = |after: f64, before: f64| after / before.max(LEAST_RANGE) - 1.0;
        let features = [
            ("does_brightness", after.luma - before.luma),
            ("does_contrast", ratio(after.spread, before.spread)),
            ("does_saturation", ratio(after.chroma, before.chroma)),
            ("does_warmth", after.warmth - before.warmth),
            ("does_fade", (after.darkest - before.darkest).max(0.0)),
        ];
        let features = features.map(|(name, value)| (name.to_owned(), value.clamp(-1.0, 1.0)));
        features.into_iter().collect()
    }

    /// The most common colors after the edits: all of them, divided like the pixels of a picture into equal shares.
    pub(super) fn palette(edits: &[&Self]) -> Vec<Swatch> {
        let mut groups: Vec<Vec<[u8; 6]>> = vec![
            edits
                .iter()
                .flat_map(|edit| &edit.0)
                .map(|color| [color[3], color[4], color[5], 0, 0, 0])
                .collect(),
        ];
        while groups.len() < PALETTE {
            groups = groups.into_iter().flat_map(halves).collect();
        }
        groups.retain(|group| !group.is_empty());
        let share = 1.0 / groups.len().max(1) as f64;
        let colors = groups.iter().map(|group| mean(group));
        let swatch = |[red, green, blue, ..]: [u8; 6]| Swatch {
            hex: format!("#{red:02x}{green:02x}{blue:02x}"),
            share,
        };
        colors.map(swatch).collect()
    }

    /// Luma before and after, from dark to bright: means over sixteen groups of equal size.
    pub(super) fn tones(edits: &[&Self]) -> Vec<[f64; 2]> {
        let luma = |color: &[u8]| match color {
            [red, green, blue] => {
                let of = |value: &u8| f64::from(*value) / 255.0;
                0.2126 * of(red) + 0.7152 * of(green) + 0.0722 * of(blue)
            }
            _ => 0.0,
        };
        let colors = edits.iter().flat_map(|edit| &edit.0);
        let mut lumas: Vec<[f64; 2]> = colors
            .map(|color| [luma(&color[..3]), luma(&color[3..])])
            .collect();
        lumas.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let size = lumas.len().div_ceil(TONES).max(1);
        lumas
            .chunks(size)
            .map(|group| {
                let count = group.len() as f64;
                [0, 1].map(|side| group.iter().map(|tone| tone[side]).sum::<f64>() / count)
            })
            .collect()
    }

    /// What the colors are like whose first channel is at the place `from`.
    fn tone(&self, from: usize) -> Tone {
        let count = self.0.len().max(1) as f64;
        let colors = self.0.iter().map(|color| {
            let channel = |at: usize| f64::from(color[from + at]) / 255.0;
            [channel(0), channel(1), channel(2)]
        });
        let luma = |color: [f64; 3]| 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2];
        let mean = |of: fn([f64; 3]) -> f64| colors.clone().map(of).sum::<f64>() / count;
        let lumas = colors.clone().map(luma);
        let middle = lumas.clone().sum::<f64>() / count;
        let squares = lumas.clone().map(|value| (value - middle).powi(2));
        Tone {
            luma: middle,
            spread: (squares.sum::<f64>() / count).sqrt(),
            chroma: mean(|color| {
                color.iter().copied().fold(0.0, f64::max)
                    - color.iter().copied().fold(1.0, f64::min)
            }),
            warmth: mean(|color| color[0] - color[2]),
            darkest: lumas.fold(1.0, f64::min),
        }
    }

    /// What is wrong with it, in words.
    pub(super) fn fault(&self) -> Option<String> {
        (self.0.len() != GROUPS).then(|| format!("colors: not {GROUPS} of them"))
    }
}

/// What colors are like, each 0..1.
struct Tone {
    luma: f64,
    spread: f64,
    chroma: f64,
    warmth: f64,
    darkest: f64,
}

/// The group divided at the median of the channel in which it is widest.
fn halves(mut group: Vec<[u8; 6]>) -> [Vec<[u8; 6]>; 2] {
    let width = |channel: usize| {
        let values = group.iter().map(|pixel| pixel[channel]);
        let (least, most) = (values.clone().min(), values.max());
        most.unwrap_or(0) - least.unwrap_or(0)
    };
    let widest = (0..3).max_by_key(|channel| width(*channel)).unwrap_or(0);
    // Ties go by the other values, so that the order of the pixels does not count.
    group.sort_unstable_by_key(|pixel| (pixel[widest], *pixel));
    let other = group.split_off(group.len() / 2);
    [group, other]
}

fn mean(group: &[[u8; 6]]) -> [u8; 6] {
    let count = group.len().max(1);
    std::array::from_fn(|channel| {
        let sum: usize = group.iter().map(|pixel| usize::from(pixel[channel])).sum();
        u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_colors_are_kept_and_their_places_are_not() {
        let size = Size::new(40, 40);
        let before: Vec<u8> = (0..4800_u32).map(|at| (at * 7919 % 251) as u8).collect();
        let after: Vec<u8> = before.iter().map(|value| value / 2 + 40).collect();
        let picture = |samples: &[u8]| Rgb8::new(size, samples.to_vec()).unwrap();
        let pair = |before: &[u8], after: &[u8]| Pair {
            before: picture(before),
            after: picture(after),
        };
        let colors = ColorPairs::of(&pair(&before, &after)).unwrap();
        for color in &colors.0 {
            for channel in 0..3 {
                let wanted = i32::from(color[channel]) / 2 + 40;
                assert!(
                    (i32::from(color[channel + 3]) - wanted).abs() <= 1,
                    "{color:?}"
                );
            }
        }
        let turned = |samples: &[u8]| -> Vec<u8> {
            samples.chunks_exact(3).rev().flatten().copied().collect()
        };
        let other = ColorPairs::of(&pair(&turned(&before), &turned(&after))).unwrap();
        assert_eq!(colors, other);
        assert_eq!(colors.pair().before.size(), Size::new(SIDE, SIDE));
        assert!(colors.fault().is_none() && ColorPairs(vec![[0; 6]]).fault().is_some());
    }
}
