//! Who is still watching a film, as platforms tell its creator.

/// Seconds at the beginning in which everybody leaves who came by mistake.
const OPENING: f64 = 3.0;

/// Seconds, and the share of those who began.
#[derive(Debug, Clone, PartialEq)]
pub struct Retention(Vec<(f64, f64)>);

impl Retention {
    /// Of seconds and shares, in any order. `None` for fewer than two, and for numbers that are not finite.
    pub fn new(mut points: Vec<(f64, f64)>) -> Option<Self> {
        let is_finite = |point: &(f64, f64)| point.0.is_finite() && point.1.is_finite();
        if points.len() < 2 || !points.iter().all(is_finite) {
            return None;
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(Self(points))
    }

    /// The share of those who watch at `start` that leaves in each second until `end`; below 0 where more come than
    /// leave, as where people watch again.
    pub fn loss(&self, start: f64, end: f64) -> f64 {
        let (before, after) = (self.at(start), self.at(end));
        (before - after) / before.max(1e-6) / (end - start).max(1e-6)
    }

    /// How well the time from `start` to `end` holds those who watch, 0..1: 0.5 where as many leave in each second as
    /// in all of the film but its opening, 1 where nobody does, 0 where twice as many do. `None` beyond what is known.
    pub fn hold(&self, start: f64, end: f64) -> Option<f64> {
        let (first, last) = (self.0.first()?.0, self.0.last()?.0);
        if start < first || end > last {
            return None;
        }
        let opened = (first + OPENING).min((first + last) / 2.0);
        let leaving = |start: f64, end: f64| {
            let [before, after] = [start, end].map(|time| self.at(time).max(1e-6));
            (before / after).ln() / (end - start).max(1e-6)
        };
        let usual = leaving(opened, last);
        let here = leaving(start, end);
        // Where nobody leaves, every second is as good as any.
        let held = 1.0 - here / usual.max(1e-6) / 2.0;
        Some(if usual > 1e-6 {
            held.clamp(0.0, 1.0)
        } else {
            0.5
        })
    }

    /// Linear between the points, constant beyond them.
    fn at(&self, time: f64) -> f64 {
        let next = self.0.partition_point(|point| point.0 < time);
        match (
            next.checked_sub(1).and_then(|at| self.0.get(at)),
            self.0.get(next),
        ) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (time - a.0) / (b.0 - a.0).max(1e-9),
            (Some(only), None) | (None, Some(only)) => only.1,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_people_is_told_beside_what_usually_does() {
        let points = vec![
            (0.0, 1.0),
            (3.0, 0.6),
            (40.0, 0.2),
            (10.0, 0.5),
            (20.0, 0.5),
        ];
        let watched = Retention::new(points).unwrap();
        assert!((watched.loss(0.0, 3.0) - 0.4 / 3.0).abs() < 1e-9);
        assert_eq!(watched.hold(10.0, 20.0), Some(1.0));
        let usual = watched.hold(3.0, 40.0).unwrap();
        assert!((usual - 0.5).abs() < 1e-9);
        assert!(watched.hold(20.0, 40.0).unwrap() < 0.4);
        assert_eq!(watched.hold(35.0, 41.0), None);
        // Nobody leaves, or nobody is told of.
        let flat = Retention::new(vec![(0.0, 1.0), (30.0, 1.0)]).unwrap();
        assert_eq!(flat.hold(5.0, 10.0), Some(0.5));
        assert_eq!(Retention::new(vec![(0.0, 1.0)]), None);
        assert_eq!(Retention::new(vec![(0.0, 1.0), (1.0, f64::NAN)]), None);
    }
}
