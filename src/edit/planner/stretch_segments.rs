//! Segments that show a stretch of one clip from end to end: one for each shot in it, since each shot has a crop path
//! of its own. They continue one another, so no cut of ours is seen between them. Where people who speak do not fit into
//! one crop, each of their turns has a segment, too: there the picture switches from one to the other.

use crate::choice::Reason;
use crate::edit::Segment;
use crate::edit::framing::{SPEAKER, Turn, face_crop_path, speaker_turns};
use crate::edit::plan::LATEST;
use crate::edit::planner::context::PlanContext;
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::subclips::Subclip;
use crate::effects::PunchIn;
use crate::geometry::Size;
use crate::time::{Rational, rounded};

/// The clock of times that are known in seconds only: MPEG's.
const CLOCK: u32 = 90_000;

/// A stretch of a clip.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// The index of its source in the request.
    pub source: usize,
    /// Seconds in the source.
    pub start: Rational,
    /// Output frames, at least 1.
    pub frames: i64,
    /// Enlargement of the picture, 0 for none.
    pub punch: f64,
    /// The reasons of its first segment.
    pub reasons: Vec<Reason>,
}

/// Shortest time, in seconds, for which a stretch shows one of several people.
const SHORTEST_TURN: f64 = 0.5;

/// A part of a stretch with a crop of its own.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// The index of its shot.
    shot: usize,
    /// The stretch's frame that it begins at.
    first: i64,
    /// The track of the face that its crop shows, where it shows who speaks.
    face: Option<usize>,
}

/// The segments of a stretch.
pub(super) fn stretch_segments(context: &PlanContext<'_>, stretch: &Stretch) -> Vec<Segment> {
    let pieces = pieces_in(context, stretch);
    let mut segments = Vec::with_capacity(pieces.len());
    for (place, piece) in pieces.iter().enumerate() {
        let last = pieces
            .get(place + 1)
            .map_or(stretch.frames, |next| next.first);
        let at = |frame: i64| stretch.start + Rational::whole(frame) * context.frame();
        let (start, end) = (at(piece.first), at(last));
        let punch = PunchIn {
            at: rounded(start.seconds()),
            amount: rounded(stretch.punch),
        };
        let mut made = segment(
            context,
            SegmentRequest {
                subclip: &Subclip::within_shot(stretch.source, piece.shot, start, end),
                start,
                end,
                beat: None,
                effects: (stretch.punch > 0.0)
                    .then(|| punch.into())
                    .into_iter()
                    .collect(),
                reasons: reasons(stretch, &pieces, place),
            },
        );
        if let Some(crop) = speaker_crop(context, stretch.source, piece, start, end) {
            made.crop = crop;
            made.reasons
                .push(Reason::new(SPEAKER, 1.0, "The crop shows who speaks."));
        }
        segments.push(made);
    }
    segments
}

fn reasons(stretch: &Stretch, pieces: &[Piece], place: usize) -> Vec<Reason> {
    let Some(before) = place.checked_sub(1).and_then(|before| pieces.get(before)) else {
        return stretch.reasons.clone();
    };
    let text = match pieces.get(place) {
        Some(piece) if piece.shot == before.shot => "What was before goes on.",
        _ => "What was before goes on in the next shot.",
    };
    vec![Reason::new("kept", 1.0, text)]
}

/// The crop of a piece that shows who speaks.
fn speaker_crop(
    context: &PlanContext<'_>,
    source: usize,
    piece: &Piece,
    start: Rational,
    end: Rational,
) -> Option<Vec<[f64; 5]>> {
    let video = context.video_of(source)?;
    let track = video.shots.get(piece.shot)?.tracks.get(piece.face?)?;
    let size = Size::new(video.width, video.height);
    let (start, end) = (start.seconds(), end.seconds());
    Some(face_crop_path(track, size, context.output, start, end))
}

/// The pieces of a stretch: its shots, and in them the turns of those who speak.
fn pieces_in(context: &PlanContext<'_>, stretch: &Stretch) -> Vec<Piece> {
    let shortest = (SHORTEST_TURN * context.rate.seconds()) as i64;
    let shots = shots_in(context, stretch);
    let mut pieces: Vec<Piece> = Vec::with_capacity(shots.len());
    for (place, (shot, first)) in shots.iter().copied().enumerate() {
        let last = shots.get(place + 1).map_or(stretch.frames, |next| next.1);
        pieces.push(Piece {
            shot,
            first,
            face: None,
        });
        for turn in turns_in(context, stretch.source, shot) {
            let begins = Rational::nearest(turn.start, CLOCK) - stretch.start;
            let begins = (begins * context.rate).round();
            let Some(before) = pieces.last_mut() else {
                continue;
            };
            if begins - before.first < shortest || before.face.is_none() {
                // Too short a time for whoever is before, or nobody is.
                before.face = (begins < last).then_some(turn.face).or(before.face);
            } else if last - begins >= shortest && before.face != Some(turn.face) {
                pieces.push(Piece {
                    shot,
                    first: begins,
                    face: Some(turn.face),
                });
            }
        }
    }
    pieces
}

fn turns_in(context: &PlanContext<'_>, source: usize, shot: usize) -> Vec<Turn> {
    let file = context.request.sources.get(source);
    let audio = file.and_then(|file| file.analysis.audio.as_ref());
    let (Some(video), Some(audio)) = (context.video_of(source), audio) else {
        return Vec::new();
    };
    let size = Size::new(video.width, video.height);
    let shot = video.shots.get(shot);
    shot.map_or_else(Vec::new, |shot| {
        speaker_turns(shot, audio, size, context.output)
    })
}

/// The shots in a stretch, each with the stretch's frame that it begins at: the one nearest to its first picture.
fn shots_in(context: &PlanContext<'_>, stretch: &Stretch) -> Vec<(usize, i64)> {
    let shots = context
        .video_of(stretch.source)
        .map_or(&[][..], |video| video.shots.as_slice());
    let mut found: Vec<(usize, i64)> = vec![(0, 0)];
    for (number, shot) in shots.iter().enumerate() {
        let first = ((shot.start_exact - stretch.start) * context.rate).round();
        if first <= 0 {
            // The latest shot that began before the stretch is the one it begins in.
            found = vec![(number, 0)];
        } else if first < stretch.frames && found.last().is_some_and(|last| last.1 < first) {
            found.push((number, first));
        }
    }
    found
}

/// Seconds of a clip, as exactly as they are known.
pub(super) fn clip_length(context: &PlanContext<'_>, source: usize) -> Option<Rational> {
    let video = context.video_of(source)?;
    let stated = Rational::nearest(video.duration.clamp(0.0, LATEST), CLOCK);
    let shown = video.shots.last().map(|shot| shot.end_exact);
    Some(shown.filter(|end| end.seconds() < LATEST).unwrap_or(stated))
        .filter(|end| *end > Rational::ZERO)
}
