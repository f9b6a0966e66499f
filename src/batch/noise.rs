//! Compares the noise of a picture before and after a look: lifted shadows, clarity and sharpening amplify hidden
//! noise.
//!
//! Noise is measured in the quieter patches of the picture at its own size, where there is little else, with the
//! operator of J. Immerkær, "Fast noise variance estimation", Computer Vision and Image Understanding 64, 1996.

use crate::geometry::Size;
use crate::looks::{CompiledLook, Look, LookStep};
use crate::picture::{Picture, Pixels, Rgb8};

/// Side of a patch, in pixels.
const PATCH: u32 = 48;
/// Patches along a side of the sample.
const PATCHES: u32 = 6;
/// Quantile of the patches' deviations that represents the noise.
const QUIET: f64 = 0.25;
/// Range of mean luma, 0..1; outside it clipping removes the noise.
const LUMA: std::ops::Range<f64> = 0.04..0.96;
/// Standard deviation (of 0..1) from which noise is visible …
const VISIBLE: f64 = 0.02;
/// … and the growth from which the look is its cause.
const GROWTH: f64 = 1.3;

/// Patches of the picture at its own size, side by side; a small picture is taken whole.
pub(super) fn sample(picture: &Picture) -> Rgb8 {
    let whole = picture.size();
    let side = |most: u32| (PATCH * PATCHES).min(most);
    let size = Size::new(side(whole.width), side(whole.height));
    // Maps a row or column of the sample to one of the picture; patches are evenly spread.
    let position = |at: u32, most: u32| {
        if most <= PATCH * PATCHES {
            return at;
        }
        let spread = u64::from(most - PATCH) * u64::from(at / PATCH) / u64::from(PATCHES - 1);
        u32::try_from(spread).unwrap_or(0) + at % PATCH
    };
    let samples = (0..size.height).flat_map(|y| {
        (0..size.width).flat_map(move |x| {
            let (x, y) = (
                position(x, whole.width) as usize,
                position(y, whole.height) as usize,
            );
            match &picture.pixels {
                Pixels::Eight(pixels) => pixels.pixel(x, y),
                Pixels::Sixteen(pixels) => pixels.pixel(x, y).map(|value| (value >> 8) as u8),
            }
        })
    });
    Rgb8::new(size, samples.collect()).unwrap_or_else(|| Rgb8::black(size))
}

/// Whether `look` at `strength` makes noise visible that is hardly visible in `sample`. Grain does not count, since it
/// is intended.
pub(super) fn brings_out(look: &Look, strength: f64, sample: &Rgb8) -> crate::error::Result<bool> {
    let steps = look.steps.iter();
    let clean = Look {
        steps: steps
            .filter(|step| !matches!(step, LookStep::Grain(_)))
            .cloned()
            .collect(),
        ..look.clone()
    };
    let mut changed = sample.clone();
    CompiledLook::new(&clean, strength)?.apply(&mut changed, 0, 0);
    let (before, after) = (deviations(sample), deviations(&changed));
    let mut patches: Vec<(f64, f64)> = before
        .into_iter()
        .zip(after)
        .flat_map(|pair| match pair {
            (Some(before), Some(after)) => Some((before, after)),
            _ => None,
        })
        .collect();
    patches.sort_by(|a, b| a.0.total_cmp(&b.0));
    let quiet = (patches.len() as f64 * QUIET) as usize;
    Ok(patches
        .get(quiet)
        .is_some_and(|(before, after)| *after > VISIBLE && *after > GROWTH * before))
}

/// The standard deviation of each patch's noise; `None` if a patch is too dark, too bright or too small to tell.
fn deviations(sample: &Rgb8) -> Vec<Option<f64>> {
    let size = sample.size();
    let corners = (0..size.height)
        .step_by(PATCH as usize)
        .flat_map(|y| (0..size.width).step_by(PATCH as usize).map(move |x| (x, y)));
    corners
        .map(|(x, y)| {
            let (right, bottom) = ((x + PATCH).min(size.width), (y + PATCH).min(size.height));
            deviation(sample, (x, y), (right, bottom))
        })
        .collect()
}

fn deviation(sample: &Rgb8, (left, top): (u32, u32), (right, bottom): (u32, u32)) -> Option<f64> {
    if right - left < 16 || bottom - top < 16 {
        return None;
    }
    let luma = |x: u32, y: u32| {
        let [red, green, blue] = sample.pixel(x as usize, y as usize).map(f64::from);
        (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255.0
    };
    let (mut sum, mut mean, mut count) = (0.0, 0.0, 0.0);
    for y in top + 1..bottom - 1 {
        for x in left + 1..right - 1 {
            let corners =
                luma(x - 1, y - 1) + luma(x + 1, y - 1) + luma(x - 1, y + 1) + luma(x + 1, y + 1);
            let sides = luma(x, y - 1) + luma(x, y + 1) + luma(x - 1, y) + luma(x + 1, y);
            let middle = luma(x, y);
            sum += (corners - 2.0 * sides + 4.0 * middle).abs();
            mean += middle;
            count += 1.0;
        }
    }
    LUMA.contains(&(mean / count))
        .then(|| libm::sqrt(std::f64::consts::FRAC_PI_2) * sum / (6.0 * count))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use crate::looks::{HighlightsShadows, Sharpen};

    /// Dark gray with noise of this deviation, of 255.
    pub(in crate::batch) fn noisy(deviation: f64) -> Rgb8 {
        let size = Size::new(PATCH * PATCHES, PATCH * PATCHES);
        let mut state = 1_u64;
        let mut random = || {
            // The sum of four uniform numbers is close enough to a Gaussian.
            let mut sum = 0.0;
            for _ in 0..4 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                sum += (state >> 40) as f64 / f64::from(1 << 24) - 0.5;
            }
            sum * libm::sqrt(3.0)
        };
        let samples = (0..size.pixels()).flat_map(|_| {
            let value = (60.0 + deviation * random()).round() as u8;
            [value; 3]
        });
        Rgb8::new(size, samples.collect()).unwrap()
    }

    fn look(steps: Vec<LookStep>) -> Look {
        Look {
            steps,
            ..Look::none()
        }
    }

    #[test]
    fn the_deviation_is_what_was_put_in() {
        for put_in in [2.0, 6.0] {
            let found = deviations(&noisy(put_in));
            let mean = found.iter().flatten().sum::<f64>() / found.len() as f64 * 255.0;
            assert!(
                (mean - put_in).abs() < 0.15 * put_in + 0.1,
                "{put_in}: {mean}"
            );
        }
    }

    #[test]
    fn what_lifts_noise_is_found_and_what_does_not_is_not() {
        let lifts = look(vec![
            LookStep::HighlightsShadows(HighlightsShadows {
                highlights: 0.0,
                shadows: 80.0,
            }),
            LookStep::Sharpen(Sharpen { amount: 60.0 }),
        ]);
        assert!(brings_out(&lifts, 1.0, &noisy(5.0)).unwrap());
        assert!(!brings_out(&lifts, 1.0, &noisy(1.0)).unwrap());
        assert!(!brings_out(&look(vec![]), 1.0, &noisy(9.0)).unwrap());
    }

    #[test]
    fn a_large_picture_is_sampled_all_over() {
        let size = Size::new(1000, 700);
        let samples =
            (0..size.pixels()).flat_map(|at| [(at % 1000 / 4) as u8, (at / 1000 / 3) as u8, 0]);
        let picture = Picture {
            pixels: Pixels::Eight(Rgb8::new(size, samples.collect()).unwrap()),
            alpha: None,
            color: crate::picture::ColorSpace::Srgb,
        };
        let sample = sample(&picture);
        assert_eq!(sample.size(), Size::new(288, 288));
        assert_eq!(sample.pixel(0, 0), [0, 0, 0]);
        assert_eq!(sample.pixel(287, 287), [249, 233, 0]);
    }
}
