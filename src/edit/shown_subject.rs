//! What a shot shows of its subject in the film's crop, over time: how much of it, and how near people and animals are.
//!
//! Where people were followed through a shot, they are its subject: a second in which none of them is in the crop shows
//! what is behind them. Elsewhere only the size of the subject counts, since the crop follows it.
//!
//! Faces and people count as living where they were followed. Where nobody was, the key frame stands for the shot, as it
//! does for its quality; animals are known there alone.

use crate::analysis::{ObjectFact, Shot};
use crate::edit::framing::{
    box_at, followed_people, nearness, nearness_of_face, person_in_window, share_inside,
    shot_crop_path,
};
use crate::geometry::{Rect, Size};

/// Score (0..1) from which an object of the key frame is believed.
const BELIEVED: f64 = 0.5;
/// Animals, by the detector's labels (COCO).
const ANIMALS: [&str; 10] = [
    "bear", "bird", "cat", "cow", "dog", "elephant", "giraffe", "horse", "sheep", "zebra",
];

/// What the film's crop shows of a shot, over time.
#[derive(Debug, Clone, Default)]
pub(super) struct ShownSubject(Vec<ShownPoint>);

/// The same at one time.
#[derive(Debug, Clone, Copy)]
struct ShownPoint {
    /// Seconds of the source.
    time: f64,
    /// The share of the subject in the crop, 0..1.
    share: f64,
    /// How near the nearest person or animal in the crop is, 0 (nobody) to 1.
    nearness: f64,
}

impl ShownSubject {
    /// What a crop for a film of size `output` shows of a shot of a film of size `picture`.
    pub fn of_shot(shot: &Shot, picture: Size, output: Size) -> Self {
        let crop = shot_crop_path(shot, picture, output, shot.start, shot.end);
        let people = followed_people(shot);
        let key_window = box_at(&crop, shot.key_time).unwrap_or(Rect::FULL);
        let in_key_frame = nearest_in_key_frame(shot, picture, key_window, people.is_empty());
        let path = shot.subject_path.iter();
        let points = path
            .filter(|point| point.iter().all(|value| value.is_finite()))
            .map(|point| {
                let time = point[0];
                let window = box_at(&crop, time).unwrap_or(Rect::FULL);
                let seen: Vec<_> = people
                    .iter()
                    .filter_map(|track| person_in_window(track, time, window))
                    .collect();
                let shares = seen.iter().map(|person| person.share);
                let near = seen.iter().map(|person| person.share * person.nearness);
                ShownPoint {
                    time,
                    share: match people.is_empty() {
                        true => size_share(rect(point), window),
                        false => shares.fold(0.0, f64::max),
                    },
                    nearness: near.fold(in_key_frame, f64::max),
                }
            });
        Self(points.collect())
    }

    /// Mean share of the subject in the crop from `start` to `end`; all of it where none is known.
    pub fn share(&self, start: f64, end: f64) -> f64 {
        self.mean(start, end, |point| point.share).unwrap_or(1.0)
    }

    /// Mean nearness of people and animals from `start` to `end`; 0 where nobody is known.
    pub fn nearness(&self, start: f64, end: f64) -> f64 {
        self.mean(start, end, |point| point.nearness).unwrap_or(0.0)
    }

    /// How near the shot comes to somebody.
    pub fn nearest(&self) -> f64 {
        self.0
            .iter()
            .map(|point| point.nearness)
            .fold(0.0, f64::max)
    }

    fn mean(&self, start: f64, end: f64, value: impl Fn(&ShownPoint) -> f64) -> Option<f64> {
        let first = self.0.partition_point(|point| point.time < start);
        let last = self.0.partition_point(|point| point.time < end);
        let inside = self
            .0
            .get(first..last)
            .filter(|inside| !inside.is_empty())?;
        Some(inside.iter().map(value).sum::<f64>() / inside.len() as f64)
    }
}

/// The nearest animal, and person where `people_too`, in the window of the key frame.
fn nearest_in_key_frame(shot: &Shot, picture: Size, window: Rect, people_too: bool) -> f64 {
    let facts = &shot.picture;
    let near = |object: &ObjectFact| {
        let bounds = object.bounds;
        match object.label.as_str() {
            "person" if people_too => nearness(bounds.height),
            label if ANIMALS.contains(&label) => {
                nearness(bounds.height.max(bounds.width * picture.aspect()))
            }
            _ => 0.0,
        }
    };
    let believed = facts.objects.iter().filter(|it| it.score >= BELIEVED);
    let objects = believed.map(|object| (object.bounds, near(object)));
    let faces = facts.faces.iter().filter(|_| people_too);
    let faces = faces.map(|face| (face.bounds, nearness_of_face(face.bounds.height)));
    objects
        .chain(faces)
        .map(|(bounds, near)| share_inside(bounds, window) * near)
        .filter(|near| near.is_finite())
        .fold(0.0, f64::max)
}

/// The share of a subject that fits into the window, wherever it is.
fn size_share(subject: Rect, window: Rect) -> f64 {
    let fits = |room: f64, size: f64| (room / size.max(1e-6)).clamp(0.0, 1.0);
    fits(window.width, subject.width) * fits(window.height, subject.height)
}

fn rect(point: &[f64; 5]) -> Rect {
    Rect::new(point[1], point[2], point[3], point[4])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Motion, PersonTrack, PictureFacts, TrackKind};
    use crate::time::Rational;

    const WIDE: Size = Size {
        width: 1600,
        height: 900,
    };
    const TALL: Size = Size {
        width: 900,
        height: 1600,
    };

    /// A shot of four seconds whose subject stands in the middle.
    fn shot() -> Shot {
        let point = |at: u8| [f64::from(at) * 0.4, 0.45, 0.2, 0.1, 0.6];
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
            subject_path: (0..10).map(point).collect(),
            tracks: Vec::new(),
        }
    }

    fn track(kind: TrackKind, bounds: Rect, start: f64, end: f64) -> PersonTrack {
        let point = |time| [time, bounds.x, bounds.y, bounds.width, bounds.height];
        PersonTrack {
            id: 1,
            kind,
            start,
            end,
            score: 0.8,
            path: vec![point(start), point(end)],
            face: None,
            speaking: Vec::new(),
            speaking_share: None,
            mouth: Vec::new(),
        }
    }

    fn object(label: &str, bounds: Rect, score: f64) -> ObjectFact {
        ObjectFact {
            label: label.into(),
            bounds,
            score,
        }
    }

    fn shown(shot: &Shot) -> ShownSubject {
        ShownSubject::of_shot(shot, WIDE, TALL)
    }

    #[test]
    fn people_are_near_while_they_are_there_and_in_the_crop() {
        let middle = Rect::new(0.45, 0.2, 0.1, 0.6);
        let near = |kind, bounds| {
            let shot = Shot {
                tracks: vec![track(kind, bounds, 0.0, 1.6)],
                ..shot()
            };
            let shown = shown(&shot);
            assert_eq!(shown.nearness(2.4, 4.0), 0.0);
            assert_eq!(shown.nearest(), shown.nearness(0.0, 1.5));
            shown.nearest()
        };
        assert_eq!(near(TrackKind::Person, middle), 1.0);
        // Half as high as is near; the face of somebody as high as that; somebody beside the crop.
        let small = Rect::new(0.48, 0.4, 0.04, 0.2);
        assert!((near(TrackKind::Person, small) - 0.5).abs() < 1e-9);
        let face = Rect::new(0.48, 0.4, 0.04, 0.2 / 7.0);
        assert!((near(TrackKind::Face, face) - 0.5).abs() < 1e-9);
        let beside = Rect::new(0.9, 0.2, 0.1, 0.6);
        assert_eq!(near(TrackKind::Person, beside), 0.0);
    }

    #[test]
    fn the_key_frame_tells_of_animals_and_of_people_whom_nobody_followed() {
        let bounds = Rect::new(0.45, 0.5, 0.1, 0.3);
        let near = |label: &str, score, tracks: Vec<PersonTrack>| {
            let shot = Shot {
                picture: PictureFacts {
                    objects: vec![object(label, bounds, score)],
                    ..PictureFacts::default()
                },
                tracks,
                ..shot()
            };
            shown(&shot).nearness(0.0, 4.0)
        };
        for label in ["dog", "person"] {
            assert!(
                (near(label, 0.8, Vec::new()) - 0.75).abs() < 1e-9,
                "{label}"
            );
            assert_eq!(near(label, 0.4, Vec::new()), 0.0, "{label}");
        }
        assert_eq!(near("car", 0.8, Vec::new()), 0.0);
        // Somebody was followed, and went.
        let gone = track(TrackKind::Person, Rect::new(0.9, 0.1, 0.05, 0.1), 0.0, 0.2);
        assert_eq!(near("person", 0.8, vec![gone.clone()]), 0.0);
        assert!(near("dog", 0.8, vec![gone]) > 0.7);
    }
}
