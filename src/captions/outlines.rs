//! The outline of a caption's letters: text set in lines, as one path for each word, and emoji as pictures.

use std::collections::BTreeMap;

use parley::{
    Alignment, AlignmentOptions, FontWeight, GlyphRun, Layout, LayoutContext, LineHeight,
    PositionedLayoutItem, StyleProperty,
};
use skrifa::instance::{LocationRef, NormalizedCoord, Size as TypeSize};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use tiny_skia::{Path, PathBuilder};

use crate::captions::fonts::CaptionFonts;
use crate::captions::picture_letters::{PictureLetter, picture_letter};
use crate::captions::{CaptionAlign, CaptionStyle, CaptionWeight};

/// Height of a line in heights of the type.
const LINE_HEIGHT: f32 = 1.25;

/// Sets text; reuses its memory from caption to caption.
pub(super) struct Typesetter {
    fonts: CaptionFonts,
    /// The brush of a letter is the number of its word.
    layouts: LayoutContext<usize>,
}

/// Text set in lines, with its upper left corner at 0, 0.
pub(super) struct SetText {
    /// The outline of each word by its number; a word without letters has none.
    pub words: BTreeMap<usize, Path>,
    /// Letters that are pictures, of all words.
    pub pictures: Vec<PictureLetter>,
    /// Pixels across and down.
    pub width: f32,
    pub height: f32,
}

/// The lines of a caption, each of words.
pub(super) type WordLines = Vec<Vec<String>>;

impl Typesetter {
    pub fn new() -> Self {
        Self {
            fonts: CaptionFonts::new(),
            layouts: LayoutContext::new(),
        }
    }

    /// Sets `lines` at `height` pixels, smaller where they would be wider than `widest`.
    pub fn set(
        &mut self,
        lines: &WordLines,
        style: &CaptionStyle,
        height: f32,
        widest: f32,
    ) -> SetText {
        let layout = self.layout(lines, style, height);
        if layout.width() <= widest {
            return set_text(&layout);
        }
        let smaller = height * widest / layout.width().max(1.0);
        set_text(&self.layout(lines, style, smaller))
    }

    fn layout(&mut self, lines: &WordLines, style: &CaptionStyle, height: f32) -> Layout<usize> {
        let mut text = String::new();
        let mut words = Vec::new();
        for line in lines {
            if !text.is_empty() {
                text.push('\n');
            }
            for (number, word) in line.iter().enumerate() {
                text.push_str(if number == 0 { "" } else { " " });
                let start = text.len();
                text.push_str(word);
                words.push(start..text.len());
            }
        }
        let families = self.fonts.families(style.font, &text);
        let mut builder = self
            .layouts
            .ranged_builder(self.fonts.context(), &text, 1.0, true);
        builder.push_default(StyleProperty::FontFamily(families));
        builder.push_default(StyleProperty::FontSize(height));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(
            LINE_HEIGHT,
        )));
        let weight = match style.weight {
            CaptionWeight::Medium => FontWeight::SEMI_BOLD,
            CaptionWeight::Bold => FontWeight::BOLD,
        };
        builder.push_default(StyleProperty::FontWeight(weight));
        for (number, range) in words.into_iter().enumerate() {
            builder.push(StyleProperty::Brush(number), range);
        }
        let mut layout = builder.build(&text);
        layout.break_all_lines(None);
        let alignment = match style.align {
            CaptionAlign::Left => Alignment::Left,
            CaptionAlign::Center => Alignment::Center,
            CaptionAlign::Right => Alignment::Right,
        };
        layout.align(alignment, AlignmentOptions::default());
        layout
    }
}

fn set_text(layout: &Layout<usize>) -> SetText {
    let mut pens: BTreeMap<usize, Pen> = BTreeMap::new();
    let mut pictures = Vec::new();
    for line in layout.lines() {
        for item in line.items() {
            if let PositionedLayoutItem::GlyphRun(run) = item {
                let pen = pens.entry(run.style().brush).or_default();
                draw_run(&run, pen, &mut pictures);
            }
        }
    }
    let words = pens
        .into_iter()
        .filter_map(|(word, pen)| Some((word, pen.path.finish()?)));
    SetText {
        words: words.collect(),
        pictures,
        width: layout.width(),
        height: layout.height(),
    }
}

fn draw_run(glyphs: &GlyphRun<'_, usize>, pen: &mut Pen, pictures: &mut Vec<PictureLetter>) {
    let run = glyphs.run();
    let font = run.font();
    let Ok(face) = FontRef::from_index(font.data.as_ref(), font.index) else {
        return;
    };
    let coordinates: Vec<NormalizedCoord> = run
        .normalized_coords()
        .iter()
        .map(|value| NormalizedCoord::from_bits(value.to_bits()))
        .collect();
    let outlines = face.outline_glyphs();
    for glyph in glyphs.positioned_glyphs() {
        // A font that lacks a letter shows a box for it, which says nothing to a reader.
        if glyph.id == 0 {
            continue;
        }
        let id = GlyphId::new(glyph.id);
        let Some(outline) = outlines.get(id) else {
            pictures.extend(picture_letter(
                &face,
                id,
                run.font_size(),
                [glyph.x, glyph.y],
            ));
            continue;
        };
        (pen.x, pen.y) = (glyph.x, glyph.y);
        let settings = DrawSettings::unhinted(
            TypeSize::new(run.font_size()),
            LocationRef::new(&coordinates),
        );
        // A glyph that cannot be drawn leaves the others.
        let _ = outline.draw(settings, pen);
    }
}

/// Draws outlines, whose y axis points up, into a path.
#[derive(Default)]
struct Pen {
    path: PathBuilder,
    /// The origin of the glyph.
    x: f32,
    y: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path
            .quad_to(self.x + x1, self.y - y1, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(
            self.x + x1,
            self.y - y1,
            self.x + x2,
            self.y - y2,
            self.x + x,
            self.y - y,
        );
    }

    fn close(&mut self) {
        self.path.close();
    }
}
