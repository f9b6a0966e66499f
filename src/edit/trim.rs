//! One clip, and no length asked for: everything that is good stays, in its order; only what is bad is cut away.

use crate::edit::SourceFile;
use crate::edit::cut_points::CutPoint;
use crate::edit::subclips::{Strictness, Subclip, subclips};
use crate::geometry::Size;
use crate::time::Rational;

/// Seconds below which a piece is not worth keeping: it would be a flash.
const SHORTEST: f64 = 0.4;
/// The share of the clip that stays at least. A clip that would lose more is shown with its bad shots.
const KEEP: f64 = 0.6;
/// The share of a piece that may be cut off so that its end falls on a beat.
const SHORTEN: f64 = 0.25;

/// A piece that stays.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub subclip: Subclip,
    /// Output frames.
    pub frames: i64,
    /// The beat that it begins on.
    pub beat: Option<CutPoint>,
}

/// The film into which one clip is trimmed.
#[derive(Clone, Copy)]
pub(super) struct TrimRequest<'a> {
    /// The only source.
    pub sources: &'a [SourceFile],
    /// Pixels of the film.
    pub output: Size,
    /// Output frames a second.
    pub rate: Rational,
}

impl TrimRequest<'_> {
    /// Seconds of the film at which the pieces meet, before anything is cut off for a beat.
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

    /// The pieces, each of which ends on one of the heard `points` where that costs little; empty where there is
    /// nothing to see.
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

    /// What is good of the clip, or all that can be seen where that is too little; without flashes.
    fn kept(&self) -> Vec<Subclip> {
        let all: f64 = self
            .sources
            .iter()
            .filter_map(|source| source.analysis.video.as_ref())
            .map(|video| video.duration)
            .sum();
        let mut kept = subclips(self.sources, Strictness::NotBad, 0.0, self.output);
        if kept.iter().map(Subclip::length).sum::<f64>() < KEEP * all {
            kept = subclips(self.sources, Strictness::Visible, 0.0, self.output);
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
