//! Ranked choices with their reasons, as rows of a table.

use crate::choice::{Candidate, Reason};
use crate::suggest::Suggestions;

/// Reasons that are told of a choice, the strongest.
const REASONS: usize = 2;

/// The columns of [`suggestion_rows`].
pub const SUGGESTION_COLUMNS: [&str; 5] = ["", "choice", "score", "sure", "because"];

/// Of each kind the first `shown` choices: kind, choice, score, confidence and reasons.
pub fn suggestion_rows(suggestions: &Suggestions, shown: usize) -> Vec<[String; 5]> {
    let mut rows = Vec::new();
    for music in suggestions.music.iter().take(shown) {
        let played = if music.speed == 1.0 {
            String::new()
        } else {
            format!(" at {:.1} % of its speed", music.speed * 100.0)
        };
        let name = format!(
            "{} from {:.1} s{played} ({})",
            music.title, music.start, music.license
        );
        rows.push(row("music", name, &music.choice));
    }
    for look in suggestions.looks.iter().take(shown) {
        rows.push(row("look", look.id.clone(), look));
    }
    for effect in suggestions.effects.iter().take(shown) {
        let at = effect.at;
        let at = at.map_or(String::new(), |at| format!(" at {at:.1} s"));
        let name = format!("{} on {}{at}", effect.choice.id, effect.path);
        rows.push(row("effect", name, &effect.choice));
    }
    rows
}

fn row(kind: &str, name: String, choice: &Candidate) -> [String; 5] {
    [
        kind.into(),
        name,
        format!("{:.2}", choice.score),
        format!("{:.2}", choice.confidence),
        reason_texts(&choice.reasons, REASONS, "; "),
    ]
}

/// The first `most` reasons in a row.
pub fn reason_texts(reasons: &[Reason], most: usize, between: &str) -> String {
    let texts = reasons.iter().take(most);
    let texts: Vec<&str> = texts.map(|reason| reason.text.as_str()).collect();
    texts.join(between)
}
