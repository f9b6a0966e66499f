//! Light that spreads from what is bright: the `bloom` of looks, mixed in.

use std::sync::LazyLock;

use crate::looks::{Bloom, CompiledLook, Look, LookStep};
use crate::picture::Rgb8;

/// A strong glow. The light of lamps, sky and skin spreads; that of shadows does not.
const STRONG: Bloom = Bloom {
    amount: 100.0,
    radius: 5.0,
    threshold: 30.0,
    warmth: 15.0,
};

/// `None` if the step were refused, which a test rules out.
static BLOOM: LazyLock<Option<CompiledLook>> = LazyLock::new(|| {
    let look = Look {
        id: "glow".into(),
        steps: vec![LookStep::Bloom(STRONG)],
        ..Look::none()
    };
    CompiledLook::new(&look, 1.0).ok()
});

/// Spreads light over the frame; `strength` 0..1.
pub(super) fn spread(frame: &mut Rgb8, strength: f64) {
    /// Shares are integers out of so many.
    const ONE: u32 = 256;
    let share = (strength.clamp(0.0, 1.0) * f64::from(ONE)).round() as u32;
    let Some(bloom) = BLOOM.as_ref().filter(|_| share > 0) else {
        return;
    };
    let mut glowing = frame.clone();
    // The step has no grain, so neither seed nor number counts.
    bloom.apply(&mut glowing, 0, 0);
    for (sample, bright) in frame.samples_mut().iter_mut().zip(glowing.samples()) {
        let sum = u32::from(*sample) * (ONE - share) + u32::from(*bright) * share;
        *sample = ((sum + ONE / 2) / ONE) as u8;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn light_spreads_from_a_lamp_and_nowhere_else() {
        let mut frame = Rgb8::black(Size::new(60, 40));
        let lamp = (20 * 60 + 30) * 3;
        frame.samples_mut()[lamp..lamp + 9].fill(255);
        let (mut glowing, mut dark) = (frame.clone(), frame.clone());
        spread(&mut glowing, 1.0);
        spread(&mut dark, 0.0);
        assert_eq!(dark, frame);
        assert!(glowing.pixel(28, 20)[0] > 0);
        assert_eq!(glowing.pixel(2, 2), [0; 3]);
        assert_eq!(glowing.pixel(31, 20), [255; 3]);
    }
}
