//! Black bars above and below.

use crate::picture::Rgb8;

/// Covers `share` of the height above, and as much below.
pub(super) fn cover(frame: &mut Rgb8, share: f64) {
    let rows = (share.clamp(0.0, 0.5) * frame.height() as f64).round() as usize;
    let covered = rows * frame.width() * 3;
    let samples = frame.samples_mut();
    let rest = samples.len().saturating_sub(covered);
    for part in [0..covered, rest..samples.len()] {
        samples.get_mut(part).unwrap_or_default().fill(0);
    }
}
