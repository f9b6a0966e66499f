//! The people in a layer, as sharp weights for the effects that tell them from what is behind.

use crate::looks::{MaskSource, Masks};
use crate::picture::Rgb8;

/// Softness of the people's edge in percent of the shorter side: hair is not cut off.
const FEATHER: f64 = 0.4;
/// Share of the picture that people have to cover; below it nobody is there.
const SOMEBODY: f64 = 0.01;

/// The weight of people at each pixel of `frame`, 0..255; `None` where nobody is seen.
pub(super) fn people_weights(frame: &Rgb8, masks: &Masks) -> Option<Vec<u8>> {
    let plane = masks.get(MaskSource::Person)?;
    if plane.coverage() < SOMEBODY {
        return None;
    }
    masks.refined(MaskSource::Person, frame, FEATHER)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::looks::MaskPlane;

    #[test]
    fn nobody_is_seen_where_there_is_no_mask_or_an_empty_one() {
        let size = Size::new(96, 64);
        let frame = Rgb8::black(size);
        let masks = |weight: u8| {
            let plane = MaskPlane::new(size, vec![weight; 96 * 64]).unwrap();
            Masks::default().with(MaskSource::Person, plane)
        };
        assert_eq!(people_weights(&frame, &Masks::default()), None);
        assert_eq!(people_weights(&frame, &masks(0)), None);
        let whole = people_weights(&frame, &masks(255)).unwrap();
        assert!(whole.iter().all(|weight| *weight > 250));
    }
}
