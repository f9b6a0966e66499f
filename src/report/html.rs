//! Building blocks of pages: head, escaped text, pictures as `data:` addresses, facts, times.

use std::fmt::Write as _;
use std::path::Path;

use base64::Engine as _;

use crate::error::Result;
use crate::media::{ChromaSubsampling, Metadata, StillFormat, still_bytes};
use crate::picture::{Background, ColorSpace, Picture, Pixels, Rgb8};

/// JPEG quality of the pictures on a page: no visible damage at their size.
const QUALITY: u8 = 82;

/// The style sheet: one column on a phone, a wide board on a desktop; dark where the system is.
pub(super) const PAGE_STYLE: &str = include_str!("style.css");

/// The beginning of a page, up to its heading.
pub(super) fn open_page(title: &str, heading: &str, style: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\">\
         <title>{}</title><style>{style}</style></head><body><h1>{}</h1>",
        escaped(title),
        escaped(heading)
    )
}

/// Text with HTML's special characters escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}

/// A picture as a `data:` address. `path` only names it in errors.
pub(super) fn picture_address(picture: Rgb8, path: &Path) -> Result<String> {
    let picture = Picture {
        pixels: Pixels::Eight(picture),
        alpha: None,
        color: ColorSpace::Srgb,
    };
    let format = StillFormat::Jpeg {
        background: Background::BLACK,
        quality: QUALITY,
        subsampling: ChromaSubsampling::Quarter420,
    };
    let bytes = still_bytes(path, &picture, format, &Metadata::default())?;
    let mut address = String::from("data:image/jpeg;base64,");
    base64::engine::general_purpose::STANDARD.encode_string(bytes, &mut address);
    Ok(address)
}

/// `1:02.50`.
pub(super) fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0);
    format!("{}:{:05.2}", (seconds / 60.0).floor(), seconds % 60.0)
}

/// A row of a list of facts.
pub(super) fn fact(page: &mut String, name: &str, value: &str) {
    let _ = write!(
        page,
        "<div><dt>{}</dt><dd>{}</dd></div>",
        escaped(name),
        escaped(value)
    );
}

/// Words as chips, each with its score as a title.
pub(super) fn chips<'a>(page: &mut String, words: impl Iterator<Item = (&'a str, Option<f64>)>) {
    page.push_str("<p class=chips>");
    for (word, score) in words {
        let title = score.map_or(String::new(), |score| format!(" title=\"{score:.2}\""));
        let _ = write!(page, "<span{title}>{}</span> ", escaped(word));
    }
    page.push_str("</p>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_cannot_break_out_of_the_page() {
        assert_eq!(
            escaped("<script>'\"&\u{7}"),
            "&lt;script&gt;&#39;&quot;&amp;\u{fffd}"
        );
        assert_eq!(clock(62.5), "1:02.50");
        assert_eq!(clock(f64::NAN), "0:00.00");
    }
}
