//! Black and frozen runs.

use crate::analysis::Span;
use crate::time::{Rational, rounded};

/// Shorter runs are not told.
const SHORTEST_BLACK: f64 = 0.08;
const SHORTEST_FROZEN: f64 = 0.5;

/// Collects runs of frames of one kind.
#[derive(Debug)]
pub(crate) struct Runs {
    shortest: f64,
    open: Option<(Rational, Rational)>,
    found: Vec<Span>,
}

impl Runs {
    /// Of black frames.
    pub fn black() -> Self {
        Self {
            shortest: SHORTEST_BLACK,
            open: None,
            found: Vec::new(),
        }
    }

    /// Of frames that repeat the one before.
    pub fn frozen() -> Self {
        Self {
            shortest: SHORTEST_FROZEN,
            open: None,
            found: Vec::new(),
        }
    }

    /// Takes the frame shown from `start` to `end`.
    pub fn push(&mut self, belongs: bool, start: Rational, end: Rational) {
        if belongs {
            let from = self.open.map_or(start, |(from, _)| from);
            self.open = Some((from, end));
        } else {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some((from, to)) = self.open.take()
            && (to - from).seconds() >= self.shortest
        {
            self.found.push(Span {
                start: rounded(from.seconds()),
                end: rounded(to.seconds()),
            });
        }
    }

    /// All runs, in order.
    pub fn finish(mut self) -> Vec<Span> {
        self.close();
        self.found
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_told_from_their_first_to_the_end_of_their_last_frame() {
        let mut runs = Runs::black();
        let frame = |n: i64| Rational::new(n, 25).unwrap();
        for n in 0..50 {
            runs.push(
                (10..20).contains(&n) || n == 30 || n >= 45,
                frame(n),
                frame(n + 1),
            );
        }
        let found = runs.finish();
        assert_eq!(
            found,
            [
                Span {
                    start: 0.4,
                    end: 0.8
                },
                Span {
                    start: 1.8,
                    end: 2.0
                }
            ]
        );
    }
}
