//! Decodes the film once, reduced, and collects all that the picture checks need.

use std::path::Path;

use crate::edit::Timeline;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::{FrameSize, Limits, VideoFacts, VideoReader};
use crate::picture::Rgb8;
use crate::render::verify::flash_watch::{FlashWatch, flash_size};
use crate::render::verify::{VerifyReport, brightness};
use crate::task::Task;
use crate::time::Rational;

/// Longer side of the scanned frames in pixels: enough for cuts and patterns, and cheap.
const SMALL: u32 = 96;
/// Brightness (0..255) below which a pixel is black: a tenth of the range.
const BLACK_PIXEL: f64 = 25.5;
/// Share of black pixels that makes a frame black; the rest may be noise or a logo.
const BLACK_SHARE: f64 = 0.98;
/// Change (mean of 0..255) below which two frames are the same.
pub(super) const FROZEN: f64 = 0.5;

/// What the scan found.
pub(super) struct PictureScan {
    pub facts: VideoFacts,
    pub frames: u64,
    /// Change from the frame before, mean of 0..255; 0 for the first.
    pub changes: Vec<f32>,
    /// Runs of black frames: the first, and one past the last.
    pub black: Vec<(u64, u64)>,
    /// Runs of at least half a second in which nothing changes.
    pub frozen: Vec<(u64, u64)>,
    /// The requested frames with their numbers.
    pub kept: Vec<(u64, Rgb8)>,
    /// The largest distance of a frame from its due time, in seconds.
    pub unevenness: f64,
    /// What flashes.
    pub flashes: FlashWatch,
    /// The error with which the film breaks off, if it does.
    pub broken: Option<String>,
}

/// The size at which a film of `size` is scanned.
pub(super) fn small(size: Size) -> Size {
    size.within(SMALL)
}

/// Decodes `film` and keeps the frames numbered in `keep`, which is sorted.
pub(super) fn scan(
    film: &Path,
    timeline: &Timeline<'_>,
    keep: &[u64],
    limits: &Limits,
    task: &Task,
) -> Result<PictureScan> {
    // Reduced frames do not show whether the ones that no other is made from were deblocked.
    let mut reader = VideoReader::open_with(film, limits, 0, true)?;
    let half_second = super::half_second(timeline.frame_rate);
    let mut scan = PictureScan {
        facts: reader.facts().clone(),
        frames: 0,
        changes: Vec::new(),
        black: Vec::new(),
        frozen: Vec::new(),
        kept: Vec::new(),
        unevenness: 0.0,
        flashes: FlashWatch::new(),
        broken: None,
    };
    let size = FrameSize::Exact(small(timeline.size));
    let mut before: Option<Rgb8> = None;
    // The first frame of the run in which nothing changes.
    let mut anchor: Option<(u64, Rgb8)> = None;
    loop {
        task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) => break,
            Err(error @ Error::BreaksOff { .. }) => {
                scan.broken = Some(error.to_string());
                break;
            }
            Err(error) => return Err(error),
        };
        let number = scan.frames;
        let place = timeline.time_of(number);
        scan.unevenness = scan.unevenness.max((info.time - place).seconds().abs());
        let frame = reader.image(size)?;
        let watched = FrameSize::Exact(flash_size(timeline.size));
        scan.flashes
            .push(info.time.seconds(), &reader.image(watched)?);
        scan.changes.push(
            before
                .as_ref()
                .map_or(0.0, |before| change(before, &frame) as f32),
        );
        if is_black(&frame) {
            extend(&mut scan.black, number);
        }
        let changed = match &anchor {
            Some((_, picture)) => change(picture, &frame) >= FROZEN,
            None => true,
        };
        if changed {
            if let Some((first, _)) = anchor
                && number - first >= half_second
            {
                scan.frozen.push((first, number));
            }
            anchor = Some((number, frame.clone()));
        }
        if keep.binary_search(&number).is_ok() {
            scan.kept.push((number, frame.clone()));
        }
        before = Some(frame);
        scan.frames += 1;
        task.progress(0.6 * (scan.frames as f64 / timeline.frames as f64).min(1.0));
    }
    if let Some((first, _)) = anchor
        && scan.frames - first >= half_second
    {
        scan.frozen.push((first, scan.frames));
    }
    Ok(scan)
}

/// Extends the last run by `number`, or begins a new one.
fn extend(runs: &mut Vec<(u64, u64)>, number: u64) {
    match runs.last_mut() {
        Some((_, end)) if *end == number => *end += 1,
        _ => runs.push((number, number + 1)),
    }
}

/// Mean absolute difference of two pictures of one size, 0..255.
pub(super) fn change(a: &Rgb8, b: &Rgb8) -> f64 {
    let sum: u64 = a
        .samples()
        .iter()
        .zip(b.samples())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.samples().len().max(1) as f64
}

/// Whether a frame is black.
pub(super) fn is_black(picture: &Rgb8) -> bool {
    let brightness = brightness(picture);
    let black = brightness
        .iter()
        .filter(|value| **value < BLACK_PIXEL)
        .count();
    black as f64 >= BLACK_SHARE * brightness.len() as f64
}

/// Checks size, frame rate and duration.
pub(super) fn check_format(timeline: &Timeline<'_>, scan: &PictureScan, report: &mut VerifyReport) {
    let (found, wanted) = (scan.facts.size, timeline.size);
    report.add(
        "size",
        found == wanted,
        if found == wanted {
            format!("{} by {} pixels", found.width, found.height)
        } else {
            format!(
                "{} by {} pixels instead of {} by {}",
                found.width, found.height, wanted.width, wanted.height
            )
        },
    );

    let rate = timeline.frame_rate;
    let even = scan.unevenness * rate.seconds() < 0.5;
    // Containers with coarse clocks cannot express the rate exactly.
    let same = (scan.facts.frame_rate.seconds() / rate.seconds() - 1.0).abs() < 0.001;
    report.add(
        "frame_rate",
        even && same,
        if !same {
            format!(
                "{} frames a second instead of {rate}",
                scan.facts.frame_rate
            )
        } else if !even {
            format!(
                "a frame is {:.1} ms from its place",
                scan.unevenness * 1000.0
            )
        } else {
            format!("{rate} frames a second, evenly spaced")
        },
    );

    let right = scan.frames.abs_diff(timeline.frames) <= 1 && scan.broken.is_none();
    let seconds = timeline.time_of(scan.frames).seconds();
    let mut detail = format!("{} frames, {seconds:.2} s", scan.frames);
    if scan.frames != timeline.frames {
        detail.push_str(&format!(" instead of {}", timeline.frames));
    }
    if let Some(broken) = &scan.broken {
        detail.push_str(&format!("; {broken}"));
    }
    report.add("duration", right, detail);
}

/// A time of the film for people.
pub(super) fn time_words(timeline: &Timeline<'_>, number: u64) -> String {
    let time: Rational = timeline.time_of(number);
    format!("{:.2} s", time.seconds())
}
