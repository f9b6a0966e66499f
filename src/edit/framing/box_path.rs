//! Where a box is that moves: crops and people are paths of boxes.

use crate::geometry::Rect;

/// The box of a path `[seconds, x, y, width, height]` at a time, straight between its points.
pub(in crate::edit) fn box_at(path: &[[f64; 5]], time: f64) -> Option<Rect> {
    let after = path.partition_point(|point| point[0] <= time);
    let before = path.get(after.saturating_sub(1)).or(path.first())?;
    let next = path.get(after).unwrap_or(before);
    let gap = next[0] - before[0];
    let share = if gap > 0.0 {
        ((time - before[0]) / gap).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let between = |at: usize| before[at] + (next[at] - before[at]) * share;
    Some(Rect::new(between(1), between(2), between(3), between(4)))
}
