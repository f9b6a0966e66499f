//! Draws text between people and what is behind them.

use std::sync::Arc;

use crate::picture::{Overlay, Rgb8};

/// Draws `overlays` over `frame`, and the people over them: `people` is their weight at each pixel, 0..255. Without
/// people nothing stands before the overlays.
pub(super) fn draw_behind(frame: &mut Rgb8, people: Option<&[u8]>, overlays: &[Arc<Overlay>]) {
    if overlays.is_empty() {
        return;
    }
    let before = people.map(|people| (people, frame.clone()));
    for overlay in overlays {
        overlay.draw_over(frame);
    }
    let Some((people, before)) = before else {
        return;
    };
    let pixels = frame.samples_mut().as_chunks_mut::<3>().0.iter_mut();
    let shown = before.samples().as_chunks::<3>().0;
    for ((pixel, before), person) in pixels.zip(shown).zip(people) {
        let (person, rest) = (u32::from(*person), 255 - u32::from(*person));
        for (sample, before) in pixel.iter_mut().zip(before) {
            let sum = u32::from(*before) * person + u32::from(*sample) * rest;
            *sample = ((sum + 127) / 255) as u8;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn a_person_hides_the_text_as_far_as_they_cover_it() {
        let size = Size::new(4, 1);
        let frame = Rgb8::new(size, vec![100; 12]).unwrap();
        let text = [[255; 4], [255; 4], [255; 4], [0; 4]].concat();
        let text = [Arc::new(Overlay::new(0, 0, size, text).unwrap())];
        let drawn = |people: Option<&[u8]>| {
            let mut frame = frame.clone();
            draw_behind(&mut frame, people, &text);
            frame.pixels().map(|[red, ..]| red).collect::<Vec<u8>>()
        };
        assert_eq!(drawn(Some(&[0, 51, 255, 255])), [255, 224, 100, 100]);
        assert_eq!(drawn(None), [255, 255, 255, 100]);
    }
}
