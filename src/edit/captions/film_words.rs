//! The words of sources at the times at which the film plays them.

use crate::captions::CaptionWord;
use crate::edit::Plan;
use crate::edit::captions::corrected::SourceWords;
use crate::edit::captions::heard_parts::heard_parts;
use crate::time::rounded;

/// The words that are heard, in order and without overlap. A word is heard where its middle is.
pub(super) fn film_words(plan: &Plan, sources: &SourceWords) -> Vec<CaptionWord> {
    let mut words = Vec::new();
    for part in heard_parts(plan) {
        let said = sources.of(&part.source).iter();
        let inside =
            said.filter(|word| (part.start..part.end).contains(&((word.start + word.end) / 2.0)));
        words.extend(inside.map(|word| CaptionWord {
            text: word.text.clone(),
            start: part.in_film(word.start).max(0.0),
            end: part.in_film(word.end).min(plan.output.duration),
        }));
    }
    words.retain(|word| word.start < plan.output.duration);
    words.sort_by(|a, b| a.start.total_cmp(&b.start));
    let starts: Vec<f64> = words.iter().skip(1).map(|word| word.start).collect();
    for (number, word) in words.iter_mut().enumerate() {
        let next = starts.get(number).copied().unwrap_or(plan.output.duration);
        word.end = rounded(word.end.min(next).max(word.start));
        word.start = rounded(word.start);
    }
    words
}
