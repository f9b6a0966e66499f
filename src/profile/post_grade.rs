//! What the finished colors of a post are: a few colors with their shares, and how dark and bright its parts are.
//!
//! Each is an average over the whole post, so nothing is left of where in the picture a color was.

use serde::{Deserialize, Serialize};

use crate::analysis::Swatch;
use crate::analysis::picture::{TONES, joint_palette};
use crate::time::rounded;

/// Most colors of a palette: what is told apart at a glance.
pub(super) const COLORS: usize = 6;
/// Tones of photos that nobody graded: the mean `tones` of the 151 photos of the corpus (`analyze --only shots`).
const USUAL_TONES: [f64; TONES] = [
    0.166, 0.250, 0.313, 0.377, 0.440, 0.500, 0.558, 0.621, 0.697, 0.803,
];

/// The finished colors of a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostGrade {
    /// Its colors, largest share first.
    palette: Vec<Swatch>,
    /// Its luma from dark to bright: the means over its pictures of what 5, 15 … 95 % of a picture is darker than.
    tones: Vec<f64>,
}

/// A picture of a post.
#[derive(Debug, Clone, Copy)]
pub struct GradedPicture<'a> {
    /// Its colors.
    pub palette: &'a [Swatch],
    /// Its luma from dark to bright.
    pub tones: &'a [f64],
    /// Its share of the post: seconds of a shot.
    pub share: f64,
}

impl PostGrade {
    /// That of a post with these pictures; `None` where none of them has tones.
    pub fn of(pictures: &[GradedPicture<'_>]) -> Option<Self> {
        let pictures = pictures.iter();
        let tones = mean_tones(pictures.clone().map(|it| (it.tones, it.share)))?;
        let swatches = pictures.flat_map(|it| weighed(it.palette, it.share));
        Some(Self {
            palette: joint_palette(swatches, COLORS),
            tones: tones.into_iter().map(rounded).collect(),
        })
    }

    /// The colors of several posts, each with how many times it counts.
    pub(super) fn palette(posts: &[(&Self, f64)]) -> Vec<Swatch> {
        let swatches = posts
            .iter()
            .flat_map(|(post, times)| weighed(&post.palette, *times));
        joint_palette(swatches, COLORS)
    }

    /// Luma of photos that nobody graded and that of the posts, from dark to bright.
    pub(super) fn tones(posts: &[(&Self, f64)]) -> Vec<[f64; 2]> {
        let tones = posts
            .iter()
            .map(|(post, times)| (post.tones.as_slice(), *times));
        let own = mean_tones(tones).unwrap_or_default();
        USUAL_TONES
            .into_iter()
            .zip(own)
            .map(<[f64; 2]>::from)
            .collect()
    }

    /// Values as this version writes them.
    pub(super) fn round(&mut self) {
        let shares = self.palette.iter_mut().map(|swatch| &mut swatch.share);
        shares
            .chain(&mut self.tones)
            .for_each(|value| *value = rounded(*value));
    }

    /// What is wrong with it, in words.
    pub(super) fn fault(&self) -> Option<String> {
        let is_share = |value: &f64| (0.0..=1.0).contains(value);
        if self.palette.len() > COLORS {
            return Some(format!("grade: more than {COLORS} colors"));
        }
        let mut swatches = self.palette.iter();
        if !swatches.all(|swatch| is_share(&swatch.share) && swatch.color().is_some()) {
            return Some("grade: a color is not #rrggbb with a share of 0 to 1".into());
        }
        let is_whole = self.tones.len() == TONES && self.tones.iter().all(is_share);
        (!is_whole).then(|| format!("grade: tones are not {TONES} numbers of 0 to 1"))
    }
}

fn weighed(palette: &[Swatch], times: f64) -> impl Iterator<Item = ([u8; 3], f64)> {
    let colors = palette
        .iter()
        .filter_map(|swatch| Some((swatch.color()?, swatch.share)));
    colors.map(move |(color, share)| (color, share * times))
}

/// The mean of tones, each with how many times it counts; `None` where nothing counts.
fn mean_tones<'a>(tones: impl Iterator<Item = (&'a [f64], f64)>) -> Option<[f64; TONES]> {
    let (mut sums, mut all) = ([0.0; TONES], 0.0);
    for (tones, times) in tones.filter(|(tones, _)| tones.len() == TONES) {
        all += times;
        for (sum, tone) in sums.iter_mut().zip(tones) {
            *sum += tone * times;
        }
    }
    (all > 0.0).then(|| sums.map(|sum| sum / all))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn swatch(hex: &str, share: f64) -> Swatch {
        Swatch {
            hex: hex.into(),
            share,
        }
    }

    fn picture<'a>(palette: &'a [Swatch], tones: &'a [f64], share: f64) -> GradedPicture<'a> {
        GradedPicture {
            palette,
            tones,
            share,
        }
    }

    #[test]
    fn posts_have_one_palette_and_one_tone_curve() {
        let (teal, sand) = (
            [swatch("#103040", 1.0)],
            [swatch("#d0b080", 0.9), swatch("#c83030", 0.1)],
        );
        let (dark, bright) = ([0.1; TONES], [0.7; TONES]);
        let film =
            PostGrade::of(&[picture(&teal, &dark, 1.0), picture(&sand, &bright, 3.0)]).unwrap();
        assert!(film.fault().is_none(), "{:?}", film.fault());
        assert!((film.tones[0] - 0.55).abs() < 1e-9);
        let hexes: Vec<&str> = film
            .palette
            .iter()
            .map(|swatch| swatch.hex.as_str())
            .collect();
        assert_eq!(hexes, ["#d0b080", "#103040", "#c83030"]);
        let photo = PostGrade::of(&[picture(&teal, &dark, 1.0)]).unwrap();
        let palette = PostGrade::palette(&[(&film, 1.0), (&photo, 3.0)]);
        assert_eq!(palette[0].hex, "#103040");
        let tones = PostGrade::tones(&[(&film, 1.0), (&photo, 3.0)]);
        assert!((tones[0][1] - 0.2125).abs() < 1e-9, "{tones:?}");
        assert_eq!(PostGrade::of(&[picture(&teal, &[], 1.0)]), None);
    }

    #[test]
    fn what_is_no_color_and_no_tone_is_refused() {
        let good =
            PostGrade::of(&[picture(&[swatch("#103040", 1.0)], &[0.5; TONES], 1.0)]).unwrap();
        let with = |change: fn(&mut PostGrade)| {
            let mut grade = good.clone();
            change(&mut grade);
            grade.fault()
        };
        assert_eq!(with(|_| ()), None);
        let changes: [fn(&mut PostGrade); 5] = [
            |grade| grade.palette = vec![swatch("#103040", 0.1); COLORS + 1],
            |grade| grade.palette = vec![swatch("red", 0.1)],
            |grade| grade.palette = vec![swatch("#\u{e9}1234", 0.1)],
            |grade| grade.palette = vec![swatch("#103040", -0.1)],
            |grade| grade.tones = vec![f64::NAN; TONES],
        ];
        for change in changes {
            assert!(with(change).is_some());
        }
    }
}
