//! Checks that the finished picture has the planned transitions.
//!
//! The frame at the cut shows both segments, so it must look like the plan's own blend of the two. The change to it
//! from the frame before may be no larger than between the plan's own frames. A hard cut fails the second check, a
//! wrong picture the first.

use crate::edit::Timeline;
use crate::error::Result;
use crate::render::verify::picture_scan::{PictureScan, change, time_words};
use crate::render::verify::{ALIKE, Expectation, VerifyReport, counted, likeness};

/// The change at the cut may be this many times that of the plan's own frames, because a look may add contrast,
const TIMES: f64 = 2.5;
/// plus this much (mean of 0..255), because encoding adds noise.
const ABOVE: f64 = 2.0;

/// The frames at the cuts of transitions, in order.
pub(super) fn middle_frames(timeline: &Timeline<'_>) -> Vec<u64> {
    let segments = timeline.segments.iter();
    segments
        .filter(|entry| entry.segment.transition.timed().is_some())
        .map(|entry| entry.first)
        .collect()
}

/// Checks every planned transition; adds no check if the plan has none.
pub(super) fn check_transitions(
    timeline: &Timeline<'_>,
    scan: &PictureScan,
    expectation: &Expectation<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let middles = middle_frames(timeline);
    if middles.is_empty() {
        return Ok(());
    }
    let mut wrong = Vec::new();
    for number in &middles {
        let time = time_words(timeline, *number);
        match problem(*number, scan, expectation)? {
            None => {}
            Some(problem) => wrong.push(format!("at {time} {problem}")),
        }
    }
    let found = middles.len() - wrong.len();
    let mut detail = format!("{found} of {} found", counted(middles.len(), "transition"));
    if !wrong.is_empty() {
        detail.push_str("; ");
        detail.push_str(&wrong.join("; "));
    }
    report.add("transitions", wrong.is_empty(), detail);
    Ok(())
}

/// What is wrong with the transition whose cut is before frame `number`.
fn problem(
    number: u64,
    scan: &PictureScan,
    expectation: &Expectation<'_>,
) -> Result<Option<String>> {
    let Some((_, found)) = scan.kept.iter().find(|(kept, _)| *kept == number) else {
        return Ok(Some("the film has no frame".into()));
    };
    let [before, middle] = match expectation.pair(number)? {
        Ok(pair) => pair,
        Err(reason) => return Ok(Some(reason)),
    };
    let step = change(&before, &middle);
    let seen = scan
        .changes
        .get(number as usize)
        .map_or(0.0, |change| f64::from(*change));
    if seen > step * TIMES + ABOVE {
        return Ok(Some("the picture cuts instead".into()));
    }
    // Pictures without a pattern have the change as their only test.
    match likeness(&middle, found) {
        Some(likeness) if likeness < ALIKE => Ok(Some(format!(
            "the picture is not a blend of both sources (likeness {likeness:.2})"
        ))),
        _ => Ok(None),
    }
}
