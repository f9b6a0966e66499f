//! The path of the subject through a shot, for framing.
//!
//! Faces and objects are detected a few times a second ([`SubjectSample`]). Consecutive detections are linked into
//! tracks; the track with the highest salience over the whole shot leads, others replace it where it is missing. Where
//! the detector misses a subject for a moment, its box is carried on by matching the picture in it ([`match_patch`]),
//! or interpolated to where it reappears.

use crate::analysis::picture::salience;
use crate::analysis::video::box_motion::{apart, mixed, moved, smoothed};
use crate::analysis::video::luma_thumbnail::LumaPlane;
use crate::analysis::video::patch_matching::match_patch;
use crate::analysis::{Face, ObjectFact};
use crate::geometry::{Point, Rect};
use crate::time::rounded;

/// A track ends after this many seconds without a detection.
const LONGEST_GAP: f64 = 1.3;
/// A detection belongs to a track when its center is closer than this share of the mean diagonal of both boxes.
const NEAR: f64 = 0.75;
/// A box is carried on by matching alone for at most this many seconds.
const LONGEST_CARRY: f64 = 1.3;
/// Salience of a face of full size.
const FACE_SALIENCE: f64 = 1.6;
/// Width of a face (share of the picture) from which it has full salience.
const FULL_FACE: f64 = 0.15;
/// Height of the part of a person that is framed, over its width: head and chest.
const UPPER_BODY: f64 = 1.1;

/// The detections in one sampled frame.
pub(crate) struct SubjectSample {
    /// Seconds.
    pub time: f64,
    /// Best first.
    pub faces: Vec<Face>,
    /// Best first.
    pub objects: Vec<ObjectFact>,
    /// The frame as a thumbnail, for carrying boxes on.
    pub thumb: LumaPlane,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct TrackPoint {
    sample: usize,
    bounds: Rect,
    /// Weight as the subject, 0 and up; carried boxes count half.
    salience: f64,
    carried: bool,
}

struct SubjectTrack {
    kind: String,
    points: Vec<TrackPoint>,
}

impl SubjectTrack {
    fn weight(&self) -> f64 {
        self.points.iter().map(|point| point.salience).sum()
    }
}

/// The smoothed path, `[seconds, x, y, width, height]` for each sample; empty when nothing was ever found.
pub(crate) fn subject_path(samples: &[&SubjectSample], fallback: Option<Rect>) -> Vec<[f64; 5]> {
    let tracks = link(samples);
    let mut chosen = lead(samples, &tracks);
    if chosen.iter().all(Option::is_none) {
        let Some(bounds) = fallback else {
            return Vec::new();
        };
        chosen.fill(Some(bounds));
    }
    fill(samples, &mut chosen);
    let path: Vec<Rect> = chosen.into_iter().flatten().collect();
    samples
        .iter()
        .zip(smoothed(&path))
        .map(|(sample, bounds)| {
            let bounds = bounds.clipped();
            [sample.time, bounds.x, bounds.y, bounds.width, bounds.height].map(rounded)
        })
        .collect()
}

/// Detections of a sample as kind, box and salience. A person whose face was found is left out in favor of the face.
fn candidates(sample: &SubjectSample) -> Vec<(String, Rect, f64)> {
    let mut found: Vec<(String, Rect, f64)> = sample
        .faces
        .iter()
        .map(|face| {
            let size = (face.bounds.width / FULL_FACE).clamp(0.15, 1.0).sqrt();
            (
                "person".to_owned(),
                face.bounds,
                FACE_SALIENCE * face.score * size,
            )
        })
        .collect();
    for object in &sample.objects {
        if object.label == "person" {
            let has_face = sample.faces.iter().any(|face| {
                let inside = face.bounds.intersection(object.bounds).area();
                inside > 0.6 * face.bounds.area()
            });
            if has_face {
                continue;
            }
        }
        found.push((object.label.clone(), framed(object), salience(object)));
    }
    found
}

/// The upper body of a standing person; the whole box of everything else.
fn framed(object: &ObjectFact) -> Rect {
    let bounds = object.bounds;
    if object.label == "person" {
        Rect {
            height: bounds.height.min(bounds.width * 1.8 * UPPER_BODY),
            ..bounds
        }
    } else {
        bounds
    }
}

fn link(samples: &[&SubjectSample]) -> Vec<SubjectTrack> {
    let mut tracks: Vec<SubjectTrack> = Vec::new();
    for (at, sample) in samples.iter().enumerate() {
        let mut taken = vec![false; tracks.len()];
        let mut found = candidates(sample);
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
        for (kind, bounds, salience) in found {
            let point = TrackPoint {
                sample: at,
                bounds,
                salience,
                carried: false,
            };
            let nearest = tracks
                .iter()
                .enumerate()
                .filter(|(index, track)| {
                    !taken.get(*index).copied().unwrap_or(true)
                        && may_go_on(track, &kind, sample.time, samples)
                })
                .filter_map(|(index, track)| {
                    let far = apart(expected(track, sample.time, samples), bounds)?;
                    // A different kind at the same position is usually the same object with another label.
                    let far = if track.kind == kind { far } else { far * 2.2 };
                    (far < NEAR).then_some((far, index))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            match nearest {
                Some((_, index)) => {
                    tracks[index].points.push(point);
                    taken[index] = true;
                }
                None => tracks.push(SubjectTrack {
                    kind,
                    points: vec![point],
                }),
            }
        }
        carry_on(&mut tracks, at, samples);
    }
    tracks
}

fn may_go_on(track: &SubjectTrack, kind: &str, time: f64, samples: &[&SubjectSample]) -> bool {
    let seen = track
        .points
        .last()
        .map_or(f64::NEG_INFINITY, |point| samples[point.sample].time);
    let compatible = track.kind == kind || (track.kind != "person" && kind != "person");
    compatible && time - seen <= LONGEST_GAP
}

/// The predicted box of a track at `time`: extrapolated from its last two boxes, at most by their distance.
fn expected(track: &SubjectTrack, time: f64, samples: &[&SubjectSample]) -> Rect {
    let Some(last) = track.points.last() else {
        return Rect::FULL;
    };
    let Some(before) = track
        .points
        .len()
        .checked_sub(2)
        .and_then(|at| track.points.get(at))
    else {
        return last.bounds;
    };
    let span = samples[last.sample].time - samples[before.sample].time;
    let ahead = if span > 0.0 {
        ((time - samples[last.sample].time) / span).min(1.0)
    } else {
        0.0
    };
    let (a, b) = (before.bounds.center(), last.bounds.center());
    moved(
        last.bounds,
        Point {
            x: (b.x - a.x) * ahead,
            y: (b.y - a.y) * ahead,
        },
    )
}

/// Carries on the tracks without a detection in sample `at`, by matching the picture.
fn carry_on(tracks: &mut [SubjectTrack], at: usize, samples: &[&SubjectSample]) {
    for track in tracks {
        let Some(last) = track.points.last().copied() else {
            continue;
        };
        if last.sample + 1 != at {
            continue;
        }
        let seen = track.points.iter().rev().find(|point| !point.carried);
        let since = seen.map_or(f64::INFINITY, |point| {
            samples[at].time - samples[point.sample].time
        });
        if since > LONGEST_CARRY {
            continue;
        }
        if let Some(bounds) =
            match_patch(&samples[last.sample].thumb, &samples[at].thumb, last.bounds)
        {
            track.points.push(TrackPoint {
                sample: at,
                bounds,
                salience: last.salience * 0.5,
                carried: true,
            });
        }
    }
}

/// The box of each sample, from the track with the highest weight there; the leading track of the shot counts double.
fn lead(samples: &[&SubjectSample], tracks: &[SubjectTrack]) -> Vec<Option<Rect>> {
    let leader = tracks
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.weight().total_cmp(&b.1.weight()).then(b.0.cmp(&a.0)))
        .map(|(index, _)| index);
    let mut chosen: Vec<Option<Rect>> = vec![None; samples.len()];
    let mut weights = vec![0.0_f64; samples.len()];
    for (index, track) in tracks.iter().enumerate() {
        let factor = if Some(index) == leader { 2.0 } else { 1.0 };
        // Ignore a track with a single weak detection, so that it does not move the crop.
        if track.points.iter().filter(|point| !point.carried).count() < 2
            && samples.len() > 2
            && track.weight() < 0.25
        {
            continue;
        }
        let weight = track.weight() * factor;
        for point in &track.points {
            if weight > weights[point.sample] {
                weights[point.sample] = weight;
                chosen[point.sample] = Some(point.bounds);
            }
        }
    }
    chosen
}

/// Fills gaps by interpolation between the boxes on either side; the ends are held.
fn fill(samples: &[&SubjectSample], chosen: &mut [Option<Rect>]) {
    let known: Vec<(usize, Rect)> = chosen
        .iter()
        .enumerate()
        .filter_map(|(index, bounds)| bounds.map(|bounds| (index, bounds)))
        .collect();
    for (index, slot) in chosen.iter_mut().enumerate() {
        if slot.is_some() {
            continue;
        }
        let before = known.iter().rev().find(|(at, _)| *at < index);
        let after = known.iter().find(|(at, _)| *at > index);
        *slot = match (before, after) {
            (Some((i, a)), Some((j, b))) => {
                let span = samples[*j].time - samples[*i].time;
                let share = if span > 0.0 {
                    (samples[index].time - samples[*i].time) / span
                } else {
                    0.0
                };
                Some(mixed(*a, *b, share))
            }
            (Some((_, a)), None) | (None, Some((_, a))) => Some(*a),
            (None, None) => None,
        };
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn plane(spot: Option<(usize, usize)>) -> LumaPlane {
        let (width, height) = (160, 90);
        let mut luma: Vec<u8> = (0..width * height)
            .map(|n| (60 + (n * 7 + n / 160 * 13) % 23) as u8)
            .collect();
        if let Some((left, top)) = spot {
            for y in 0..24 {
                for x in 0..20 {
                    luma[(top + y) * width + left + x] =
                        if (x / 4 + y / 4) % 2 == 0 { 230 } else { 20 };
                }
            }
        }
        LumaPlane {
            width,
            height,
            luma,
        }
    }

    fn look(time: f64, objects: &[(&str, [f64; 4], f64)], thumb: LumaPlane) -> SubjectSample {
        let objects = objects
            .iter()
            .map(|(label, bounds, score)| ObjectFact {
                label: (*label).into(),
                bounds: (*bounds).into(),
                score: *score,
            })
            .collect();
        SubjectSample {
            time,
            faces: Vec::new(),
            objects,
            thumb,
        }
    }

    fn path_of(looks: &[SubjectSample], fallback: Option<Rect>) -> Vec<[f64; 5]> {
        subject_path(&looks.iter().collect::<Vec<_>>(), fallback)
    }

    #[test]
    fn a_moving_dog_is_followed_through_misses() {
        let looks: Vec<SubjectSample> = (0..10)
            .map(|n| {
                let left = 20 + 8 * n;
                let bounds = [left as f64 / 160.0, 40.0 / 90.0, 20.0 / 160.0, 24.0 / 90.0];
                let seen = ![3, 4, 7].contains(&n);
                let objects: &[(&str, [f64; 4], f64)] =
                    if seen { &[("dog", bounds, 0.7)] } else { &[] };
                look(n as f64 * 0.4, objects, plane(Some((left, 40))))
            })
            .collect();
        let path = path_of(&looks, None);
        assert_eq!(path.len(), 10);
        for (n, point) in path.iter().enumerate() {
            let center = point[1] + point[3] / 2.0;
            let truth = (30.0 + 8.0 * n as f64) / 160.0;
            assert!((center - truth).abs() < 0.03, "{n}: {center} for {truth}");
        }
    }

    #[test]
    fn a_look_without_its_thumbnail_still_counts_what_was_seen() {
        let looks: Vec<SubjectSample> = (0..10)
            .map(|n| {
                let left = 0.1 + 0.05 * f64::from(n);
                let seen = [("dog", [left, 0.4, 0.2, 0.3], 0.7)];
                let objects = if n == 4 { &[] } else { &seen[..] };
                look(f64::from(n) * 0.4, objects, LumaPlane::default())
            })
            .collect();
        let path = path_of(&looks, None);
        assert_eq!(path.len(), 10);
        for (n, point) in path.iter().enumerate().filter(|(n, _)| *n != 4) {
            let center = point[1] + point[3] / 2.0;
            assert!(
                (center - 0.2 - 0.05 * n as f64).abs() < 0.05,
                "{n}: {center}"
            );
        }
    }

    #[test]
    fn one_stray_box_does_not_pull_the_path() {
        let looks: Vec<SubjectSample> = (0..8)
            .map(|n| {
                let mut objects = vec![("person", [0.2, 0.2, 0.15, 0.6], 0.8)];
                if n == 4 {
                    objects = vec![("car", [0.8, 0.5, 0.2, 0.3], 0.6)];
                }
                look(f64::from(n) * 0.4, &objects, plane(None))
            })
            .collect();
        for point in path_of(&looks, None) {
            assert!(
                (point[1] + point[3] / 2.0 - 0.275).abs() < 0.02,
                "{point:?}"
            );
        }
    }

    #[test]
    fn without_detections_the_fallback_holds() {
        let looks = [look(0.0, &[], plane(None)), look(0.4, &[], plane(None))];
        assert!(path_of(&looks, None).is_empty());
        let path = path_of(&looks, Some(Rect::new(0.3, 0.3, 0.2, 0.2)));
        assert_eq!(path, [[0.0, 0.3, 0.3, 0.2, 0.2], [0.4, 0.3, 0.3, 0.2, 0.2]]);
    }
}
