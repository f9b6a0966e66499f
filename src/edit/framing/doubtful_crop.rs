//! Whether a crop that follows where the eye goes has guessed: a man and the car he walks away from, a cyclist at one
//! side and a van at the other.

use crate::analysis::TimedSubjectMap;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::subject_window::{Cumulative, cells};

/// A crop that holds a smaller share of the weight, on average over its part of the film, is in doubt. Those of the
/// clips that `scripts/split.py` puts into `tune` hold .62 and more, but for one whose subject is wider than the crop.
const DOUBTFUL: f64 = 0.5;

/// True for crops that hold this share of the weight, on average.
pub(super) fn is_doubtful(kept: f64) -> bool {
    kept < DOUBTFUL
}

/// The share of the weight that crops with their middles at `middle_at` (seconds to a fraction of the picture) hold on
/// average; 1 without maps.
pub(super) fn kept_share(
    axis: CropAxis,
    maps: &[TimedSubjectMap],
    middle_at: impl Fn(f64) -> f64,
) -> f64 {
    let half = axis.size() / 2.0;
    let kept: Vec<f64> = maps
        .iter()
        .filter_map(|timed| {
            let weights = Cumulative::new(cells(axis, &timed.map).iter().copied())?;
            let middle = middle_at(timed.time);
            Some(weights.within((middle - half, middle + half)))
        })
        .collect();
    if kept.is_empty() {
        return 1.0;
    }
    kept.iter().sum::<f64>() / kept.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::SubjectMap;

    fn doubted(maps: &[TimedSubjectMap], middle_at: impl Fn(f64) -> f64) -> bool {
        is_doubtful(kept_share(THIRD, maps, middle_at))
    }

    const THIRD: CropAxis = CropAxis::Across(0.3);

    fn maps(times: &[[f64; 10]]) -> Vec<TimedSubjectMap> {
        let map = |across: &[f64; 10]| SubjectMap {
            across: across.to_vec(),
            down: vec![1.0],
        };
        let timed = times
            .iter()
            .enumerate()
            .map(|(number, across)| TimedSubjectMap {
                time: number as f64,
                map: map(across),
            });
        timed.collect()
    }

    const LEFT: [f64; 10] = [0.1, 0.4, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0];
    const RIGHT: [f64; 10] = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.7, 0.1];

    #[test]
    fn a_crop_that_holds_the_lesser_half_is_in_doubt() {
        let still = maps(&[LEFT, LEFT]);
        assert!(!doubted(&still, |_| 0.15));
        assert!(doubted(&still, |_| 0.5));
        assert!(doubted(&maps(&[[0.1; 10]]), |_| 0.5));
    }

    #[test]
    fn a_crop_that_goes_along_is_not_in_doubt() {
        let leaves = maps(&[LEFT, RIGHT, RIGHT]);
        assert!(doubted(&leaves, |_| 0.15));
        assert!(!doubted(&leaves, |time| 0.15 + 0.7 * time.min(1.0)));
    }

    #[test]
    fn without_maps_there_is_nothing_to_doubt() {
        assert!(!doubted(&[], |_| 0.5));
        assert!(!doubted(&maps(&[[0.0; 10]]), |_| 0.5));
    }
}
