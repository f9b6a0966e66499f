//! Tracks of the faces and people of a shot, each from its first sample to its last.
//!
//! Detections of one kind are linked from sample to sample. Each track predicts its position at constant velocity; the
//! pairs of track and detection with the lowest cost, by distance and by appearance ([`Appearance`]), are linked first.
//! A track without a detection waits for up to [`LONGEST_GAP`] and continues with one that is within reach and looks
//! similar. (The scheme of Bewley and others, *Simple online and realtime tracking*, 2016, with the appearance of Wojke
//! and others, *DeepSORT*, 2017; greedy instead of their optimal assignment.)

use crate::analysis::video::appearance::Appearance;
use crate::analysis::video::box_motion::{apart, mixed, smoothed};
use crate::analysis::{MouthStep, PersonTrack, TrackKind};
use crate::geometry::{Point, Rect};
use crate::time::rounded;

/// A track without a detection may continue within this many seconds.
const LONGEST_GAP: f64 = 2.0;
/// Longest interval between samples, in seconds; more is a gap (samples are 0.4 s apart, 0.8 s in fast analyses).
const ORDINARY: f64 = 0.9;
/// Largest distance of a detection from the predicted position (in mean diagonals of the boxes) …
const NEAR: f64 = 0.75;
/// … and what each second of a gap adds to it.
const NEAR_PER_SECOND: f64 = 0.5;
/// Least similarity of appearance (0..1), from one sample to the next and after a gap.
const ALIKE: f64 = 0.30;
const ALIKE_AFTER_GAP: f64 = 0.50;
/// Weight of distance in the cost of a link; appearance has the rest.
const DISTANCE_WEIGHT: f64 = 0.6;
/// Highest predicted speed of a track, in diagonals of its box a second.
const FASTEST: f64 = 1.5;
/// Most detections of a kind taken from one sample; the best ones are.
pub(crate) const MOST_DETECTIONS: usize = 24;
/// Most tracks of a kind followed at a time, which bounds the number of pairs; the best ones are kept.
const MOST_LIVE: usize = 48;
/// Most faces and people followed through one shot; the best ones are kept.
const MOST_TRACKS: usize = 64;
/// In a shot of fewer samples, a detection that is seen once needs the score [`SURE`].
const FEW_SAMPLES: usize = 3;
const SURE: f64 = 0.6;
/// A face belongs to a person if its center lies in the upper part of the person's box (this share of its height) in
/// the share [`BELONGS`] of the samples that have both.
const UPPER_PART: f64 = 0.45;
const BELONGS: f64 = 0.6;

/// One face or person in one sample.
#[derive(Debug, Clone)]
pub(crate) struct PersonDetection {
    pub kind: TrackKind,
    pub bounds: Rect,
    /// Score of the detector, 0..1.
    pub score: f64,
    pub appearance: Appearance,
    /// For a face, the motion of its mouth until the next sample.
    pub mouth: Vec<MouthStep>,
}

/// The detections of one sample.
pub(crate) struct SampleDetections<'a> {
    /// Seconds.
    pub time: f64,
    pub people: &'a [PersonDetection],
    /// True if people were searched for, which is only done where no face is found.
    pub people_looked_for: bool,
}

/// A track that may still continue.
struct LiveTrack {
    kind: TrackKind,
    /// Index of each sample, and of the detection in it.
    detections: Vec<(usize, usize)>,
    bounds: Rect,
    time: f64,
    /// Fractions of the picture a second.
    velocity: Point,
    appearance: Appearance,
    scores: f64,
}

impl LiveTrack {
    fn new(at: (usize, usize), time: f64, detection: &PersonDetection) -> Self {
        Self {
            kind: detection.kind,
            detections: vec![at],
            bounds: detection.bounds,
            time,
            velocity: Point::default(),
            appearance: detection.appearance.clone(),
            scores: detection.score,
        }
    }

    /// The cost of continuing with `detection` at `time`; `None` if it is too far or looks too different.
    fn cost(&self, time: f64, detection: &PersonDetection) -> Option<f64> {
        let gap = time - self.time;
        if self.kind != detection.kind || gap > LONGEST_GAP {
            return None;
        }
        let ahead = Rect {
            x: self.bounds.x + self.velocity.x * gap,
            y: self.bounds.y + self.velocity.y * gap,
            ..self.bounds
        };
        let far = apart(ahead, detection.bounds)?;
        // Somebody who stopped between two samples is still at the last position.
        let nearest = far.min(apart(self.bounds, detection.bounds)?);
        let reach = NEAR + NEAR_PER_SECOND * (gap - ORDINARY).max(0.0);
        let likeness = self.appearance.likeness(&detection.appearance);
        let alike = if gap > ORDINARY {
            ALIKE_AFTER_GAP
        } else {
            ALIKE
        };
        if nearest > reach || likeness < alike {
            return None;
        }
        Some(DISTANCE_WEIGHT * (far / reach).min(2.0) + 1.0 - likeness)
    }

    fn go_on(&mut self, at: (usize, usize), time: f64, detection: &PersonDetection) {
        let gap = (time - self.time).max(1e-3);
        let (from, to) = (self.bounds.center(), detection.bounds.center());
        let fastest = FASTEST * detection.bounds.width.hypot(detection.bounds.height);
        let speed = |a: f64, b: f64| ((b - a) / gap).clamp(-fastest, fastest);
        let now = Point {
            x: speed(from.x, to.x),
            y: speed(from.y, to.y),
        };
        // The first step is the velocity; later ones are averaged with it.
        let old = if self.detections.len() > 1 {
            self.velocity
        } else {
            now
        };
        self.velocity = Point {
            x: (old.x + now.x) / 2.0,
            y: (old.y + now.y) / 2.0,
        };
        self.detections.push(at);
        self.bounds = detection.bounds;
        self.time = time;
        self.appearance.approach(&detection.appearance);
        self.scores += detection.score;
    }
}

/// The tracks of a shot, with ids from `first_id` on, by their beginning and then by their position.
pub(crate) fn track_people(samples: &[SampleDetections<'_>], first_id: u32) -> Vec<PersonTrack> {
    let mut tracks: Vec<PersonTrack> = link(samples)
        .iter()
        .filter_map(|track| finished(track, samples))
        .collect();
    tracks.sort_by(|a, b| {
        let place = |track: &PersonTrack| track.path.first().map_or(0.0, |point| point[1]);
        a.start
            .total_cmp(&b.start)
            .then(place(a).total_cmp(&place(b)))
    });
    for (track, id) in tracks.iter_mut().zip(first_id..) {
        track.id = id;
    }
    name_faces(&mut tracks);
    tracks
}

fn link(samples: &[SampleDetections<'_>]) -> Vec<LiveTrack> {
    let mut live: Vec<LiveTrack> = Vec::new();
    let mut ended: Vec<LiveTrack> = Vec::new();
    for (at, sample) in samples.iter().enumerate() {
        let (going, over): (Vec<LiveTrack>, Vec<LiveTrack>) = live
            .into_iter()
            .partition(|track| sample.time - track.time <= LONGEST_GAP);
        live = going;
        ended.extend(over);
        if ended.len() > 4 * MOST_TRACKS {
            keep_best(&mut ended, MOST_TRACKS);
        }
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (index, track) in live.iter().enumerate() {
            for (number, detection) in sample.people.iter().enumerate() {
                if let Some(cost) = track.cost(sample.time, detection) {
                    pairs.push((cost, index, number));
                }
            }
        }
        // The sort is stable: among equals the oldest track wins.
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut gone_on = vec![false; live.len()];
        let mut taken = vec![false; sample.people.len()];
        for (_, index, number) in pairs {
            if !gone_on[index] && !taken[number] {
                live[index].go_on((at, number), sample.time, &sample.people[number]);
                (gone_on[index], taken[number]) = (true, true);
            }
        }
        for (number, detection) in sample.people.iter().enumerate() {
            if !taken[number] {
                live.push(LiveTrack::new((at, number), sample.time, detection));
            }
        }
        if live.len() > MOST_LIVE {
            keep_best(&mut live, MOST_LIVE);
        }
    }
    ended.extend(live);
    let few = samples.len() < FEW_SAMPLES;
    ended.retain(|track| track.detections.len() > 1 || (few && track.scores >= SURE));
    keep_best(&mut ended, MOST_TRACKS);
    ended
}

/// Keeps the tracks with the most detections and the highest scores; among equals the first.
fn keep_best(follows: &mut Vec<LiveTrack>, most: usize) {
    follows.sort_by(|a, b| b.scores.total_cmp(&a.scores));
    follows.truncate(most);
}

fn finished(track: &LiveTrack, samples: &[SampleDetections<'_>]) -> Option<PersonTrack> {
    let (first, last) = (track.detections.first()?.0, track.detections.last()?.0);
    let bounds: Vec<Rect> = track
        .detections
        .iter()
        .map(|&(at, number)| samples[at].people[number].bounds)
        .collect();
    let path: Vec<[f64; 5]> = track
        .detections
        .iter()
        .zip(smoothed(&bounds))
        .map(|(&(at, _), bounds)| {
            let bounds = bounds.clipped();
            [
                samples[at].time,
                bounds.x,
                bounds.y,
                bounds.width,
                bounds.height,
            ]
            .map(rounded)
        })
        .collect();
    let looked_for = samples[first..=last]
        .iter()
        .filter(|sample| track.kind == TrackKind::Face || sample.people_looked_for)
        .count();
    let mouth = track.detections.iter();
    Some(PersonTrack {
        id: 0,
        kind: track.kind,
        start: rounded(samples[first].time),
        end: rounded(samples[last].time),
        score: rounded((track.scores / looked_for.max(1) as f64).clamp(0.0, 1.0)),
        path,
        face: None,
        speaking: Vec::new(),
        speaking_share: None,
        mouth: mouth
            .flat_map(|&(at, number)| samples[at].people[number].mouth.iter().copied())
            .collect(),
    })
}

/// Sets the face of each person.
fn name_faces(tracks: &mut [PersonTrack]) {
    let faces: Vec<PersonTrack> = tracks
        .iter()
        .filter(|track| track.kind == TrackKind::Face)
        .cloned()
        .collect();
    for person in tracks
        .iter_mut()
        .filter(|track| track.kind == TrackKind::Person)
    {
        let mut best: Option<(f64, u32)> = None;
        for face in &faces {
            let share = belongs(face, person);
            if share >= BELONGS && best.is_none_or(|(most, _)| share > most) {
                best = Some((share, face.id));
            }
        }
        person.face = best.map(|(_, id)| id);
    }
}

/// The share of the samples of both in which the face lies in the upper part of the person.
fn belongs(face: &PersonTrack, person: &PersonTrack) -> f64 {
    let times = face.path.iter().chain(&person.path).map(|point| point[0]);
    let (mut all, mut inside) = (0_u32, 0_u32);
    for time in times {
        let (Some(head), Some(body)) = (at(&face.path, time), at(&person.path, time)) else {
            continue;
        };
        let middle = head.center();
        all += 1;
        inside += u32::from(
            middle.x >= body.x
                && middle.x <= body.x + body.width
                && middle.y >= body.y
                && middle.y <= body.y + UPPER_PART * body.height
                && head.width <= body.width,
        );
    }
    f64::from(inside) / f64::from(all.max(1))
}

/// The box of a track at `time`: interpolated between its points, held for one sample beyond its ends, else `None`.
fn at(path: &[[f64; 5]], time: f64) -> Option<Rect> {
    let next = path.partition_point(|point| point[0] < time);
    let rect = |point: &[f64; 5]| Rect::new(point[1], point[2], point[3], point[4]);
    let before = next.checked_sub(1).and_then(|at| path.get(at));
    match (before, path.get(next)) {
        (Some(a), Some(b)) => {
            let share = (time - a[0]) / (b[0] - a[0]).max(1e-6);
            Some(mixed(rect(a), rect(b), share))
        }
        (Some(end), None) | (None, Some(end)) => {
            ((time - end[0]).abs() <= ORDINARY).then(|| rect(end))
        }
        (None, None) => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "people_tracking_tests.rs"]
mod tests;
