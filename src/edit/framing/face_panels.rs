//! Two panels for two people who stand too far apart for one crop of an upright film.
//!
//! In: where the two faces are over the whole part, as shares of the picture. Out: the crop of each panel, the left face
//! above. Each crop holds its face with room around it and leaves the other one out; where no such crops exist, there
//! are no panels, and the picture is shown whole. Crops stand still: a face that moves further than its crop reaches
//! has none.

use crate::analysis::{PersonTrack, PictureFacts, Shot, TrackKind};
use crate::edit::framing::axis::plausible;
use crate::edit::framing::box_path::box_at;
use crate::edit::framing::subject_window::{main_boxes, main_faces};
use crate::geometry::{Rect, Size};
use crate::picture::Panels;
use crate::time::rounded;

/// Why a part has two panels. A rule decided that, so its weight is 0.
pub(in crate::edit) const TWO_PANELS: &str =
    "Two people stand too far apart for a crop of this shape: each has a panel.";
/// Height of a crop in heights of its face: head and shoulders.
const FRAMED: f64 = 3.5;
/// Least height of a crop as a share of the picture's. A panel has half the film's height, so no pixel is enlarged
/// further than in a plain crop of the whole height.
const LEAST: f64 = 0.5;
/// Where the middle of a face stands in its crop, from the top: eyes lie on the upper third then.
const FACE_AT: f64 = 0.45;
/// Room around a face that stays in its crop, in heights of the face: hair and chin.
const HEADROOM: f64 = 0.25;
/// Least height of a face in a clip as a share of the picture's: smaller ones stand behind what happens.
const SMALLEST: f64 = 0.125;
/// Share of a part that a face has to be there for.
const LASTING: f64 = 0.8;
/// Seconds between the looks at where a face is.
const STEP: f64 = 0.2;
/// Most looks at one part.
const MOST_LOOKS: usize = 200;

/// The crops of the panels of a photo with two faces; `None` where it has more or fewer, or no crops hold them.
pub(in crate::edit) fn photo_panels(picture: &PictureFacts, output: Size) -> Option<[Rect; 2]> {
    let faces: Vec<Rect> = main_faces(&picture.faces)
        .iter()
        .map(|face| face.bounds)
        .collect();
    face_panels(&faces, Size::new(picture.width, picture.height), output)
}

/// The crops of the panels of a part of a shot with two faces that stay.
pub(super) fn shot_panels(
    shot: &Shot,
    [start, end]: [f64; 2],
    source: Size,
    output: Size,
) -> Option<[Rect; 2]> {
    let tracks = shot
        .tracks
        .iter()
        .filter(|track| track.kind == TrackKind::Face);
    let faces: Vec<Rect> = tracks
        .filter_map(|track| reach(track, start, end))
        .collect();
    clip_panels(&main_boxes(&faces), source, output)
}

/// The crops of the panels for faces that stay in a clip.
fn clip_panels(faces: &[Rect], source: Size, output: Size) -> Option<[Rect; 2]> {
    if faces.iter().any(|face| face.height < SMALLEST) {
        return None;
    }
    face_panels(faces, source, output)
}

/// All that a face covers between two seconds; `None` where it is not there for most of the time.
fn reach(track: &PersonTrack, start: f64, end: f64) -> Option<Rect> {
    let (from, to) = (track.start.max(start), track.end.min(end));
    if to - from < LASTING * (end - start) {
        return None;
    }
    let looks = (((to - from) / STEP).ceil() as usize).clamp(1, MOST_LOOKS);
    let at = |look: usize| from + (to - from) * look as f64 / looks as f64;
    let places = (0..=looks).filter_map(|look| box_at(&track.path, at(look)));
    places.reduce(Rect::union)
}

fn face_panels(faces: &[Rect], source: Size, output: Size) -> Option<[Rect; 2]> {
    let &[first, second] = faces else {
        return None;
    };
    if output.height <= output.width || !plausible(first) || !plausible(second) {
        return None;
    }
    let (left, right) = if first.x <= second.x {
        (first, second)
    } else {
        (second, first)
    };
    let crop = output.aspect() / source.aspect();
    if right.x + right.width - left.x <= crop {
        return None;
    }
    let [upper, lower] = Panels::of(output)
        .sizes
        .map(|panel| panel.aspect() / source.aspect());
    // So wide that the crop ends before the other face, at the picture's edge, too.
    let (free, other) = (right.x, left.x + left.width);
    let widest = free.min(2.0 * (free - left.center().x));
    let above = crop_of_face(left, widest, upper)?;
    let widest = (1.0 - other).min(2.0 * (right.center().x - other));
    Some([above, crop_of_face(right, widest, lower)?])
}

/// The crop of a panel around a face: `shape` is its width for each of its height, both as shares of the picture.
fn crop_of_face(face: Rect, widest: f64, shape: f64) -> Option<Rect> {
    let most = (1.0 / shape).min(widest / shape).min(1.0);
    if most < LEAST {
        return None;
    }
    // Rounded down, so that a crop at the edge lies inside.
    let floor = |share: f64| (share * 10_000.0).floor() / 10_000.0;
    let height = floor((face.height * FRAMED).clamp(LEAST, most));
    let width = floor(height * shape);
    let center = face.center();
    let crop = Rect::new(
        rounded((center.x - width / 2.0).clamp(0.0, 1.0 - width)),
        rounded((center.y - height * FACE_AT).clamp(0.0, 1.0 - height)),
        width,
        height,
    );
    let room = HEADROOM * face.height;
    let needed = Rect::new(face.x, face.y - room, face.width, face.height + 2.0 * room).clipped();
    (crop.intersection(needed).area() >= needed.area() * 0.999).then_some(crop)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const WIDE: Size = Size {
        width: 1920,
        height: 1080,
    };
    const UPRIGHT: Size = Size {
        width: 1080,
        height: 1920,
    };

    fn face(x: f64, y: f64, height: f64) -> Rect {
        Rect::new(x, y, height * 0.45, height)
    }

    #[test]
    fn two_faces_far_apart_have_a_panel_each_the_left_one_above() {
        let faces = [face(0.8, 0.3, 0.2), face(0.1, 0.25, 0.2)];
        let [above, below] = face_panels(&faces, WIDE, UPRIGHT).unwrap();
        for (crop, own, other) in [(above, faces[1], faces[0]), (below, faces[0], faces[1])] {
            assert!(
                crop.intersection(own).area() > own.area() * 0.999,
                "{crop:?}"
            );
            assert_eq!(crop.intersection(other).area(), 0.0, "{crop:?}");
            let shape = crop.width * 1920.0 / (crop.height * 1080.0);
            assert!((shape - 1.125).abs() < 0.001, "{shape}");
            assert!(crop.x >= 0.0 && crop.x + crop.width <= 1.0);
            assert!(crop.y >= 0.0 && crop.y + crop.height <= 1.0);
        }
    }

    #[test]
    fn there_are_no_panels_for_others() {
        let pair = [face(0.1, 0.3, 0.2), face(0.8, 0.3, 0.2)];
        assert!(face_panels(&pair, WIDE, UPRIGHT).is_some());
        assert_eq!(face_panels(&pair, WIDE, WIDE), None);
        assert_eq!(face_panels(&pair[..1], WIDE, UPRIGHT), None);
        let three = [pair[0], face(0.45, 0.3, 0.2), pair[1]];
        assert_eq!(face_panels(&three, WIDE, UPRIGHT), None);
        // A crop holds both.
        for x in [0.5, 0.6] {
            let close = [face(0.4, 0.3, 0.2), face(x, 0.3, 0.2)];
            assert_eq!(face_panels(&close, WIDE, UPRIGHT), None, "{x}");
        }
        // Wider than any crop of a panel.
        let near = [Rect::new(0.0, 0.1, 0.7, 0.8), face(0.8, 0.3, 0.2)];
        assert_eq!(face_panels(&near, WIDE, UPRIGHT), None);
    }

    #[test]
    fn small_faces_behind_what_happens_in_a_clip_have_no_panels() {
        let pair = |height| [face(0.1, 0.3, height), face(0.8, 0.3, height)];
        assert!(clip_panels(&pair(0.2), WIDE, UPRIGHT).is_some());
        assert_eq!(clip_panels(&pair(0.1), WIDE, UPRIGHT), None);
        assert!(face_panels(&pair(0.1), WIDE, UPRIGHT).is_some());
    }

    #[test]
    fn a_face_counts_where_it_stays_and_with_all_that_it_covers() {
        let track = |end: f64, to: f64| PersonTrack {
            id: 1,
            kind: TrackKind::Face,
            start: 0.0,
            end,
            score: 0.9,
            path: vec![[0.0, 0.1, 0.3, 0.1, 0.2], [end, to, 0.3, 0.1, 0.2]],
            face: None,
            speaking: Vec::new(),
            speaking_share: None,
            mouth: Vec::new(),
        };
        let covered = reach(&track(4.0, 0.3), 0.0, 4.0).unwrap();
        assert!((covered.width - 0.3).abs() < 1e-9);
        assert_eq!(reach(&track(2.0, 0.3), 0.0, 4.0), None);
    }
}
