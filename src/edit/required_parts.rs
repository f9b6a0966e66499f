//! Stretches of sources that a person wants to see, on the frames of their sources and of the film.
//!
//! Each is shown whole. It may be held a little longer on either side, so that the cut after it falls on a beat: within
//! its shots, and not into what must not be shown.

use crate::analysis::{FileKind, Span, VideoReport};
use crate::edit::plan::LATEST;
use crate::edit::subclips::clear_part;
use crate::edit::{LockedSegment, LockedSegments, NamedStretch, SourceFile};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::time::Rational;

/// Times that are known in seconds only are rounded to one part in this many of a second (MPEG's clock).
const CLOCK: u32 = 90_000;
/// Seconds by which a stretch may reach beyond its file: as much as people round.
const BEYOND: f64 = 0.1;
/// Part of an output frame that a stretch may lack: the rounding of its times.
const ROUNDING: f64 = 0.01;
/// Seconds by which a photo may be held longer.
const PHOTO_ROOM: f64 = 2.0;

/// A stretch that has to be in the film.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RequiredPart {
    /// The index of its source in the request.
    pub source: usize,
    /// It is a photo.
    pub still: bool,
    /// Exact seconds in the source: its frame at or before the start of the stretch.
    pub start: Rational,
    /// Output frames that show all of it.
    pub frames: i64,
    /// Output frames by which it may begin earlier …
    pub before: i64,
    /// … and end later.
    pub after: i64,
    /// Its place in its source, 0..1; of a photo, that of the file among all; of a locked segment, its own in the film.
    pub progress: f64,
    /// It is a segment that an earlier plan locks.
    pub locked: Option<LockedPlace>,
}

/// Which locked segment a part is, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LockedPlace {
    /// The index among the locked segments.
    pub number: usize,
    /// The output frame that it begins with.
    pub frame: i64,
}

/// What a slot has to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RequiredShot {
    /// The index of the part.
    pub part: usize,
    /// Exact seconds in the source at which the slot begins.
    pub start: Rational,
}

/// The input of [`required_parts`].
pub(super) struct RequiredPartsRequest<'a> {
    pub sources: &'a [SourceFile],
    /// What has to be shown.
    pub must: &'a [NamedStretch],
    /// What must not be shown.
    pub never: &'a [NamedStretch],
    /// Output frames a second.
    pub rate: Rational,
}

/// The parts in the order in which they are shown: by their places in their sources. Stretches that overlap are one.
///
/// Errors: [`Error::Usage`] for a stretch that its file does not have, or that must not be shown.
pub(super) fn required_parts(request: &RequiredPartsRequest<'_>) -> Result<Vec<RequiredPart>> {
    let mut parts = Vec::new();
    for stretch in joined(request.must) {
        let file = request
            .sources
            .get(stretch.source)
            .ok_or_else(|| nothing_there(&stretch, "it is not among the files"))?;
        let overlaps = |never: &&NamedStretch| {
            let photo = file.analysis.file.kind == FileKind::Image;
            let apart = stretch.end <= never.start || stretch.start >= never.end;
            never.source == stretch.source && (photo || !apart)
        };
        if request.never.iter().any(|never| overlaps(&never)) {
            return Err(Error::Usage {
                what: format!(
                    "{} is both to be shown and not to be shown",
                    words(file, &stretch)
                ),
                hint: Hint::ChangeStretches,
            });
        }
        parts.push(match (file.analysis.file.kind, &file.analysis.video) {
            (FileKind::Image, _) => photo_part(request, &stretch),
            (FileKind::Video, Some(video)) => film_part(request, file, video, &stretch)?,
            _ => {
                let what = format!("{} has no picture to be shown", file.path.display());
                return Err(Error::Usage {
                    what,
                    hint: Hint::ChangeStretches,
                });
            }
        });
    }
    parts.sort_by(|a, b| {
        a.progress
            .total_cmp(&b.progress)
            .then(a.source.cmp(&b.source))
    });
    Ok(parts)
}

/// Output frames that a film with all parts has at least.
pub(super) fn frames_of(parts: &[RequiredPart]) -> i64 {
    let add = |sum: i64, part: &RequiredPart| sum.saturating_add(part.frames);
    let ends = parts.iter().filter_map(|part| {
        let place = part.locked?;
        Some(place.frame.saturating_add(part.frames))
    });
    ends.fold(parts.iter().fold(0, add), i64::max)
}

/// The parts with those that an earlier plan locks, in a film of about `seconds`.
pub(super) fn with_locked(
    mut parts: Vec<RequiredPart>,
    locked: &LockedSegments,
    seconds: f64,
) -> Vec<RequiredPart> {
    for (
        number,
        LockedSegment {
            source,
            at,
            segment,
            ..
        },
    ) in locked.segments.iter().enumerate()
    {
        let frames = i64::try_from(segment.frames(locked.rate)).unwrap_or(i64::MAX);
        parts.push(RequiredPart {
            source: *source,
            still: false,
            start: segment.start_exact,
            frames,
            before: 0,
            after: 0,
            progress: at.seconds() / seconds.max(1e-9),
            locked: Some(LockedPlace {
                number,
                frame: (*at * locked.rate).round(),
            }),
        });
    }
    parts.sort_by(|a, b| a.progress.total_cmp(&b.progress));
    parts
}

/// The stretches by source and time, those that touch made one.
fn joined(stretches: &[NamedStretch]) -> Vec<NamedStretch> {
    let mut sorted = stretches.to_vec();
    sorted.sort_by(|a, b| a.source.cmp(&b.source).then(a.start.total_cmp(&b.start)));
    let mut apart: Vec<NamedStretch> = Vec::with_capacity(sorted.len());
    for stretch in sorted {
        match apart.last_mut() {
            Some(last) if last.source == stretch.source && stretch.start <= last.end => {
                last.end = last.end.max(stretch.end);
            }
            _ => apart.push(stretch),
        }
    }
    apart
}

fn words(file: &SourceFile, stretch: &NamedStretch) -> String {
    format!(
        "{:.2} to {:.2} seconds of {}",
        stretch.start,
        stretch.end,
        file.path.display()
    )
}

fn nothing_there(stretch: &NamedStretch, why: &str) -> Error {
    Error::Usage {
        what: format!(
            "{:.2} to {:.2} seconds of a file cannot be shown: {why}",
            stretch.start, stretch.end
        ),
        hint: Hint::ChangeStretches,
    }
}

fn photo_part(request: &RequiredPartsRequest<'_>, stretch: &NamedStretch) -> RequiredPart {
    let rate = request.rate.seconds();
    let count = request.sources.len().max(1) as f64;
    RequiredPart {
        source: stretch.source,
        still: true,
        start: Rational::ZERO,
        frames: frames_for(stretch.end - stretch.start, rate),
        before: 0,
        after: (PHOTO_ROOM * rate) as i64,
        progress: (stretch.source as f64 + 0.5) / count,
        locked: None,
    }
}

/// Output frames that last `seconds` or a little longer.
fn frames_for(seconds: f64, rate: f64) -> i64 {
    ((seconds.clamp(0.0, LATEST) * rate - ROUNDING).ceil() as i64).max(1)
}

/// A part of a film.
fn film_part(
    request: &RequiredPartsRequest<'_>,
    file: &SourceFile,
    video: &VideoReport,
    stretch: &NamedStretch,
) -> Result<RequiredPart> {
    let film_end = video
        .shots
        .last()
        .map(|shot| shot.end_exact)
        .filter(|end| !end.is_negative() && end.seconds() < LATEST);
    let film_end = film_end.unwrap_or_else(|| exact(video.duration));
    if stretch.end > film_end.seconds() + BEYOND {
        return Err(Error::Usage {
            what: format!(
                "{} cannot be shown: the file ends at {:.2} seconds",
                words(file, stretch),
                film_end.seconds()
            ),
            hint: Hint::ChangeStretches,
        });
    }
    let start = frame_at(video, stretch.start);
    let rate = request.rate;
    let wanted = frames_for(stretch.end - start.seconds(), rate.seconds());
    let frames = wanted.min(((film_end - start) * rate).floor()).max(1);
    let end = start + Rational::whole(frames) * rate.inverse().unwrap_or(Rational::ONE);
    let (earliest, latest) = room_around(request, video, stretch, (start, end));
    Ok(RequiredPart {
        source: stretch.source,
        still: false,
        start,
        frames,
        before: ((start - earliest) * rate).floor().max(0),
        after: ((latest - end) * rate).floor().max(0),
        progress: (stretch.start + stretch.end) / 2.0 / film_end.seconds().max(1e-9),
        locked: None,
    })
}

/// The time of the source frame that is shown at `seconds`.
fn frame_at(video: &VideoReport, seconds: f64) -> Rational {
    let time = exact(seconds);
    let on_frame = |shot: &crate::analysis::Shot| {
        let frames = i64::try_from(shot.end_frame.checked_sub(shot.start_frame)?).ok()?;
        let frame = (shot.end_exact - shot.start_exact) * Rational::new(1, frames)?;
        // Seconds on the command line are rounded: the frame that begins just after them is meant.
        let nearly = time - shot.start_exact + frame * Rational::nearest(ROUNDING, 1000);
        let number = (nearly * frame.inverse()?).floor().max(0);
        Some(shot.start_exact + Rational::whole(number) * frame)
    };
    video
        .shots
        .iter()
        .rfind(|shot| !shot.start_exact.is_negative() && shot.start_exact <= time)
        .and_then(on_frame)
        .unwrap_or(time)
}

/// How far a part may be extended: to the ends of its shots, and to what must not be shown.
fn room_around(
    request: &RequiredPartsRequest<'_>,
    video: &VideoReport,
    stretch: &NamedStretch,
    (start, end): (Rational, Rational),
) -> (Rational, Rational) {
    let clear = |at: f64| {
        let number = video.shots.iter().rposition(|shot| shot.start <= at)?;
        clear_part(video, number).map(|(range, _)| range)
    };
    let first = clear(stretch.start).map_or(start, |range| range.0);
    let last = clear((stretch.end - ROUNDING).max(stretch.start)).map_or(end, |range| range.1);
    let others = request.must.iter().chain(request.never);
    let others = others
        .filter(|other| other.source == stretch.source)
        .map(|other| Span {
            start: other.start,
            end: other.end,
        });
    let spoiled = video.spoiled.iter().map(|span| Span {
        start: span.start,
        end: span.end,
    });
    let (mut earliest, mut latest) = (first.min(start), last.max(end));
    for span in others.chain(spoiled).chain(video.black.iter().copied()) {
        if span.end > span.start && span.end <= stretch.start {
            earliest = earliest.max(exact(span.end)).min(start);
        } else if span.start >= stretch.end {
            latest = latest.min(exact(span.start)).max(end);
        }
    }
    (earliest, latest)
}

fn exact(seconds: f64) -> Rational {
    Rational::nearest(seconds.clamp(0.0, LATEST), CLOCK)
}
