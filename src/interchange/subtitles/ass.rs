//! Advanced SubStation Alpha: captions with their styles and places, and karaoke word by word.

use std::fmt::Write as _;

use crate::captions::{
    Caption, CaptionAlign, CaptionBackdrop, CaptionPosition, CaptionStyle, CaptionWeight, Reveal,
};
use crate::error::Result;
use crate::geometry::Size;
use crate::interchange::subtitles::clock_text::hundredths;

/// The style of captions that name none.
const USUAL_STYLE: &str = "plain";
/// Transparency of the box behind text, 0..255.
const BOX_ALPHA: u8 = 0x40;
/// Margins as a share of the picture.
const MARGIN: f64 = 0.05;

/// The captions as a file for a picture of `size`.
pub(super) fn write(captions: &[Caption], size: Size) -> Result<String> {
    let name = |caption: &Caption| caption.style.clone().unwrap_or_else(|| USUAL_STYLE.into());
    let mut names: Vec<String> = captions.iter().map(name).collect();
    names.sort();
    names.dedup();
    let mut text = format!(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: {}\nPlayResY: {}\nWrapStyle: 2\nScaledBorderAndShadow: yes\n\n\
         [V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
         Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, \
         MarginL, MarginR, MarginV, Encoding\n",
        size.width, size.height
    );
    for name in &names {
        text.push_str(&style_line(CaptionStyle::find(name)?, size));
    }
    text.push_str("\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n");
    for caption in captions {
        let style = CaptionStyle::find(&name(caption))?;
        let (start, end) = (hundredths(caption.start), hundredths(caption.end));
        let body = body(caption, style);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "Dialogue: 0,{start},{end},{},,0,0,0,,{body}",
            style.id
        );
    }
    Ok(text)
}

fn style_line(style: &CaptionStyle, size: Size) -> String {
    let short = f64::from(size.width.min(size.height));
    let type_height = short * style.size;
    let is_box = style.backdrop == CaptionBackdrop::Box;
    let column = match style.align {
        CaptionAlign::Left => 1,
        CaptionAlign::Center => 2,
        CaptionAlign::Right => 3,
    };
    let (row, margin) = match style.position {
        CaptionPosition::Bottom => (0, MARGIN),
        CaptionPosition::LowerThird => (0, 0.2),
        CaptionPosition::Middle => (3, 0.0),
        CaptionPosition::UpperThird => (6, 0.2),
    };
    let font = match style.font {
        crate::captions::CaptionFont::Text => "Inter",
        crate::captions::CaptionFont::Display => "Bebas Neue",
    };
    let (spoken, waiting) = if style.reveal == Reveal::Karaoke {
        (style.highlight, style.color)
    } else {
        (style.color, style.color)
    };
    let outline = if is_box {
        type_height * 0.25
    } else {
        type_height * style.stroke
    };
    format!(
        "Style: {},{font},{:.0},{},{},{},{},{},0,0,0,100,100,0,0,{},{outline:.1},{:.1},{},{side},{side},{:.0},1\n",
        style.id,
        type_height,
        color(spoken, 0),
        color(waiting, 0),
        color([0; 3], if is_box { BOX_ALPHA } else { 0 }),
        color([0; 3], 0x80),
        if style.weight == CaptionWeight::Bold {
            -1
        } else {
            0
        },
        if is_box { 3 } else { 1 },
        if style.backdrop == CaptionBackdrop::Shadow {
            type_height * 0.04
        } else {
            0.0
        },
        row + column,
        margin * f64::from(size.height),
        side = (MARGIN * f64::from(size.width)).round(),
    )
}

/// `&HAABBGGRR`.
fn color([red, green, blue]: [u8; 3], alpha: u8) -> String {
    format!("&H{alpha:02X}{blue:02X}{green:02X}{red:02X}")
}

fn body(caption: &Caption, style: &CaptionStyle) -> String {
    let in_text = || caption.text.split_whitespace();
    let timed = style.reveal == Reveal::Karaoke
        && in_text().eq(caption.words.iter().map(|word| word.text.as_str()));
    let mut starts = caption.words.iter().map(|word| word.start).skip(1);
    let mut before = caption.start;
    let lines = caption.text.lines().map(|line| {
        let words = line.split_whitespace().map(|word| {
            let shown = if style.uppercase {
                word.to_uppercase()
            } else {
                word.to_owned()
            };
            if !timed {
                return plain(&shown);
            }
            let until = starts.next().unwrap_or(caption.end).max(before);
            let length = ((until - before) * 100.0).round();
            before = until;
            format!("{{\\k{length:.0}}}{}", plain(&shown))
        });
        words.collect::<Vec<_>>().join(" ")
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\\N")
}

/// Text without what the format reads as commands. It has no way to write braces.
fn plain(text: &str) -> String {
    text.replace('\\', "\\\u{2060}")
        .replace('{', "(")
        .replace('}', ")")
}
