//! The sound of a timeline as segments of a plan.

use crate::edit::{SoundSegment, SourceKind};
use crate::interchange::flatten::{Piece, sounds};
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::plan_making::{FoundMedium, Making};
use crate::music::MOST_STRETCH;
use crate::time::{Rational, rounded};

/// Shortest sound in seconds: less is a rounding error.
const SHORTEST: f64 = 0.001;
/// Seconds by which a time may differ from the planned one and still mean it: editors move sound by whole frames or
/// samples.
const SAME: f64 = 0.000_5;

/// The segments of what is heard. `pictures` are those that are seen: some formats let a clip's sound play with its
/// picture.
pub(super) fn add_sound(
    making: &mut Making<'_>,
    pictures: &[Piece<'_>],
    losses: &mut LossBook,
) -> Vec<SoundSegment> {
    let mut pieces = sounds(&making.sequence.tracks, making.output.frame_rate);
    pieces.extend(
        pictures
            .iter()
            .filter(|piece| piece.clip.with_sound)
            .cloned(),
    );
    pieces.sort_by_key(|piece| piece.at);
    // Both channels of a stereo file are one sound here.
    pieces.dedup_by(|next, piece| {
        next.clip.medium == piece.clip.medium
            && (next.at, next.end, next.start) == (piece.at, piece.end, piece.start)
    });
    pieces
        .iter()
        .filter_map(|piece| segment(making, piece, losses))
        .collect()
}

fn segment(
    making: &mut Making<'_>,
    piece: &Piece<'_>,
    losses: &mut LossBook,
) -> Option<SoundSegment> {
    let place = format!("{} at {:.2} s", piece.clip.name, piece.at.seconds());
    let file = making.file(piece);
    let heard = |file: &&FoundMedium| {
        file.kind == SourceKind::Audio
            || (file.kind == SourceKind::Video && file.facts.sound.is_some())
    };
    let Some(file) = file.filter(heard) else {
        losses.note(LostPart::Clip, "sound without a file", place, "silence");
        return None;
    };
    let speed = piece.clip.speed.seconds();
    if (speed - 1.0).abs() > MOST_STRETCH + f64::EPSILON {
        let what = format!("sound at speed {speed}");
        losses.note(LostPart::Clip, what, place, "silence");
        return None;
    }
    let known = known(making, piece, file);
    let near = |planned: Rational, found: Rational| (planned - found).seconds().abs() <= SAME;
    let start = known
        .as_ref()
        .map(|sound| sound.start_exact)
        .filter(|planned| near(*planned, piece.start))
        .unwrap_or(piece.start)
        .max(Rational::ZERO);
    let moved = making.moved(piece.at).seconds();
    let at = known
        .as_ref()
        .map(|sound| sound.at)
        .filter(|planned| (planned - moved).abs() <= SAME)
        .unwrap_or(rounded(moved.max(0.0)));
    let room = making.output.duration - at;
    let length = (piece.end - piece.at).seconds().min(room);
    if length < SHORTEST {
        losses.note(LostPart::Clip, "sound after the film", place, "silence");
        return None;
    }
    let whole = start + Rational::nearest(length * speed, 1_000_000);
    let end = known
        .as_ref()
        .map(|sound| sound.end_exact)
        .filter(|planned| near(*planned, whole))
        .unwrap_or(whole);
    let gain = known.as_ref().map_or_else(
        || vec![[at, 0.0]],
        |sound| {
            let shift = at - sound.at;
            let points = sound.gain.iter();
            points
                .map(|[time, decibel]| [rounded((time + shift).max(0.0)), *decibel])
                .collect()
        },
    );
    Some(SoundSegment {
        source: making.source_id(file),
        start: rounded(start.seconds()),
        start_exact: start,
        end: rounded(end.seconds()),
        end_exact: end,
        at,
        speed: rounded(speed),
        gain,
        clean: known.as_ref().and_then(|sound| sound.clean),
        reasons: known.map_or_else(Vec::new, |sound| sound.reasons),
    })
}

/// The segment that a piece was in the plan that the timeline was made from, if it still plays the same file.
fn known(making: &Making<'_>, piece: &Piece<'_>, file: &FoundMedium) -> Option<SoundSegment> {
    if piece.clip.with_sound {
        return None;
    }
    let plan = making.sequence.plan.as_ref()?;
    let sound = plan.sound.get(piece.clip.segment?)?;
    let source = plan.sources.iter().find(|each| each.id == sound.source)?;
    source
        .blake3
        .eq_ignore_ascii_case(&file.blake3)
        .then(|| sound.clone())
}
