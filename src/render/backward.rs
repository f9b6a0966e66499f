//! Frames of a source for a segment that is played backwards.
//!
//! Decoders only go forward, and reaching a frame takes all from the key frame before it. So the times that the film
//! asks for next are decoded forward, a run of them at once, and kept until they are shown. A run is as long as its
//! pictures fit into [`MOST_BYTES`]; where a source has fewer key frames than runs, some of its frames are decoded
//! again for each run, but only those that are shown are converted.

use std::sync::Arc;

use crate::edit::{Timeline, TimelineLayer};
use crate::geometry::Size;
use crate::time::Rational;

/// Most bytes of pictures that are kept for one source: 40 of 1080p, 10 of 2160p.
const MOST_BYTES: u64 = 256 << 20;
/// Longest run in frames: a film of tiny pictures decodes no more than 10 seconds ahead.
const LONGEST: u64 = 300;

/// Pictures that are shown next, the latest in the source last.
pub(super) struct BackwardRun<P> {
    pictures: Vec<(Rational, Arc<P>)>,
}

impl<P> Default for BackwardRun<P> {
    fn default() -> Self {
        Self {
            pictures: Vec::new(),
        }
    }
}

impl<P> BackwardRun<P> {
    /// How many pictures of this size a run has, of three bytes a pixel.
    pub fn most(size: Size) -> usize {
        let bytes = size.pixels().saturating_mul(3).max(1);
        (MOST_BYTES / bytes).clamp(2, LONGEST) as usize
    }

    /// Adds a picture that is shown before those that are there.
    pub fn push(&mut self, time: Rational, picture: Arc<P>) {
        self.pictures.push((time, picture));
    }

    /// The picture at `time`, if it is the next one. Else the film has gone elsewhere, and the rest is dropped.
    pub fn take(&mut self, time: Rational) -> Option<Arc<P>> {
        match self.pictures.pop() {
            Some((at, picture)) if at == time => Some(picture),
            _ => {
                self.pictures.clear();
                None
            }
        }
    }
}

/// The times of its source that `layer` shows from the film's frame `number` on, as long as each lies before the last:
/// at most `most`.
pub(super) fn falling_times(
    timeline: &Timeline<'_>,
    number: u64,
    layer: &TimelineLayer,
    most: usize,
) -> Vec<Rational> {
    let mut times: Vec<Rational> = Vec::new();
    for ahead in 0..most as u64 {
        let first = timeline.layer(number.saturating_add(ahead), layer.segment);
        let shown = match layer.is_second {
            true => first.and_then(|first| timeline.second_layer(&first)),
            false => first,
        };
        let Some(shown) = shown else {
            break;
        };
        if times.last().is_some_and(|last| shown.source_time >= *last) {
            break;
        }
        times.push(shown.source_time);
    }
    times
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::edit::timeline_tests::{plan, ratio, segment};
    use crate::effects::Reverse;
    use crate::picture::Rgb8;

    #[test]
    fn a_run_falls_to_the_start_of_its_segment() {
        let mut plan = plan(ratio(10, 1), vec![segment("a", ratio(2, 1), ratio(3, 1))]);
        let forward = Timeline::new(&plan).unwrap();
        let layer = forward.layer(3, 0).unwrap();
        assert_eq!(falling_times(&forward, 3, &layer, 50), [ratio(23, 10)]);
        plan.picture[0].effects = vec![Reverse {}.into()];
        let backward = Timeline::new(&plan).unwrap();
        let times = falling_times(&backward, 7, &layer, 50);
        assert_eq!(times, [22, 21, 20].map(|tenth| ratio(tenth, 10)));
        assert_eq!(falling_times(&backward, 0, &layer, 4).len(), 4);
    }

    #[test]
    fn a_run_gives_its_pictures_backwards_and_is_dropped_elsewhere() {
        let picture = || Arc::new(Rgb8::black(Size::new(1, 1)));
        let mut run = BackwardRun::default();
        for time in [1, 2, 3] {
            run.push(Rational::whole(time), picture());
        }
        assert!(run.take(Rational::whole(3)).is_some());
        assert!(run.take(Rational::whole(2)).is_some());
        assert!(run.take(Rational::whole(9)).is_none());
        assert!(run.take(Rational::whole(1)).is_none());
        assert_eq!(BackwardRun::<Rgb8>::most(Size::new(1920, 1080)), 43);
    }
}
