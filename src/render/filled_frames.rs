//! Frames that pictures of another shape fill. A still gives the same frame again and again, so the last one is kept.

use std::sync::{Arc, Weak};

use crate::geometry::{Rect, Size};
use crate::picture::{Rgb8, blurred_fill, two_panels};

/// How parts of a picture, in fractions of it, fill a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Filling {
    /// One is shown whole, over a blurred enlargement of itself.
    Whole(Rect),
    /// Two fill a panel each.
    Panels([Rect; 2]),
}

/// Makes frames of one size.
pub(crate) struct FilledFrames {
    size: Size,
    last: Option<LastFrame>,
}

struct LastFrame {
    /// Weak, so that a picture is freed as soon as its source moves on; it also keeps the address from being reused.
    picture: Weak<Rgb8>,
    filling: Filling,
    frame: Arc<Rgb8>,
}

impl FilledFrames {
    pub fn new(size: Size) -> Self {
        Self { size, last: None }
    }

    /// The frame that `picture` fills.
    pub fn frame(&mut self, picture: &Arc<Rgb8>, filling: Filling) -> Arc<Rgb8> {
        let weak = Arc::downgrade(picture);
        if let Some(last) = &self.last
            && Weak::ptr_eq(&last.picture, &weak)
            && last.filling == filling
        {
            return Arc::clone(&last.frame);
        }
        let frame = Arc::new(match filling {
            Filling::Whole(part) => blurred_fill(picture, part, self.size),
            Filling::Panels(parts) => two_panels(picture, parts, self.size),
        });
        self.last = Some(LastFrame {
            picture: weak,
            filling,
            frame: Arc::clone(&frame),
        });
        frame
    }
}
