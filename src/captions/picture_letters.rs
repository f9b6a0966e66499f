//! Letters that a font has as pictures: emoji.

use skrifa::bitmap::{BitmapData, BitmapStrikes, Origin};
use skrifa::instance::Size as TypeSize;
use skrifa::{FontRef, GlyphId};
use tiny_skia::{Pixmap, Transform};

/// Longest side of such a picture, in pixels: far above those of fonts, which have about 130.
const LONGEST_SIDE: u32 = 1024;

/// A letter that is painted as a picture.
pub(super) struct PictureLetter {
    /// The picture.
    pub picture: Pixmap,
    /// From the picture to the text.
    pub at: Transform,
}

/// The picture of a glyph at the size of the type, with its origin at `x`, `y` (pixels of the text, y points down).
/// `None` where the font has none, or not as PNG.
pub(super) fn picture_letter(
    face: &FontRef<'_>,
    glyph: GlyphId,
    type_size: f32,
    [x, y]: [f32; 2],
) -> Option<PictureLetter> {
    let bitmap = BitmapStrikes::new(face).glyph_for_size(TypeSize::new(type_size), glyph)?;
    let BitmapData::Png(bytes) = bitmap.data else {
        return None;
    };
    // The header of the picture itself is checked before it is decoded: the font's own sizes may lie.
    let side = |at: usize| {
        bytes
            .get(at..at + 4)?
            .try_into()
            .ok()
            .map(u32::from_be_bytes)
    };
    if side(16)?.max(side(20)?) > LONGEST_SIDE {
        return None;
    }
    let picture = Pixmap::decode_png(bytes).ok()?;
    let scale = type_size / bitmap.ppem_y.max(1.0);
    let above = match bitmap.placement_origin {
        Origin::TopLeft => bitmap.inner_bearing_y,
        Origin::BottomLeft => bitmap.inner_bearing_y + picture.height() as f32,
    };
    let (left, top) = (x + bitmap.inner_bearing_x * scale, y - above * scale);
    let at = Transform::from_row(scale, 0.0, 0.0, scale, left, top);
    Some(PictureLetter { picture, at })
}
