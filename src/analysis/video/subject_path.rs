//! Where the subject of a shot is over time, for framing.
//!
//! Faces and objects are found a few times a second ([`SubjectSample`]). Detections that follow one another are linked into tracks;
//! the track that matters most over the whole shot leads, others stand in where it is gone. A detector that misses a
//! subject for a moment does not lose it: the place is carried on by matching the picture around it, or drawn straight to
//! where it turns up again.

use crate::analysis::picture::salience;
use crate::analysis::video::luma_thumbnail::LumaPlane;
use crate::analysis::{Face, ObjectFact};
use crate::geometry::{Point, Rect};
use crate::time::rounded;

/// A track that was not seen for this long is over.
const LONGEST_GAP: f64 = 1.3;
/// A detection belongs to a track when its center is nearer than this share of the diagonal of both boxes …
const NEAR: f64 = 0.75;
/// … and the boxes are not more than this much larger or smaller.
const GROWTH: f64 = 2.6;
/// Matching the picture: likeness (normalized correlation) from which the place is believed.
const BELIEVED: f32 = 0.55;
/// Longest time that a place is carried on by matching alone.
const LONGEST_CARRY: f64 = 1.3;
/// Salience of a face of full size.
const FACE_SALIENCE: f64 = 1.6;
/// A face this wide (share of the picture) has full salience.
const FULL_FACE: f64 = 0.15;
/// Height of the part of a person that is framed, over its width: head and chest.
const UPPER_BODY: f64 = 1.1;

/// What was found in one sampled frame.
pub(crate) struct SubjectSample {
    /// Seconds.
    pub time: f64,
    /// Best first.
    pub faces: Vec<Face>,
    /// Best first.
    pub objects: Vec<ObjectFact>,
    /// The frame as a thumbnail, for carrying places on.
    pub thumb: LumaPlane,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct TrackPoint {
    look: usize,
    bounds: Rect,
    /// How much this is the subject, 0..; carried places count half.
    salience: f64,
    carried: bool,
}

struct Track {
    kind: String,
    places: Vec<TrackPoint>,
}

impl Track {
    fn weight(&self) -> f64 {
        self.places.iter().map(|place| place.salience).sum()
    }
}

/// `[seconds, x, y, width, height]`, one a look, smoothed; empty when nothing was ever found.
pub(crate) fn subject_path(looks: &[&SubjectSample], fallback: Option<Rect>) -> Vec<[f64; 5]> {
    let tracks = link(looks);
    let mut chosen = lead(looks, &tracks);
    if chosen.iter().all(Option::is_none) {
        let Some(bounds) = fallback else {
            return Vec::new();
        };
        chosen.fill(Some(bounds));
    }
    fill(looks, &mut chosen);
    let path: Vec<Rect> = chosen.into_iter().flatten().collect();
    looks
        .iter()
        .zip(smoothed(&path))
        .map(|(look, bounds)| {
            let bounds = bounds.clipped();
            [look.time, bounds.x, bounds.y, bounds.width, bounds.height].map(rounded)
        })
        .collect()
}

/// Detections of a look as kind, box and salience. A person whose face was found is told by the face.
fn candidates(look: &SubjectSample) -> Vec<(String, Rect, f64)> {
    let mut found: Vec<(String, Rect, f64)> = look
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
    for object in &look.objects {
        if object.label == "person" {
            let has_face = look.faces.iter().any(|face| {
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

/// Of a standing person the upper body, of all else everything.
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

fn link(looks: &[&SubjectSample]) -> Vec<Track> {
    let mut tracks: Vec<Track> = Vec::new();
    for (at, look) in looks.iter().enumerate() {
        let mut taken = vec![false; tracks.len()];
        let mut found = candidates(look);
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
        for (kind, bounds, salience) in found {
            let place = TrackPoint {
                look: at,
                bounds,
                salience,
                carried: false,
            };
            let nearest = tracks
                .iter()
                .enumerate()
                .filter(|(index, track)| {
                    !taken.get(*index).copied().unwrap_or(true)
                        && may_go_on(track, &kind, look.time, looks)
                })
                .filter_map(|(index, track)| {
                    let far = apart(expected(track, look.time, looks), bounds)?;
                    // Another kind in the same place is mostly the same thing with another name.
                    let far = if track.kind == kind { far } else { far * 2.2 };
                    (far < NEAR).then_some((far, index))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            match nearest {
                Some((_, index)) => {
                    tracks[index].places.push(place);
                    taken[index] = true;
                }
                None => tracks.push(Track {
                    kind,
                    places: vec![place],
                }),
            }
        }
        carry_on(&mut tracks, at, looks);
    }
    tracks
}

fn may_go_on(track: &Track, kind: &str, time: f64, looks: &[&SubjectSample]) -> bool {
    let seen = track
        .places
        .last()
        .map_or(f64::NEG_INFINITY, |place| looks[place.look].time);
    let compatible = track.kind == kind || (track.kind != "person" && kind != "person");
    compatible && time - seen <= LONGEST_GAP
}

/// Where a track should be at `time`: on from its last two places, at most as far as they lie apart.
fn expected(track: &Track, time: f64, looks: &[&SubjectSample]) -> Rect {
    let Some(last) = track.places.last() else {
        return Rect::FULL;
    };
    let Some(before) = track
        .places
        .len()
        .checked_sub(2)
        .and_then(|at| track.places.get(at))
    else {
        return last.bounds;
    };
    let span = looks[last.look].time - looks[before.look].time;
    let ahead = if span > 0.0 {
        ((time - looks[last.look].time) / span).min(1.0)
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

fn moved(bounds: Rect, by: Point) -> Rect {
    Rect {
        x: bounds.x + by.x,
        y: bounds.y + by.y,
        ..bounds
    }
}

/// Distance of the centers over the mean diagonal; `None` when the sizes cannot be of one thing.
pub(super) fn apart(a: Rect, b: Rect) -> Option<f64> {
    let ratio = (a.area() / b.area().max(1e-9)).sqrt();
    if !(1.0 / GROWTH..=GROWTH).contains(&ratio) {
        return None;
    }
    let diagonal = |r: Rect| (r.width * r.width + r.height * r.height).sqrt();
    let (p, q) = (a.center(), b.center());
    let far = ((p.x - q.x).powi(2) + (p.y - q.y).powi(2)).sqrt();
    Some(far / ((diagonal(a) + diagonal(b)) / 2.0).max(1e-6))
}

/// Carries the tracks that were not seen in look `at` on by matching the picture.
fn carry_on(tracks: &mut [Track], at: usize, looks: &[&SubjectSample]) {
    for track in tracks {
        let Some(last) = track.places.last().copied() else {
            continue;
        };
        if last.look + 1 != at {
            continue;
        }
        let seen = track.places.iter().rev().find(|place| !place.carried);
        let since = seen.map_or(f64::INFINITY, |place| {
            looks[at].time - looks[place.look].time
        });
        if since > LONGEST_CARRY {
            continue;
        }
        if let Some(bounds) = matched(&looks[last.look].thumb, &looks[at].thumb, last.bounds) {
            track.places.push(TrackPoint {
                look: at,
                bounds,
                salience: last.salience * 0.5,
                carried: true,
            });
        }
    }
}

/// Where the part `bounds` of `before` lies in `after`: the best normalized correlation within a box length each way.
fn matched(before: &LumaPlane, after: &LumaPlane, bounds: Rect) -> Option<Rect> {
    if (before.width, before.height) != (after.width, after.height) {
        return None;
    }
    let bounds = bounds.clipped();
    let (wide, high) = (before.width as f64, before.height as f64);
    let left = (bounds.x * wide).round() as i32;
    let top = (bounds.y * high).round() as i32;
    let width = ((bounds.width * wide).round() as i32).min(before.width as i32 - left);
    let height = ((bounds.height * high).round() as i32).min(before.height as i32 - top);
    if width < 5 || height < 5 {
        return None;
    }
    let reach_x = (width / 2).clamp(6, 24);
    let reach_y = (height / 2).clamp(4, 12);
    let mut best: Option<(f32, i32, i32)> = None;
    for dy in (-reach_y..=reach_y).step_by(2) {
        for dx in (-reach_x..=reach_x).step_by(2) {
            let (x, y) = (left + dx, top + dy);
            if x < 0 || y < 0 || x + width > after.width as i32 || y + height > after.height as i32
            {
                continue;
            }
            let likeness = correlation(before, (left, top), after, (x, y), (width, height));
            if best.is_none_or(|(top, ..)| likeness > top) {
                best = Some((likeness, dx, dy));
            }
        }
    }
    let (likeness, dx, dy) = best?;
    (likeness >= BELIEVED).then(|| {
        moved(
            bounds,
            Point {
                x: f64::from(dx) / wide,
                y: f64::from(dy) / high,
            },
        )
    })
}

/// Normalized correlation of two patches, every other pixel.
fn correlation(
    a: &LumaPlane,
    from: (i32, i32),
    b: &LumaPlane,
    to: (i32, i32),
    size: (i32, i32),
) -> f32 {
    let (mut n, mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0_f32, 0.0, 0.0, 0.0, 0.0, 0.0);
    for row in (0..size.1).step_by(2) {
        for column in (0..size.0).step_by(2) {
            let at = |plane: &LumaPlane, place: (i32, i32)| {
                let index = (place.1 + row) as usize * plane.width + (place.0 + column) as usize;
                f32::from(plane.luma.get(index).copied().unwrap_or(0))
            };
            let (u, v) = (at(a, from), at(b, to));
            n += 1.0;
            sa += u;
            sb += v;
            saa += u * u;
            sbb += v * v;
            sab += u * v;
        }
    }
    let n = n.max(1.0);
    let (va, vb) = (saa - sa * sa / n, sbb - sb * sb / n);
    (sab - sa * sb / n) / ((va + 16.0 * n) * (vb + 16.0 * n)).sqrt()
}

/// The box of each look: of the weightiest track there; the lead of the whole shot counts double.
fn lead(looks: &[&SubjectSample], tracks: &[Track]) -> Vec<Option<Rect>> {
    let leader = tracks
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.weight().total_cmp(&b.1.weight()).then(b.0.cmp(&a.0)))
        .map(|(index, _)| index);
    let mut chosen: Vec<Option<Rect>> = vec![None; looks.len()];
    let mut weights = vec![0.0_f64; looks.len()];
    for (index, track) in tracks.iter().enumerate() {
        let factor = if Some(index) == leader { 2.0 } else { 1.0 };
        // A track seen once, faintly, is no reason to turn the camera.
        if track.places.iter().filter(|place| !place.carried).count() < 2
            && looks.len() > 2
            && track.weight() < 0.25
        {
            continue;
        }
        let weight = track.weight() * factor;
        for place in &track.places {
            if weight > weights[place.look] {
                weights[place.look] = weight;
                chosen[place.look] = Some(place.bounds);
            }
        }
    }
    chosen
}

/// Fills gaps: straight between the places on either side, held at the ends.
fn fill(looks: &[&SubjectSample], chosen: &mut [Option<Rect>]) {
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
                let span = looks[*j].time - looks[*i].time;
                let share = if span > 0.0 {
                    (looks[index].time - looks[*i].time) / span
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

fn mixed(a: Rect, b: Rect, share: f64) -> Rect {
    let mix = |x: f64, y: f64| x + (y - x) * share;
    Rect::new(
        mix(a.x, b.x),
        mix(a.y, b.y),
        mix(a.width, b.width),
        mix(a.height, b.height),
    )
}

/// Median of three, then ¼ ½ ¼: one wrong box leaves no trace.
pub(super) fn smoothed(path: &[Rect]) -> Vec<Rect> {
    let steady = filtered(path, |a, b, c| {
        let middle = |x: f64, y: f64, z: f64| x.max(y).min(x.min(y).max(z));
        // By center, so that a change of size does not pull the place.
        let (p, q, r) = (a.center(), b.center(), c.center());
        let (x, y) = (middle(p.x, q.x, r.x), middle(p.y, q.y, r.y));
        let width = middle(a.width, b.width, c.width);
        let height = middle(a.height, b.height, c.height);
        Rect::new(x - width / 2.0, y - height / 2.0, width, height)
    });
    filtered(&steady, |a, b, c| mixed(mixed(a, c, 0.5), b, 0.5))
}

/// Ends stay as they are.
fn filtered(path: &[Rect], of: impl Fn(Rect, Rect, Rect) -> Rect) -> Vec<Rect> {
    let mut out = path.to_vec();
    for (slot, window) in out.iter_mut().skip(1).zip(path.windows(3)) {
        *slot = of(window[0], window[1], window[2]);
    }
    out
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
