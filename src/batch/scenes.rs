//! Matches a set: photos of one scene get one exposure and one white balance.
//!
//! Photos that look alike belong to one scene; the more time lies between them, the more alike they must be. In each
//! scene the light of all photos is measured relative to one of them. The target is the median over all photos, each
//! corrected by itself. Each photo moves towards it by a bounded amount, and by less if it shows something else than
//! the others.

use std::path::Path;

use crate::batch::photo_signature::{PhotoSignature, median};
use crate::choice::Reason;
use crate::looks::Correction;

/// Seconds between two photos, and the likeness they need to belong to one scene. The last row holds for any time, even
/// an unknown one.
const ALIKE: [(i64, f64); 3] = [(20, 0.25), (15 * 60, 0.5), (i64::MAX, 0.75)];
/// The latest scenes that a photo may still join: bounds the time.
const RECENT: usize = 100;
/// Photos of a scene that a photo is compared with, the latest ones, besides the first.
const COMPARED: usize = 4;
/// Likeness from which photos show the same view, so that any difference of light is due to the camera.
const SAME: f64 = 0.7;
/// Least share of the way that a photo moves, however unlike its scene it is.
const LEAST_SHARE: f64 = 0.3;
/// Greatest move of a photo, in stops of light, of warmth and of green.
const MOST: [f64; 3] = [2.0, 0.5, 0.4];
/// Moves below these are invisible; same units.
const VISIBLE: [f64; 3] = [0.04, 0.015, 0.015];

/// The correction of each photo; `None` if it was not measured.
pub(super) fn matched(photos: &[(&Path, Option<PhotoSignature>)]) -> Vec<Option<Correction>> {
    let mut corrections: Vec<Option<Correction>> = vec![None; photos.len()];
    for scene in scenes(photos) {
        for (number, correction) in scene_corrections(&scene) {
            if let Some(slot) = corrections.get_mut(number) {
                *slot = Some(correction);
            }
        }
    }
    corrections
}

/// A photo's index among all, and its signature.
type Photo<'a> = (usize, &'a PhotoSignature);

/// The photos of each scene, in order of time and name. A photo joins the scene with the photo most like it, or begins
/// a new one.
fn scenes<'a>(photos: &'a [(&Path, Option<PhotoSignature>)]) -> Vec<Vec<Photo<'a>>> {
    let mut order: Vec<(Option<i64>, &Path, Photo)> = photos
        .iter()
        .enumerate()
        .filter_map(|(number, (path, signature))| {
            let signature = signature.as_ref()?;
            Some((signature.taken, *path, (number, signature)))
        })
        .collect();
    order.sort_by_key(|(taken, path, _)| (*taken, *path));
    let mut scenes: Vec<Vec<Photo>> = Vec::new();
    for (_, _, photo) in order {
        let mut best: Option<(f64, usize)> = None;
        for (at, scene) in scenes.iter().enumerate().rev().take(RECENT) {
            let latest = scene.iter().skip(1).rev().take(COMPARED);
            let compared = scene.first().into_iter().chain(latest);
            for likeness in compared.filter_map(|other| linked(photo.1, other.1)) {
                if best.is_none_or(|(most, _)| likeness > most) {
                    best = Some((likeness, at));
                }
            }
        }
        match best.and_then(|(_, at)| scenes.get_mut(at)) {
            Some(scene) => scene.push(photo),
            None => scenes.push(vec![photo]),
        }
    }
    scenes
}

/// The likeness of two photos, if it suffices for one scene.
fn linked(a: &PhotoSignature, b: &PhotoSignature) -> Option<f64> {
    let apart = match (a.taken, b.taken) {
        (Some(a), Some(b)) => a.saturating_sub(b).saturating_abs(),
        _ => i64::MAX,
    };
    let likeness = a.likeness(b);
    let row = ALIKE.iter().find(|(seconds, _)| apart <= *seconds);
    row.filter(|(_, least)| likeness >= *least)
        .map(|_| likeness)
}

/// The corrections of the photos of one scene, with their indices.
fn scene_corrections(scene: &[Photo]) -> Vec<(usize, Correction)> {
    let Some(&(_, middle)) = scene.get(scene.len() / 2) else {
        return vec![];
    };
    // The light of each photo relative to the middle one, and the same after each photo's own correction.
    let light: Vec<[f64; 3]> = scene
        .iter()
        .map(|(_, photo)| photo.beyond(middle))
        .collect();
    let goal = [0, 1, 2].map(|axis: usize| {
        let corrected = scene.iter().zip(&light);
        median(
            corrected
                .map(|((_, photo), light)| light[axis] + photo.correction.light()[axis])
                .collect(),
        )
    });
    let correct = |(photo, light): (&Photo, &[f64; 3])| {
        let (number, photo) = *photo;
        if scene.len() == 1 {
            return (number, photo.correction.clone());
        }
        let share = (photo.likeness(middle) / SAME).clamp(LEAST_SHARE, 1.0);
        let wanted = [0, 1, 2].map(|axis: usize| {
            let most = MOST[axis];
            let by = (share * (goal[axis] - light[axis])).clamp(-most, most);
            if by.abs() < VISIBLE[axis] { 0.0 } else { by }
        });
        let own = &photo.correction;
        let mut correction = Correction::giving(wanted, own);
        correction.reasons = vec![reason(scene.len(), wanted)];
        (number, correction)
    };
    scene.iter().zip(&light).map(correct).collect()
}

/// One sentence on the match within a scene of `count` photos.
fn reason(count: usize, [stops, warm, green]: [f64; 3]) -> Reason {
    let mut words = Vec::new();
    if stops != 0.0 {
        let word = if stops > 0.0 { "lighter" } else { "darker" };
        words.push(format!("{:.1} stops {word}", stops.abs()));
    }
    for (value, more, less) in [(warm, "warmer", "cooler"), (green, "greener", "pinker")] {
        if value != 0.0 {
            words.push(if value > 0.0 { more } else { less }.to_owned());
        }
    }
    let weight = (stops.abs() + 2.0 * (warm.abs() + green.abs())).min(1.0);
    let text = match words.split_last() {
        None => format!("It matches the other photos of its scene, {count} in all, as it is."),
        Some((last, [])) => format!("{last}, to match its scene of {count} photos."),
        Some((last, first)) => {
            format!(
                "{} and {last}, to match its scene of {count} photos.",
                first.join(", ")
            )
        }
    };
    let mut letters = text.chars();
    let text = letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    });
    Reason::new("scene", weight, text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::batch::photo_signature::tests::view;

    fn all(views: Vec<PhotoSignature>) -> Vec<(&'static Path, Option<PhotoSignature>)> {
        let names = ["a", "b", "c", "d", "e", "f"].map(Path::new);
        names.into_iter().zip(views.into_iter().map(Some)).collect()
    }

    #[test]
    fn one_view_is_one_scene_and_others_are_left_to_themselves() {
        let photos = all(vec![
            view(1, [1.0; 3], None),
            view(2, [1.0; 3], None),
            view(1, [2.0; 3], None),
            view(1, [0.6, 0.5, 0.4], None),
        ]);
        let scenes: Vec<Vec<usize>> = scenes(&photos)
            .iter()
            .map(|scene| scene.iter().map(|photo| photo.0).collect())
            .collect();
        assert_eq!(scenes, [vec![0, 2, 3], vec![1]]);
        let given = matched(&photos);
        let light: Vec<[f64; 3]> = given.iter().flatten().map(Correction::light).collect();
        // One stop apart, they get the same light; the scene's own correction remains.
        assert!((light[0][0] - light[2][0] - 1.0).abs() < 0.1, "{light:?}");
        assert!(
            light[3][0] - light[0][0] > 0.8 && light[3][1] < light[0][1] - 0.1,
            "{light:?}"
        );
        let reason = &given[2].as_ref().unwrap().reasons[0];
        assert_eq!(reason.code, "scene");
    }

    #[test]
    fn time_makes_photos_that_are_less_alike_one_scene() {
        let (a, b) = (view(1, [1.0; 3], Some(0)), view(1, [1.0; 3], Some(10)));
        assert!(linked(&a, &b).is_some());
        let other = view(2, [1.0; 3], Some(0));
        assert!(linked(&a, &other).is_none() || a.likeness(&other) >= 0.2);
        assert_eq!(matched(&[(Path::new("x"), None)]).len(), 1);
    }

    #[test]
    fn sentences_say_what_is_done() {
        let text = |wanted| reason(3, wanted).text;
        assert_eq!(
            text([0.5, 0.0, 0.0]),
            "0.5 stops lighter, to match its scene of 3 photos."
        );
        assert_eq!(
            text([0.0, -0.1, 0.1]),
            "Cooler and greener, to match its scene of 3 photos."
        );
        assert!(text([0.0; 3]).starts_with("It matches"));
    }
}
