//! The path of a crop over time: the taut string through a tube, with its corners rounded.

/// Seconds over which corners of the path are rounded: about as long as a camera takes to start or stop a pan.
const EASE: f64 = 0.5;
/// Tolerance of the simplified path (fraction of the picture): less than a pixel at 1920 across.
const SIMPLE: f64 = 0.0004;

/// The range in which the middle of the crop may lie at one time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    /// Seconds.
    pub time: f64,
    pub low: f64,
    pub high: f64,
}

/// The shortest path through the tube with free ends, as the points where it bends.
pub(super) fn taut_string(tube: &[Ring]) -> Vec<(f64, f64)> {
    let Some(first) = tube.first() else {
        return Vec::new();
    };
    // The path holds still as long as one value lies in all rings; then it leaves towards the next ring, so it starts
    // at that side.
    let (mut low, mut high) = (first.low, first.high);
    let mut start = (low + high) / 2.0;
    let mut forced = false;
    for ring in tube {
        if ring.low > high {
            (start, forced) = (high, true);
            break;
        }
        if ring.high < low {
            (start, forced) = (low, true);
            break;
        }
        (low, high) = (low.max(ring.low), high.min(ring.high));
    }
    if !forced {
        let mean = tube
            .iter()
            .map(|ring| (ring.low + ring.high) / 2.0)
            .sum::<f64>()
            / tube.len() as f64;
        start = mean.clamp(low, high);
    }
    let mut corners = vec![(first.time, start)];
    let mut from = 0;
    while from + 1 < tube.len() {
        let (time, at) = corners.last().copied().unwrap_or((first.time, start));
        let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
        let (mut least_at, mut most_at) = (from, from);
        let mut bend = None;
        for (number, ring) in tube.iter().enumerate().skip(from + 1) {
            let span = (ring.time - time).max(1e-9);
            let (to_low, to_high) = ((ring.low - at) / span, (ring.high - at) / span);
            if to_low > most {
                bend = Some((most_at, tube[most_at].high));
                break;
            }
            if to_high < least {
                bend = Some((least_at, tube[least_at].low));
                break;
            }
            if to_low >= least {
                (least, least_at) = (to_low, number);
            }
            if to_high <= most {
                (most, most_at) = (to_high, number);
            }
        }
        match bend {
            Some((number, to)) if number > from => {
                corners.push((tube[number].time, to));
                from = number;
            }
            _ => {
                // No further bend is forced: continue to the end, as level as possible.
                let end = tube.last().map_or(time, |ring| ring.time);
                let slope = 0.0_f64.clamp(least, most.max(least));
                corners.push((end, at + slope * (end - time)));
                break;
            }
        }
    }
    corners
}

/// The path with rounded corners: its moving average, over a window that shrinks near the ends, sampled densely.
pub(super) fn eased(corners: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (corners.first(), corners.last()) else {
        return Vec::new();
    };
    let length = last.0 - first.0;
    let steps = (length / (EASE / 5.0)).ceil().clamp(1.0, 200_000.0) as usize;
    // Cumulative areas under the path give the exact mean over any window.
    let mut areas = vec![0.0];
    for pair in corners.windows(2) {
        let area = (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0;
        areas.push(areas.last().copied().unwrap_or(0.0) + area);
    }
    let middle_at = |time: f64| {
        let after = corners
            .partition_point(|corner| corner.0 <= time)
            .clamp(1, corners.len() - 1);
        let (a, b) = (corners[after - 1], corners[after]);
        let share = ((time - a.0) / (b.0 - a.0).max(1e-9)).clamp(0.0, 1.0);
        (after - 1, a, a.1 + (b.1 - a.1) * share)
    };
    let area_to = |time: f64| {
        let (number, a, here) = middle_at(time);
        areas[number] + (time - a.0) * (a.1 + here) / 2.0
    };
    if corners.len() < 2 {
        return corners.to_vec();
    }
    (0..=steps)
        .map(|step| {
            let time = first.0 + length * step as f64 / steps as f64;
            let reach = (EASE / 2.0).min(time - first.0).min(last.0 - time);
            if reach < 1e-6 {
                return (time, middle_at(time).2);
            }
            let mean = (area_to(time + reach) - area_to(time - reach)) / (2.0 * reach);
            (time, mean)
        })
        .collect()
}

/// Removes points that lie on the line between their neighbors (Ramer–Douglas–Peucker).
pub(super) fn simplified(path: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut keep = vec![false; path.len()];
    if let Some(end) = keep.first_mut() {
        *end = true;
    }
    if let Some(end) = keep.last_mut() {
        *end = true;
    }
    let mut open = vec![(0, path.len().saturating_sub(1))];
    while let Some((first, last)) = open.pop() {
        let (Some(a), Some(b)) = (path.get(first), path.get(last)) else {
            continue;
        };
        let off = |point: &(f64, f64)| {
            let share = (point.0 - a.0) / (b.0 - a.0).max(1e-9);
            (a.1 + (b.1 - a.1) * share - point.1).abs()
        };
        let farthest = (first + 1..last).max_by(|x, y| off(&path[*x]).total_cmp(&off(&path[*y])));
        if let Some(middle) = farthest.filter(|middle| off(&path[*middle]) > SIMPLE) {
            keep[middle] = true;
            open.extend([(first, middle), (middle, last)]);
        }
    }
    path.iter()
        .zip(keep)
        .filter_map(|(point, keep)| keep.then_some(*point))
        .collect()
}
