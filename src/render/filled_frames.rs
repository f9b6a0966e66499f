//! Frames that pictures of another shape fill. A still gives the same frame again and again, so the last one is kept.

use std::sync::{Arc, Weak};

use crate::geometry::{Rect, Size};
use crate::picture::{Rgb8, blurred_fill, two_panels};

/// How parts of pictures, in fractions of them, fill a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Filling {
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
    pictures: [Weak<Rgb8>; 2],
    filling: Filling,
    frame: Arc<Rgb8>,
}

impl FilledFrames {
    pub fn new(size: Size) -> Self {
        Self { size, last: None }
    }

    /// The frame that shows `part` of `picture` whole.
    pub fn whole(&mut self, picture: &Arc<Rgb8>, part: Rect) -> Arc<Rgb8> {
        self.frame([picture; 2], Filling::Whole(part))
    }

    /// The frame whose panels show a part of a picture each; both may be of the same.
    pub fn panels(&mut self, pictures: [&Arc<Rgb8>; 2], parts: [Rect; 2]) -> Arc<Rgb8> {
        self.frame(pictures, Filling::Panels(parts))
    }

    fn frame(&mut self, pictures: [&Arc<Rgb8>; 2], filling: Filling) -> Arc<Rgb8> {
        let weak = pictures.map(Arc::downgrade);
        let is_same = |last: &LastFrame| {
            let mut pairs = last.pictures.iter().zip(&weak);
            last.filling == filling && pairs.all(|(last, new)| Weak::ptr_eq(last, new))
        };
        if let Some(last) = self.last.as_ref().filter(|last| is_same(last)) {
            return Arc::clone(&last.frame);
        }
        let [first, second] = pictures;
        let frame = Arc::new(match filling {
            Filling::Whole(part) => blurred_fill(first, part, self.size),
            Filling::Panels(parts) => two_panels([first, second], parts, self.size),
        });
        self.last = Some(LastFrame {
            pictures: weak,
            filling,
            frame: Arc::clone(&frame),
        });
        frame
    }
}
