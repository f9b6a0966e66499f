//! Runs of black frames, and of frames that repeat the one before.

use crate::analysis::Span;
use crate::analysis::picture::luma8;
use crate::picture::Rgb8;
use crate::time::{Rational, rounded};

/// Shorter runs are left out, in seconds: two frames at 25 a second, and half a second.
const SHORTEST_BLACK: f64 = 0.08;
const SHORTEST_FROZEN: f64 = 0.5;
/// A frame is black when its mean luma (of 255) is at most this …
const BLACK_MEAN: f32 = 20.0;
/// … and its standard deviation of luma at most this, so that a dark scene with a lamp is not black.
const BLACK_DEVIATION: f32 = 7.0;

/// True for a frame, reduced to 48×27, that is nearly black all over.
pub(super) fn is_black(small: &Rgb8) -> bool {
    let pixels = small.samples().len() as f32 / 3.0;
    let lumas = || small.pixels().map(|pixel| f32::from(luma8(pixel)));
    let mean = lumas().sum::<f32>() / pixels;
    let variance = lumas()
        .map(|luma| (luma - mean) * (luma - mean))
        .sum::<f32>()
        / pixels;
    mean <= BLACK_MEAN && variance <= BLACK_DEVIATION * BLACK_DEVIATION
}

/// What black and frozen runs need to know of a frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct FrameState {
    pub start: Rational,
    pub end: Rational,
    pub black: bool,
    /// Nothing moved since the frame before.
    pub repeats: bool,
}

/// Collects both kinds of runs.
#[derive(Debug)]
pub(super) struct BlackAndFrozen {
    black: Runs,
    frozen: Runs,
    /// The last frame, held until the start of the next shows when it ends.
    held: Option<FrameState>,
}

impl Default for BlackAndFrozen {
    fn default() -> Self {
        Self {
            black: Runs::black(),
            frozen: Runs::frozen(),
            held: None,
        }
    }
}

impl BlackAndFrozen {
    /// Takes the next frame.
    pub fn push(&mut self, frame: FrameState) {
        if let Some(held) = self.held.replace(frame) {
            self.note(held, frame.start);
        }
    }

    /// Ends the film; returns the black runs and the frozen ones.
    pub fn finish(mut self) -> (Vec<Span>, Vec<Span>) {
        if let Some(held) = self.held.take() {
            self.note(held, held.end.max(held.start));
        }
        (self.black.finish(), self.frozen.finish())
    }

    fn note(&mut self, frame: FrameState, end: Rational) {
        self.black.push(frame.black, frame.start, end);
        self.frozen
            .push(frame.repeats && !frame.black, frame.start, end);
    }
}

/// Collects runs of frames of one kind.
#[derive(Debug)]
struct Runs {
    shortest: f64,
    open: Option<(Rational, Rational)>,
    found: Vec<Span>,
}

impl Runs {
    /// Collects black frames.
    fn black() -> Self {
        Self {
            shortest: SHORTEST_BLACK,
            open: None,
            found: Vec::new(),
        }
    }

    /// Collects frames that repeat the one before.
    fn frozen() -> Self {
        Self {
            shortest: SHORTEST_FROZEN,
            open: None,
            found: Vec::new(),
        }
    }

    /// Takes the frame shown from `start` to `end`; `belongs` if it is of this kind.
    fn push(&mut self, belongs: bool, start: Rational, end: Rational) {
        if belongs {
            let from = self.open.map_or(start, |(from, _)| from);
            self.open = Some((from, end));
        } else {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some((from, to)) = self.open.take()
            && (to - from).seconds() >= self.shortest
        {
            self.found.push(Span {
                start: rounded(from.seconds()),
                end: rounded(to.seconds()),
            });
        }
    }

    /// All runs, in order.
    fn finish(mut self) -> Vec<Span> {
        self.close();
        self.found
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_told_from_their_first_to_the_end_of_their_last_frame() {
        let mut runs = Runs::black();
        let frame = |n: i64| Rational::new(n, 25).unwrap();
        for n in 0..50 {
            runs.push(
                (10..20).contains(&n) || n == 30 || n >= 45,
                frame(n),
                frame(n + 1),
            );
        }
        let found = runs.finish();
        assert_eq!(
            found,
            [
                Span {
                    start: 0.4,
                    end: 0.8
                },
                Span {
                    start: 1.8,
                    end: 2.0
                }
            ]
        );
    }
}
