//! Where a crop lies so that it keeps most of what the eye goes to, and how far a push may go without losing it.

use crate::analysis::{Face, SubjectMap};
use crate::edit::framing::axis::{AxisRange, CropAxis};
use crate::geometry::Rect;

/// What lies at the picture's edge counts this much less than what lies in its middle: people put subjects there.
const EDGE_DISCOUNT: f64 = 0.2;
/// Crops that keep this share less than the best are as good; of these the one nearest to the middle of the weight is
/// taken.
const AS_GOOD: f64 = 0.01;
/// Places of the crop that are tried, per picture.
const STEPS: usize = 400;
/// Share of the weight in the crop that a push may lose. With 0.01 most photos would not move at all, with 0.02 boxes
/// of subjects lose one percent more.
const PUSH_LOSS: f64 = 0.015;
/// Pushes smaller than this are not seen (share of the picture) and are left out.
const LEAST_PUSH: f64 = 0.015;
/// Faces at least this wide, as a share of the widest, are kept whole; smaller ones count by their weight alone.
const MAIN_FACE: f64 = 0.5;

/// The middle of the crop along `axis` that keeps most of `map`, with the main faces whole where they fit.
pub(super) fn middle_of_weight(axis: CropAxis, map: &SubjectMap, faces: &[Face]) -> Option<f64> {
    let cells = cells(axis, map);
    let weights = Cumulative::new(cells.iter().enumerate().map(|(at, share)| {
        let middle = (at as f64 + 0.5) / cells.len() as f64;
        share * (1.0 - EDGE_DISCOUNT * (middle - 0.5).abs() * 2.0)
    }))?;
    let (first, last) = room(axis, faces);
    let size = axis.size();
    let tried = (0..=STEPS).map(|step| first + (last - first) * step as f64 / STEPS as f64);
    let kept = |middle: f64| weights.within((middle - size / 2.0, middle + size / 2.0));
    let best = tried.clone().map(kept).fold(0.0, f64::max);
    let center = weights.center();
    tried
        .filter(|&middle| kept(middle) >= best - AS_GOOD)
        .min_by(|a, b| (a - center).abs().total_cmp(&(b - center).abs()))
}

/// The shares of the map along the axis.
pub(super) fn cells(axis: CropAxis, map: &SubjectMap) -> &[f64] {
    match axis {
        CropAxis::Down(_) => &map.down,
        _ => &map.across,
    }
}

/// The faces that a crop should hold whole.
pub(super) fn main_faces(faces: &[Face]) -> Vec<Face> {
    let widths = || faces.iter().map(|face| face.bounds.width);
    let widest = widths().fold(0.0, f64::max);
    faces
        .iter()
        .filter(|face| face.bounds.width >= widest * MAIN_FACE)
        .cloned()
        .collect()
}

/// Those boxes that are at least half as wide as the widest.
pub(super) fn main_boxes(boxes: &[Rect]) -> Vec<Rect> {
    let widest = boxes.iter().map(|each| each.width).fold(0.0, f64::max);
    let is_main = |each: &&Rect| each.width >= widest * MAIN_FACE;
    boxes.iter().filter(is_main).copied().collect()
}

/// Where the middle of the crop may lie: inside the picture, and so that the main faces are whole.
fn room(axis: CropAxis, faces: &[Face]) -> AxisRange {
    let (first, last) = axis.around_faces(&main_faces(faces)).unwrap_or((0.0, 1.0));
    (axis.clamp(first), axis.clamp(last.max(first)))
}

/// The largest push up to `wanted` (0.06 enlarges by 6 %) after which the middle of `crop` still shows what it should;
/// 0 where the subject fills the crop.
pub(in crate::edit) fn push_within(map: &SubjectMap, crop: Rect, wanted: f64) -> f64 {
    let (Some(across), Some(down)) = (
        Cumulative::new(map.across.iter().copied()),
        Cumulative::new(map.down.iter().copied()),
    ) else {
        return wanted;
    };
    let kept = |push: f64| {
        let narrow = |start: f64, length: f64| {
            let lost = length * (1.0 - 1.0 / (1.0 + push)) / 2.0;
            (start + lost, start + length - lost)
        };
        across.within(narrow(crop.x, crop.width)) * down.within(narrow(crop.y, crop.height))
    };
    let least = kept(0.0) * (1.0 - PUSH_LOSS);
    let tried = (0..=STEPS)
        .rev()
        .map(|step| wanted * (step as f64 / STEPS as f64));
    tried
        .take_while(|&push| push >= LEAST_PUSH.min(wanted))
        .find(|&push| kept(push) >= least)
        .unwrap_or(0.0)
}

/// Sums of the shares from the start up to each cell's end, the last of them 1.
pub(super) struct Cumulative(Vec<f64>);

impl Cumulative {
    /// `None` where the shares are not numbers, or nothing.
    pub fn new(shares: impl Iterator<Item = f64>) -> Option<Self> {
        let mut sum = 0.0;
        let mut sums: Vec<f64> = shares
            .map(|share| {
                sum += share.max(0.0);
                sum
            })
            .collect();
        let total = sums
            .last()
            .copied()
            .filter(|sum| sum.is_finite() && *sum > 0.0)?;
        for sum in &mut sums {
            *sum /= total;
        }
        Some(Self(sums))
    }

    /// The share that lies in a stretch of the axis.
    pub fn within(&self, (from, to): AxisRange) -> f64 {
        (self.up_to(to) - self.up_to(from)).max(0.0)
    }

    fn up_to(&self, place: f64) -> f64 {
        let cells = place.clamp(0.0, 1.0) * self.0.len() as f64;
        let whole = cells.floor() as usize;
        let sum = |cells: usize| match cells.checked_sub(1) {
            Some(last) => self.0.get(last).copied().unwrap_or(1.0),
            None => 0.0,
        };
        sum(whole) + (sum(whole + 1) - sum(whole)) * (cells - whole as f64)
    }

    /// The mean place of the weight.
    pub fn center(&self) -> f64 {
        let above: f64 = self.0.iter().map(|sum| 1.0 - sum).sum();
        (above + 0.5) / self.0.len().max(1) as f64
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use proptest::prelude::*;

    fn map(across: &[f64]) -> SubjectMap {
        SubjectMap {
            across: across.to_vec(),
            down: vec![0.25; 4],
        }
    }

    /// Keeps a quarter of the width.
    const QUARTER: CropAxis = CropAxis::Across(0.25);

    #[test]
    fn the_crop_lies_where_the_weight_is() {
        let middle = |across: &[f64]| middle_of_weight(QUARTER, &map(across), &[]).unwrap();
        assert!((middle(&[0.0, 0.0, 1.0, 0.0]) - 0.625).abs() < 0.01);
        assert!((middle(&[0.7, 0.1, 0.1, 0.1]) - 0.125).abs() < 0.01);
    }

    #[test]
    fn the_main_face_is_whole_and_one_far_behind_is_not_waited_for() {
        let face = |x: f64, width: f64| Face {
            bounds: Rect::new(x, 0.3, width, 0.2),
            ..Face::default()
        };
        let elsewhere = map(&[0.0, 0.0, 0.0, 1.0]);
        let faces = [face(0.1, 0.1), face(0.9, 0.02)];
        let middle = middle_of_weight(QUARTER, &elsewhere, &faces).unwrap();
        assert!(middle - 0.125 <= 0.1, "{middle}");
    }

    #[test]
    fn without_any_weight_the_map_says_nothing() {
        assert_eq!(middle_of_weight(QUARTER, &map(&[0.0; 4]), &[]), None);
        assert_eq!(middle_of_weight(QUARTER, &map(&[]), &[]), None);
        assert_eq!(middle_of_weight(QUARTER, &map(&[f64::NAN]), &[]), None);
    }

    #[test]
    fn a_push_stops_where_the_subject_fills_the_crop() {
        let small = SubjectMap {
            across: vec![0.0, 0.0, 1.0, 0.0, 0.0],
            down: vec![0.0, 0.0, 1.0, 0.0, 0.0],
        };
        let wide = SubjectMap {
            across: vec![0.2; 5],
            down: vec![0.2; 5],
        };
        assert_eq!(push_within(&small, Rect::FULL, 0.06), 0.06);
        assert_eq!(push_within(&wide, Rect::FULL, 0.06), 0.0);
    }

    proptest! {
        #[test]
        fn the_crop_is_inside_the_picture_and_the_push_at_most_what_is_wanted(
            across in prop::collection::vec(0.0..1.0_f64, 1..40),
            (width, height) in (1..4000_u32, 1..4000_u32),
            wanted in 0.0..0.3_f64,
        ) {
            let axis = CropAxis::new(Size::new(width, height), Size::new(9, 16));
            let map = map(&across);
            if let Some(middle) = middle_of_weight(axis, &map, &[]) {
                prop_assert!(middle - axis.size() / 2.0 >= -1e-9);
                prop_assert!(middle + axis.size() / 2.0 <= 1.0 + 1e-9);
            }
            let push = push_within(&map, Rect::new(0.1, 0.0, 0.5, 1.0), wanted);
            prop_assert!((0.0..=wanted).contains(&push));
        }
    }
}
