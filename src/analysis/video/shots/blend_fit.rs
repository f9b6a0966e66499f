//! Compares a frame with two outer ones: is it a blend of them (dissolve, fade) or composed of areas of both (wipe)?

use crate::analysis::video::change_signal::{HEIGHT, PIXELS, Signal, WIDTH};

/// A pixel whose channels differ by more than this (of 255) between the outer frames shows which side of a wipe it is
/// on.
const TELLING: i32 = 24;
/// Least share of such pixels, as a fraction, and of these the share on the new side: the middle of a wipe, not its
/// ends.
const WIPE_TELLING: (usize, usize) = (3, 5);
const WIPE_NEW: std::ops::RangeInclusive<f64> = 0.15..=0.85;
/// Largest difference of pixels from the side they are on, as a share of the difference of the sides.
const WIPE_REST: f64 = 0.18;
/// Largest share of neighboring pixels on different sides: the border of a wipe is short.
const WIPE_TORN: f64 = 0.08;

/// Comparison of a frame with the blend of two others.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlendFit {
    /// Mean difference of the outer frames.
    pub apart: f32,
    /// Difference of the middle frame from the mean of the outer ones, over `apart`: near 0 in a dissolve or fade,
    /// about 0.5 and more in motion.
    pub blend: f32,
    /// Share of the blocks of the picture that change: a title that fades in leaves most of them as they are.
    pub wide: f32,
}

/// Compares `middle` with the mean of `before` and `after`.
pub(super) fn between(before: &Signal, middle: &Signal, after: &Signal) -> BlendFit {
    const ACROSS: usize = 6;
    const DOWN: usize = 3;
    let mut blocks = [0_u32; ACROSS * DOWN];
    let mut off = 0_u32;
    let outer = before.frame.samples().iter().zip(after.frame.samples());
    for (at, ((&a, &b), &m)) in outer.zip(middle.frame.samples()).enumerate() {
        let (x, y) = (at / 3 % WIDTH, at / 3 / WIDTH);
        blocks[y * DOWN / HEIGHT * ACROSS + x * ACROSS / WIDTH] += u32::from(a.abs_diff(b));
        off += (2 * i32::from(m) - i32::from(a) - i32::from(b)).unsigned_abs();
    }
    let apart: u32 = blocks.iter().sum();
    let taking_part = apart / (ACROSS * DOWN) as u32 / 4;
    let wide = blocks.iter().filter(|&&block| block > taking_part).count();
    BlendFit {
        apart: apart as f32 / (3 * PIXELS) as f32,
        blend: off as f32 / 2.0 / (apart as f32).max(1.0),
        wide: wide as f32 / (ACROSS * DOWN) as f32,
    }
}

/// True where `middle` is composed of areas of `before` and of `after` with a clean border: a wipe.
pub(super) fn is_wipe(before: &Signal, middle: &Signal, after: &Signal) -> bool {
    let mut side = [0_i8; PIXELS];
    let (mut telling, mut new, mut rest, mut apart) = (0_u32, 0_u32, 0_i32, 0_i32);
    let pixels = before
        .frame
        .pixels()
        .zip(middle.frame.pixels())
        .zip(after.frame.pixels());
    for (side, ((a, m), b)) in side.iter_mut().zip(pixels) {
        let far = |u: [u8; 3], v: [u8; 3]| -> i32 {
            u.iter()
                .zip(v)
                .map(|(&x, y)| i32::from(x.abs_diff(y)))
                .sum()
        };
        let whole = far(a, b);
        if whole < 3 * TELLING {
            continue;
        }
        telling += 1;
        let (to_old, to_new) = (far(a, m), far(m, b));
        *side = if to_new < to_old { 1 } else { -1 };
        new += u32::from(to_new < to_old);
        rest += to_old.min(to_new);
        apart += whole;
    }
    let share = f64::from(new) / f64::from(telling.max(1));
    if (telling as usize) < PIXELS * WIPE_TELLING.0 / WIPE_TELLING.1
        || !WIPE_NEW.contains(&share)
        || f64::from(rest) > WIPE_REST * f64::from(apart)
    {
        return false;
    }
    // The border is short: few neighboring pixels lie on different sides.
    let (mut pairs, mut torn) = (0_u32, 0_u32);
    let mut compare = |a: i8, b: i8| {
        if a != 0 && b != 0 {
            pairs += 1;
            torn += u32::from(a != b);
        }
    };
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let here = side[y * WIDTH + x];
            if x + 1 < WIDTH {
                compare(here, side[y * WIDTH + x + 1]);
            }
            if y + 1 < HEIGHT {
                compare(here, side[(y + 1) * WIDTH + x]);
            }
        }
    }
    f64::from(torn) < WIPE_TORN * f64::from(pairs)
}

/// Progress of `frame` from `before` (0) to `after` (1): its projection on the line between them.
pub(super) fn progress(before: &Signal, frame: &Signal, after: &Signal) -> f32 {
    let (mut along, mut whole) = (0_i64, 0_i64);
    let outer = before.frame.samples().iter().zip(after.frame.samples());
    for ((&a, &b), &m) in outer.zip(frame.frame.samples()) {
        let way = i64::from(b) - i64::from(a);
        along += way * (i64::from(m) - i64::from(a));
        whole += way * way;
    }
    along as f32 / (whole as f32).max(1.0)
}
