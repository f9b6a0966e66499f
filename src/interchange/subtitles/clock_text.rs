//! Times as caption files write them.

/// `HH:MM:SS` and the thousandths after `point`.
pub(super) fn thousandths(seconds: f64, point: char) -> String {
    let (whole, fraction) = parts(seconds, 1000);
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}{point}{fraction:03}")
}

/// `H:MM:SS.cc`.
pub(super) fn hundredths(seconds: f64) -> String {
    let (whole, fraction) = parts(seconds, 100);
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    format!("{hours}:{minutes:02}:{seconds:02}.{fraction:02}")
}

/// Whole seconds, and the rest in `parts` of a second.
fn parts(seconds: f64, parts: u64) -> (u64, u64) {
    let all = (seconds.max(0.0) * parts as f64).round() as u64;
    (all / parts, all % parts)
}
