//! The captions that are drawn into a film.

use crate::captions::{Caption, CaptionPainter, CaptionStyle};
use crate::compositor::FrameOverlays;
use crate::error::Result;
use crate::geometry::Size;

/// The style of captions that name none.
const USUAL_STYLE: &str = "plain";
/// A frame shows a caption from its start on; times in plans are rounded to this many seconds.
const ROUNDED: f64 = 0.000_1;

/// Draws the captions of a film, frame after frame.
pub(super) struct FilmCaptions<'a> {
    captions: &'a [Caption],
    size: Size,
    /// Whether text can stand behind people; else it stands before them.
    finds_people: bool,
    /// Made for the first caption: most films have none.
    painter: Option<CaptionPainter>,
}

impl<'a> FilmCaptions<'a> {
    /// For frames of `size`.
    pub fn new(captions: &'a [Caption], size: Size, finds_people: bool) -> Self {
        Self {
            captions,
            size,
            finds_people,
            painter: None,
        }
    }

    /// What is drawn into the frame at `time` (seconds).
    ///
    /// Errors: `UnknownName` for a style that there is not.
    pub fn at(&mut self, time: f64) -> Result<FrameOverlays> {
        let time = time + ROUNDED;
        let mut overlays = FrameOverlays::default();
        for (number, caption) in self.captions.iter().enumerate() {
            if !(caption.start..caption.end).contains(&time) {
                continue;
            }
            let style = CaptionStyle::find(caption.style.as_deref().unwrap_or(USUAL_STYLE))?;
            let painter = self
                .painter
                .get_or_insert_with(|| CaptionPainter::new(self.size));
            let drawn = painter.draw(number, caption, style, time);
            match style.behind_people && self.finds_people {
                true => overlays.behind_people.extend(drawn),
                false => overlays.over.extend(drawn),
            }
        }
        Ok(overlays)
    }
}
