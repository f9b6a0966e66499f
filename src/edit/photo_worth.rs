//! How good a photo is, by what it shows rather than by the whole picture.

use crate::analysis::{Face, PictureFacts};
use crate::geometry::Rect;

/// The worth of a photo of quality 0, and what quality 1 adds. Good moments of clips are worth more.
const PHOTO_WORTH: (f64, f64) = (0.2, 0.5);
/// What is lost where the eyes of all main faces are closed …
const EYES_CLOSED: f64 = 0.15;
/// … and added where all of them smile.
const SMILES: f64 = 0.05;
/// What is lost where many things lie about.
const CLUTTER: f64 = 0.05;
/// Openness of eyes (0..1) below which they are closed. Eyes are told apart only roughly, so only what is clear counts.
const CLOSED: f64 = 0.2;
/// Main faces are at least this wide, as a share of the widest.
const MAIN_FACE: f64 = 0.5;
/// Score (0..1) from which an object is believed, as many of them as nobody notices, and as many more as are clutter.
const BELIEVED: f64 = 0.5;
const FEW: f64 = 4.0;
const MANY: f64 = 8.0;
/// What sharpness adds to the quality of a picture (`docs/json.md`, *Quality*).
const SHARPNESS_SHARE: f64 = 0.45;
/// Sharpness (0..1) of the subject below which a photo is blurred: a Gaussian blur of two pixels leaves half as much of
/// a usual photo as this.
const BLURRED: f64 = 0.35;
/// Sharpness, as a share of the set's median, below which it is, too: a road from a moving car has 0.64 among photos of
/// 0.9 and more.
const SOFTER: f64 = 0.7;

/// Sharpness of the subject, or of the picture where no subject is known.
fn sharpness(picture: &PictureFacts) -> f64 {
    picture
        .quality
        .subject_sharpness
        .unwrap_or(picture.quality.sharpness)
}

/// What makes a photo better than another one. Each part is what it adds to the worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PhotoParts {
    /// Its quality, with the sharpness of its subject instead of the whole picture's.
    pub quality: f64,
    /// Closed eyes; 0 and less.
    pub eyes: f64,
    /// Smiles.
    pub smiles: f64,
    /// Things that lie about; 0 and less.
    pub clutter: f64,
}

impl PhotoParts {
    pub fn of(picture: &PictureFacts) -> Self {
        let quality = picture.quality.score
            + SHARPNESS_SHARE * (sharpness(picture) - picture.quality.sharpness).min(0.0);
        let main = main_faces(picture);
        let share = |is_one: fn(&Face) -> bool| {
            let count = main.iter().filter(|face| is_one(face)).count();
            count as f64 / main.len().max(1) as f64
        };
        let closed = share(|face| face.eyes_open.is_some_and(|open| open < CLOSED));
        let smiling = share(|face| face.expression.as_deref() == Some("happy"));
        Self {
            quality: PHOTO_WORTH.1 * quality,
            eyes: -EYES_CLOSED * closed,
            smiles: SMILES * smiling,
            clutter: -CLUTTER * clutter(picture),
        }
    }

    /// How good the photo is, 0..1.
    pub fn worth(self) -> f64 {
        let worth = PHOTO_WORTH.0 + self.quality + self.eyes + self.smiles + self.clutter;
        if worth.is_finite() {
            worth.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

/// How good a photo is, 0..1, by what it shows.
pub(super) fn photo_worth(picture: &PictureFacts) -> f64 {
    PhotoParts::of(picture).worth()
}

/// The faces that a photo is of.
fn main_faces(picture: &PictureFacts) -> Vec<&Face> {
    let faces = picture.faces.iter();
    let widest = faces
        .clone()
        .map(|face| face.bounds.width)
        .fold(0.0, f64::max);
    faces
        .filter(|face| face.bounds.width >= MAIN_FACE * widest)
        .collect()
}

/// How many things lie about that are no people and not what the photo is of, 0..1.
fn clutter(picture: &PictureFacts) -> f64 {
    let subject = picture.subject.as_ref();
    let is_beside = |bounds: Rect| {
        subject
            .is_none_or(|subject| bounds.intersection(subject.bounds).area() < 0.5 * bounds.area())
    };
    let objects = picture.objects.iter();
    let beside = objects.filter(|object| {
        object.score >= BELIEVED && object.label != "person" && is_beside(object.bounds)
    });
    ((beside.count() as f64 - FEW) / MANY).clamp(0.0, 1.0)
}

/// The sharpness below which a photo of this set is blurred. It stays out while better ones are unused.
pub(super) fn blur_limit<'a>(set: impl Iterator<Item = &'a PictureFacts>) -> f64 {
    let mut all: Vec<f64> = set.map(sharpness).filter(|it| it.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    let usual = all.get(all.len() / 2).copied().unwrap_or(0.0);
    BLURRED.max(SOFTER * usual)
}

/// A photo whose subject is less sharp than `limit`.
pub(super) fn is_blurred(picture: &PictureFacts, limit: f64) -> bool {
    sharpness(picture) < limit
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::ObjectFact;

    fn face(width: f64, eyes_open: f64, expression: &str) -> Face {
        let text = serde_json::json!({
            "box": [0.4, 0.2, width, width], "score": 0.9,
            "eyes_open": eyes_open, "expression": expression,
        });
        serde_json::from_value(text).unwrap()
    }

    fn worth(faces: Vec<Face>, things: usize) -> f64 {
        let thing = ObjectFact {
            label: "bottle".into(),
            bounds: Rect::new(0.1, 0.6, 0.05, 0.2),
            score: 0.8,
        };
        let mut picture = PictureFacts {
            faces,
            objects: vec![thing; things],
            ..PictureFacts::default()
        };
        (picture.quality.score, picture.quality.sharpness) = (0.7, 0.7);
        photo_worth(&picture)
    }

    #[test]
    fn open_eyes_and_smiles_are_better_and_clutter_is_worse() {
        let plain = worth(vec![face(0.2, 0.9, "neutral")], 0);
        assert_eq!(plain, worth(Vec::new(), 4));
        assert!(worth(vec![face(0.2, 0.9, "happy")], 0) > plain);
        let closed = worth(vec![face(0.2, 0.05, "neutral")], 0);
        assert!(closed < plain - 0.1);
        // Somebody in the background does not count; one of two counts half.
        let behind = vec![face(0.2, 0.9, "neutral"), face(0.05, 0.05, "neutral")];
        assert_eq!(worth(behind, 0), plain);
        let one_of_two = worth(
            vec![face(0.2, 0.9, "neutral"), face(0.2, 0.05, "neutral")],
            0,
        );
        assert!((one_of_two - (plain + closed) / 2.0).abs() < 1e-9);
        assert!(worth(Vec::new(), 12) < plain);
    }
}
