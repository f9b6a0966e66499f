//! The spans of a recording that stay beside what a person's expression cuts out.

use crate::analysis::{Span, TranscriptWord};
use crate::choice::Reason;
use crate::edit::talk::pauses::{SpokenSpan, begins_sentence};

/// Shortest cut, and shortest remainder between two cuts, in seconds: less is seen as a flaw of the film.
const SHORTEST: f64 = 0.1;

/// The spans that stay of `duration` seconds without `cuts`, which are in order; `why` is the expression.
pub(in crate::edit) fn spans_beside(
    cuts: &[Span],
    words: &[TranscriptWord],
    duration: f64,
    why: &str,
) -> Vec<SpokenSpan> {
    let mut kept = Vec::with_capacity(cuts.len() + 1);
    let mut gone = Span {
        start: 0.0,
        end: 0.0,
    };
    let end = Span {
        start: duration,
        end: duration,
    };
    let long = |cut: &&Span| cut.end - cut.start >= SHORTEST;
    for cut in cuts.iter().filter(long).chain([&end]) {
        if cut.start - gone.end < SHORTEST {
            gone.end = gone.end.max(cut.end);
            continue;
        }
        kept.push(SpokenSpan {
            span: Span {
                start: gone.end,
                end: cut.start,
            },
            begins_sentence: begins_sentence(&gone, words),
            reasons: vec![reason(&gone, why)],
        });
        gone = *cut;
    }
    kept
}

/// Why something is gone before a span; the weight is how many seconds.
fn reason(gone: &Span, why: &str) -> Reason {
    let seconds = gone.end - gone.start;
    if seconds <= 0.0 {
        return Reason::new("not_cut", 0.0, "Nothing before this is cut.");
    }
    let text = format!("{seconds:.2} seconds before this are cut: {why}.");
    Reason::new("expression_cut", seconds, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_cuts_are_not_made_and_short_remainders_go() {
        let cuts = [
            (0.0, 0.5),
            (1.0, 1.05),
            (2.0, 3.0),
            (3.05, 4.0),
            (9.95, 10.0),
        ];
        let cuts = cuts.map(|(start, end)| Span { start, end });
        let kept = spans_beside(&cuts, &[], 10.0, "black");
        let times: Vec<(f64, f64)> = kept
            .iter()
            .map(|kept| (kept.span.start, kept.span.end))
            .collect();
        assert_eq!(times, [(0.5, 2.0), (4.0, 10.0)]);
        assert!((kept[1].reasons[0].weight - 2.0).abs() < 1e-9);
        let all = [Span {
            start: 0.0,
            end: 10.0,
        }];
        assert!(spans_beside(&all, &[], 10.0, "black").is_empty());
        let none = spans_beside(&[], &[], 10.0, "black");
        assert_eq!(none[0].reasons[0].code, "not_cut");
    }
}
