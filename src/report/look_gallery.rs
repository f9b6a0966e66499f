//! One photo in many looks, or clips in many effects, with their names: as a page, or as one picture.

use std::fmt::Write as _;
use std::path::Path;

use crate::error::Result;
use crate::geometry::Size;
use crate::looks::{CompiledLook, Look, Masks};
use crate::models::Models;
use crate::picture::{ColorSpace, Filter, Picture, Pixels, Rgb8, resize};
use crate::report::bitmap_text::{LINE, TextLine, wrapped};
use crate::report::html::{PAGE_STYLE, escaped, open_page, picture_address};
use crate::report::paste::paste;

/// Longer side of the photo in a gallery, in pixels.
const SIDE: u32 = 480;
/// Width of a sheet in pixels: five photos of 480 fit a wide screen.
const SHEET: usize = 2520;
/// Pixels between them.
const GAP: usize = 20;
/// Lines of text below each photo: name, family and description.
const LINES: usize = 4;
/// The sheet's background, 0..255.
const PAPER: u8 = 250;

/// The page's style, in addition to that of all pages.
const STYLE: &str = "body{max-width:none}\
.looks{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1.4rem}\
.strips{grid-template-columns:repeat(auto-fill,minmax(44rem,1fr))}\
.looks figure{margin:0;display:block}.looks img{width:100%;border-radius:.3rem}\
.looks figcaption{font-size:.85rem;line-height:1.35;margin-top:.3rem}\
.looks b{font-size:1rem}.looks i{color:var(--soft);font-style:normal}";

/// A picture with a name and what there is to say about it.
pub struct GalleryEntry {
    /// Its name.
    pub name: String,
    /// What it belongs to; may be empty.
    pub family: String,
    /// What it does.
    pub summary: String,
    /// What it looks like.
    pub picture: Rgb8,
}

/// `photo` (in sRGB), reduced, as it is and in each of `looks` at `strength`. Masks need `models`.
///
/// Fails on a strength outside 0..2, and if a mask needs networks that are missing.
pub fn gallery_entries(
    photo: &Rgb8,
    looks: &[Look],
    strength: f64,
    models: Option<&Models>,
) -> Result<Vec<GalleryEntry>> {
    let size = photo.size().within(SIDE);
    let small = if size == photo.size() {
        photo.clone()
    } else {
        resize(photo, size, Filter::Box)
    };
    let sources = looks.iter().flat_map(Look::mask_sources).collect();
    let masks = Masks::measure(&sources, &small, models)?;
    let mut entries = vec![GalleryEntry {
        name: "original".into(),
        family: String::new(),
        summary: "As it is.".into(),
        picture: small.clone(),
    }];
    for look in looks {
        let mut picture = Picture {
            pixels: Pixels::Eight(small.clone()),
            alpha: None,
            color: ColorSpace::Srgb,
        };
        CompiledLook::new(look, strength)?
            .with_masks(masks.clone())
            .apply_picture(&mut picture, 0);
        if let Pixels::Eight(picture) = picture.pixels {
            entries.push(GalleryEntry {
                name: look.id.clone(),
                family: look.family.clone(),
                summary: look.summary.clone(),
                picture,
            });
        }
    }
    Ok(entries)
}

/// One HTML document with all pictures embedded. `path` names the photo, or the first clip.
pub fn gallery_page(title: &str, path: &Path, entries: &[GalleryEntry]) -> Result<String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let wide = entries.iter().map(|entry| entry.picture.width()).max();
    let strips = wide.is_some_and(|wide| wide > SIDE as usize);
    let mut page = open_page(title, &name, &format!("{PAGE_STYLE}{STYLE}"));
    page.push_str(if strips {
        "<div class=\"looks strips\">"
    } else {
        "<div class=looks>"
    });
    for entry in entries {
        let _ = write!(
            page,
            "<figure><img src=\"{}\" alt=\"{1}\"><figcaption><b>{1}</b> <i>{2}</i><br>{3}</figcaption></figure>",
            picture_address(entry.picture.clone(), path)?,
            escaped(&entry.name),
            escaped(&entry.family),
            escaped(&entry.summary)
        );
    }
    page.push_str("</div></body></html>\n");
    Ok(page)
}

/// Pictures beside each other, as a strip; below a lower one there is paper.
pub fn side_by_side(pictures: &[Rgb8]) -> Rgb8 {
    let wide = pictures.iter().map(Rgb8::width).max().unwrap_or(1);
    let high = pictures.iter().map(Rgb8::height).max().unwrap_or(1);
    let mut strip = Rgb8::black(Size::new((wide * pictures.len()) as u32, high as u32));
    strip.samples_mut().fill(PAPER);
    for (number, picture) in pictures.iter().enumerate() {
        paste(&mut strip, picture, number * wide, 0);
    }
    strip
}

/// All entries on one picture, in reading order.
pub fn gallery_sheet(entries: &[GalleryEntry]) -> Rgb8 {
    let wide = entries
        .iter()
        .map(|entry| entry.picture.width())
        .max()
        .unwrap_or(1)
        .max(240);
    let high = entries
        .iter()
        .map(|entry| entry.picture.height())
        .max()
        .unwrap_or(1);
    let cell = (wide + GAP, high + GAP + LINES * LINE);
    let columns = (SHEET / cell.0).clamp(1, entries.len().max(1));
    let rows = entries.len().div_ceil(columns);
    let size = Size::new(
        (columns * cell.0 + GAP) as u32,
        (rows * cell.1 + GAP) as u32,
    );
    let mut sheet = Rgb8::black(size);
    sheet.samples_mut().fill(PAPER);
    for (number, entry) in entries.iter().enumerate() {
        let left = GAP + number % columns * cell.0;
        let top = GAP + number / columns * cell.1;
        paste(&mut sheet, &entry.picture, left, top);
        let mut line = top + high + 6;
        let text_line = |top: usize, bold: bool| TextLine {
            left,
            top,
            wide,
            bold,
        };
        text_line(line, true).write(&mut sheet, &entry.name);
        let mut texts = vec![entry.family.clone()];
        texts.extend(wrapped(&entry.summary, wide));
        for text in texts.iter().filter(|text| !text.is_empty()).take(LINES - 1) {
            line += LINE;
            text_line(line, false).write(&mut sheet, text);
        }
    }
    sheet
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn look(id: &str, summary: &str) -> Look {
        Look {
            id: id.into(),
            family: "<film>".into(),
            summary: summary.into(),
            ..Look::none()
        }
    }

    #[test]
    fn a_sheet_has_the_original_first_and_writes_below() {
        let photo = Rgb8::new(Size::new(960, 640), vec![90; 960 * 640 * 3]).unwrap();
        let summary = "A sentence that is far too long for one line of a gallery.";
        let entries =
            gallery_entries(&photo, &[look("one", summary), look("two", "")], 1.0, None).unwrap();
        assert_eq!(entries[0].picture.size(), Size::new(480, 320));
        let sheet = gallery_sheet(&entries);
        assert_eq!(sheet.width(), 3 * 500 + 20);
        assert_eq!(sheet.pixel(GAP, GAP), [90; 3]);
        let dark = |from: usize, to: usize| {
            (from..to)
                .flat_map(|y| (0..sheet.width()).map(move |x| (x, y)))
                .filter(|(x, y)| sheet.pixel(*x, *y)[0] < 90)
                .count()
        };
        assert!(dark(GAP + 326, GAP + 326 + LINE) > 100);
        assert_eq!(dark(GAP, GAP + 320), 0);
        let page = gallery_page("a&b.jpg in 2 looks", Path::new("a&b.jpg"), &entries).unwrap();
        assert!(page.contains("&lt;film&gt;") && page.contains("a&amp;b.jpg in 2 looks"));
        assert_eq!(page.matches("data:image/jpeg").count(), 3);
        assert!(!page.contains("<script") && !page.contains("http"));
    }
}
