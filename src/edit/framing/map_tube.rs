//! The tube in which a crop's middle must stay so that it keeps what the eye goes to, frame after frame.
//!
//! Every place of the crop keeps some share of a frame's map. Over the whole part, the crop takes the places that keep
//! most together, less what moving costs (Viterbi's dynamic programming): so a second of doubt, in which something
//! else stands out, does not pull it away. Around each of these places the tube is as wide as keeps nearly as much, and
//! the taut string through it holds still, pans or tracks as it must.
//!
//! Constants were chosen on the clips with labeled subjects that `scripts/split.py` puts into `tune`.

use crate::analysis::TimedSubjectMap;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::crop_path::Ring;
use crate::edit::framing::subject_window::Cumulative;

/// Places of the crop that are compared, per picture.
const PLACES: usize = 160;
/// Share of a frame's weight that a move by the whole picture must win. With 1 the path is less calm (a fifth more
/// jitter), with 5 it comes too late to fast subjects.
const COST_OF_MOVING: f64 = 2.0;
/// Places that keep this share less are as good.
const AS_GOOD: f64 = 0.04;
/// Share of the way from the middle of the weight to the places that are only just as good, which the crop may go to
/// hold still. At 1 subjects often touch the edge, at 0 every step is followed.
const LOOSE: f64 = 0.42;
/// A frame of which the chosen place keeps less than this share of what another would is in doubt: it asks for nothing
/// more than that.
const DOUBTFUL: f64 = 0.5;
/// Seconds between two rings of the tube.
const STEP: f64 = 0.2;
/// Most rings of a tube, a guard against absurd lengths.
const MOST_RINGS: f64 = 100_000.0;

/// The tube from `start` to `end` (seconds); empty where nothing stands out.
pub(super) fn tube_of_maps(
    axis: CropAxis,
    maps: &[TimedSubjectMap],
    start: f64,
    end: f64,
) -> Vec<Ring> {
    let frames: Vec<WeighedFrame> = maps
        .iter()
        .filter(|timed| timed.time.is_finite())
        .filter_map(|timed| WeighedFrame::new(axis, timed))
        .collect();
    let chosen = best_places(&frames);
    let rings: Vec<Ring> = frames
        .iter()
        .zip(chosen)
        .map(|(frame, place)| frame.ring(axis, place))
        .collect();
    if rings.is_empty() || end <= start {
        return Vec::new();
    }
    let steps = ((end - start) / STEP).ceil().clamp(1.0, MOST_RINGS) as usize;
    (0..=steps)
        .map(|step| between(&rings, start + (end - start) * step as f64 / steps as f64))
        .collect()
}

/// What each place of the crop keeps of one frame.
struct WeighedFrame {
    /// Seconds.
    time: f64,
    /// Share of the weight that is kept at each of [`PLACES`] + 1 places.
    kept: Vec<f64>,
    /// The mean place of the weight.
    center: f64,
}

impl WeighedFrame {
    fn new(axis: CropAxis, timed: &TimedSubjectMap) -> Option<Self> {
        let cells = match axis {
            CropAxis::Down(_) => &timed.map.down,
            _ => &timed.map.across,
        };
        let weights = Cumulative::new(cells.iter().copied())?;
        let half = axis.size() / 2.0;
        let kept = (0..=PLACES).map(|place| {
            let middle = middle_of(axis, place);
            weights.within((middle - half, middle + half))
        });
        Some(Self {
            time: timed.time,
            kept: kept.collect(),
            center: weights.center(),
        })
    }

    /// Around `place`, as far as nearly as much is kept.
    fn ring(&self, axis: CropAxis, place: usize) -> Ring {
        let least = self.kept.get(place).copied().unwrap_or(0.0) - AS_GOOD;
        let good = |at: &usize| self.kept.get(*at).is_some_and(|kept| *kept >= least);
        let first = (0..place).rev().take_while(good).last().unwrap_or(place);
        let last = (place + 1..=PLACES)
            .take_while(good)
            .last()
            .unwrap_or(place);
        let (low, high) = (middle_of(axis, first), middle_of(axis, last));
        let aim = self.center.clamp(low, high);
        let most = self.kept.iter().copied().fold(0.0, f64::max);
        let doubtful = least + AS_GOOD < most * DOUBTFUL;
        let loose = if doubtful { 1.0 } else { LOOSE };
        Ring {
            time: self.time,
            low: aim - (aim - low) * loose,
            high: aim + (high - aim) * loose,
        }
    }
}

/// The middle of the crop at one of the places.
fn middle_of(axis: CropAxis, place: usize) -> f64 {
    let room = 1.0 - axis.size();
    axis.size() / 2.0 + room * place as f64 / PLACES as f64
}

/// The places, one a frame, that keep most together, less the cost of moving between them.
fn best_places(frames: &[WeighedFrame]) -> Vec<usize> {
    let Some(first) = frames.first() else {
        return Vec::new();
    };
    let room = first.kept.len().max(1);
    let mut scores = first.kept.clone();
    let mut came_from: Vec<Vec<usize>> = Vec::with_capacity(frames.len());
    for frame in frames.iter().skip(1) {
        let sources = cheapest_sources(&mut scores);
        for (score, kept) in scores.iter_mut().zip(&frame.kept) {
            *score += kept;
        }
        came_from.push(sources);
    }
    let mut place = (0..room)
        .max_by(|a, b| {
            let score = |at: &usize| scores.get(*at).copied().unwrap_or(f64::NEG_INFINITY);
            score(a).total_cmp(&score(b)).then(b.cmp(a))
        })
        .unwrap_or(0);
    let mut places = vec![place];
    for sources in came_from.iter().rev() {
        place = sources.get(place).copied().unwrap_or(place);
        places.push(place);
    }
    places.reverse();
    places
}

/// Raises each score to the best that a move from another place gives; returns those places. As moving costs the same
/// per step, one pass in each direction finds them.
fn cheapest_sources(scores: &mut [f64]) -> Vec<usize> {
    let cost = COST_OF_MOVING / PLACES as f64;
    let mut sources: Vec<usize> = (0..scores.len()).collect();
    let mut relax = |from: usize, to: usize| {
        if let (Some(&a), Some(&b), Some(&source)) =
            (scores.get(from), scores.get(to), sources.get(from))
            && a - cost > b
        {
            scores[to] = a - cost;
            sources[to] = source;
        }
    };
    let count = PLACES + 1;
    for to in 1..count {
        relax(to - 1, to);
    }
    for to in (0..count - 1).rev() {
        relax(to + 1, to);
    }
    sources
}

/// The ring at a time: linear between those around it, as at the ends beyond them.
fn between(rings: &[Ring], time: f64) -> Ring {
    let after = rings.partition_point(|ring| ring.time <= time);
    let before = after.checked_sub(1).and_then(|before| rings.get(before));
    let (low, high) = match (before, rings.get(after)) {
        (Some(a), Some(b)) => {
            let share = (time - a.time) / (b.time - a.time);
            let mix = |x: f64, y: f64| x + (y - x) * share;
            (mix(a.low, b.low), mix(a.high, b.high))
        }
        (Some(only), None) | (None, Some(only)) => (only.low, only.high),
        (None, None) => (0.5, 0.5),
    };
    Ring { time, low, high }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::SubjectMap;
    use crate::edit::framing::crop_path::taut_string;
    use proptest::prelude::*;

    const THIRD: CropAxis = CropAxis::Across(0.3);

    /// A map of one frame, all of whose weight lies in the twentieth at `place`.
    fn spot(time: f64, place: f64) -> TimedSubjectMap {
        let mut across = vec![0.0; 20];
        across[((place * 20.0) as usize).min(19)] = 1.0;
        TimedSubjectMap {
            time,
            map: SubjectMap {
                across,
                down: vec![1.0],
            },
        }
    }

    fn holds(ring: &Ring, place: f64) -> bool {
        [ring.low, ring.high]
            .iter()
            .all(|middle| (middle - place).abs() <= 0.15 + 0.025)
    }

    #[test]
    fn a_subject_that_walks_across_stays_in_the_tube() {
        let place = |time: f64| 0.1 + 0.2 * time;
        let maps: Vec<_> = (0..11)
            .map(|n| spot(0.4 * f64::from(n), place(0.4 * f64::from(n))))
            .collect();
        let tube = tube_of_maps(THIRD, &maps, 0.0, 4.0);
        assert_eq!(tube.len(), 21);
        for ring in &tube {
            let wanted = THIRD.clamp(place(ring.time));
            assert!(holds(ring, wanted), "{ring:?} for {wanted}");
        }
    }

    #[test]
    fn a_moment_of_doubt_does_not_pull_the_crop_away() {
        let maps: Vec<_> = (0..11)
            .map(|n| spot(0.4 * f64::from(n), if n == 5 { 0.9 } else { 0.3 }))
            .collect();
        for (time, middle) in taut_string(&tube_of_maps(THIRD, &maps, 0.0, 4.0)) {
            assert!((middle - 0.3).abs() <= 0.15, "{middle} at {time}");
        }
    }

    #[test]
    fn a_subject_that_fits_easily_leaves_room_to_hold_still() {
        let maps = [spot(0.0, 0.5), spot(1.0, 0.5)];
        let tube = tube_of_maps(THIRD, &maps, 0.0, 1.0);
        assert!(
            tube.iter().all(|ring| ring.high - ring.low > 0.1),
            "{tube:?}"
        );
    }

    #[test]
    fn maps_that_say_nothing_give_no_tube() {
        let mut empty = spot(0.0, 0.5);
        empty.map.across.fill(0.0);
        let mut unknown = spot(0.0, 0.5);
        unknown.map.across.fill(f64::NAN);
        let nowhen = spot(f64::NAN, 0.5);
        assert!(tube_of_maps(THIRD, &[empty, unknown, nowhen], 0.0, 1.0).is_empty());
        assert!(tube_of_maps(THIRD, &[], 0.0, 1.0).is_empty());
        assert!(tube_of_maps(THIRD, &[spot(0.0, 0.5)], 1.0, 1.0).is_empty());
    }

    proptest! {
        #[test]
        fn the_crop_is_always_inside_the_picture(
            places in prop::collection::vec(0.0..1.0_f64, 1..30),
            size in 0.05..0.99_f64,
        ) {
            let axis = CropAxis::Across(size);
            let maps: Vec<_> = places
                .iter()
                .enumerate()
                .map(|(n, place)| spot(0.4 * n as f64, *place))
                .collect();
            for ring in tube_of_maps(axis, &maps, 0.0, 8.0) {
                prop_assert!(ring.low <= ring.high + 1e-9);
                prop_assert!(ring.low >= size / 2.0 - 1e-9 && ring.high <= 1.0 - size / 2.0 + 1e-9);
            }
        }
    }
}
