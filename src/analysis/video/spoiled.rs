//! Spoiled stretches: what nobody wants to see, to the frame and also inside a shot.
//!
//! Each frame is measured on its thumbnail of 160 pixels: the share of white pixels, the detail that is left, and
//! whether the camera shakes ([`super::shake`]). A frame is judged against its own shot or film where that can be: a
//! film before a white wall is not blown out, and a soft portrait is not blurred, but a shot that turns white or soft
//! is spoiled there. Runs of spoiled frames become [`SpoiledSpan`]s; gaps in them are closed and flickers dropped.

use crate::analysis::video::luma_thumbnail::LumaPlane;
use crate::analysis::{SpoiledKind, SpoiledSpan};
use crate::time::{Rational, rounded};

/// Luma (of 255) from which a pixel is white.
const WHITE: u8 = 250;
/// Share of white pixels from which a frame may be blown out …
const MANY_WHITE: f32 = 0.30;
/// … and certainly seems so before the whole film is known.
const MOSTLY_WHITE: f32 = 0.45;
/// Share of white pixels above the film's median from which it is. Frames of one scene differ by less.
const WHITER: f32 = 0.20;
/// Steps of the distribution of white shares.
const SHARES: usize = 101;
/// Distance in pixels over which a difference is compared with those of neighbors …
const REACH: usize = 5;
/// … and least difference (of 255) over it: less is noise.
const STEP: u8 = 8;
/// Least share of pixels with such a difference; with fewer there is nothing to judge detail by.
const TEXTURE: f32 = 0.01;
/// Detail of a picture in which every difference is a ramp over [`REACH`] pixels: 1 / 5.
const NO_DETAIL: f32 = 0.2;
/// Detail up to which a frame of a shot that usually has more is blurred. A Gaussian blur of a 64th of the width leaves
/// 0.21; the softest of the corpus' sharp films has 0.24.
const BLURRED: f32 = 0.22;
/// Usual detail of a shot below which blur cannot be told: plain shapes with hard edges have as little as soft ones.
const JUDGED: f32 = 0.23;
/// Detail above [`NO_DETAIL`], as a share of what three quarters of its shot stay below, under which a frame is
/// blurred.
const SOFTER: f32 = 0.55;
/// Gaps between spoiled frames that are closed, in seconds.
const GAP: f64 = 0.25;
/// Runs that are shorter are left out, in seconds: one bad frame is not seen.
const SHORTEST: f64 = 0.12;

/// What a frame's thumbnail says of its exposure and sharpness.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FrameDefects {
    /// Share of white pixels.
    pub white: f32,
    /// Mean difference of neighbors as a share of that over [`REACH`] pixels, from [`NO_DETAIL`] up; `None` without
    /// texture.
    pub detail: Option<f32>,
}

impl FrameDefects {
    pub fn of(thumb: &LumaPlane) -> Self {
        let pixels = thumb.luma.len().max(1) as f32;
        let white = thumb.luma.iter().filter(|luma| **luma >= WHITE).count();
        let mut steps = DetailSums::default();
        for row in thumb.luma.chunks_exact(thumb.width.max(1)) {
            steps.add_along(
                row,
                row.get(1..).unwrap_or(&[]),
                row.get(REACH..).unwrap_or(&[]),
            );
        }
        let below = |rows: usize| thumb.luma.get(rows * thumb.width..).unwrap_or(&[]);
        steps.add_along(&thumb.luma, below(1), below(REACH));
        Self {
            white: white as f32 / pixels,
            detail: (steps.count as f32 > TEXTURE * pixels)
                .then(|| steps.near as f32 / steps.far.max(1) as f32),
        }
    }

    /// Seems blown out, as far as one frame tells.
    pub fn seems_blown_out(&self) -> bool {
        self.white >= MOSTLY_WHITE
    }
}

/// Sums over the pixels with a clear difference.
#[derive(Default)]
struct DetailSums {
    near: u64,
    far: u64,
    count: u64,
}

impl DetailSums {
    /// Adds the pixels of `from` with their neighbors one pixel and [`REACH`] pixels further.
    fn add_along(&mut self, from: &[u8], next: &[u8], reach: &[u8]) {
        for ((&here, &near), &far) in from.iter().zip(next).zip(reach) {
            let difference = here.abs_diff(far);
            if difference > STEP {
                self.near += u64::from(here.abs_diff(near));
                self.far += u64::from(difference);
                self.count += 1;
            }
        }
    }
}

/// Detail below which a frame of a shot with these details is blurred; 0 where that cannot be told.
pub(super) fn blur_limit(details: impl Iterator<Item = Option<f32>>) -> f32 {
    let mut all: Vec<f32> = details
        .flatten()
        .filter(|detail| detail.is_finite())
        .collect();
    all.sort_by(f32::total_cmp);
    let usual = all.get(all.len() * 3 / 4).copied().unwrap_or(NO_DETAIL);
    if usual < JUDGED {
        return 0.0;
    }
    BLURRED.max(NO_DETAIL + SOFTER * (usual - NO_DETAIL))
}

/// A frame on its way into [`SpoiledRuns`].
#[derive(Debug, Clone, Copy)]
pub(super) struct JudgedFrame {
    pub start: Rational,
    pub end: Rational,
    pub white: f32,
    pub black: bool,
    pub blurred: bool,
    pub shaken: bool,
}

/// Collects runs of spoiled frames of all kinds.
#[derive(Debug)]
pub(super) struct SpoiledRuns {
    runs: Vec<SpoiledRun>,
    /// How many frames have each share of white pixels.
    whites: [u64; SHARES],
}

#[derive(Debug)]
struct SpoiledRun {
    kind: SpoiledKind,
    start: Rational,
    end: Rational,
    /// Sum of the shares of white, and number of frames.
    white: f64,
    frames: u64,
}

impl Default for SpoiledRuns {
    fn default() -> Self {
        Self {
            runs: Vec::new(),
            whites: [0; SHARES],
        }
    }
}

impl SpoiledRuns {
    /// Takes the next frame.
    pub fn push(&mut self, frame: JudgedFrame) {
        let step = (frame.white.clamp(0.0, 1.0) * (SHARES - 1) as f32) as usize;
        if let Some(count) = self.whites.get_mut(step) {
            *count += 1;
        }
        for (spoiled, kind) in [
            (frame.black, SpoiledKind::Black),
            (frame.white >= MANY_WHITE, SpoiledKind::BlownOut),
            (frame.shaken, SpoiledKind::Shake),
            (frame.blurred && !frame.black, SpoiledKind::Blur),
        ] {
            if spoiled {
                self.extend(kind, &frame);
            }
        }
    }

    fn extend(&mut self, kind: SpoiledKind, frame: &JudgedFrame) {
        let last = self.runs.iter().rposition(|run| run.kind == kind);
        if let Some(run) = last.and_then(|at| self.runs.get_mut(at)) {
            if (frame.start - run.end).seconds() <= GAP {
                run.end = frame.end;
                run.white += f64::from(frame.white);
                run.frames += 1;
                return;
            }
            // A flicker makes room, so that a flickering film does not fill the memory.
            if (run.end - run.start).seconds() < SHORTEST
                && let Some(at) = last
            {
                self.runs.remove(at);
            }
        }
        self.runs.push(SpoiledRun {
            kind,
            start: frame.start,
            end: frame.end,
            white: f64::from(frame.white),
            frames: 1,
        });
    }

    /// All runs, in order.
    pub fn finish(self) -> Vec<SpoiledSpan> {
        let usual = self.usual_white();
        let mut spans: Vec<SpoiledSpan> = self
            .runs
            .iter()
            .filter(|run| (run.end - run.start).seconds() >= SHORTEST)
            .filter(|run| {
                let white = (run.white / run.frames.max(1) as f64) as f32;
                run.kind != SpoiledKind::BlownOut || white >= usual + WHITER
            })
            .map(|run| SpoiledSpan {
                start: rounded(run.start.seconds()),
                end: rounded(run.end.seconds()),
                kind: run.kind,
            })
            .collect();
        spans.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end)));
        spans
    }

    /// The median share of white pixels of the film's frames.
    fn usual_white(&self) -> f32 {
        let half = self.whites.iter().sum::<u64>() / 2;
        let mut seen = 0;
        let at = self.whites.iter().position(|count| {
            seen += count;
            seen > half
        });
        at.unwrap_or(0) as f32 / (SHARES - 1) as f32
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn plane(value: impl Fn(usize, usize) -> u8) -> LumaPlane {
        let (width, height) = (160, 90);
        let at = |n: usize| value(n % width, n / width);
        LumaPlane {
            width,
            height,
            luma: (0..width * height).map(at).collect(),
        }
    }

    #[test]
    fn soft_edges_leave_little_detail_and_plain_walls_none_to_judge() {
        let hard = plane(|x, y| if (x / 2 + y / 2) % 2 == 0 { 40 } else { 200 });
        let soft = plane(|x, y| {
            let wave = |v: usize| (v as f64 * std::f64::consts::TAU / 40.0).sin();
            (120.0 + 50.0 * (wave(x) + wave(y))) as u8
        });
        let (hard, soft) = (
            FrameDefects::of(&hard).detail.unwrap(),
            FrameDefects::of(&soft).detail.unwrap(),
        );
        assert!(hard > 0.3 && soft < BLURRED + 0.01, "{hard} {soft}");
        let limit = blur_limit([Some(hard), Some(hard), None, Some(soft)].into_iter());
        assert!((soft..hard).contains(&limit), "{limit}");
        assert_eq!(blur_limit([Some(soft); 4].into_iter()), 0.0);
        assert_eq!(FrameDefects::of(&plane(|_, _| 70)).detail, None);
        assert!(FrameDefects::of(&plane(|_, _| 255)).seems_blown_out());
    }

    /// 100 frames at 25 a second, of which `spoil` changes some.
    fn spans(spoil: impl Fn(i64, &mut JudgedFrame)) -> Vec<SpoiledSpan> {
        let mut runs = SpoiledRuns::default();
        for n in 0..100 {
            let mut frame = JudgedFrame {
                start: Rational::new(n, 25).unwrap(),
                end: Rational::new(n + 1, 25).unwrap(),
                white: 0.02,
                black: false,
                blurred: false,
                shaken: false,
            };
            spoil(n, &mut frame);
            runs.push(frame);
        }
        runs.finish()
    }

    #[test]
    fn runs_are_known_to_the_frame_gaps_are_closed_and_flickers_dropped() {
        let found = spans(|n, frame| {
            frame.shaken = (20..40).contains(&n) && n != 30 || n == 80;
            frame.blurred = n >= 90;
        });
        let span = |start, end, kind| SpoiledSpan { start, end, kind };
        assert_eq!(
            found,
            [
                span(0.8, 1.6, SpoiledKind::Shake),
                span(3.6, 4.0, SpoiledKind::Blur)
            ]
        );
    }

    #[test]
    fn a_film_before_a_white_wall_is_not_blown_out() {
        let wall = spans(|_, frame| frame.white = 0.5);
        assert_eq!(wall, []);
        let flash = spans(|n, frame| frame.white = if n < 40 { 0.6 } else { 0.05 });
        assert_eq!(flash.len(), 1, "{flash:?}");
        assert_eq!((flash[0].start, flash[0].end), (0.0, 1.6));
    }
}
