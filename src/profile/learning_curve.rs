//! How a share of right answers rises with the number of choices: bounded, however long the log.

/// Most points that are kept: more than a page shows.
const MOST_POINTS: usize = 256;
/// Fewest points that are averaged into one of [`LearningCurve::smoothed`].
const FEWEST_AVERAGED: usize = 5;
/// Share of the points that is averaged.
const AVERAGED: f64 = 0.15;

/// Answers, learned and without taste, in order. Where there are more than are kept, neighbors are joined.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LearningCurve {
    /// Sums of right answers, learned and without taste.
    sums: Vec<[f64; 2]>,
    /// Choices of all points but the last, as a power of two.
    halvings: u32,
    /// Choices of the last point.
    last: usize,
}

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Choices before and with it.
    pub choices: f64,
    /// Share (0..1) that was right, by what was learned.
    pub learned: f64,
    /// Without taste.
    pub prior: f64,
}

impl LearningCurve {
    /// Adds a choice: how far it was foretold, 0..1.
    pub(super) fn push(&mut self, learned: f64, prior: f64) {
        let width = self.width();
        match self.sums.last_mut() {
            Some([a, b]) if self.last < width => {
                *a += learned;
                *b += prior;
                self.last += 1;
            }
            _ => {
                self.sums.push([learned, prior]);
                self.last = 1;
            }
        }
        if self.sums.len() > MOST_POINTS {
            self.halve();
        }
    }

    fn width(&self) -> usize {
        1_usize.checked_shl(self.halvings).unwrap_or(usize::MAX)
    }

    /// Joins each two neighbors.
    fn halve(&mut self) {
        let (width, joined) = (self.width(), self.sums.len());
        let pairs = self.sums.chunks(2);
        self.sums = pairs
            .map(|pair| [0, 1].map(|side| pair.iter().map(|sums| sums[side]).sum()))
            .collect();
        // An even number of points leaves a last one of two.
        self.last += if joined % 2 == 0 { width } else { 0 };
        self.halvings += 1;
    }

    /// Means over neighboring choices, by which a course can be seen among single answers.
    pub fn smoothed(&self) -> Vec<CurvePoint> {
        let width = self.width() as f64;
        let count = self.sums.len();
        let averaged = FEWEST_AVERAGED.max((AVERAGED * count as f64) as usize);
        let choices = |place: usize| match place + 1 == count {
            true => self.last as f64,
            false => width,
        };
        (averaged..=count)
            .map(|end| {
                let places = end - averaged..end;
                let all: f64 = places.clone().map(choices).sum();
                let share = |side: usize| {
                    let sums = self.sums.get(places.clone()).unwrap_or_default();
                    sums.iter().map(|sums| sums[side]).sum::<f64>() / all
                };
                CurvePoint {
                    choices: (0..end).map(choices).sum(),
                    learned: share(0),
                    prior: share(1),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_course_keeps_its_shape_and_few_points() {
        let mut curve = LearningCurve::default();
        assert!(curve.smoothed().is_empty());
        for number in 0..10_001 {
            let learned = if number < 5000 { 0.25 } else { 0.75 };
            curve.push(learned, 0.5);
        }
        let points = curve.smoothed();
        assert!(points.len() <= MOST_POINTS, "{}", points.len());
        assert!(
            points
                .windows(2)
                .all(|pair| pair[0].choices < pair[1].choices)
        );
        let (first, last) = (points.first(), points.last());
        assert!(first.is_some_and(|point| (point.learned - 0.25).abs() < 1e-9));
        let last = last
            .copied()
            .filter(|point| (point.learned - 0.75).abs() < 1e-9);
        assert_eq!(last.map(|point| point.choices), Some(10_001.0));
        assert!(points.iter().all(|point| (point.prior - 0.5).abs() < 1e-9));
    }
}
