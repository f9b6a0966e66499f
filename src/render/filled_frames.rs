//! Frames of pictures that are shown whole. A still gives the same frame again and again, so the last one is kept.

use std::sync::{Arc, Weak};

use crate::geometry::{Rect, Size};
use crate::picture::{Rgb8, blurred_fill};

/// Makes frames of one size.
pub(crate) struct FilledFrames {
    size: Size,
    last: Option<LastFrame>,
}

struct LastFrame {
    /// Weak, so that a picture is freed as soon as its source moves on; it also keeps the address from being reused.
    picture: Weak<Rgb8>,
    part: Rect,
    frame: Arc<Rgb8>,
}

impl FilledFrames {
    pub fn new(size: Size) -> Self {
        Self { size, last: None }
    }

    /// The frame that shows `part` of `picture` whole.
    pub fn frame(&mut self, picture: &Arc<Rgb8>, part: Rect) -> Arc<Rgb8> {
        let weak = Arc::downgrade(picture);
        if let Some(last) = &self.last
            && Weak::ptr_eq(&last.picture, &weak)
            && last.part == part
        {
            return Arc::clone(&last.frame);
        }
        let frame = Arc::new(blurred_fill(picture, part, self.size));
        self.last = Some(LastFrame {
            picture: weak,
            part,
            frame: Arc::clone(&frame),
        });
        frame
    }
}
