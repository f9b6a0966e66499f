//! The subject of a picture: a face if there is one, else a person or another object, else the salient foreground.

use crate::analysis::{Face, ObjectFact, Subject};
use crate::geometry::Rect;
use crate::models::ForegroundMask;
use crate::time::rounded;

/// A subject below this score is a guess that saliency may correct.
const WEAK: f64 = 0.35;
/// Saliency above this belongs to the foreground.
const SALIENT: f32 = 0.5;
/// Faces that are at least this share of the largest one's width belong to the group.
const GROUP_FACE: f64 = 0.5;
/// A foreground that covers more than this share of the picture says nothing.
const EVERYTHING: f64 = 0.92;

/// How much an object of this kind draws the eye; multiplies its size and position.
pub(crate) fn importance(label: &str) -> f64 {
    match label {
        "person" => 1.0,
        "cat" | "dog" | "horse" | "bird" | "cow" | "sheep" | "elephant" | "bear" | "zebra"
        | "giraffe" => 0.9,
        "car" | "motorcycle" | "bicycle" | "bus" | "train" | "truck" | "boat" | "airplane" => 0.65,
        "cake" | "pizza" | "donut" | "sandwich" | "hot dog" | "skateboard" | "surfboard"
        | "kite" | "teddy bear" => 0.55,
        "chair" | "dining table" | "couch" | "bed" | "bench" | "tie" | "handbag" | "backpack"
        | "sink" | "tv" | "traffic light" | "parking meter" | "stop sign" | "clock" | "book" => 0.2,
        _ => 0.4,
    }
}

/// How likely `object` is the subject, 0..1: score × kind × size (full from a tenth of the picture) × position (the
/// middle counts up to a third more).
pub(crate) fn salience(object: &ObjectFact) -> f64 {
    let size = (object.bounds.area() / 0.10).clamp(0.0, 1.0).sqrt();
    let center = object.bounds.center();
    let far = ((center.x - 0.5).abs() * 2.0).max((center.y - 0.5).abs() * 1.4);
    object.score * importance(&object.label) * size * (1.0 - 0.35 * far.clamp(0.0, 1.0))
}

/// The subject by faces and objects alone.
pub(crate) fn choose(faces: &[Face], objects: &[ObjectFact]) -> Option<Subject> {
    if let Some(largest) = faces
        .iter()
        .max_by(|a, b| a.bounds.area().total_cmp(&b.bounds.area()))
    {
        let group = faces
            .iter()
            .filter(|face| face.bounds.width >= largest.bounds.width * GROUP_FACE)
            .fold(largest.bounds, |all, face| all.union(face.bounds));
        return Some(subject(group, largest.score));
    }
    let mut best: Option<(f64, &ObjectFact)> = None;
    for object in objects {
        let value = salience(object);
        if best.is_none_or(|(top, _)| value > top) {
            best = Some((value, object));
        }
    }
    let (value, object) = best?;
    (value >= 0.06).then(|| subject(object.bounds, (value * 1.6).min(object.score)))
}

/// True where the subject is missing or weak enough to ask for saliency.
pub(crate) fn is_weak(subject: Option<&Subject>) -> bool {
    subject.is_none_or(|found| found.score < WEAK)
}

/// `found`, or the foreground of `mask` if that is clearer.
pub(crate) fn with_saliency(found: Option<Subject>, mask: &ForegroundMask) -> Option<Subject> {
    let Some((bounds, clearness)) = foreground(mask) else {
        return found;
    };
    match found {
        Some(found) if found.score >= clearness => Some(found),
        _ => Some(subject(bounds, clearness)),
    }
}

/// The box around the foreground without its outliers, and how clear it is, 0..1: the mean of the mask inside the box,
/// times the share of the picture outside of the box.
pub(crate) fn foreground(mask: &ForegroundMask) -> Option<(Rect, f64)> {
    if mask.width == 0 || mask.height == 0 {
        return None;
    }
    let mut columns = vec![0.0_f64; mask.width];
    let mut rows = vec![0.0_f64; mask.height];
    let mut total = 0.0;
    for (y, row) in mask
        .values
        .chunks_exact(mask.width)
        .enumerate()
        .take(mask.height)
    {
        for (x, &value) in row.iter().enumerate() {
            if value >= SALIENT {
                columns[x] += f64::from(value);
                rows[y] += f64::from(value);
                total += f64::from(value);
            }
        }
    }
    let pixels = (mask.width * mask.height) as f64;
    if total < pixels * 0.002 {
        return None;
    }
    // Leave out 2 % at each edge, which may be specks.
    let (left, right) = inner(&columns, total * 0.02)?;
    let (top, bottom) = inner(&rows, total * 0.02)?;
    let bounds = Rect::new(
        left as f64 / mask.width as f64,
        top as f64 / mask.height as f64,
        (right - left) as f64 / mask.width as f64,
        (bottom - top) as f64 / mask.height as f64,
    );
    let area = bounds.area();
    if area > EVERYTHING {
        return None;
    }
    let filled = (total / pixels / area).clamp(0.0, 1.0);
    Some((bounds, 0.7 * filled.sqrt() * (1.0 - 0.5 * area)))
}

/// First index and one past the last, leaving out a sum of at most `margin` at each end.
fn inner(sums: &[f64], margin: f64) -> Option<(usize, usize)> {
    let first = edge(sums.iter(), margin)?;
    let last = sums.len() - edge(sums.iter().rev(), margin)?;
    (last > first).then_some((first, last))
}

fn edge<'a>(mut values: impl Iterator<Item = &'a f64>, margin: f64) -> Option<usize> {
    let mut seen = 0.0;
    values.position(|value| {
        seen += value;
        seen > margin
    })
}

fn subject(bounds: Rect, score: f64) -> Subject {
    Subject {
        bounds: bounds.clipped().rounded(),
        score: rounded(score.clamp(0.0, 1.0)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn object(label: &str, bounds: [f64; 4], score: f64) -> ObjectFact {
        ObjectFact {
            label: label.into(),
            bounds: bounds.into(),
            score,
        }
    }

    #[test]
    fn a_face_stands_above_objects_and_a_group_is_one_subject() {
        let face = |x: f64| Face {
            bounds: Rect::new(x, 0.2, 0.1, 0.1),
            score: 0.8,
            ..Face::default()
        };
        let chosen = choose(
            &[face(0.2), face(0.6)],
            &[object("dog", [0.0, 0.0, 1.0, 1.0], 0.9)],
        );
        assert_eq!(chosen.unwrap().bounds, Rect::new(0.2, 0.2, 0.5, 0.1));
    }

    #[test]
    fn a_dog_in_the_middle_beats_a_chair_in_the_corner() {
        let objects = [
            object("chair", [0.0, 0.0, 0.4, 0.6], 0.8),
            object("dog", [0.4, 0.4, 0.3, 0.3], 0.6),
        ];
        assert_eq!(choose(&[], &objects).unwrap().bounds, objects[1].bounds);
        assert!(choose(&[], &[]).is_none());
    }

    #[test]
    fn the_foreground_leaves_out_specks() {
        let (width, height) = (100, 50);
        let mut values = vec![0.0; width * height];
        for y in 10..30 {
            for x in 40..60 {
                values[y * width + x] = 1.0;
            }
        }
        values[0] = 1.0;
        let (bounds, clearness) = foreground(&ForegroundMask {
            width,
            height,
            values,
        })
        .unwrap();
        assert_eq!(bounds, Rect::new(0.4, 0.2, 0.2, 0.4));
        assert!(clearness > 0.6);
    }
}
