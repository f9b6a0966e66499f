//! Finds faces that are to be blurred, and blurs them in stills.
//!
//! A face that is missed shows somebody who was not to be shown; a patch of leaves that is blurred costs little. So more
//! is looked at than an analysis needs: the picture as a whole, its tiles, and in large pictures the tiles of its
//! quarters; and a finished still is searched once more.

use std::path::Path;

use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
use crate::hint::Hint;
use crate::media::to_srgb;
use crate::models::Models;
use crate::picture::{Filter, Picture, Pixels, Rgb8, crop_resize, obscure, resize};

/// Longer side of the copy of a still that is searched, in pixels: a face of two hundredths of it is still found.
const SEARCH_SIDE: u32 = 2048;
/// The tiles of quarters are searched from this longer side on, in pixels: below, they show nothing new.
const QUARTERS_FROM: u32 = 900;
/// Side of a quarter as a share of the picture's: they overlap by more than a face that the whole picture hides.
const QUARTER: f64 = 0.55;
/// Boxes are of one face where they share this part of the smaller one.
const SAME_FACE: f64 = 0.5;
/// How much wider and higher than the detector's box a face is covered, and how far up, as a share of the box. The solid
/// part of the oval covers the corners of the box, which reaches from the brows to the chin, with hair and ears.
const WIDER: f64 = 1.7;
const HIGHER: f64 = 1.9;
const UPWARDS: f64 = 0.08;
/// Mean colors across and down that are left of a face in a still.
const CELLS: usize = 4;
/// A finished picture is searched and blurred this many times until no face is found in it.
const ROUNDS: usize = 3;

/// How carefully a picture is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SearchDepth {
    /// As a whole: faces of at least a twelfth of it.
    Whole,
    /// Also its tiles.
    Tiles,
    /// Also the tiles of its quarters, where it is large.
    Quarters,
}

/// The boxes of the faces in `picture`, each face once. They may extend beyond it.
pub(super) fn search_faces(
    models: &Models,
    picture: &Rgb8,
    depth: SearchDepth,
) -> Result<Vec<Rect>> {
    let mut found: Vec<Rect> = Vec::new();
    let whole = models.detect_faces(picture)?;
    found.extend(whole.iter().map(|face| face.bounds));
    if depth != SearchDepth::Whole {
        let tiled = models.detect_faces_tiled(picture)?;
        found.extend(tiled.iter().map(|face| face.bounds));
    }
    let size = picture.size();
    if depth == SearchDepth::Quarters && size.width.max(size.height) >= QUARTERS_FROM {
        for quarter in quarters() {
            let pixels = |share: f64, side: u32| ((share * f64::from(side)).round() as u32).max(1);
            let part = Size::new(
                pixels(quarter.width, size.width),
                pixels(quarter.height, size.height),
            );
            let part = crop_resize(picture, quarter, part, Filter::Bilinear);
            let tiled = models.detect_faces_tiled(&part)?;
            found.extend(tiled.iter().map(|face| face.bounds.out_of(quarter)));
        }
    }
    Ok(each_once(found))
}

/// The overlapping quarters of a picture.
fn quarters() -> impl Iterator<Item = Rect> {
    let starts = [0.0, 1.0 - QUARTER];
    let rows = starts.into_iter();
    rows.flat_map(move |y| starts.map(move |x| Rect::new(x, y, QUARTER, QUARTER)))
}

/// The largest of the boxes of each face.
fn each_once(mut found: Vec<Rect>) -> Vec<Rect> {
    found.sort_by(|a, b| b.area().total_cmp(&a.area()));
    let mut kept: Vec<Rect> = Vec::new();
    for face in found {
        let same = |other: &Rect| other.intersection(face).area() >= SAME_FACE * face.area();
        if !kept.iter().any(same) {
            kept.push(face);
        }
    }
    kept
}

/// What is covered of a face with the detector's box `face`.
pub(super) fn cover(face: Rect) -> Rect {
    let middle = face.center();
    let (width, height) = (WIDER * face.width, HIGHER * face.height);
    Rect::new(
        middle.x - width / 2.0,
        middle.y - height / 2.0 - UPWARDS * face.height,
        width,
        height,
    )
}

/// The networks, without which nobody can say where faces are.
pub(super) fn needed(models: Option<&Models>) -> Result<&Models> {
    models.ok_or_else(|| Error::Usage {
        what: "blurring faces needs the network that finds them".into(),
        hint: Hint::NameModels,
    })
}

/// The boxes of the faces in a still.
pub(super) fn faces_of_still(models: &Models, picture: &mut Picture) -> Result<Vec<Rect>> {
    // What is transparent is in the file, too.
    let alpha = picture.alpha.take();
    let mut seen = to_srgb(picture);
    picture.alpha = alpha;
    let size = seen.size().within(SEARCH_SIDE);
    if size != seen.size() {
        seen = resize(&seen, size, Filter::Bilinear);
    }
    search_faces(models, &seen, SearchDepth::Quarters)
}

/// Blurs `faces` in a still, and whatever is still found in it then. Gives the number of faces, and fails where one is
/// found to the last.
pub(super) fn blur_still(
    models: &Models,
    picture: &mut Picture,
    faces: &[Rect],
    path: &Path,
) -> Result<usize> {
    let mut count = faces.len();
    blur(picture, faces, CELLS);
    for _ in 0..ROUNDS {
        let left = faces_of_still(models, picture)?;
        if left.is_empty() {
            return Ok(count);
        }
        // What was found before and still looks like a face becomes one color.
        let known = |face: &Rect| faces.iter().any(|other| cover(*other).overlap(*face) > 0.0);
        count += left.iter().filter(|face| !known(face)).count();
        blur(picture, &left, 1);
    }
    Err(still_found(path))
}

/// A finished frame of a clip whose faces were blurred, where faces are still found in it: with these blurred, too.
pub(super) fn blur_rest_of_frame(
    models: &Models,
    frame: &Rgb8,
    path: &Path,
) -> Result<Option<Rgb8>> {
    let mut changed: Option<Rgb8> = None;
    for _ in 0..ROUNDS {
        let seen = changed.as_ref().unwrap_or(frame);
        let left = search_faces(models, seen, SearchDepth::Whole)?;
        if left.is_empty() {
            return Ok(changed);
        }
        let frame = changed.get_or_insert_with(|| frame.clone());
        for face in left {
            obscure(frame, cover(face), 1);
        }
    }
    Err(still_found(path))
}

fn still_found(path: &Path) -> Error {
    let what = "a face is still found in it after it was blurred";
    Error::unsupported(path, what)
}

fn blur(picture: &mut Picture, faces: &[Rect], cells: usize) {
    for face in faces {
        match &mut picture.pixels {
            Pixels::Eight(pixels) => obscure(pixels, cover(*face), cells),
            Pixels::Sixteen(pixels) => obscure(pixels, cover(*face), cells),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solid_part_of_what_is_covered_holds_the_whole_box() {
        let face = Rect::new(0.4, 0.3, 0.1, 0.2);
        let cover = cover(face);
        let (middle, across, down) = (cover.center(), cover.width / 2.0, cover.height / 2.0);
        for (x, y) in [(0.4, 0.3), (0.5, 0.3), (0.4, 0.5), (0.5, 0.5)] {
            let radius = ((x - middle.x) / across).hypot((y - middle.y) / down);
            assert!(radius <= 0.87, "{radius}");
        }
    }

    #[test]
    fn quarters_cover_the_picture_and_parts_can_be_told_in_both() {
        let bounds = Rect::new(0.1, 0.2, 0.3, 0.4);
        for quarter in quarters() {
            let there = bounds.out_of(quarter).inside_of(quarter);
            assert!((there.x - bounds.x).abs() < 1e-9 && (there.height - 0.4).abs() < 1e-9);
        }
        for place in 0..100 {
            let (x, y) = (f64::from(place % 10) / 9.0, f64::from(place / 10) / 9.0);
            let holds = |part: Rect| {
                (part.x..=part.x + part.width + 1e-9).contains(&x)
                    && (part.y..=part.y + part.height + 1e-9).contains(&y)
            };
            assert!(quarters().any(holds), "{x} {y}");
        }
    }

    #[test]
    fn a_face_that_is_found_twice_counts_once() {
        let face = Rect::new(0.1, 0.1, 0.2, 0.2);
        let again = Rect::new(0.12, 0.12, 0.15, 0.15);
        let other = Rect::new(0.6, 0.1, 0.2, 0.2);
        assert_eq!(each_once(vec![again, face, other]), [face, other]);
    }
}
