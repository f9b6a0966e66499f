//! Cuts found again in the finished picture, and cuts on their beats.
//!
//! At a cut the change from one frame to the next is a spike: the greatest nearby and well above what the shots around
//! it do by themselves. Where no spike stands out, the plan's own frames on both sides are compared: when they look
//! alike the cut cannot be seen, which is no failure; else the film is not cut where the plan says.

use crate::error::Result;
use crate::render::timeline::Timeline;
use crate::render::verify::watch::{Watched, at, change};
use crate::render::verify::{Expectation, VerifyReport, counted};

/// Frames on each side that a cut is compared with.
const AROUND: usize = 12;
/// A spike is at least this many times the usual change around it,
const TIMES: f32 = 2.5;
/// and at least this much (mean of 0..255) above it.
const ABOVE: f32 = 2.0;
/// Change between the plan's own frames (mean of 0..255) up to which a cut cannot be told from motion: this many times
/// the usual change around it, at least [`ALIKE`].
const MOTION: f64 = 3.0;
/// See [`MOTION`].
const ALIKE: f64 = 4.0;

/// The frame at which the cut that is planned at `planned` is found, and the usual change around it. `from` and `to`
/// bound what belongs to the two shots: the cut before and the cut after.
fn find(changes: &[f32], planned: usize, from: usize, to: usize) -> (Option<usize>, f32) {
    let first = planned.saturating_sub(AROUND).max(from + 1);
    let last = (planned + AROUND + 1).min(to).min(changes.len());
    let mut usual: Vec<f32> = (first..last)
        .filter(|number| number.abs_diff(planned) > 1)
        .filter_map(|number| changes.get(number).copied())
        .collect();
    usual.sort_by(f32::total_cmp);
    let usual = usual.get(usual.len() / 2).copied().unwrap_or(0.0);
    let found = (planned.saturating_sub(1)..=planned + 1)
        .filter(|number| (first..last).contains(number))
        .filter_map(|number| Some((number, *changes.get(number)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, spike)| *spike >= usual * TIMES && *spike >= usual + ABOVE)
        .map(|(number, _)| number);
    (found, usual)
}

/// Looks for every planned cut.
pub(super) fn check_cuts(
    timeline: &Timeline<'_>,
    watched: &Watched,
    expectation: &Expectation<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let cuts: Vec<u64> = (1..timeline.spans.len())
        .filter(|number| !timeline.continues(*number))
        .filter_map(|number| timeline.spans.get(number))
        .map(|span| span.first)
        .collect();
    if cuts.is_empty() {
        return Ok(());
    }
    let (mut found, mut unseen) = (0, 0);
    let mut missing = Vec::new();
    for (number, cut) in cuts.iter().enumerate() {
        let before = number.checked_sub(1).and_then(|at| cuts.get(at));
        let after = cuts.get(number + 1).copied().unwrap_or(timeline.frames);
        let (place, usual) = find(
            &watched.changes,
            *cut as usize,
            before.copied().unwrap_or(0) as usize,
            after as usize,
        );
        if place.is_some() {
            found += 1;
            continue;
        }
        let time = at(timeline, *cut);
        match (expectation.frame(cut - 1)?, expectation.frame(*cut)?) {
            (Ok(last), Ok(first)) => {
                let step = change(&last, &first);
                if step <= ALIKE.max(f64::from(usual) * MOTION) {
                    unseen += 1;
                } else {
                    missing.push(format!("no cut at {time}"));
                }
            }
            (Err(reason), _) | (_, Err(reason)) => {
                missing.push(format!("no cut at {time} ({reason})"));
            }
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
    for span in &timeline.spans {
        let Some(beat) = &span.segment.beat else {
            continue;
        };
        count += 1;
        let distance = timeline.time_of(span.first).seconds() - beat.time;
        // Four decimals in JSON are no reason to fail.
        if distance.abs() > frame + 0.0001 {
            off.push(format!(
                "the cut at {} is {:+.0} ms from its beat",
                at(timeline, span.first),
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
            assert_eq!(find(&changes(3.0, 40.0, at), 30, 0, 60).0, Some(at));
        }
        for at in [27, 28, 32, 36] {
            assert_eq!(find(&changes(3.0, 40.0, at), 30, 0, 60).0, None);
        }
    }

    #[test]
    fn motion_is_no_cut() {
        assert_eq!(find(&changes(8.0, 12.0, 30), 30, 0, 60).0, None);
        assert_eq!(find(&changes(0.0, 1.0, 30), 30, 0, 60).0, None);
        assert_eq!(find(&changes(0.0, 3.0, 30), 30, 0, 60).0, Some(30));
    }

    #[test]
    fn neighboring_cuts_do_not_hide_each_other() {
        let mut changes = changes(1.0, 30.0, 30);
        changes[33] = 60.0;
        changes[27] = 60.0;
        assert_eq!(find(&changes, 30, 27, 33).0, Some(30));
        assert_eq!(find(&[], 30, 0, 60).0, None);
    }
}
