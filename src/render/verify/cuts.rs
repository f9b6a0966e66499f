//! Checks that the finished picture is cut where the plan says, and that cuts fall on their beats.
//!
//! At a cut the change between two frames is a spike: the greatest nearby and well above the motion of the shots around
//! it. Where there is no such spike, the plan's own frames on both sides tell how large it should be. If they look
//! alike, the cut is invisible, which is no failure. If the change is about as large, the cut was only hidden by
//! motion. Else the film is not cut where the plan says.
//!
//! Tried on 1500 cuts between random pieces of 19 clips (8 to 30 frames on each side): all passed, and the same films
//! with the cut moved by 4 or 6 frames failed in 98.4 % of 2467 trials. In the rest the source has a cut of its own
//! there, or both sides look the same.

use crate::edit::Timeline;
use crate::error::Result;
use crate::render::verify::picture_scan::{PictureScan, change, time_words};
use crate::render::verify::{Expectation, VerifyReport, counted};

/// Frames on each side of a cut whose changes it is compared with.
const AROUND: usize = 12;
/// A spike is at least this many times the median change around it,
const TIMES: f64 = 2.5;
/// and at least this much (mean of 0..255) above it.
const ABOVE: f64 = 2.0;
/// A spike with larger ones nearby is at least this many times the median change,
const HIDDEN_TIMES: f64 = 1.5;
/// and at least this share of the change between the plan's own frames; a look may soften it.
const HIDDEN_SHARE: f64 = 0.5;
/// The plan's own frames look alike up to this change (mean of 0..255), or up to [`TIMES`] the median.
const ALIKE: f64 = 4.0;

/// The changes around a planned cut.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Spike {
    /// The greatest change within one frame of the plan.
    height: f64,
    /// The median of the changes around it.
    usual: f64,
    /// The greatest of the changes around it.
    other: f64,
}

impl Spike {
    /// The spike at `planned`. The two shots reach from the cut before, `from`, to the cut after, `to`.
    fn at(changes: &[f32], planned: usize, from: usize, to: usize) -> Self {
        let first = planned.saturating_sub(AROUND).max(from + 1);
        let last = (planned + AROUND + 1).min(to).min(changes.len());
        let near = |wanted: bool| {
            (first..last)
                .filter(move |number| (number.abs_diff(planned) <= 1) == wanted)
                .filter_map(|number| changes.get(number))
                .map(|change| f64::from(*change))
        };
        let mut around: Vec<f64> = near(false).collect();
        around.sort_by(f64::total_cmp);
        Self {
            height: near(true).fold(0.0, f64::max),
            usual: around.get(around.len() / 2).copied().unwrap_or(0.0),
            other: around.last().copied().unwrap_or(0.0),
        }
    }

    fn stands_out(self) -> bool {
        self.height >= self.usual * TIMES
            && self.height >= self.usual + ABOVE
            && self.height >= self.other
    }

    /// Whether it matches a change of `step` between the plan's own frames.
    fn fits(self, step: f64) -> bool {
        self.height >= step * HIDDEN_SHARE
            && self.height >= self.usual * HIDDEN_TIMES
            && self.height >= self.usual + ABOVE
    }

    /// Whether a cut that changes the picture by `step` would be invisible here.
    fn hides(self, step: f64) -> bool {
        step <= ALIKE.max(self.usual * TIMES)
    }
}

/// Checks every planned cut.
pub(super) fn check_cuts(
    timeline: &Timeline<'_>,
    scan: &PictureScan,
    expectation: &Expectation<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let cuts: Vec<u64> = (1..timeline.segments.len())
        .filter(|number| !timeline.continues(*number))
        .filter_map(|number| timeline.segments.get(number))
        .filter(|entry| entry.segment.transition.timed().is_none())
        .map(|entry| entry.first)
        .collect();
    if cuts.is_empty() {
        return Ok(());
    }
    let (mut found, mut unseen) = (0, 0);
    let mut missing = Vec::new();
    for (number, cut) in cuts.iter().enumerate() {
        let before = number.checked_sub(1).and_then(|at| cuts.get(at));
        let after = cuts.get(number + 1).copied().unwrap_or(timeline.frames);
        let spike = Spike::at(
            &scan.changes,
            *cut as usize,
            before.copied().unwrap_or(0) as usize,
            after as usize,
        );
        if spike.stands_out() {
            found += 1;
            continue;
        }
        let time = time_words(timeline, *cut);
        match expectation.pair(*cut)? {
            Ok([last, first]) => {
                let step = change(&last, &first);
                if spike.fits(step) {
                    found += 1;
                } else if spike.hides(step) {
                    unseen += 1;
                } else {
                    missing.push(format!("no cut at {time}"));
                }
            }
            Err(reason) => missing.push(format!("no cut at {time} ({reason})")),
        }
    }
    let mut detail = format!("{found} of {} found", counted(cuts.len(), "cut"));
    if unseen > 0 {
        detail.push_str(&format!(
            "; {unseen} not distinguishable: the pictures on both sides look alike"
        ));
    }
    if !missing.is_empty() {
        detail.push_str("; ");
        detail.push_str(&missing.join(", "));
    }
    report.add("cuts", missing.is_empty(), detail);
    Ok(())
}

/// Compares the planned cuts with their beats.
pub(super) fn check_beats(timeline: &Timeline<'_>, report: &mut VerifyReport) {
    let frame = timeline.frame_time.seconds();
    let mut count = 0;
    let mut off = Vec::new();
    for entry in &timeline.segments {
        let Some(beat) = &entry.segment.beat else {
            continue;
        };
        count += 1;
        let distance = timeline.time_of(entry.first).seconds() - beat.time;
        // The tolerance covers the rounding to four decimals in JSON.
        if distance.abs() > frame + 0.0001 {
            off.push(format!(
                "the cut at {} is {:+.0} ms from its beat",
                time_words(timeline, entry.first),
                distance * 1000.0
            ));
        }
    }
    if count > 0 {
        let detail = if off.is_empty() {
            format!("{} within one frame of the beat", counted(count, "cut"))
        } else {
            off.join("; ")
        };
        report.add("beats", off.is_empty(), detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shots that move by `motion`, with a cut of `spike` at `at`.
    fn changes(motion: f32, spike: f32, at: usize) -> Vec<f32> {
        let mut changes: Vec<f32> = (0..60)
            .map(|number| motion * (0.8 + 0.4 * ((number * 7 % 5) as f32) / 4.0))
            .collect();
        changes[at] = spike;
        changes
    }

    #[test]
    fn a_spike_is_found_within_one_frame_of_its_place() {
        for at in [29, 30, 31] {
            assert!(Spike::at(&changes(3.0, 40.0, at), 30, 0, 60).stands_out());
        }
        for at in [27, 28, 32, 36] {
            let spike = Spike::at(&changes(3.0, 40.0, at), 30, 0, 60);
            assert!(!spike.stands_out() && !spike.fits(40.0) && !spike.hides(40.0));
        }
    }

    #[test]
    fn motion_is_no_cut() {
        let spike = |motion, height| Spike::at(&changes(motion, height, 30), 30, 0, 60);
        assert!(!spike(8.0, 12.0).stands_out());
        assert!(!spike(0.0, 1.0).stands_out());
        assert!(spike(0.0, 3.0).stands_out());
        // Shots that shake as much as the cut changes, and a cut between similar pictures.
        assert!(spike(8.0, 12.0).hides(13.0));
        assert!(spike(0.0, 1.0).hides(1.0));
        // A flash nearby hides the cut, but the sources tell how large it is.
        let mut flash = changes(3.0, 40.0, 30);
        flash[35] = 90.0;
        let spike = Spike::at(&flash, 30, 0, 60);
        assert!(!spike.stands_out() && spike.fits(45.0) && !spike.fits(90.0));
    }

    #[test]
    fn neighboring_cuts_do_not_hide_each_other() {
        let mut changes = changes(1.0, 30.0, 30);
        changes[33] = 60.0;
        changes[27] = 60.0;
        assert!(Spike::at(&changes, 30, 27, 33).stands_out());
        assert_eq!(Spike::at(&[], 30, 0, 60), Spike::default());
    }
}
