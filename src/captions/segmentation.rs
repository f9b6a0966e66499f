//! Puts words into captions.
//!
//! A caption ends where a break hurts least and where its text can be read in its time. All ways to break the words are
//! compared by dynamic programming: each break and each caption has a cost, and the cheapest sum wins. A caption has at
//! most two lines, so the work grows with the number of words.

use crate::captions::break_cost::{break_cost, ends_sentence};
use crate::captions::display_times::{DisplaySpan, display_spans, least_time};
use crate::captions::line_breaks::lines;
use crate::captions::rules::{CaptionRules, MOST_LINES};
use crate::captions::tokens::{Token, tokens, words_of};
use crate::captions::{Caption, CaptionWord};
use crate::time::rounded;

/// Each caption costs as much, so that few are made.
const CAPTION: f64 = 1.0;
/// A sentence that ends inside a caption.
const SENTENCE_INSIDE: f64 = 1.6;
/// A pause inside a caption from this many seconds on: for each second of it.
const LONG_PAUSE: f64 = 0.7;
const PAUSE_INSIDE: f64 = 3.0;
/// A caption that has to appear before its first word is spoken, for each second.
const EARLY: f64 = 3.0;
/// A second in which a caption cannot be read or may not be shown: to be avoided at nearly any price.
const UNREADABLE: f64 = 100.0;
/// Seconds below which a caption is hurried, and the cost of each missing.
const CALM: f64 = 1.6;
const HURRIED: f64 = 1.0;

/// Captions of `words`, in order, shown within `from` and `to` (seconds).
pub fn caption_words(
    words: &[CaptionWord],
    from: f64,
    to: f64,
    rules: &CaptionRules,
) -> Vec<Caption> {
    let tokens = tokens(words, rules.line_columns);
    let ends = caption_ends(&tokens, (from, to), rules);
    let mut groups = Vec::with_capacity(ends.len());
    let mut first = 0;
    for end in ends {
        groups.push(tokens.get(first..end).unwrap_or_default());
        first = end;
    }
    let spans = display_spans(&groups, (from, to), rules);
    let captions = groups.iter().zip(spans);
    captions
        .map(|(group, span)| caption(group, span, rules))
        .collect()
}

fn caption(tokens: &[Token], span: DisplaySpan, rules: &CaptionRules) -> Caption {
    let mut words = words_of(tokens);
    for word in &mut words {
        word.start = rounded(word.start.clamp(span.start, span.end));
        word.end = rounded(word.end.clamp(span.start, span.end));
    }
    Caption {
        text: lines(tokens, rules.line_columns).join("\n"),
        start: rounded(span.start),
        end: rounded(span.end),
        style: None,
        words,
        place: None,
        align: None,
    }
}

/// The index after the last token of each caption.
fn caption_ends(tokens: &[Token], (from, to): (f64, f64), rules: &CaptionRules) -> Vec<usize> {
    let fits = line_ends(tokens, rules.line_columns);
    let pieces = Pieces {
        tokens,
        from,
        to,
        rules,
    };
    // The cheapest way to end a caption before token n, and where its last caption begins.
    let mut best: Vec<(f64, usize)> = vec![(f64::INFINITY, 0); tokens.len() + 1];
    if let Some(none) = best.first_mut() {
        none.0 = 0.0;
    }
    for first in 0..tokens.len() {
        let before = best.get(first).map_or(f64::INFINITY, |way| way.0);
        let furthest = (1..MOST_LINES)
            .fold(fits.get(first).copied().unwrap_or(first + 1), |end, _| {
                fits.get(end).copied().unwrap_or(end)
            });
        let mut piece = pieces.begin(first);
        for end in first + 1..=furthest {
            let Some(cost) = pieces.extend(&mut piece, end) else {
                break;
            };
            if let Some(way) = best.get_mut(end)
                && before + cost < way.0
            {
                *way = (before + cost, first);
            }
        }
    }
    let mut ends = Vec::new();
    let mut end = tokens.len();
    while end > 0 {
        ends.push(end);
        // A way always leads back, since each begins before it ends.
        end = best.get(end).map_or(0, |way| way.1).min(end - 1);
    }
    ends.reverse();
    ends
}

/// For each token, the index after the last one of a line that begins with it.
fn line_ends(tokens: &[Token], line: usize) -> Vec<usize> {
    let mut ends = Vec::with_capacity(tokens.len());
    let (mut end, mut width) = (0, 0);
    for (first, token) in tokens.iter().enumerate() {
        if end <= first {
            (end, width) = (first + 1, token.columns);
        }
        while let Some(next) = tokens.get(end)
            && width + next.width_after() <= line
        {
            width += next.width_after();
            end += 1;
        }
        ends.push(end);
        let next = tokens.get(first + 1);
        width -= token.columns
            + usize::from(next.is_some_and(|next| end > first + 1 && next.begins_word));
    }
    ends
}

/// Costs of captions among `tokens`.
struct Pieces<'a> {
    tokens: &'a [Token],
    /// The time in which captions are shown.
    from: f64,
    to: f64,
    rules: &'a CaptionRules,
}

/// A caption that grows by one token after the other.
struct Piece {
    first: usize,
    columns: usize,
    words: usize,
    /// What lies inside.
    inside: f64,
}

impl Pieces<'_> {
    fn begin(&self, first: usize) -> Piece {
        Piece {
            first,
            columns: 0,
            words: 0,
            inside: 0.0,
        }
    }

    /// The cost of the caption that ends before token `end`; none where it may not be that long.
    fn extend(&self, piece: &mut Piece, end: usize) -> Option<f64> {
        let (opening, last) = (self.tokens.get(piece.first)?, self.tokens.get(end - 1)?);
        if end - 1 > piece.first {
            let before = self.tokens.get(end - 2)?;
            piece.columns += last.width_after();
            let pause = last.start - before.end;
            piece.inside += if ends_sentence(before) {
                SENTENCE_INSIDE
            } else {
                0.0
            };
            piece.inside += if pause >= LONG_PAUSE {
                PAUSE_INSIDE * pause
            } else {
                0.0
            };
        } else {
            piece.columns = last.columns;
        }
        piece.words += usize::from(last.begins_word || piece.words == 0);
        if piece.words > self.rules.most_words {
            return None;
        }
        let next = self.tokens.get(end);
        let parted = next.map_or(0.0, |next| break_cost(last, next));
        Some(CAPTION + parted + piece.inside + self.time_cost(piece, opening, last, next))
    }

    fn time_cost(&self, piece: &Piece, opening: &Token, last: &Token, next: Option<&Token>) -> f64 {
        let limit = next.map_or(self.to, |next| next.start);
        let room = (limit - opening.start).max(0.0);
        let need = least_time(piece.columns, self.rules);
        let earliest = match piece
            .first
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
        {
            Some(before) => before.end,
            None => self.from,
        };
        let missing = (need - room).max(0.0);
        let early = missing.min((opening.start - earliest).max(0.0));
        let too_long = (last.end - opening.start - self.rules.longest).max(0.0);
        EARLY * early
            + UNREADABLE * (missing - early + too_long)
            + HURRIED * (CALM.min(self.rules.longest) - room.max(need)).max(0.0)
    }
}
