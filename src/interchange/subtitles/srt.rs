//! SubRip.

use crate::captions::Caption;
use crate::interchange::subtitles::clock_text::thousandths;

/// Breaks up what players would take for a tag or for times, and cannot be seen.
const WORD_JOINER: char = '\u{2060}';

/// The captions as a SubRip file.
pub(super) fn write(captions: &[Caption]) -> String {
    let mut text = String::new();
    for (number, caption) in captions.iter().enumerate() {
        let (start, end) = (
            thousandths(caption.start, ','),
            thousandths(caption.end, ','),
        );
        text.push_str(&format!("{}\n{start} --> {end}\n", number + 1));
        for line in caption.text.lines().filter(|line| !line.trim().is_empty()) {
            text.push_str(&plain(line));
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

/// A line that holds no tag. SubRip has no way to write `<` as text before a letter.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut letters = line.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        text.push(letter);
        let next = letters.peek().copied().unwrap_or(' ');
        let opens_tag = letter == '<' && (next.is_ascii_alphabetic() || next == '/');
        let makes_arrow = letter == '-' && next == '>';
        let opens_style = letter == '{' && next == '\\';
        if opens_tag || makes_arrow || opens_style {
            text.push(WORD_JOINER);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_like_a_tag_or_times_stays_text() {
        assert_eq!(
            plain("a < b <i> --> {\\an8}"),
            "a < b <\u{2060}i> --\u{2060}> {\u{2060}\\an8}"
        );
    }
}
