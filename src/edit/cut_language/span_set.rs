//! Stretches of a file, in order and apart from each other.

use crate::analysis::Span;

/// Stretches between 0 and the end of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpanSet {
    spans: Vec<Span>,
    /// Seconds of the file.
    length: f64,
}

impl SpanSet {
    /// Stretches in any order, which may overlap or reach beyond the file. Those without time, or without a number for
    /// it, are left out.
    pub fn new(spans: impl IntoIterator<Item = Span>, length: f64) -> Self {
        let inside = spans.into_iter().map(|span| Span {
            start: span.start.max(0.0),
            end: span.end.min(length),
        });
        let mut inside: Vec<Span> = inside.filter(|span| span.start < span.end).collect();
        inside.sort_by(|a, b| a.start.total_cmp(&b.start));
        let mut spans: Vec<Span> = Vec::with_capacity(inside.len());
        for span in inside {
            match spans.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => spans.push(span),
            }
        }
        Self { spans, length }
    }

    /// All of the file.
    pub fn all(length: f64) -> Self {
        Self::new(
            [Span {
                start: 0.0,
                end: length,
            }],
            length,
        )
    }

    /// The rest of the file.
    pub fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.spans.len() + 1);
        let mut from = 0.0;
        for span in &self.spans {
            gaps.push(Span {
                start: from,
                end: span.start,
            });
            from = span.end;
        }
        gaps.push(Span {
            start: from,
            end: self.length,
        });
        Self::new(gaps, self.length)
    }

    /// What is in one of the two.
    pub fn union(self, other: Self) -> Self {
        Self::new(self.spans.into_iter().chain(other.spans), self.length)
    }

    /// What is in both.
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (self.spans.iter().peekable(), other.spans.iter().peekable());
        let mut both = Vec::new();
        while let (Some(a), Some(b)) = (ours.peek(), theirs.peek()) {
            both.push(Span {
                start: a.start.max(b.start),
                end: a.end.min(b.end),
            });
            if a.end < b.end {
                ours.next();
            } else {
                theirs.next();
            }
        }
        Self::new(both, self.length)
    }

    /// Each stretch from `before` seconds earlier to `after` later.
    pub fn grown(&self, before: f64, after: f64) -> Self {
        let grown = self.spans.iter().map(|span| Span {
            start: span.start - before,
            end: span.end + after,
        });
        Self::new(grown, self.length)
    }

    /// Each stretch from `first` seconds later to `last` earlier, but for edges that are the file's.
    pub fn shrunk(&self, first: f64, last: f64) -> Self {
        let shrunk = self.spans.iter().map(|span| Span {
            start: span.start + if span.start > 0.0 { first } else { 0.0 },
            end: span.end - if span.end < self.length { last } else { 0.0 },
        });
        Self::new(shrunk, self.length)
    }

    /// The stretches.
    pub fn into_spans(self) -> Vec<Span> {
        self.spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LENGTH: f64 = 60.0;

    fn sets() -> impl Strategy<Value = SpanSet> {
        // Quarter seconds, so that edges meet.
        let span = (-8_i32..260, 0_i32..60).prop_map(|(start, length)| Span {
            start: f64::from(start) / 4.0,
            end: f64::from(start + length) / 4.0,
        });
        prop::collection::vec(span, 0..12).prop_map(|spans| SpanSet::new(spans, LENGTH))
    }

    fn holds(set: &SpanSet, time: f64) -> bool {
        let mut spans = set.spans.iter();
        spans.any(|span| (span.start..span.end).contains(&time))
    }

    fn in_order(set: &SpanSet) -> bool {
        let apart = set.spans.windows(2).all(|pair| pair[0].end < pair[1].start);
        let inside = |span: &Span| 0.0 <= span.start && span.start < span.end && span.end <= LENGTH;
        apart && set.spans.iter().all(inside)
    }

    proptest! {
        #[test]
        fn sets_are_joined_as_their_points_are(a in sets(), b in sets(), step in 0_u32..240) {
            let time = f64::from(step) / 4.0 + 0.125;
            let (union, both, rest) = (a.clone().union(b.clone()), a.intersection(&b), a.complement());
            prop_assert!([&a, &union, &both, &rest].into_iter().all(in_order));
            prop_assert_eq!(holds(&union, time), holds(&a, time) || holds(&b, time));
            prop_assert_eq!(holds(&both, time), holds(&a, time) && holds(&b, time));
            prop_assert_eq!(holds(&rest, time), !holds(&a, time));
            prop_assert_eq!(rest.complement(), a);
        }

        #[test]
        fn growing_keeps_what_was_there_and_shrinking_adds_nothing(set in sets(), by in 0_u32..12) {
            let by = f64::from(by) / 4.0;
            let (grown, shrunk) = (set.grown(by, by), set.shrunk(by, by));
            prop_assert!(in_order(&grown) && in_order(&shrunk));
            prop_assert_eq!(&grown.intersection(&set), &set);
            prop_assert_eq!(&shrunk.intersection(&set), &shrunk);
        }
    }
}
