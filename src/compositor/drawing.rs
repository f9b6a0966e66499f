//! Draws a finished frame: crops, scales and grades each layer, blends them, and draws captions over them.

use std::sync::Arc;

use crate::compositor::blend::blend;
use crate::compositor::layer::{FrameParts, FrameStamp, Layer};
use crate::geometry::{Rect, Size};
use crate::picture::{Filter, Rgb8, crop_resize};

/// Draws frames of one size.
pub(super) struct Drawing {
    size: Size,
    /// The crops of the last frame, before grading. Stills, and sources with a lower frame rate than the film, need the
    /// same crop again and again.
    last: Vec<(Arc<Rgb8>, Rect, Rgb8)>,
}

impl Drawing {
    pub(super) fn new(size: Size) -> Self {
        Self {
            size,
            last: Vec::new(),
        }
    }

    /// The frame made of its layers, black without any, and what lies over them.
    pub(super) fn frame(&mut self, parts: FrameParts, stamp: FrameStamp) -> Rgb8 {
        let mut last = Vec::new();
        let drawn = parts
            .layers
            .into_iter()
            .map(|layer| {
                let Layer {
                    picture,
                    crop,
                    weight,
                    look,
                    seed,
                    ..
                } = layer;
                let mut frame = self.cropped(picture, crop, &mut last);
                if let Some(look) = look {
                    look.apply(&mut frame, seed, stamp.number);
                }
                (frame, weight)
            })
            .collect();
        self.last = last;
        let mut frame = blend(drawn).unwrap_or_else(|| Rgb8::black(self.size));
        for overlay in &parts.overlays {
            overlay.draw_over(&mut frame);
        }
        frame
    }

    /// The crop, scaled to the frame. Keeps a copy in `last` where the next frame may need it.
    fn cropped(
        &self,
        picture: Arc<Rgb8>,
        crop: Rect,
        last: &mut Vec<(Arc<Rgb8>, Rect, Rgb8)>,
    ) -> Rgb8 {
        if crop == Rect::FULL && picture.size() == self.size {
            return Arc::unwrap_or_clone(picture);
        }
        let known = self
            .last
            .iter()
            .find(|(other, part, _)| Arc::ptr_eq(other, &picture) && *part == crop);
        let frame = match known {
            Some((_, _, frame)) => frame.clone(),
            None => crop_resize(&picture, crop, self.size, Filter::Lanczos),
        };
        // The source shows no picture again that it does not hold itself.
        if Arc::strong_count(&picture) > 1 {
            last.push((picture, crop, frame.clone()));
        }
        frame
    }
}
