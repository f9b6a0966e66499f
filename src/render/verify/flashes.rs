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
            format!(
                "more than three {kind} flashes in the second up to {at:.2} s; such films can cause seizures"
            )
        }
    };
    report.add("flashes", broken.is_none(), detail);
}
