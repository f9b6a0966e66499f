//! Breaks the text of a caption into lines, by meaning and width.

use crate::captions::break_cost::break_cost;
use crate::captions::rules::MOST_LINES;
use crate::captions::tokens::{Token, line_text};

/// The cost of two lines of which one is empty; it falls to nothing where they are equally long.
const UNEVEN: f64 = 4.0;

/// The lines of `tokens`, at most `line` columns each: one where it suffices, else two that are broken by meaning, else
/// as many as it takes.
pub(super) fn lines(tokens: &[Token], line: usize) -> Vec<String> {
    if columns_of(tokens) <= line {
        return vec![line_text(tokens)];
    }
    match best_break(tokens, line) {
        Some(at) => {
            let (first, second) = tokens.split_at(at);
            vec![line_text(first), line_text(second)]
        }
        None => filled_lines(tokens, line),
    }
}

/// Columns of tokens on one line.
pub(super) fn columns_of(tokens: &[Token]) -> usize {
    let spaces = tokens.iter().skip(1).filter(|token| token.begins_word);
    tokens.iter().map(|token| token.columns).sum::<usize>() + spaces.count()
}

/// The index of the token that begins the second of two lines; none where two do not suffice.
fn best_break(tokens: &[Token], line: usize) -> Option<usize> {
    let whole = columns_of(tokens);
    let (mut best, mut first) = (None, 0);
    for (at, pair) in tokens.windows(MOST_LINES).enumerate() {
        let [before, after] = pair else { continue };
        first += if at == 0 {
            before.columns
        } else {
            before.width_after()
        };
        let second = whole.saturating_sub(first + usize::from(after.begins_word));
        if first > line || second > line {
            continue;
        }
        let uneven = first.abs_diff(second) as f64 / whole.max(1) as f64;
        let cost = break_cost(before, after) + UNEVEN * uneven;
        if best.is_none_or(|(known, _)| cost < known) {
            best = Some((cost, at + 1));
        }
    }
    best.map(|(_, at)| at)
}

/// Lines filled one after the other.
fn filled_lines(tokens: &[Token], line: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut first, mut width) = (0, 0);
    for (at, token) in tokens.iter().enumerate() {
        let wider = if at == first {
            token.columns
        } else {
            width + token.width_after()
        };
        if wider > line && at > first {
            lines.push(line_text(tokens.get(first..at).unwrap_or_default()));
            (first, width) = (at, token.columns);
        } else {
            width = wider;
        }
    }
    lines.push(line_text(tokens.get(first..).unwrap_or_default()));
    lines
}
