//! The path of the subject over time: outliers removed, smoothed, and read between the samples.

/// Seconds on each side over which positions are smoothed: detectors differ from frame to frame.
const SMOOTH: f64 = 0.4;

/// Seconds, middle and extent along an axis.
pub(super) type SubjectSample = (f64, f64, f64);

/// Replaces each sample by the median of itself and its two neighbors.
pub(super) fn without_outliers(samples: &[SubjectSample]) -> Vec<SubjectSample> {
    let middle = |a: f64, b: f64, c: f64| a.max(b).min(a.min(b).max(c));
    let mut clean = samples.to_vec();
    for (position, three) in samples.windows(3).enumerate() {
        if let (Some(here), [a, b, c]) = (clean.get_mut(position + 1), three) {
            here.1 = middle(a.1, b.1, c.1);
            here.2 = middle(a.2, b.2, c.2);
        }
    }
    clean
}

/// Each sample becomes the mean of those around it, nearer ones counting more.
pub(super) fn smoothed(samples: &[SubjectSample]) -> Vec<SubjectSample> {
    samples
        .iter()
        .map(|&(time, middle, extent)| {
            // As far to the left as to the right, so that a moving subject is not dragged back at the ends.
            let first = samples.first().map_or(time, |sample| sample.0);
            let last = samples.last().map_or(time, |sample| sample.0);
            let reach = SMOOTH.min(time - first).min(last - time);
            if reach <= 0.0 {
                return (time, middle, extent);
            }
            let (mut weights, mut middles, mut extents) = (0.0, 0.0, 0.0);
            let from = samples.partition_point(|sample| sample.0 < time - reach - 1e-9);
            let near = samples
                .iter()
                .skip(from)
                .take_while(|sample| sample.0 <= time + reach + 1e-9);
            for sample in near {
                let weight = 1.0 - (sample.0 - time).abs() / (reach * 1.5);
                weights += weight;
                middles += weight * sample.1;
                extents += weight * sample.2;
            }
            (time, middles / weights, extents / weights)
        })
        .collect()
}

/// Middle and extent at a time: straight lines between the samples, held at the ends.
pub(super) fn at(samples: &[SubjectSample], time: f64) -> (f64, f64) {
    let after = samples.partition_point(|sample| sample.0 <= time);
    let before = after.checked_sub(1).and_then(|before| samples.get(before));
    match (before, samples.get(after)) {
        (Some(a), Some(b)) => {
            let share = (time - a.0) / (b.0 - a.0);
            (a.1 + (b.1 - a.1) * share, a.2 + (b.2 - a.2) * share)
        }
        (Some(nearest), None) | (None, Some(nearest)) => (nearest.1, nearest.2),
        (None, None) => (0.5, 0.0),
    }
}
