//! Draws a finished frame: crops, scales and grades each layer, blends them, finishes the frame, obscures what is not to
//! be recognized, and draws captions over it.

use std::sync::{Arc, Weak};

use crate::compositor::backdrop;
use crate::compositor::backdrop_color;
use crate::compositor::behind::draw_behind;
use crate::compositor::blend::blend;
use crate::compositor::finish::finish;
use crate::compositor::layer::{FinishedFrame, FrameOverlays, FrameParts, FrameStamp, Layer};
use crate::compositor::people::people_weights;
use crate::effects::{FrameFinish, LayerState};
use crate::geometry::{Rect, Size};
use crate::looks::Masks;
use crate::picture::{Filter, Planar, ResizeBuffers, Rgb8, crop_resize_with, obscure};

/// Draws frames of one size.
pub(super) struct Drawing {
    size: Size,
    /// The layers of the last frame. Stills, and sources with a lower frame rate than the film, need the same crop again
    /// and again.
    last: Vec<LastLayer>,
    /// Memory of the frames before.
    buffers: ResizeBuffers,
}

/// A layer of the last frame.
struct LastLayer {
    /// Weak, so that a picture is freed as soon as its source moves on; it also keeps the address from being reused.
    picture: Weak<Rgb8>,
    crop: Rect,
    /// The crop before grading. Kept from the second time on that it is needed, since most crops are needed once and a
    /// copy of each would cost every drawing thread two frames.
    frame: Option<Rgb8>,
}

impl Drawing {
    pub(super) fn new(size: Size) -> Self {
        Self {
            size,
            last: Vec::new(),
            buffers: ResizeBuffers::default(),
        }
    }

    /// The frame in the encoder's format; in RGB where its sides are odd.
    pub(super) fn encoder_frame(&mut self, parts: FrameParts, stamp: FrameStamp) -> FinishedFrame {
        let frame = self.frame(parts, stamp);
        let mut planar = Planar::new(self.size);
        match planar.take_if(|planar| planar.fill(&frame)) {
            Some(planar) => {
                self.buffers.result = frame.into_samples();
                FinishedFrame::Planar(planar)
            }
            None => FinishedFrame::Rgb(frame),
        }
    }

    /// The frame made of its layers, black without any, and what lies over them.
    pub(super) fn frame(&mut self, parts: FrameParts, stamp: FrameStamp) -> Rgb8 {
        let mut last = Vec::new();
        let FrameParts { layers, overlays } = parts;
        let drawn: Vec<(Rgb8, LayerState)> = layers
            .into_iter()
            .map(|layer| {
                let Layer {
                    picture,
                    crop,
                    state,
                    look,
                    people,
                    seed,
                    ..
                } = layer;
                let mut frame = self.cropped(picture, crop, &mut last);
                if let Some(look) = look {
                    look.apply(&mut frame, seed, stamp.number);
                }
                separate_people(&mut frame, &people, &state, &overlays);
                (frame, state)
            })
            .collect();
        self.last = last;
        let last_touch = drawn
            .iter()
            .fold(FrameFinish::default(), |all, (_, state)| {
                all.or_stronger(state.finish)
            });
        let mut frame = blend(self.size, drawn);
        finish(&mut frame, &last_touch, stamp.number, &overlays.levels);
        for part in &overlays.obscured {
            // One color: several, frame after frame, still look like a head now and then.
            obscure(&mut frame, *part, 1);
        }
        for overlay in &overlays.over {
            overlay.draw_over(&mut frame);
        }
        frame
    }

    /// The crop, scaled to the frame. Keeps a copy in `last` where the last frame needed it, too.
    fn cropped(&mut self, picture: Arc<Rgb8>, crop: Rect, last: &mut Vec<LastLayer>) -> Rgb8 {
        if crop == Rect::FULL && picture.size() == self.size {
            return Arc::try_unwrap(picture).unwrap_or_else(|shared| self.copy_of(&shared));
        }
        let weak = Arc::downgrade(&picture);
        let known = self
            .last
            .iter()
            .position(|other| Weak::ptr_eq(&other.picture, &weak) && other.crop == crop)
            .map(|at| self.last.swap_remove(at));
        let again = known.is_some();
        let buffers = &mut self.buffers;
        let frame = known.and_then(|known| known.frame).unwrap_or_else(|| {
            crop_resize_with(picture, crop, self.size, Filter::Lanczos, buffers)
        });
        last.push(LastLayer {
            picture: weak,
            crop,
            frame: again.then(|| frame.clone()),
        });
        frame
    }

    fn copy_of(&mut self, picture: &Rgb8) -> Rgb8 {
        let mut samples = std::mem::take(&mut self.buffers.result);
        samples.clear();
        samples.extend_from_slice(picture.samples());
        Rgb8::new(picture.size(), samples).unwrap_or_else(|| picture.clone())
    }
}

/// Changes what is behind the people of a layer: blurs or replaces it, and draws what stands there.
fn separate_people(frame: &mut Rgb8, masks: &Masks, state: &LayerState, overlays: &FrameOverlays) {
    if !state.looks_for_people() && overlays.behind_people.is_empty() {
        return;
    }
    let people = people_weights(frame, masks);
    // Without people all of the picture would be blurred or replaced.
    if let Some(people) = &people {
        match &state.backdrop_color {
            Some(color) => backdrop_color::fill(frame, people, color),
            None if state.backdrop_blur > 0.0 => {
                backdrop::blur(frame, people, state.backdrop_blur);
            }
            None => {}
        }
    }
    draw_behind(frame, people.as_deref(), &overlays.behind_people);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::time::Rational;

    fn drawn(drawing: &mut Drawing, picture: Arc<Rgb8>, number: u64) -> Rgb8 {
        let layer = Layer {
            picture,
            crop: Rect::FULL,
            state: LayerState::default(),
            shot: 0,
            look: None,
            people: Masks::default(),
            seed: 0,
        };
        let stamp = FrameStamp {
            number,
            time: Rational::ZERO,
            end: Rational::ONE,
        };
        let parts = FrameParts {
            layers: vec![layer],
            overlays: FrameOverlays::default(),
        };
        drawing.frame(parts, stamp)
    }

    #[test]
    fn a_still_is_drawn_alike_again_and_again_and_freed_with_its_source() {
        let size = Size::new(40, 30);
        let samples = (0..40 * 30 * 3_u32).map(|at| (at * 7 % 251) as u8);
        let picture = Arc::new(Rgb8::new(size, samples.collect()).unwrap());
        let mut drawing = Drawing::new(Size::new(16, 12));
        let first = drawn(&mut drawing, Arc::clone(&picture), 0);
        for number in 1..4 {
            assert_eq!(drawn(&mut drawing, Arc::clone(&picture), number), first);
        }
        assert_eq!(Arc::strong_count(&picture), 1);
        let other = Arc::new(Rgb8::black(size));
        assert_eq!(
            drawn(&mut drawing, other, 4),
            Rgb8::black(Size::new(16, 12))
        );
    }
}
