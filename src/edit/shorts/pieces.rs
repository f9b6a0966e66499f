//! The pieces that a recording can be cut into: sentences in a row, about as long as asked.
//!
//! A piece begins and ends in the quiet around its sentences. Where the picture is cut nearby, a flash of the other
//! shot would be seen: a boundary is moved onto the cut, or [`CLEAR`] seconds away from it, within the same quiet.
//! Where neither is possible, no piece begins or ends there.

use crate::analysis::Span;
use crate::edit::shorts::sentences::Sentence;
use crate::time::Rational;

/// Seconds between a boundary and a cut of the picture, unless it lies on the cut.
const CLEAR: f64 = 0.5;
/// Seconds of quiet before the first word and …
const LEAD: f64 = 0.15;
/// … after the last one, where a voice dies away.
const TAIL: f64 = 0.3;
/// A piece has at least this share of the length that was asked for …
const SHORTEST: f64 = 0.5;
/// … and at most this.
const LONGEST: f64 = 1.1;

/// A cut of the picture: an instant, or a transition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PictureCut {
    /// Exact seconds.
    pub start: Rational,
    pub end: Rational,
}

/// A run of sentences with its boundaries.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// The index of its first sentence.
    pub first: usize,
    /// The index of its last sentence.
    pub last: usize,
    /// Exact seconds at which it begins …
    pub start: Rational,
    /// … and ends.
    pub end: Rational,
}

impl Piece {
    pub fn length(&self) -> f64 {
        (self.end - self.start).seconds()
    }
}

/// The grid of a recording's frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct FrameGrid {
    /// Output frames a second.
    pub rate: Rational,
    /// Seconds of the recording.
    pub end: Rational,
}

/// All pieces of about `length` seconds.
pub(super) fn pieces(
    sentences: &[Sentence],
    cuts: &[PictureCut],
    length: f64,
    grid: FrameGrid,
) -> Vec<Piece> {
    let mut found = Vec::new();
    for (first, opening) in sentences.iter().enumerate() {
        let Some(start) = boundary(cuts, opening.before, opening.before.end - LEAD, grid) else {
            continue;
        };
        for (last, closing) in sentences.iter().enumerate().skip(first) {
            let least = closing.after.start - start.seconds();
            if least > length * LONGEST {
                break;
            }
            let end = boundary(cuts, closing.after, closing.after.start + TAIL, grid);
            let Some(end) = end.and_then(|end| whole_frames(start, end, &closing.after, grid))
            else {
                continue;
            };
            let piece = Piece {
                first,
                last,
                start,
                end,
            };
            if (length * SHORTEST..=length * LONGEST).contains(&piece.length()) {
                found.push(piece);
            }
        }
    }
    found
}

/// The frame nearest to `wanted` in a quiet, on a cut of the picture or clear of all.
fn boundary(cuts: &[PictureCut], quiet: Span, wanted: f64, grid: FrameGrid) -> Option<Rational> {
    let wanted = wanted.clamp(quiet.start, quiet.end.max(quiet.start));
    let mut candidates = vec![on_frame(wanted, grid)];
    for cut in cuts {
        let (start, end) = (cut.start.seconds(), cut.end.seconds());
        if end < quiet.start - CLEAR || start > quiet.end + CLEAR {
            continue;
        }
        if cut.start == cut.end {
            candidates.push(cut.start);
        }
        candidates.push(on_frame(start - CLEAR, grid));
        candidates.push(on_frame(end + CLEAR, grid) + grid.rate.inverse()?);
    }
    let frame = grid.rate.inverse()?.seconds();
    let allowed = |time: &Rational| {
        let at = time.seconds();
        let inside = at >= quiet.start - frame && at <= quiet.end + frame;
        let clear = |cut: &PictureCut| {
            let on_it = cut.start == cut.end && cut.start == *time;
            on_it || at <= cut.start.seconds() - CLEAR || at >= cut.end.seconds() + CLEAR
        };
        let within = !time.is_negative() && *time <= grid.end;
        inside && within && cuts.iter().all(clear)
    };
    candidates.into_iter().filter(allowed).min_by(|a, b| {
        let far = |time: &Rational| (time.seconds() - wanted).abs();
        far(a).total_cmp(&far(b))
    })
}

fn on_frame(seconds: f64, grid: FrameGrid) -> Rational {
    let frame = (seconds.max(0.0) * grid.rate.seconds()).round() as i64;
    Rational::whole(frame) * grid.rate.inverse().unwrap_or(Rational::ONE)
}

/// An end that is a whole number of output frames after the start: exactly, or less than a frame before.
fn whole_frames(start: Rational, end: Rational, quiet: &Span, grid: FrameGrid) -> Option<Rational> {
    let frames = ((end - start) * grid.rate).floor();
    let exact = start + Rational::whole(frames) * grid.rate.inverse()?;
    (frames > 0 && exact.seconds() >= quiet.start).then_some(exact)
}
