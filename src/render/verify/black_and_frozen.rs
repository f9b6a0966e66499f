//! Finds runs of half a second and more that are black or frozen although the plan shows something there.

use crate::edit::Timeline;
use crate::error::Result;
use crate::render::verify::picture_scan::{FROZEN, PictureScan, change, is_black, time_words};
use crate::render::verify::{Expectation, VerifyReport, half_second};

/// A run counts as frozen only if the plan's own picture changes by this much over it (mean of 0..255): encoding
/// removes small changes.
const MOVES: f64 = FROZEN * 3.0;

/// Checks for black where the plan's picture is not black.
pub(super) fn check_black(
    timeline: &Timeline<'_>,
    scan: &PictureScan,
    expectation: &Expectation<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let shortest = half_second(timeline.frame_rate);
    let mut wrong = Vec::new();
    let mut planned = 0;
    for (first, end) in &scan.black {
        if end - first < shortest {
            continue;
        }
        let mut lit = None;
        for number in [*first, first + (end - first) / 2, end - 1] {
            match expectation.frame(number)? {
                Ok(frame) if is_black(&frame) => {}
                Ok(_) => lit = Some(String::new()),
                Err(reason) => lit = Some(format!(" ({reason})")),
            }
        }
        match lit {
            Some(reason) => wrong.push(run(timeline, *first, *end, "black") + &reason),
            None => planned += 1,
        }
    }
    let detail = match planned {
        0 => "no black run".into(),
        count => format!("{count} black as the source is"),
    };
    conclude("black", wrong, detail, report);
    Ok(())
}

/// Checks for frozen frames where the plan's picture moves.
pub(super) fn check_frozen(
    timeline: &Timeline<'_>,
    scan: &PictureScan,
    expectation: &Expectation<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let mut wrong = Vec::new();
    let mut planned = 0;
    for (first, end) in &scan.frozen {
        match (expectation.frame(*first)?, expectation.frame(end - 1)?) {
            (Ok(a), Ok(b)) if change(&a, &b) < MOVES => planned += 1,
            (Ok(_), Ok(_)) => wrong.push(run(timeline, *first, *end, "frozen")),
            (Err(reason), _) | (_, Err(reason)) => {
                wrong.push(format!(
                    "{} ({reason})",
                    run(timeline, *first, *end, "frozen")
                ));
            }
        }
    }
    let detail = match planned {
        0 => "no frozen run".into(),
        count => format!("{count} still as planned"),
    };
    conclude("frozen", wrong, detail, report);
    Ok(())
}

fn run(timeline: &Timeline<'_>, first: u64, end: u64, what: &str) -> String {
    format!(
        "{what} from {} to {}",
        time_words(timeline, first),
        time_words(timeline, end)
    )
}

fn conclude(name: &str, wrong: Vec<String>, good: String, report: &mut VerifyReport) {
    let passed = wrong.is_empty();
    report.add(name, passed, if passed { good } else { wrong.join("; ") });
}
