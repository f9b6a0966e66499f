//! The width of text as a reader counts it.

use unicode_width::UnicodeWidthChar as _;

/// Columns of `text`: letters of East Asian scripts and emoji count two; marks, joiners and skin tones count nothing.
pub fn columns(text: &str) -> usize {
    let is_skin_tone = |letter: &char| ('\u{1f3fb}'..='\u{1f3ff}').contains(letter);
    let letters = text.chars().filter(|letter| !is_skin_tone(letter));
    letters.map(|letter| letter.width().unwrap_or(0)).sum()
}

/// Whether lines may be broken beside `letter` without a space: the scripts that are written without spaces.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{0e00}'..='\u{0eff}'         // Thai and Lao
        | '\u{1000}'..='\u{109f}'       // Burmese
        | '\u{1780}'..='\u{17ff}'       // Khmer
        | '\u{3040}'..='\u{30ff}'       // Hiragana and Katakana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2fa1f}' // Han
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_joiners_and_skin_tones_count_nothing() {
        assert_eq!(columns("Cafe\u{301}!"), 5);
        assert_eq!(columns("\u{1f44d}\u{1f3fd} ok"), 5);
        assert_eq!(columns("مَرْحَبًا"), 5);
        assert_eq!(columns("字幕"), 4);
    }
}
