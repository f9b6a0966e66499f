//! Where in a picture the eye goes, column by column and row by row: what a crop should keep.
//!
//! One detector's word is not enough: a tree trunk was called a giraffe and the bird beside it was cropped away. Three
//! witnesses are added up instead, pixel by pixel:
//!
//! ```text
//! saliency (U2-Net-p)  s                                        0..1
//! faces                4 × score                                inside the box with some hair and chin
//! objects              ½ × score × importance × (0.3 + 0.7 s)   inside the box
//! ```
//!
//! A false object where nothing is salient adds little; a face outweighs everything around it. The sums of the columns
//! and of the rows are kept, because a crop to another shape slides along one axis. Weights were chosen on half of the
//! labeled photos of the corpus (split by photo) and looked at once on the other half.

use super::subject::importance;
use crate::analysis::{Face, ObjectFact, SubjectMap};
use crate::geometry::Rect;
use crate::models::ForegroundMask;
use crate::time::rounded;

/// Columns and rows of the map. With 20 or 40 crops are the same within 0.001.
const CELLS: usize = 32;
/// Weight of a face against full saliency.
const FACE_WEIGHT: f32 = 4.0;
/// Weight of an object against full saliency.
const OBJECT_WEIGHT: f32 = 0.5;
/// Share of an object's weight that it keeps where nothing is salient.
const UNSUPPORTED: f32 = 0.3;
/// Objects below this score do not count: most are false.
const LEAST_OBJECT_SCORE: f64 = 0.35;
/// Faces below this share of the largest one's side stand in the background.
const BACKGROUND_FACE: f64 = 0.35;
/// Hair and chin around a face's box, as a share of its sides.
const FACE_MARGIN: f64 = 0.2;

/// Joins saliency, faces and objects. `None` where nothing stands out anywhere.
pub(crate) fn subject_map(
    mask: &ForegroundMask,
    faces: &[Face],
    objects: &[ObjectFact],
) -> Option<SubjectMap> {
    let mut weights = mask.values.clone();
    for object in objects.iter().filter(|o| o.score >= LEAST_OBJECT_SCORE) {
        let weight = OBJECT_WEIGHT * (object.score * importance(&object.label)) as f32;
        add(&mut weights, mask, object.bounds, |salient| {
            weight * (UNSUPPORTED + (1.0 - UNSUPPORTED) * salient)
        });
    }
    let largest = faces.iter().map(side).fold(0.0, f64::max);
    for face in faces
        .iter()
        .filter(|f| side(f) >= BACKGROUND_FACE * largest)
    {
        let weight = FACE_WEIGHT * face.score as f32;
        add(&mut weights, mask, with_margin(face.bounds), |_| weight);
    }
    sums(&weights, mask.width, mask.height)
}

fn side(face: &Face) -> f64 {
    face.bounds.area().max(0.0).sqrt()
}

fn with_margin(bounds: Rect) -> Rect {
    let (across, down) = (bounds.width * FACE_MARGIN, bounds.height * FACE_MARGIN);
    Rect::new(
        bounds.x - across,
        bounds.y - down,
        bounds.width + 2.0 * across,
        bounds.height + 2.0 * down,
    )
}

/// Adds to every pixel whose middle lies in `bounds` what `weight` gives for its saliency.
fn add(weights: &mut [f32], mask: &ForegroundMask, bounds: Rect, weight: impl Fn(f32) -> f32) {
    let inside = |at: usize, count: usize, start: f64, length: f64| {
        let middle = (at as f64 + 0.5) / count as f64;
        middle >= start && middle <= start + length
    };
    let rows = weights
        .chunks_exact_mut(mask.width.max(1))
        .zip(mask.values.chunks_exact(mask.width.max(1)))
        .enumerate()
        .filter(|(y, _)| inside(*y, mask.height, bounds.y, bounds.height));
    for (_, (weights, salient)) in rows {
        for (x, (sum, &salient)) in weights.iter_mut().zip(salient).enumerate() {
            if inside(x, mask.width, bounds.x, bounds.width) {
                *sum += weight(salient);
            }
        }
    }
}

fn sums(weights: &[f32], width: usize, height: usize) -> Option<SubjectMap> {
    let mut across = [0.0_f64; CELLS];
    let mut down = [0.0_f64; CELLS];
    for (y, row) in weights.chunks_exact(width.max(1)).enumerate() {
        for (x, &weight) in row.iter().enumerate() {
            let cell = |at: usize, count: usize| (at * CELLS / count.max(1)).min(CELLS - 1);
            across[cell(x, width)] += f64::from(weight);
            down[cell(y, height)] += f64::from(weight);
        }
    }
    let total: f64 = across.iter().sum();
    let shares = |sums: [f64; CELLS]| sums.iter().map(|sum| rounded(sum / total)).collect();
    (total.is_finite() && total > 0.0).then(|| SubjectMap {
        across: shares(across),
        down: shares(down),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Saliency of 64×64 with one bright square of a quarter of the sides at `x`, `y` (fractions).
    fn mask(x: f64, y: f64) -> ForegroundMask {
        let inside = |at: usize, start: f64| (start..start + 0.25).contains(&(at as f64 / 64.0));
        ForegroundMask {
            width: 64,
            height: 64,
            values: (0..64 * 64)
                .map(|at| f32::from(u8::from(inside(at % 64, x) && inside(at / 64, y))))
                .collect(),
        }
    }

    fn share(cells: &[f64], from: f64, to: f64) -> f64 {
        let cell = |at: f64| (at * cells.len() as f64) as usize;
        cells[cell(from)..cell(to)].iter().sum()
    }

    #[test]
    fn shares_of_columns_and_rows_sum_to_one() {
        let map = subject_map(&mask(0.5, 0.25), &[], &[]).unwrap();
        assert!((share(&map.across, 0.5, 0.75) - 1.0).abs() < 1e-3);
        assert!((share(&map.down, 0.25, 0.5) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn an_object_where_nothing_is_salient_weighs_less_than_what_is_salient() {
        let trunk = ObjectFact {
            label: "giraffe".into(),
            bounds: Rect::new(0.0, 0.0, 0.25, 1.0),
            score: 0.53,
        };
        let map = subject_map(&mask(0.5, 0.25), &[], &[trunk]).unwrap();
        assert!(share(&map.across, 0.5, 0.75) > share(&map.across, 0.0, 0.25));
    }

    #[test]
    fn a_face_weighs_more_than_something_salient_of_its_size() {
        let face = Face {
            bounds: Rect::new(0.05, 0.5, 0.2, 0.25),
            score: 0.9,
            ..Face::default()
        };
        let map = subject_map(&mask(0.5, 0.25), &[face], &[]).unwrap();
        assert!(share(&map.across, 0.0, 0.375) > 0.6);
    }

    #[test]
    fn a_picture_in_which_nothing_stands_out_has_no_map() {
        let mut empty = mask(0.5, 0.5);
        empty.values.fill(0.0);
        assert!(subject_map(&empty, &[], &[]).is_none());
        empty.values.fill(f32::NAN);
        assert!(subject_map(&empty, &[], &[]).is_none());
    }
}
