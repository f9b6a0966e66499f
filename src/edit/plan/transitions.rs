//! Checks transitions between two segments: they need a length that fits and a handle in both sources.
//!
//! A transition of `duration` is centered on the cut. So the source before it is shown for half the duration beyond its
//! `out`, and the source after it from half the duration before its `in`. These parts are the handles. A photo has
//! handles of any length.

use std::path::Path;

use crate::edit::{Plan, Segment};
use crate::error::{Error, Result};
use crate::media::{Limits, probe};
use crate::time::Rational;

/// Shortest transition in frames. One frame would blend nothing, since the cut would lie in its middle.
const FEWEST_FRAMES: i64 = 2;
/// Seconds by which a handle may be too short, for rounding: the last frame is held.
const HANDLE_TOLERANCE: f64 = 0.001;

impl Plan {
    /// The problem with the transition at the start of segment `number`, if any. The handle after the segment before is
    /// not checked, since that needs the file.
    pub(crate) fn transition_problem(&self, number: usize) -> Option<String> {
        let segment = self.picture.get(number)?;
        let timed = segment.transition.timed()?;
        let Some(before) = number.checked_sub(1).and_then(|at| self.picture.get(at)) else {
            return Some("the first segment has none before it: write \"cut\"".into());
        };
        let frames = timed.duration_exact * self.output.frame_rate;
        if frames.denominator() != 1 || frames.numerator() < FEWEST_FRAMES {
            return Some(format!(
                "lasts {:.4} frames; it must be a whole number, at least {FEWEST_FRAMES}",
                frames.seconds()
            ));
        }
        let half = timed.half();
        let half_of = |segment: Option<&Segment>| {
            let timed = segment.and_then(|segment| segment.transition.timed());
            timed.map_or(Rational::ZERO, |timed| timed.half())
        };
        let next = self.picture.get(number + 1);
        for (segment, taken, which) in [
            (before, half + half_of(Some(before)), "before it"),
            (segment, half + half_of(next), "that it leads into"),
        ] {
            if taken > segment.length() {
                return Some(format!(
                    "does not fit: the segment {which} lasts {:.4} seconds, and transitions take {:.4} of it",
                    segment.length().seconds(),
                    taken.seconds()
                ));
            }
        }
        let handle = half * segment.exact_speed();
        if self.is_still(segment) || segment.start_exact >= handle {
            return None;
        }
        Some(format!(
            "needs {:.4} seconds of {:?} before its in, but only {:.4} are there",
            handle.seconds(),
            segment.source,
            segment.start_exact.seconds()
        ))
    }

    /// Fails with the line and the field where a source ends too early for the transition after it or for its panel.
    /// `text` is the plan as read from `path`, in whose folder relative paths start. Unreadable sources are skipped:
    /// rendering reports them.
    pub fn check_handles(&self, text: &str, path: &Path, limits: &Limits) -> Result<()> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let missing = self.missing_handle(folder, limits);
        let missing = missing.map(|found| (found, "transition.duration"));
        let short = || self.short_second_source(folder, limits);
        let short = || short().map(|found| (found, "second_source.in"));
        match missing.or_else(short) {
            None => Ok(()),
            Some(((number, what), field)) => {
                let field = format!("picture[{number}].{field}");
                let offset = super::json_path::offset_of(text, &field);
                Err(Error::document(
                    path,
                    text,
                    offset,
                    format!("{field}: {what}"),
                ))
            }
        }
    }

    /// The first segment whose transition needs more of the source before it than there is, and the message about it.
    pub(crate) fn missing_handle(&self, folder: &Path, limits: &Limits) -> Option<(usize, String)> {
        for (number, pair) in self.picture.windows(2).enumerate() {
            let [before, segment] = pair else { continue };
            let Some(timed) = segment.transition.timed() else {
                continue;
            };
            if self.is_still(before) {
                continue;
            }
            let Some(end) = self.source_end(before, folder, limits) else {
                continue;
            };
            let left = (end - before.end_exact).seconds();
            let half = (timed.half() * before.exact_speed()).seconds();
            if left + HANDLE_TOLERANCE < half {
                let what = format!(
                    "needs {half:.4} seconds of {:?} after its out, but only {:.4} are there",
                    before.source,
                    left.max(0.0)
                );
                return Some((number + 1, what));
            }
        }
        None
    }

    fn is_still(&self, segment: &Segment) -> bool {
        self.sources
            .iter()
            .any(|source| source.id == segment.source && source.kind.is_still())
    }

    /// The second at which the picture of a segment's source ends, if its headers tell.
    fn source_end(&self, segment: &Segment, folder: &Path, limits: &Limits) -> Option<Rational> {
        let source = self.source(&segment.source).ok()?;
        let facts = probe(&source.path_from(folder), limits).ok()?.video?;
        Some(facts.start + facts.duration?)
    }
}
