//! What may be used of each source: stretches of time that no segment may leave.
//!
//! A take lies inside one shot, away from its cuts and transitions, without black or frozen picture. Its starts lie on
//! the source's own frames.

use crate::analysis::{Analysis, FileKind, Moment, Shot, Span, VideoReport};
use crate::edit::SourceFile;
use crate::geometry::Size;
use crate::time::Rational;

/// Frames kept clear of a cut or transition: a detector may be one off, and the eye sees a stray frame.
const MARGIN: u64 = 2;
/// A picture that stands still for less is no fault.
const FROZEN: f64 = 0.75;
/// Below this a shot is bad: blurred, dark or noisy beyond use.
const BAD_QUALITY: f64 = 0.15;
/// Above this a shot is shaken beyond use, where it is not good otherwise.
const BAD_SHAKE: f64 = 0.85;

/// A moment that scores less is none.
const GOOD_MOMENT: f64 = 0.3;
/// Times beyond this are no film, in seconds.
const LATEST: f64 = 10_000_000.0;

/// How strictly material is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strictness {
    /// Only good moments.
    Moments,
    /// Everything that is not bad.
    NotBad,
    /// Everything that can be seen.
    Visible,
}

/// A stretch of one source.
#[derive(Debug, Clone)]
pub(super) struct Subclip {
    /// Place in the request's sources.
    pub source: usize,
    /// Place in the source's shots.
    pub shot: usize,
    /// True for a photo, whose time begins at 0 and may be held at will.
    pub still: bool,
    /// A segment may start here …
    pub start: Rational,
    /// … or any number of these later.
    pub frame: Rational,
    /// Exclusive.
    pub end: Rational,
    /// The moments that touch it.
    pub moments: Vec<Moment>,
    /// What a second outside any moment is worth, 0..1.
    pub base: f64,
    /// How much moves, 0..1.
    pub energy: f64,
    /// How well its pixels fill the film, 0 (a few large blocks) .. 1.
    pub detail: f64,
}

impl Subclip {
    /// Seconds.
    pub fn length(&self) -> f64 {
        (self.end - self.start).seconds()
    }

    /// The number of the last start at which `length` seconds still fit; `None` when they fit nowhere.
    pub fn last_start(&self, length: Rational) -> Option<i64> {
        let room = self.end - self.start - length;
        if room.is_negative() {
            return None;
        }
        if self.still {
            return Some(0);
        }
        Some((room * self.frame.inverse()?).floor())
    }

    /// The time of start number `step`.
    pub fn at(&self, step: i64) -> Rational {
        self.start + Rational::whole(step) * self.frame
    }

    /// The number of the start nearest to `time`.
    pub fn nearest_step(&self, time: f64) -> i64 {
        ((time - self.start.seconds()) / self.frame.seconds()).round() as i64
    }

    /// The number of the first start at or after `time`.
    pub fn step_from(&self, time: Rational) -> i64 {
        let steps = (time - self.start) * self.frame.inverse().unwrap_or(Rational::ONE);
        -Rational::floor(Rational::ZERO - steps)
    }

    /// What the seconds from `start` to `end` are worth, 0..1.
    pub fn worth(&self, start: f64, end: f64) -> f64 {
        let length = (end - start).max(1e-9);
        let detail = 0.6 + 0.4 * self.detail;
        if self.still {
            return self.base * detail;
        }
        let mut covered = 0.0;
        let mut worth = 0.0;
        for moment in &self.moments {
            let share = (moment.end.min(end) - moment.start.max(start)).max(0.0) / length;
            let share = share.min(1.0 - covered);
            covered += share;
            worth += share * moment.score.clamp(0.0, 1.0);
        }
        (worth + (1.0 - covered) * self.base * 0.5) * detail
    }

    /// The best moment that lies mostly in `start..end`.
    pub fn moment_in(&self, start: f64, end: f64) -> Option<&Moment> {
        self.moments
            .iter()
            .filter(|moment| moment.end.min(end) - moment.start.max(start) > (end - start) / 2.0)
            .max_by(|a, b| a.score.total_cmp(&b.score))
    }
}

/// The takes of all sources, source by source, in time, for a film of pixels `output`; a photo lasts up to `still` seconds.
pub(super) fn subclips(
    sources: &[SourceFile],
    strictness: Strictness,
    still: f64,
    output: Size,
) -> Vec<Subclip> {
    let mut takes = Vec::new();
    for (source, file) in sources.iter().enumerate() {
        let mut found = takes_of(&file.analysis, source, strictness, still);
        let detail = detail(&file.analysis, output);
        for take in &mut found {
            take.detail = detail;
        }
        takes.append(&mut found);
    }
    takes
}

/// By how far the picture must be enlarged to fill the film: up to half is not seen, six times is a blur.
fn detail(analysis: &Analysis, output: Size) -> f64 {
    let (width, height) = match (&analysis.video, &analysis.picture) {
        (Some(video), _) => (video.width, video.height),
        (None, Some(picture)) => (picture.width, picture.height),
        (None, None) => (0, 0),
    };
    let across = f64::from(output.width) / f64::from(width.max(1));
    let down = f64::from(output.height) / f64::from(height.max(1));
    unit((6.0 - across.max(down)) / 4.5)
}

fn takes_of(
    analysis: &Analysis,
    source: usize,
    strictness: Strictness,
    still: f64,
) -> Vec<Subclip> {
    match (analysis.file.kind, &analysis.video, &analysis.picture) {
        (FileKind::Video, Some(video), _) => (0..video.shots.len())
            .flat_map(|shot| takes_of_shot(video, source, shot, strictness))
            .collect(),
        (FileKind::Image, _, Some(picture)) => vec![Subclip {
            source,
            shot: 0,
            still: true,
            start: Rational::ZERO,
            frame: Rational::ONE,
            end: Rational::nearest(still, 1000),
            moments: Vec::new(),
            base: unit(0.2 + 0.5 * picture.quality.score),
            energy: unit(picture.mood.arousal * 0.6),
            detail: 1.0,
        }],
        _ => Vec::new(),
    }
}

fn takes_of_shot(
    video: &VideoReport,
    source: usize,
    number: usize,
    strictness: Strictness,
) -> Vec<Subclip> {
    let Some(shot) = video.shots.get(number) else {
        return Vec::new();
    };
    let bad = shot.quality < BAD_QUALITY || (shot.motion.shake > BAD_SHAKE && shot.quality < 0.4);
    if bad && strictness <= Strictness::NotBad {
        return Vec::new();
    }
    let Some((clear, frame)) = clear_part(video, number) else {
        return Vec::new();
    };
    let mut parts = vec![clear];
    for span in &video.black {
        parts = without(parts, span);
    }
    if strictness <= Strictness::NotBad {
        for span in video
            .frozen
            .iter()
            .filter(|span| span.end - span.start >= FROZEN)
        {
            parts = without(parts, span);
        }
    }
    if strictness == Strictness::Moments {
        parts = moments_within(&parts, &shot.moments);
    }
    let origin = clear.0;
    parts
        .into_iter()
        .filter_map(|(start, end)| take_of_part(shot, source, number, origin, frame, start, end))
        .collect()
}

/// Moves the start onto the source's frames and keeps what is left.
fn take_of_part(
    shot: &Shot,
    source: usize,
    number: usize,
    origin: Rational,
    frame: Rational,
    start: Rational,
    end: Rational,
) -> Option<Subclip> {
    let steps = (start - origin) * frame.inverse()?;
    let start = origin + Rational::whole(-(Rational::ZERO - steps).floor()) * frame;
    if end <= start {
        return None;
    }
    let (from, to) = (start.seconds(), end.seconds());
    let mut moments: Vec<Moment> = shot
        .moments
        .iter()
        .filter(|moment| moment.end > from && moment.start < to && moment.score.is_finite())
        .cloned()
        .collect();
    moments.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.start.total_cmp(&b.start))
    });
    Some(Subclip {
        source,
        shot: number,
        still: false,
        start,
        frame,
        end,
        moments,
        base: unit(shot.quality),
        energy: unit(shot.motion.energy),
        detail: 1.0,
    })
}

/// From, to, in exact seconds.
type Part = (Rational, Rational);

/// The part of a shot that is clear of cuts and transitions, and how long one of its frames lasts.
///
/// Times between the shot's ends are spread evenly, which is exact where the frame rate is constant.
fn clear_part(video: &VideoReport, number: usize) -> Option<(Part, Rational)> {
    let shot = video.shots.get(number)?;
    let next = video.shots.get(number + 1);
    let frames = shot.end_frame.checked_sub(shot.start_frame)?;
    let length = shot.end_exact - shot.start_exact;
    let sane = frames > 0
        && length > Rational::ZERO
        && !shot.start_exact.is_negative()
        && shot.end_exact.seconds() < LATEST;
    if !sane {
        return None;
    }
    let frame = length * Rational::new(1, i64::try_from(frames).ok()?)?;
    if frame <= Rational::ZERO {
        return None;
    }
    let first = match &shot.transition_in {
        Some(transition) => transition
            .end_frame
            .max(shot.start_frame)
            .saturating_add(MARGIN),
        None if number > 0 => shot.start_frame.saturating_add(MARGIN),
        None => shot.start_frame,
    };
    let last = match next {
        Some(next) => next
            .transition_in
            .as_ref()
            .map_or(shot.end_frame, |transition| transition.start_frame)
            .min(shot.end_frame)
            .saturating_sub(MARGIN),
        None => shot.end_frame,
    };
    if last <= first {
        return None;
    }
    let time = |at: u64| {
        let steps = i64::try_from(at - shot.start_frame).unwrap_or(0);
        shot.start_exact + Rational::whole(steps) * frame
    };
    let end = if last == shot.end_frame {
        shot.end_exact
    } else {
        time(last.max(shot.start_frame))
    };
    Some(((time(first), end), frame))
}

fn without(parts: Vec<Part>, span: &Span) -> Vec<Part> {
    let (from, to) = (exact(span.start), exact(span.end));
    if to <= from {
        return parts;
    }
    let mut left = Vec::with_capacity(parts.len() + 1);
    for (start, end) in parts {
        if to <= start || from >= end {
            left.push((start, end));
            continue;
        }
        if from > start {
            left.push((start, from));
        }
        if to < end {
            left.push((to, end));
        }
    }
    left
}

fn moments_within(parts: &[Part], moments: &[Moment]) -> Vec<Part> {
    let mut found = Vec::new();
    for &(start, end) in parts {
        for moment in moments.iter().filter(|moment| moment.score >= GOOD_MOMENT) {
            let from = exact(moment.start).max(start);
            let to = exact(moment.end).min(end);
            if to > from {
                found.push((from, to));
            }
        }
    }
    found.sort();
    // Moments that touch are one stretch.
    let mut joined: Vec<Part> = Vec::with_capacity(found.len());
    for (start, end) in found {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

fn exact(seconds: f64) -> Rational {
    Rational::nearest(seconds.clamp(-1.0, LATEST), 90_000)
}

fn unit(value: f64) -> f64 {
    if value.is_finite() {
        value.clamp(0.0, 1.0)
    } else {
        0.0
    }
}
