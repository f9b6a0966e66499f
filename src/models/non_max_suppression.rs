//! Non-maximum suppression: keeps only the best of several detections of the same object.

use crate::geometry::Rect;

/// Greedy non-maximum suppression: the indices in `found` that are kept, best score first, equal scores in their order.
/// A detection is dropped if `same` is true for it and a better one that is kept.
pub(super) fn best_of_each(found: &[(f32, Rect)], same: impl Fn(Rect, Rect) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[b].0.total_cmp(&found[a].0));
    let mut kept: Vec<usize> = Vec::new();
    for place in order {
        let bounds = found[place].1;
        if !kept.iter().any(|&better| same(found[better].1, bounds)) {
            kept.push(place);
        }
    }
    kept
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_each_stays_in_order_of_score() {
        let found = [
            (0.5, Rect::new(0.0, 0.0, 0.2, 0.2)),
            (0.9, Rect::new(0.01, 0.0, 0.2, 0.2)),
            (0.7, Rect::new(0.5, 0.5, 0.2, 0.2)),
            (0.7, Rect::new(0.8, 0.1, 0.1, 0.1)),
        ];
        let kept = best_of_each(&found, |a, b| a.overlap(b) >= 0.5);
        assert_eq!(kept, [1, 2, 3]);
    }
}
