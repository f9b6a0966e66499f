//! The captions that are drawn into a film.

use std::sync::Arc;

use crate::captions::{Caption, CaptionPainter, CaptionStyle};
use crate::error::Result;
use crate::geometry::Size;
use crate::picture::Overlay;

/// The style of captions that name none.
const USUAL_STYLE: &str = "plain";
/// A frame shows a caption from its start on; times in plans are rounded to this many seconds.
const ROUNDED: f64 = 0.000_1;

/// Draws the captions of a film, frame after frame.
pub(super) struct FilmCaptions<'a> {
    captions: &'a [Caption],
    size: Size,
    /// Made for the first caption: most films have none.
    painter: Option<CaptionPainter>,
}

impl<'a> FilmCaptions<'a> {
    /// For frames of `size`.
    pub fn new(captions: &'a [Caption], size: Size) -> Self {
        Self {
            captions,
            size,
            painter: None,
        }
    }

    /// What lies over the frame at `time` (seconds).
    ///
    /// Errors: `UnknownName` for a style that there is not.
    pub fn at(&mut self, time: f64) -> Result<Vec<Arc<Overlay>>> {
        let time = time + ROUNDED;
        let mut overlays = Vec::new();
        for (number, caption) in self.captions.iter().enumerate() {
            if !(caption.start..caption.end).contains(&time) {
                continue;
            }
            let style = CaptionStyle::find(caption.style.as_deref().unwrap_or(USUAL_STYLE))?;
            let painter = self
                .painter
                .get_or_insert_with(|| CaptionPainter::new(self.size));
            overlays.extend(painter.draw(number, caption, style, time));
        }
        Ok(overlays)
    }
}
