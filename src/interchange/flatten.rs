//! Tracks and nested timelines laid flat: which part of which file is seen when, and what is heard when.

use crate::interchange::fraction::on_grid;
use crate::interchange::sequence::{
    SequenceClip, SequenceItem, SequenceTrack, SequenceTransition, TrackContent,
};
use crate::time::Rational;

/// A part of a clip at its place in the film.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    pub clip: &'a SequenceClip,
    /// Seconds in the film.
    pub at: Rational,
    pub end: Rational,
    /// Seconds in the file at `at`.
    pub start: Rational,
    /// The transition into it, centered on `at`: its kind and its seconds.
    pub transition: Option<(&'a str, Rational)>,
}

impl Piece<'_> {
    /// The same without what lies before `from`.
    fn cut_head(mut self, from: Rational) -> Self {
        if from > self.at {
            self.start = self.start + (from - self.at) * self.clip.speed;
            self.at = from;
            self.transition = None;
        }
        self
    }
}

/// What is seen: upper tracks hide lower ones. In the order of the film, without overlap. Cuts of transitions that are
/// off their middle move by whole frames at `rate`.
pub(super) fn pictures(tracks: &[SequenceTrack], rate: Rational) -> Vec<Piece<'_>> {
    let mut seen: Vec<Piece<'_>> = Vec::new();
    let pictures = tracks.iter();
    for track in pictures.filter(|track| track.content == TrackContent::Picture && track.enabled) {
        seen = over(seen, track_pieces(track, rate, Wanted::Pictures));
    }
    seen
}

/// What is heard, over all tracks of sound, in the order of the film.
pub(super) fn sounds(tracks: &[SequenceTrack], rate: Rational) -> Vec<Piece<'_>> {
    let mut heard = Vec::new();
    for track in tracks.iter().filter(|track| track.enabled) {
        heard.extend(track_pieces(track, rate, Wanted::Sounds));
    }
    heard.sort_by_key(|piece| piece.at);
    heard
}

/// What pieces are wanted for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Pictures,
    /// Of a track of pictures, only what nested timelines sound like.
    Sounds,
}

/// The pieces of one track.
fn track_pieces<'a>(track: &'a SequenceTrack, rate: Rational, wanted: Wanted) -> Vec<Piece<'a>> {
    let is_silent = wanted == Wanted::Sounds && track.content == TrackContent::Picture;
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut time = Rational::ZERO;
    let mut into: Option<&'a SequenceTransition> = None;
    for item in &track.items {
        match item {
            SequenceItem::Transition(transition) => {
                into = Some(transition);
                continue;
            }
            SequenceItem::Gap(_) => {}
            SequenceItem::Clip(_) if is_silent => {}
            SequenceItem::Clip(clip) if clip.enabled && clip.duration > Rational::ZERO => {
                let piece = Piece {
                    clip,
                    at: time,
                    end: time + clip.duration,
                    start: clip.start,
                    transition: None,
                };
                pieces.push(piece);
                if let Some(transition) = into {
                    center(&mut pieces, transition, rate);
                }
            }
            SequenceItem::Clip(_) => {}
            SequenceItem::Nested {
                tracks,
                start,
                duration,
            } => {
                let (from, to) = (*start, *start + *duration);
                let inside = match wanted {
                    Wanted::Pictures => pictures(tracks, rate),
                    Wanted::Sounds => sounds(tracks, rate),
                };
                for mut piece in inside {
                    if piece.end <= from || piece.at >= to {
                        continue;
                    }
                    piece = piece.cut_head(from);
                    piece.end = piece.end.min(to) - from + time;
                    piece.at = piece.at - from + time;
                    pieces.push(piece);
                }
            }
        }
        into = None;
        time = time + item.duration();
    }
    pieces
}

/// Puts a transition on the last of `pieces`, and the cut before it into the transition's middle.
fn center<'a>(pieces: &mut [Piece<'a>], transition: &'a SequenceTransition, rate: Rational) {
    let [.., before, piece] = pieces else {
        return;
    };
    if before.end != piece.at {
        return;
    }
    let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
    // Half a frame stays where it is: writers put the longer half of an odd transition after its cut.
    let ahead = (transition.before - transition.after) * half;
    let shift = Rational::ZERO - on_grid(ahead, rate);
    if piece.at + shift >= piece.end || before.at >= before.end + shift {
        return;
    }
    before.end = before.end + shift;
    piece.at = piece.at + shift;
    piece.start = piece.start + shift * piece.clip.speed;
    piece.transition = Some((&transition.kind, transition.before + transition.after));
}

/// `upper` over `lower`, both in the order of the film without overlap.
fn over<'a>(lower: Vec<Piece<'a>>, upper: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
    if lower.is_empty() || upper.is_empty() {
        return if lower.is_empty() { upper } else { lower };
    }
    let mut seen = Vec::with_capacity(lower.len() + upper.len());
    let mut first = 0;
    for piece in lower {
        // Pieces above that end before this one begins hide nothing of what follows either.
        while upper.get(first).is_some_and(|above| above.end <= piece.at) {
            first += 1;
        }
        let mut rest = Some(piece);
        for above in upper.iter().skip(first) {
            let Some(piece) = rest.take() else { break };
            if above.at >= piece.end {
                rest = Some(piece);
                break;
            }
            if above.at > piece.at {
                let mut head = piece.clone();
                head.end = above.at;
                seen.push(head);
            }
            rest = (above.end < piece.end).then(|| piece.cut_head(above.end));
        }
        seen.extend(rest);
    }
    seen.extend(upper);
    seen.sort_by_key(|piece| piece.at);
    seen
}
