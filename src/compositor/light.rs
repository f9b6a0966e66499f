//! A frame towards white or black.

use crate::picture::Rgb8;

/// Mixes in white (`light` above 0, all of it at 1) or black (below 0).
pub(super) fn change(frame: &mut Rgb8, light: f64) {
    if light == 0.0 {
        return;
    }
    let aim = if light > 0.0 { 255.0 } else { 0.0 };
    let share = light.abs().min(1.0);
    let table: [u8; 256] = std::array::from_fn(|value| {
        let value = value as f64;
        (value + (aim - value) * share).round() as u8
    });
    for sample in frame.samples_mut() {
        *sample = table[usize::from(*sample)];
    }
}
