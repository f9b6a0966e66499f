//! Whether people who were followed through a shot are in a window of its picture, and how near they are.

use crate::analysis::{PersonTrack, Shot, TrackKind};
use crate::edit::framing::box_path::box_at;
use crate::geometry::Rect;

/// Score (0..1) of a track from which it is believed.
const SURE: f64 = 0.4;
/// Seconds around a track in which its person is still there: half the distance of samples.
const AROUND: f64 = 0.25;
/// Height of a person, or longer side of an animal, that is as near as can be, as a share of the picture's height: less
/// than half of an upright film's, and nobody looks for them any more.
const NEAR: f64 = 0.4;
/// Height of a person who stands, in heights of their face: the figure of drawing schools.
const FACES_HIGH: f64 = 7.0;

/// Share of somebody that has to be in a window for it to hold them.
const HELD: f64 = 0.9;
/// People less near than this stand in the background.
const FAR: f64 = 0.5;
/// Share of a part's time in which a crop has to hold everybody.
const HELD_TIME: f64 = 0.8;
/// Seconds between two looks at a crop.
const STEP: f64 = 0.1;

/// Somebody in a picture.
#[derive(Debug, Clone, Copy)]
pub(in crate::edit) struct PersonInWindow {
    /// The share of them that is in the window, 0..1.
    pub share: f64,
    /// How near they are, 0..1.
    pub nearness: f64,
}

/// The tracks of a shot that are believed.
pub(in crate::edit) fn followed_people(shot: &Shot) -> Vec<&PersonTrack> {
    let tracks = shot.tracks.iter();
    tracks
        .filter(|track| track.score >= SURE && !track.path.is_empty())
        .collect()
}

/// The person of a track; `None` where they are not there at that time.
pub(in crate::edit) fn person_in_window(
    track: &PersonTrack,
    time: f64,
    window: Rect,
) -> Option<PersonInWindow> {
    if time < track.start - AROUND || time > track.end + AROUND {
        return None;
    }
    let person = box_at(&track.path, time)?;
    Some(PersonInWindow {
        share: share_inside(person, window),
        nearness: match track.kind {
            TrackKind::Face => nearness_of_face(person.height),
            TrackKind::Person => nearness(person.height),
        },
    })
}

/// How near somebody is whose height is that share of the picture's.
pub(in crate::edit) fn nearness(height: f64) -> f64 {
    (height / NEAR).clamp(0.0, 1.0)
}

/// How near somebody is whose face has that height.
pub(in crate::edit) fn nearness_of_face(height: f64) -> f64 {
    nearness(FACES_HIGH * height)
}

/// The share of a box that lies in the window. What fills the window is shown as well as can be.
pub(in crate::edit) fn share_inside(bounds: Rect, window: Rect) -> f64 {
    let side = |from: f64, size: f64, start: f64, room: f64| {
        let inside = (from + size).min(start + room) - from.max(start);
        (inside / size.min(room).max(1e-6)).clamp(0.0, 1.0)
    };
    let across = side(bounds.x, bounds.width, window.x, window.width);
    let down = side(bounds.y, bounds.height, window.y, window.height);
    across * down
}

/// Whether a crop shows somebody near who was followed, and cuts nobody who is as near, from one second to another.
pub(super) fn holds_people(shot: &Shot, crop: &[[f64; 5]], [start, end]: [f64; 2]) -> bool {
    let people = followed_people(shot);
    let steps = ((end - start) / STEP).clamp(1.0, 10_000.0) as usize;
    let times = (0..steps).map(|step| start + (step as f64 + 0.5) * (end - start) / steps as f64);
    let holds = |time: &f64| {
        let Some(window) = box_at(crop, *time) else {
            return false;
        };
        let seen = people
            .iter()
            .filter_map(|track| person_in_window(track, *time, window));
        let near: Vec<PersonInWindow> = seen.filter(|person| person.nearness >= FAR).collect();
        !near.is_empty() && near.iter().all(|person| person.share >= HELD)
    };
    times.filter(holds).count() as f64 >= HELD_TIME * steps as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Motion, PictureFacts};
    use crate::time::Rational;

    /// A shot of four seconds with people of these boxes, each from one second to another.
    fn shot(people: &[(Rect, f64, f64)]) -> Shot {
        let track = |(bounds, start, end): &(Rect, f64, f64)| {
            let point = |time: f64| [time, bounds.x, bounds.y, bounds.width, bounds.height];
            PersonTrack {
                id: 1,
                kind: TrackKind::Person,
                start: *start,
                end: *end,
                score: 0.8,
                path: vec![point(*start), point(*end)],
                face: None,
                speaking: Vec::new(),
                speaking_share: None,
                mouth: Vec::new(),
            }
        };
        Shot {
            start_frame: 0,
            end_frame: 100,
            start: 0.0,
            end: 4.0,
            start_exact: Rational::ZERO,
            end_exact: Rational::whole(4),
            transition_in: None,
            motion: Motion::default(),
            quality: 0.7,
            moments: Vec::new(),
            picture: PictureFacts::default(),
            key_time: 2.0,
            subject_path: Vec::new(),
            tracks: people.iter().map(track).collect(),
        }
    }

    #[test]
    fn a_crop_holds_people_where_somebody_near_is_in_it_and_nobody_near_beside_it() {
        let crop = [[0.0, 0.5, 0.0, 0.3, 1.0]];
        let holds = |people: &[(Rect, f64, f64)]| holds_people(&shot(people), &crop, [1.0, 3.0]);
        let inside = (Rect::new(0.55, 0.1, 0.2, 0.9), 0.0, 4.0);
        let beside = (Rect::new(0.1, 0.1, 0.2, 0.9), 0.0, 4.0);
        let far_beside = (Rect::new(0.1, 0.5, 0.03, 0.15), 0.0, 4.0);
        assert!(holds(&[inside]));
        assert!(holds(&[inside, far_beside]));
        assert!(!holds(&[]));
        assert!(!holds(&[beside]));
        assert!(!holds(&[inside, beside]));
        assert!(!holds(&[far_beside]));
        // Half of the time nobody is there.
        assert!(!holds(&[(inside.0, 0.0, 1.75)]));
        // Half of somebody.
        assert!(!holds(&[(Rect::new(0.4, 0.1, 0.2, 0.9), 0.0, 4.0)]));
    }
}
