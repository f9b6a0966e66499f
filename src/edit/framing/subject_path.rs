//! The path of the subject over time: outliers removed, smoothed, interpolated.

/// Seconds on each side over which positions are smoothed: detections jitter from frame to frame.
const SMOOTH: f64 = 0.4;

/// Where the subject is at one time, along the axis of the crop.
#[derive(Debug, Clone, Copy)]
pub(super) struct PathSample {
    /// Seconds in the source.
    pub time: f64,
    /// Fraction of the picture.
    pub middle: f64,
    /// Fraction of the picture.
    pub extent: f64,
}

/// Replaces each sample by the median of itself and its two neighbors.
pub(super) fn without_outliers(samples: &[PathSample]) -> Vec<PathSample> {
    let median = |a: f64, b: f64, c: f64| a.max(b).min(a.min(b).max(c));
    let mut clean = samples.to_vec();
    for (position, three) in samples.windows(3).enumerate() {
        if let (Some(here), [a, b, c]) = (clean.get_mut(position + 1), three) {
            here.middle = median(a.middle, b.middle, c.middle);
            here.extent = median(a.extent, b.extent, c.extent);
        }
    }
    clean
}

/// Replaces each sample by a weighted mean of those around it, nearer ones counting more.
pub(super) fn smoothed(samples: &[PathSample]) -> Vec<PathSample> {
    samples
        .iter()
        .map(|here| {
            let time = here.time;
            // The window is symmetric: otherwise a moving subject would lag at the ends.
            let first = samples.first().map_or(time, |sample| sample.time);
            let last = samples.last().map_or(time, |sample| sample.time);
            let reach = SMOOTH.min(time - first).min(last - time);
            if reach <= 0.0 {
                return *here;
            }
            let (mut weights, mut middles, mut extents) = (0.0, 0.0, 0.0);
            let from = samples.partition_point(|sample| sample.time < time - reach - 1e-9);
            let near = samples
                .iter()
                .skip(from)
                .take_while(|sample| sample.time <= time + reach + 1e-9);
            for sample in near {
                let weight = 1.0 - (sample.time - time).abs() / (reach * 1.5);
                weights += weight;
                middles += weight * sample.middle;
                extents += weight * sample.extent;
            }
            PathSample {
                time,
                middle: middles / weights,
                extent: extents / weights,
            }
        })
        .collect()
}

/// Middle and extent at a time: linear between the samples, constant at the ends.
pub(super) fn at(samples: &[PathSample], time: f64) -> (f64, f64) {
    let after = samples.partition_point(|sample| sample.time <= time);
    let before = after.checked_sub(1).and_then(|before| samples.get(before));
    match (before, samples.get(after)) {
        (Some(a), Some(b)) => {
            let share = (time - a.time) / (b.time - a.time);
            (
                a.middle + (b.middle - a.middle) * share,
                a.extent + (b.extent - a.extent) * share,
            )
        }
        (Some(nearest), None) | (None, Some(nearest)) => (nearest.middle, nearest.extent),
        (None, None) => (0.5, 0.0),
    }
}
