//! When captions are shown: from their first word until they can have been read, without flicker between two of them.

use crate::captions::line_breaks::columns_of;
use crate::captions::rules::CaptionRules;
use crate::captions::tokens::Token;

/// Seconds that a caption stays after its last word where there is room.
const HOLD: f64 = 0.4;
/// A gap between captions below this many seconds flickers: the first one stays until the next.
const FLICKER: f64 = 0.5;

/// When a caption is shown, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DisplaySpan {
    pub start: f64,
    pub end: f64,
}

/// Seconds that so many columns take to read.
pub(super) fn least_time(columns: usize, rules: &CaptionRules) -> f64 {
    (columns as f64 / rules.speed).max(rules.shortest)
}

/// When each of `groups` is shown, within `from` and `to`.
///
/// A caption appears with its first word. Where the time until the next one does not suffice, it appears earlier, as
/// far as the caption before has room for its own words.
pub(super) fn display_spans(
    groups: &[&[Token]],
    (from, to): (f64, f64),
    rules: &CaptionRules,
) -> Vec<DisplaySpan> {
    let mut spans: Vec<DisplaySpan> = Vec::with_capacity(groups.len());
    let mut limit = to;
    for (number, group) in groups.iter().enumerate().rev() {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let before = number.checked_sub(1).and_then(|at| groups.get(at));
        let spoken_until = before
            .and_then(|group| group.last())
            .map_or(from, |token| token.end);
        let need = least_time(columns_of(group), rules);
        let earliest = spoken_until.min(first.start).max(from);
        let start = (limit - need).min(first.start).max(earliest).min(limit);
        let wanted = (last.end + HOLD).max(start + need);
        let mut end = wanted.min(limit).min(start + rules.longest);
        if limit - end < FLICKER && limit - start <= rules.longest && limit < to {
            end = limit;
        }
        if limit < to {
            end = close_gap(end, limit, start, rules);
        }
        spans.push(DisplaySpan { start, end });
        limit = start;
    }
    spans.reverse();
    spans
}

/// Closes gaps that are too short to be seen as such.
pub(super) fn close_gap(end: f64, next: f64, start: f64, rules: &CaptionRules) -> f64 {
    let gap = next - end;
    if gap <= 0.0 || gap >= rules.gap {
        return end;
    }
    if next - start <= rules.longest {
        next
    } else {
        next - rules.gap
    }
}
