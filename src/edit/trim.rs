//! Trims a single clip that fits the film: bad parts are cut away, everything else stays in its order.

use crate::edit::cut_points::CutPoint;
use crate::edit::subclips::{Strictness, Subclip, SubclipRequest};
use crate::time::Rational;

/// Seconds below which a piece is dropped: it would be a flash.
const SHORTEST: f64 = 0.4;
/// Least share of the clip that must stay. A clip that would lose more keeps its bad shots.
const KEEP: f64 = 0.6;
/// Largest share of a piece that may be cut off for an end on a beat.
const SHORTEN: f64 = 0.25;

/// A piece of the clip that stays.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub subclip: Subclip,
    /// Output frames.
    pub frames: i64,
    /// The beat on which it begins.
    pub beat: Option<CutPoint>,
}

/// A request to trim a clip.
#[derive(Clone, Copy)]
pub(super) struct TrimRequest<'a> {
    /// The only source.
    pub material: SubclipRequest<'a>,
    /// Output frames a second.
    pub rate: Rational,
}

impl TrimRequest<'_> {
    /// The times in the film, in seconds, at which the pieces meet before they are trimmed to beats.
    pub fn cuts(&self) -> Vec<f64> {
        let mut pieces = self.pieces(&[]);
        pieces.pop();
        let mut frames = 0;
        pieces
            .iter()
            .map(|piece| {
                frames += piece.frames;
                frames as f64 / self.rate.seconds()
            })
            .collect()
    }

    /// The pieces. Each ends on a beat of `points` if that costs little. Empty if there is nothing to see.
    pub fn pieces(&self, points: &[CutPoint]) -> Vec<Piece> {
        let subclips = self.kept();
        let count = subclips.len();
        let mut start = 0_i64;
        let mut begins = None;
        let mut pieces = Vec::with_capacity(count);
        for (number, subclip) in subclips.into_iter().enumerate() {
            let mut frames = self.frames_of(&subclip);
            let mut ends = None;
            if number + 1 < count {
                let earliest = start + (frames as f64 * (1.0 - SHORTEN)).ceil() as i64;
                let beat = points.iter().rfind(|beat| {
                    beat.heard && beat.frame <= start + frames && beat.frame >= earliest
                });
                if let Some(beat) = beat.filter(|beat| beat.frame > start) {
                    frames = beat.frame - start;
                    ends = Some(*beat);
                }
            }
            pieces.push(Piece {
                subclip,
                frames,
                beat: begins,
            });
            start += frames;
            begins = ends;
        }
        pieces
    }

    /// The good parts of the clip without flashes, or all visible parts if those are too little.
    fn kept(&self) -> Vec<Subclip> {
        let all: f64 = self
            .material
            .sources
            .iter()
            .filter_map(|source| source.analysis.video.as_ref())
            .map(|video| video.duration)
            .sum();
        let mut kept = self.material.subclips(Strictness::NotBad);
        if kept.iter().map(Subclip::length).sum::<f64>() < KEEP * all {
            kept = self.material.subclips(Strictness::Visible);
        }
        let least = (SHORTEST * self.rate.seconds()).ceil() as i64;
        let longest = kept
            .iter()
            .map(|subclip| self.frames_of(subclip))
            .max()
            .unwrap_or(0);
        kept.retain(|subclip| self.frames_of(subclip) >= least.min(longest).max(1));
        kept
    }

    fn frames_of(&self, subclip: &Subclip) -> i64 {
        ((subclip.end - subclip.start) * self.rate).floor()
    }
}
