//! The room of a recording, where a film of speech would fall silent: under photos, under clips without sound, and after
//! sound that ends before its picture.
//!
//! A stretch of the recording in which nothing but the room is heard is laid there, as loud as in the recording beside
//! it, and over and over where the gap is longer; it crossfades at equal power with what is around it.

use crate::analysis::Span;
use crate::choice::Reason;
use crate::edit::music_bed::to_sample;
use crate::edit::soundtrack::gain_curve::{crossfade_in, crossfade_out, value_at};
use crate::edit::soundtrack::level::{JOIN, SILENCE};
use crate::edit::{SoundCleaning, SoundSegment};
use crate::time::Rational;

/// Shortest gap that is filled, in seconds; a shorter one is the rounding of times.
const GAP: f64 = 0.002;
/// Seconds of the crossfade with the sound beside a gap, as at cuts.
const CROSSFADE: f64 = 0.02;
/// Seconds of the crossfade where the room is repeated: long enough not to be heard.
const REPEAT: f64 = 0.1;

/// The room of a source.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::edit) struct SourceRoom {
    /// The id of the source.
    pub source: String,
    /// Seconds of it in which only the room is heard.
    pub tone: Span,
}

/// Where the room is laid, in seconds of the film, and how.
struct RoomGap<'a> {
    start: f64,
    end: f64,
    room: &'a SourceRoom,
    gain: f64,
    clean: Option<SoundCleaning>,
    /// Nothing else is heard after it.
    ends_film: bool,
}

/// Fills the gaps of `sound`, a film of `duration` seconds, and puts it into the order of the film. A gap takes the room
/// of what is heard before it, or else after it.
pub(super) fn fill_with_room(sound: &mut Vec<SoundSegment>, rooms: &[SourceRoom], duration: f64) {
    sound.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut laid = Vec::new();
    let mut reached = 0.0;
    for next in 0..=sound.len() {
        let (heard, rest) = sound.split_at_mut(next);
        let (before, after) = (heard.last_mut(), rest.first_mut());
        let until = after.as_ref().map_or(duration, |after| after.at);
        if until - reached > GAP {
            let beside = before.as_deref().into_iter().chain(after.as_deref());
            let gap = beside.filter_map(|beside| gap_beside(beside, rooms)).next();
            if let Some(mut gap) = gap {
                gap.start = reached;
                gap.end = until;
                if let Some(before) = before {
                    gap.start = meet_end(before);
                }
                match after {
                    Some(after) => gap.end = meet_start(after),
                    None => gap.ends_film = true,
                }
                laid.extend(gap.pieces());
            }
        }
        if let Some(segment) = sound.get(next) {
            reached = f64::max(reached, segment.at + segment.length());
        }
    }
    sound.append(&mut laid);
    sound.sort_by(|a, b| a.at.total_cmp(&b.at));
}

/// The gap beside a sound, without its times.
fn gap_beside<'a>(beside: &SoundSegment, rooms: &'a [SourceRoom]) -> Option<RoomGap<'a>> {
    let room = rooms.iter().find(|room| room.source == beside.source)?;
    Some(RoomGap {
        start: 0.0,
        end: 0.0,
        room,
        gain: value_at(&beside.gain, beside.at + beside.length() / 2.0),
        clean: beside.clean,
        ends_film: false,
    })
}

/// Makes a sound fall at its end as the room rises; the second of the film at which the room begins.
fn meet_end(sound: &mut SoundSegment) -> f64 {
    let (end, fade) = (
        sound.at + sound.length(),
        CROSSFADE.min(sound.length() / 3.0),
    );
    crossfade_out(&mut sound.gain, end, fade);
    end - fade
}

/// Makes a sound rise at its start as the room falls; the second of the film at which the room ends.
fn meet_start(sound: &mut SoundSegment) -> f64 {
    let fade = CROSSFADE.min(sound.length() / 3.0);
    crossfade_in(&mut sound.gain, sound.at, fade);
    sound.at + fade
}

impl RoomGap<'_> {
    /// The room, as often as it takes.
    fn pieces(&self) -> Vec<SoundSegment> {
        let tone = &self.room.tone;
        let whole = tone.end - tone.start;
        let mut pieces: Vec<SoundSegment> = Vec::new();
        let mut at = self.start;
        loop {
            let left = self.end - at;
            // Two halves rather than a whole and a scrap that is all fade.
            let length = match left {
                left if left <= whole => left,
                left if left < whole + REPEAT * 2.0 => left / 2.0 + REPEAT / 2.0,
                _ => whole,
            };
            let mut piece = self.piece(at, length);
            if let Some(before) = pieces.last_mut() {
                let end = before.at + before.length();
                crossfade_out(&mut before.gain, end, end - at);
                crossfade_in(&mut piece.gain, at, end - at);
            }
            let end = piece.at + piece.length();
            pieces.push(piece);
            if length >= left || length <= REPEAT {
                break;
            }
            at = end - REPEAT;
        }
        if let Some(first) = pieces.first_mut() {
            let fade = CROSSFADE.min(first.length() / 3.0);
            match self.start > 0.0 {
                true => crossfade_in(&mut first.gain, self.start, fade),
                false => crossfade_in(&mut first.gain, self.start, JOIN.min(fade)),
            }
        }
        if let Some(last) = pieces.last_mut() {
            let (end, fade) = (last.at + last.length(), last.length() / 3.0);
            if self.ends_film {
                last.gain.pop();
                let fall = [[end - JOIN.min(fade), self.gain], [end, SILENCE]];
                last.gain.extend(fall);
            } else {
                crossfade_out(&mut last.gain, end, CROSSFADE.min(fade));
            }
        }
        pieces
    }

    fn piece(&self, at: f64, length: f64) -> SoundSegment {
        let start_exact = to_sample(self.room.tone.start);
        let end_exact = start_exact + to_sample(length).max(Rational::ZERO);
        SoundSegment {
            source: self.room.source.clone(),
            start: start_exact.seconds(),
            start_exact,
            end: end_exact.seconds(),
            end_exact,
            at,
            speed: 1.0,
            gain: vec![[at, self.gain], [at + length, self.gain]],
            clean: self.clean,
            reasons: vec![Reason::new(
                "room_tone",
                0.0,
                "Nothing is heard here: the room of the recording goes on.",
            )],
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn spoken(at: f64, length: f64) -> SoundSegment {
        let exact = |time: f64| Rational::nearest(time, 48_000);
        SoundSegment {
            source: "s1".into(),
            start: 10.0 + at,
            start_exact: exact(10.0 + at),
            end: 10.0 + at + length,
            end_exact: exact(10.0 + at + length),
            at,
            speed: 1.0,
            gain: vec![
                [at, -80.0],
                [at + 0.015, -3.0],
                [at + length - 0.015, -3.0],
                [at + length, -80.0],
            ],
            clean: None,
            reasons: Vec::new(),
        }
    }

    /// The power of everything at a second of the film, beside the -3 dB of the recording.
    fn power(sound: &[SoundSegment], time: f64) -> f64 {
        let heard = sound
            .iter()
            .filter(|each| (each.at..each.at + each.length()).contains(&time));
        heard
            .map(|each| 10_f64.powf((value_at(&each.gain, time) + 3.0) / 10.0))
            .sum()
    }

    #[test]
    fn the_room_goes_on_without_a_hole_or_a_step() {
        for tone in [0.4, 1.0, 4.0] {
            for photo in [0.05, 0.41, 1.05, 3.0, 8.7] {
                let rooms = [SourceRoom {
                    source: "s1".into(),
                    tone: Span {
                        start: 1.0,
                        end: 1.0 + tone,
                    },
                }];
                // A photo opens the film, one stands in it, and one ends it.
                let second = photo * 2.0 + 2.0;
                let duration = second + 2.0 + photo;
                let mut sound = vec![spoken(photo, 2.0), spoken(second, 2.0)];
                fill_with_room(&mut sound, &rooms, duration);
                for step in 20..(duration * 1000.0) as usize - 20 {
                    let power = power(&sound, step as f64 / 1000.0);
                    assert!(
                        (0.6..1.5).contains(&power),
                        "{power} at {step} ms: tone {tone}, photo {photo}"
                    );
                }
                let added = sound.iter().filter(|each| each.start < 9.0);
                for each in added {
                    assert!(
                        each.start >= 1.0 && each.end <= 1.0 + tone + 1e-6,
                        "{each:?}"
                    );
                    assert!(each.at + each.length() <= duration + 1e-4);
                }
            }
        }
    }

    #[test]
    fn nothing_is_laid_where_nothing_is_missing_or_no_room_is_known() {
        let whole = vec![spoken(0.0, 2.0), spoken(2.0, 2.0)];
        let room = |source: &str| SourceRoom {
            source: source.into(),
            tone: Span {
                start: 1.0,
                end: 2.0,
            },
        };
        let mut sound = whole.clone();
        fill_with_room(&mut sound, &[room("s1")], 4.0);
        assert_eq!(sound, whole);
        fill_with_room(&mut sound, &[room("s2")], 9.0);
        assert_eq!(sound, whole);
        let mut nothing = Vec::new();
        fill_with_room(&mut nothing, &[room("s1")], 9.0);
        assert!(nothing.is_empty());
    }
}
