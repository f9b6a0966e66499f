//! Checks that the film does not flash in a way that can cause seizures; `flash_watch` has the rule.

use crate::edit::Timeline;
use crate::render::verify::VerifyReport;
use crate::render::verify::picture_scan::PictureScan;

/// Adds the check.
pub(super) fn check_flashes(
    timeline: &Timeline<'_>,
    scan: &PictureScan,
    report: &mut VerifyReport,
) {
    let broken = scan.flashes.broken();
    let detail = match broken {
        None => "no more than three general or red flashes in any second".into(),
        Some((at, kind)) => {
            let at = at.min(timeline.duration().seconds());
            let place = place_words(timeline, at);
            format!(
                "more than three {kind} flashes in the second up to {at:.2} s ({place}); such films can cause seizures"
            )
        }
    };
    report.add("flashes", broken.is_none(), detail);
}

/// Which segments are seen in the second up to `at`: where it is one, its own light or movement flashes, not its cuts.
fn place_words(timeline: &Timeline<'_>, at: f64) -> String {
    let number = |time: f64| {
        let frame = (time.max(0.0) * timeline.frame_rate.seconds()) as u64;
        timeline.segment_number(frame.min(timeline.frames.saturating_sub(1)))
    };
    match (number(at - 1.0), number(at)) {
        (first, last) if first == last => {
            format!("within picture[{first}]: what is in it moves or flickers so fast")
        }
        (first, last) => format!("from picture[{first}] to picture[{last}]"),
    }
}
