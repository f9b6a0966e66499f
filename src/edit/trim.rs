//! One clip and no length asked for: everything that is good stays, in its order; only what is bad is cut away.

use crate::edit::SourceFile;
use crate::edit::cut_points::CutPoint;
use crate::edit::subclips::{Strictness, Subclip, subclips};
use crate::geometry::Size;
use crate::time::Rational;

/// Seconds below which a piece is not worth keeping.
const SHORTEST: f64 = 0.4;
/// The share of the clip that stays at least.
const KEEP: f64 = 0.6;
/// The share of a piece that may be cut off so that its end falls on a beat.
const SHORTEN: f64 = 0.25;

/// A piece that stays.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub take: Subclip,
    /// Output frames.
    pub frames: i64,
    /// The beat that it begins on.
    pub beat: Option<CutPoint>,
}

/// Seconds of the film at which the pieces meet, before anything is cut off for a beat.
pub(super) fn cuts(sources: &[SourceFile], output: Size, rate: Rational) -> Vec<f64> {
    let mut pieces = pieces(sources, output, rate, &[]);
    pieces.pop();
    let mut frames = 0;
    pieces
        .iter()
        .map(|piece| {
            frames += piece.frames;
            frames as f64 / rate.seconds()
        })
        .collect()
}

/// The pieces of the only source in `sources`; empty where there is nothing to see.
pub(super) fn pieces(
    sources: &[SourceFile],
    output: Size,
    rate: Rational,
    places: &[CutPoint],
) -> Vec<Piece> {
    let mut takes = Vec::new();
    for strictness in [Strictness::NotBad, Strictness::Visible] {
        takes = subclips(sources, strictness, 0.0, output);
        let kept: f64 = takes.iter().map(Subclip::length).sum();
        let all: f64 = sources
            .iter()
            .filter_map(|source| source.analysis.video.as_ref())
            .map(|video| video.duration)
            .sum();
        if kept >= KEEP * all {
            break;
        }
    }
    let frames_of = |take: &Subclip| ((take.end - take.start) * rate).floor();
    let least = (SHORTEST * rate.seconds()).ceil() as i64;
    let longest = takes.iter().map(frames_of).max().unwrap_or(0);
    takes.retain(|take| frames_of(take) >= least.min(longest).max(1));
    let count = takes.len();
    let mut place = 0_i64;
    let mut begins = None;
    let mut pieces = Vec::with_capacity(count);
    for (number, take) in takes.into_iter().enumerate() {
        let mut frames = frames_of(&take);
        let mut ends = None;
        if number + 1 < count {
            let earliest = place + (frames as f64 * (1.0 - SHORTEN)).ceil() as i64;
            let beat = places
                .iter()
                .rfind(|beat| beat.heard && beat.frame <= place + frames && beat.frame >= earliest);
            if let Some(beat) = beat.filter(|beat| beat.frame > place) {
                frames = beat.frame - place;
                ends = Some(*beat);
            }
        }
        pieces.push(Piece {
            take,
            frames,
            beat: begins,
        });
        place += frames;
        begins = ends;
    }
    pieces
}
