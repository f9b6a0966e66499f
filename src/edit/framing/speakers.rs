//! Which of several people a crop shows: the one who speaks.
//!
//! People who sit apart do not fit into one crop of another shape, and a crop that moves between them is seen to
//! wander. Where the analysis knows whose mouth moves ([`PersonTrack::speaking`]), a shot is divided into turns: each
//! lasts until somebody else speaks, for more than a word, and begins in the last pause before that. A turn is
//! shown by a crop of its own, so the picture switches by a cut. Where all faces fit into one crop, there are no turns.

use crate::analysis::{AudioReport, PersonTrack, Shot, Span, TrackKind};
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::box_path::box_at;
use crate::edit::framing::crop_path::Ring;
use crate::edit::framing::path_through;
use crate::geometry::{Rect, Size};

/// The code of the reason for a crop that shows who speaks.
pub(in crate::edit) const SPEAKER: &str = "speaker";

/// Shortest turn, in seconds: a "yes" of the listener is no reason to look away.
const HOLD: f64 = 1.5;
/// Seconds for which a mouth moves before it is believed: listeners laugh and agree.
const BELIEVED: f64 = 1.0;
/// Seconds by which mouths may begin before their words are heard or go on after them, as they are measured.
const NEAR: f64 = 0.3;
/// Pause, in seconds, after which somebody else may begin.
const LONG_PAUSE: f64 = 0.25;
/// Seconds of a pause that the picture leads the words of whom it switches to, at most.
const LEAD: f64 = 0.2;
/// How far the middle of a face may stray from that of the crop before it follows, in crop sizes.
const LOOSE: f64 = 0.12;
/// Seconds between two rings of the tube.
const STEP: f64 = 0.2;
/// Most rings of a tube, a guard against absurd lengths.
const MOST_RINGS: f64 = 100_000.0;

/// The part of a shot in which the crop shows one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::edit) struct Turn {
    /// Seconds.
    pub start: f64,
    /// The number of their face among the tracks of the shot.
    pub face: usize,
}

/// The turns of a shot, in order, the first from its beginning on; none where one crop shows everybody, or where it is
/// not known who speaks. `source` is the size of the picture and `output` that of the film, in pixels.
pub(in crate::edit) fn speaker_turns(
    shot: &Shot,
    audio: &AudioReport,
    source: Size,
    output: Size,
) -> Vec<Turn> {
    let axis = CropAxis::new(source, output);
    let judged = |track: &PersonTrack| track.speaking_share.is_some();
    let faces = shot.tracks.iter().enumerate();
    let faces: Vec<usize> = faces
        .filter(|(_, track)| track.kind == TrackKind::Face && judged(track))
        .map(|(number, _)| number)
        .collect();
    if faces.len() < 2 || fit_together(axis, shot, &faces) {
        return Vec::new();
    }
    let runs = runs(shot, &faces);
    let pauses = pauses(audio);
    let first = runs.first().map(|run| (shot.start, run));
    let changes = runs.windows(2).filter_map(|pair| match pair {
        [before, next] => Some((change(&pauses, before.span.end, next.span.start), next)),
        _ => None,
    });
    let turns = first.into_iter().chain(changes).map(|(start, run)| Turn {
        start,
        face: run.face,
    });
    held(turns.collect(), shot.end)
}

/// What one person says before another does.
#[derive(Debug, Clone, Copy)]
struct Run {
    face: usize,
    span: Span,
    /// Seconds in which their mouth moves.
    spoken: f64,
}

/// Who speaks after whom. What is too short to be believed is left out.
fn runs(shot: &Shot, faces: &[usize]) -> Vec<Run> {
    let mut said: Vec<Run> = faces
        .iter()
        .filter_map(|face| Some((*face, shot.tracks.get(*face)?)))
        .flat_map(|(face, track)| {
            track.speaking.iter().map(move |span| Run {
                face,
                span: *span,
                spoken: span.end - span.start,
            })
        })
        .collect();
    said.sort_by(|a, b| a.span.start.total_cmp(&b.span.start));
    let mut runs = joined(said);
    runs.retain(|run| run.spoken >= BELIEVED);
    joined(runs)
}

/// The runs with those made one that one person has after each other.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match joined.last_mut() {
            Some(last) if last.face == run.face => {
                last.span.end = last.span.end.max(run.span.end);
                last.spoken += run.spoken;
            }
            _ => joined.push(run),
        }
    }
    joined
}

/// The crop that follows the face of a turn between two seconds of its source.
pub(in crate::edit) fn face_crop_path(
    track: &PersonTrack,
    source: Size,
    output: Size,
    start: f64,
    end: f64,
) -> Vec<[f64; 5]> {
    let axis = CropAxis::new(source, output);
    let steps = ((end - start) / STEP).ceil().clamp(1.0, MOST_RINGS) as usize;
    let ring = |step: usize| {
        let time = start + (end - start) * step as f64 / steps as f64;
        let (from, to) = axis.stretch(box_at(&track.path, time).unwrap_or(Rect::FULL).clipped());
        let (middle, free) = ((from + to) / 2.0, LOOSE * axis.size());
        Ring {
            time,
            low: axis.clamp(middle - free),
            high: axis.clamp(middle + free),
        }
    };
    let tube: Vec<Ring> = (0..=steps).map(ring).collect();
    path_through(axis, &tube)
}

/// Whether one crop shows all of these faces.
fn fit_together(axis: CropAxis, shot: &Shot, faces: &[usize]) -> bool {
    let boxes = faces
        .iter()
        .filter_map(|face| shot.tracks.get(*face))
        .flat_map(|track| &track.path)
        .map(|point| axis.stretch(Rect::new(point[1], point[2], point[3], point[4])));
    let (low, high) = boxes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (a, b)| {
        (low.min(a), high.max(b))
    });
    high - low <= axis.size()
}

/// Where nobody is heard: between words, or between spans of speech where no words are known.
fn pauses(audio: &AudioReport) -> Vec<Span> {
    let words = audio.transcript.as_ref().map(|transcript| {
        let words = transcript.words.iter();
        words.map(|word| (word.start, word.end)).collect::<Vec<_>>()
    });
    let spans = words.filter(|words| !words.is_empty()).unwrap_or_else(|| {
        let speech = audio.speech.iter();
        speech.map(|span| (span.start, span.end)).collect()
    });
    let gap = |pair: &[(f64, f64)]| match pair {
        [before, next] if next.0 >= before.1 => Some(Span {
            start: before.1,
            end: next.0,
        }),
        _ => None,
    };
    spans.windows(2).filter_map(gap).collect()
}

/// The second at which the picture switches from a mouth that rests at `end` to one that moves from `start` on.
fn change(pauses: &[Span], end: f64, start: f64) -> f64 {
    let (from, to) = (end.min(start) - NEAR, end.max(start) + NEAR);
    let length = |pause: &Span| pause.end - pause.start;
    let near = |pause: &&Span| pause.end >= from && pause.start <= to;
    let mut near: Vec<&Span> = pauses.iter().filter(near).collect();
    near.sort_by(|a, b| length(a).total_cmp(&length(b)));
    let long = near.iter().filter(|pause| length(pause) >= LONG_PAUSE);
    let last = long.max_by(|a, b| a.end.total_cmp(&b.end));
    match last.or(near.last()) {
        Some(pause) => pause.end - LEAD.min(length(pause) / 2.0),
        None => (end + start) / 2.0,
    }
}

/// Without the turns that are too short: what comes before them goes on.
fn held(turns: Vec<Turn>, end: f64) -> Vec<Turn> {
    let ends = turns.iter().skip(1).map(|next| next.start).chain([end]);
    let lengths: Vec<f64> = turns
        .iter()
        .zip(ends)
        .map(|(turn, end)| end - turn.start)
        .collect();
    let mut kept: Vec<Turn> = Vec::new();
    for (turn, length) in turns.into_iter().zip(lengths) {
        match kept.last() {
            Some(last) if last.face == turn.face || length < HOLD => {}
            _ => kept.push(turn),
        }
    }
    // A first turn that is too short belongs to the next.
    if let [first, second, ..] = kept.as_mut_slice()
        && second.start - first.start < HOLD
    {
        first.face = second.face;
        kept.remove(1);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: f64, end: f64) -> Span {
        Span { start, end }
    }

    #[test]
    fn a_short_word_of_the_other_is_no_turn() {
        let turns = [(0.0, 1), (0.9, 0), (4.0, 1), (4.6, 0), (9.0, 1)];
        let turns = turns.map(|(start, face)| Turn { start, face });
        let kept = held(turns.to_vec(), 12.0);
        let kept: Vec<(f64, usize)> = kept.iter().map(|turn| (turn.start, turn.face)).collect();
        assert_eq!(kept, [(0.0, 0), (9.0, 1)]);
        assert!(held(Vec::new(), 1.0).is_empty());
    }

    #[test]
    fn the_picture_switches_in_the_last_pause_before_the_change() {
        let pauses = [
            (3.0, 3.05),
            (4.2, 4.8),
            (5.1, 5.15),
            (8.0, 9.0),
            (9.5, 10.0),
        ];
        let pauses = pauses.map(|(start, end)| span(start, end));
        assert!((change(&pauses, 4.4, 5.0) - 4.6).abs() < 1e-9);
        assert!((change(&pauses, 3.1, 3.2) - 3.025).abs() < 1e-9);
        // Whoever is before speaks after the longer pause, too.
        assert!((change(&pauses, 9.4, 10.1) - 9.8).abs() < 1e-9);
        // Nobody pauses near.
        assert!((change(&pauses, 6.0, 7.0) - 6.5).abs() < 1e-9);
    }
}
