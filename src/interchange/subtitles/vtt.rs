//! WebVTT. Words have their times where the style marks words that are spoken.

use crate::captions::{Caption, CaptionAlign, CaptionStyle, Reveal};
use crate::error::Result;
use crate::interchange::subtitles::clock_text::thousandths;

/// The captions as a WebVTT file.
pub(super) fn write(captions: &[Caption]) -> Result<String> {
    let mut text = String::from("WEBVTT\n\n");
    for caption in captions {
        let style = caption
            .style
            .as_deref()
            .map(CaptionStyle::find)
            .transpose()?;
        let by_word =
            style.is_some_and(|style| matches!(style.reveal, Reveal::Highlight | Reveal::Karaoke));
        let (start, end) = (
            thousandths(caption.start, '.'),
            thousandths(caption.end, '.'),
        );
        let side = match caption.align {
            Some(CaptionAlign::Left) => " align:left",
            Some(CaptionAlign::Right) => " align:right",
            Some(CaptionAlign::Center) | None => "",
        };
        text.push_str(&format!("{start} --> {end}{side}\n"));
        let words = if by_word { word_starts(caption) } else { None };
        text.push_str(&body(caption, words.as_deref()));
        text.push_str("\n\n");
    }
    Ok(text)
}

/// The time at which each word of the text begins, but for the first; none where words and text differ.
fn word_starts(caption: &Caption) -> Option<Vec<f64>> {
    let in_text = caption.text.split_whitespace();
    let same = in_text.eq(caption.words.iter().map(|word| word.text.as_str()));
    same.then(|| caption.words.iter().map(|word| word.start).collect())
}

fn body(caption: &Caption, starts: Option<&[f64]>) -> String {
    let (mut number, mut before) = (0, caption.start);
    let lines = caption.text.lines().map(|line| {
        let words = line.split_whitespace().map(|word| {
            let start = starts.and_then(|starts| starts.get(number)).copied();
            number += 1;
            // Times inside a cue rise, and lie within it.
            match start.filter(|start| *start >= before + 0.001 && *start <= caption.end - 0.001) {
                Some(start) => {
                    before = start;
                    format!("<{}>{}", thousandths(start, '.'), escaped(word))
                }
                None => escaped(word),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}
