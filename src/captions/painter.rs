//! Draws captions: text with its outline, shadow or box, as a picture with opacity for one moment of the film.
//!
//! What keeps text readable does not depend on the picture behind it: a box that is dark enough under white text on any
//! ground, or an opaque dark outline around every letter. So the contrast of 4.5 to 1 that WCAG asks for holds over the
//! whole time of a caption, whatever moves behind it; the tests measure it on white, black and mixed ground.
//!
//! Words change their color only, never their place: a caption is set once, and every word keeps its outline.

use std::sync::Arc;

use tiny_skia::{
    Color, FillRule, FilterQuality, LineJoin, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Rect,
    Stroke, Transform,
};

use crate::captions::outlines::{SetText, Typesetter, WordLines};
use crate::captions::{
    Caption, CaptionAlign, CaptionBackdrop, CaptionPlace, CaptionStyle, CaptionWord, Reveal,
};
use crate::geometry::Size;
use crate::picture::Overlay;

/// Opacity of the box: white on it has a contrast of 10 to 1 even over white.
const BOX_OPACITY: f32 = 0.75;
/// Space around the text in its box, in heights of the type.
const BOX_PADDING: f32 = 0.3;
/// Radius of the corners of the box, in heights of the type.
const BOX_RADIUS: f32 = 0.2;
/// The layers of a shadow: how far each reaches beyond the outline, in heights of the type, and its opacity.
const SHADOW: [(f32, f32); 3] = [(0.24, 0.08), (0.16, 0.12), (0.08, 0.2)];
/// Shadow falls this far below the letters, in heights of the type.
const SHADOW_DROP: f32 = 0.04;
/// Largest side of a picture of a caption, in pixels.
const MOST_PIXELS: f32 = 16_384.0;

/// Draws the captions of a film at one size.
pub struct CaptionPainter {
    size: Size,
    typesetter: Typesetter,
    /// What was drawn last: it stays until a word changes.
    last: Option<Drawn>,
}

/// A caption as it was drawn.
struct Drawn {
    /// Its number.
    caption: usize,
    text: SetText,
    words: Vec<CaptionWord>,
    /// What does not change with its words; none where there is nothing to draw.
    ground: Option<Ground>,
    /// The words that were marked when it was drawn last.
    marked: Option<Marked>,
    overlay: Option<Arc<Overlay>>,
}

/// The box, the shadow and the outlines of a caption. They take most of the time, and are painted once.
struct Ground {
    picture: Pixmap,
    /// Its place in the frame.
    x: u32,
    y: u32,
    /// From the text to the picture.
    at: Transform,
}

/// The words of a caption that have the color of speech: from the first, exclusive of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marked {
    first: usize,
    end: usize,
}

impl CaptionPainter {
    /// For frames of `size`.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            typesetter: Typesetter::new(),
            last: None,
        }
    }

    /// The picture of `caption`, the one of this `number`, at `time` (seconds of the film). None where there is nothing
    /// to draw.
    pub fn draw(
        &mut self,
        number: usize,
        caption: &Caption,
        style: &CaptionStyle,
        time: f64,
    ) -> Option<Arc<Overlay>> {
        let canvas = Canvas {
            size: self.size,
            style,
            place: place_of(caption),
        };
        let mut drawn = match self.last.take().filter(|last| last.caption == number) {
            Some(last) => last,
            None => self.begin(number, caption, &canvas),
        };
        let marked = marked(&drawn.words, style.reveal, time);
        if drawn.marked != Some(marked) {
            let ground = drawn.ground.as_ref();
            let overlay = ground.and_then(|ground| canvas.paint(&drawn.text, ground, marked));
            (drawn.marked, drawn.overlay) = (Some(marked), overlay.map(Arc::new));
        }
        let overlay = drawn.overlay.clone();
        self.last = Some(drawn);
        overlay
    }

    /// Sets the text of a caption, and paints what is behind it.
    fn begin(&mut self, number: usize, caption: &Caption, canvas: &Canvas<'_>) -> Drawn {
        let text = self.set(caption, canvas);
        Drawn {
            caption: number,
            ground: canvas.ground(&text),
            text,
            words: caption.timed_words(),
            marked: None,
            overlay: None,
        }
    }

    fn set(&mut self, caption: &Caption, canvas: &Canvas<'_>) -> SetText {
        let shown = |word| shown(word, canvas.style);
        let lines = caption.text.lines();
        let lines: WordLines = lines
            .map(|line| line.split_whitespace().map(shown).collect())
            .filter(|words: &Vec<String>| !words.is_empty())
            .collect();
        let (height, widest) = (canvas.type_height(), canvas.widest());
        self.typesetter.set(&lines, canvas.style, height, widest)
    }
}

fn shown(word: &str, style: &CaptionStyle) -> String {
    if style.uppercase {
        word.to_uppercase()
    } else {
        word.to_owned()
    }
}

/// Where a caption stands that says nothing of its place: at the bottom of the title-safe area.
fn place_of(caption: &Caption) -> CaptionPlace {
    caption.place.unwrap_or(CaptionPlace {
        x: 0.1,
        y: 0.8,
        width: 0.8,
        height: 0.15,
    })
}

/// The words that are marked at a time. A word stays marked until the next one begins.
fn marked(words: &[CaptionWord], reveal: Reveal, time: f64) -> Marked {
    let begun = words.partition_point(|word| word.start <= time);
    match reveal {
        Reveal::Whole | Reveal::Words => Marked { first: 0, end: 0 },
        Reveal::Karaoke => Marked {
            first: 0,
            end: begun,
        },
        Reveal::Highlight => Marked {
            first: begun.saturating_sub(1),
            end: begun,
        },
    }
}

/// Where and how one caption is painted.
struct Canvas<'a> {
    size: Size,
    style: &'a CaptionStyle,
    place: CaptionPlace,
}

impl Canvas<'_> {
    fn type_height(&self) -> f32 {
        self.size.width.min(self.size.height) as f32 * self.style.size as f32
    }

    /// Pixels that its lines may take.
    fn widest(&self) -> f32 {
        let around = 2.0 * self.margin();
        (self.size.width as f32 * self.place.width as f32 - around).max(1.0)
    }

    /// Pixels around the text that its backdrop takes inside the place.
    fn margin(&self) -> f32 {
        let backdrop = match self.style.backdrop {
            CaptionBackdrop::Box => BOX_PADDING,
            CaptionBackdrop::Shadow | CaptionBackdrop::None => 0.0,
        };
        self.type_height() * (backdrop.max(self.style.stroke as f32))
    }

    /// Paints what is behind the letters. The picture is as large as the text with its shadow.
    fn ground(&self, text: &SetText) -> Option<Ground> {
        let (height, margin) = (self.type_height(), self.margin());
        let reach = margin
            .max(height * (self.style.stroke as f32 + SHADOW[0].0))
            .ceil()
            + 1.0;
        let (left, top) = self.corner(text);
        // The picture begins inside the frame; what reaches beyond it is cut off.
        let x = (left - reach).floor().max(0.0);
        let y = (top - reach).floor().max(0.0);
        let width = (left + text.width + reach - x)
            .ceil()
            .clamp(1.0, MOST_PIXELS);
        let tall = (top + text.height + reach - y)
            .ceil()
            .clamp(1.0, MOST_PIXELS);
        let mut picture = Pixmap::new(width as u32, tall as u32)?;
        let at = Transform::from_translate(left - x, top - y);
        match self.style.backdrop {
            CaptionBackdrop::Box => self.paint_box(&mut picture, text, at),
            CaptionBackdrop::Shadow => self.paint_shadow(&mut picture, text, at),
            CaptionBackdrop::None => {}
        }
        if self.style.stroke > 0.0 {
            let width = 2.0 * height * self.style.stroke as f32;
            for path in text.words.values() {
                stroke(&mut picture, path, width, 1.0, at);
            }
        }
        Some(Ground {
            picture,
            x: x as u32,
            y: y as u32,
            at,
        })
    }

    /// Fills the letters over their ground.
    fn paint(&self, text: &SetText, ground: &Ground, marked: Marked) -> Option<Overlay> {
        let mut picture = ground.picture.clone();
        for (word, path) in &text.words {
            let is_marked = (marked.first..marked.end).contains(word);
            let color = if is_marked {
                self.style.highlight
            } else {
                self.style.color
            };
            let paint = paint(color, 1.0);
            picture.fill_path(path, &paint, FillRule::Winding, ground.at, None);
        }
        let smooth = PixmapPaint {
            quality: FilterQuality::Bicubic,
            ..PixmapPaint::default()
        };
        for letter in &text.pictures {
            let at = ground.at.pre_concat(letter.at);
            picture.draw_pixmap(0, 0, letter.picture.as_ref(), &smooth, at, None);
        }
        let size = Size::new(picture.width(), picture.height());
        Overlay::new(ground.x, ground.y, size, picture.take())
    }

    /// The upper left corner of the text, in pixels of the frame.
    fn corner(&self, text: &SetText) -> (f32, f32) {
        let (width, height) = (self.size.width as f32, self.size.height as f32);
        let place = &self.place;
        let (left, room) = (
            place.x as f32 * width,
            place.width as f32 * width - text.width,
        );
        let x = match self.style.align {
            CaptionAlign::Left => left + self.margin(),
            CaptionAlign::Center => left + room / 2.0,
            CaptionAlign::Right => left + room - self.margin(),
        };
        let y = place.y as f32 * height + (place.height as f32 * height - text.height) / 2.0;
        (x, y)
    }

    fn paint_box(&self, picture: &mut Pixmap, text: &SetText, at: Transform) {
        let padding = self.type_height() * BOX_PADDING;
        let (right, bottom) = (text.width + padding, text.height + padding * 0.6);
        let Some(rect) = Rect::from_ltrb(-padding, -padding * 0.6, right, bottom) else {
            return;
        };
        let path = rounded_box(rect, self.type_height() * BOX_RADIUS);
        if let Some(path) = path {
            picture.fill_path(
                &path,
                &paint([0; 3], BOX_OPACITY),
                FillRule::Winding,
                at,
                None,
            );
        }
    }

    fn paint_shadow(&self, picture: &mut Pixmap, text: &SetText, at: Transform) {
        let height = self.type_height();
        let below = at.post_translate(0.0, height * SHADOW_DROP);
        for (reach, opacity) in SHADOW {
            let width = 2.0 * height * (self.style.stroke as f32 + reach);
            for path in text.words.values() {
                stroke(picture, path, width, opacity, below);
            }
        }
    }
}

fn stroke(picture: &mut Pixmap, path: &Path, width: f32, opacity: f32, at: Transform) {
    let stroke = Stroke {
        width,
        line_join: LineJoin::Round,
        ..Stroke::default()
    };
    picture.stroke_path(path, &paint([0; 3], opacity), &stroke, at, None);
}

fn paint([red, green, blue]: [u8; 3], opacity: f32) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    let alpha = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
    paint.set_color(Color::from_rgba8(red, green, blue, alpha));
    paint
}

/// A box with round corners.
fn rounded_box(rect: Rect, radius: f32) -> Option<Path> {
    // A quarter of a circle as a cubic curve.
    const BEND: f32 = 0.552_285;
    let radius = radius.min(rect.width() / 2.0).min(rect.height() / 2.0);
    let (left, top, right, bottom) = (rect.left(), rect.top(), rect.right(), rect.bottom());
    let bend = radius * (1.0 - BEND);
    let mut path = PathBuilder::new();
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - bend, top, right, top + bend, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(
        right,
        bottom - bend,
        right - bend,
        bottom,
        right - radius,
        bottom,
    );
    path.line_to(left + radius, bottom);
    path.cubic_to(
        left + bend,
        bottom,
        left,
        bottom - bend,
        left,
        bottom - radius,
    );
    path.line_to(left, top + radius);
    path.cubic_to(left, top + bend, left + bend, top, left + radius, top);
    path.close();
    path.finish()
}

#[cfg(test)]
#[path = "painter_tests.rs"]
#[allow(clippy::unwrap_used)]
mod tests;
