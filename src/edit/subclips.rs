//! Subclips: the usable ranges of each source. A segment lies inside one.
//!
//! A subclip lies inside one shot, clear of its cuts and transitions, without black or frozen picture and, as long as
//! anything else is left, clear of what [`Vetoes`] names. Segments start on the source's own frames.

use crate::analysis::{Analysis, FileKind, Moment, Shot, Span, SpoiledSpan, VideoReport};
use crate::edit::photo_worth::photo_worth;
use crate::edit::plan::LATEST;
use crate::edit::shown_subject::ShownSubject;
use crate::edit::vetoes::Vetoes;
use crate::edit::{ShownBefore, SourceFile, WiderShot};
use crate::geometry::Size;
use crate::time::Rational;

/// Frames kept clear of a cut or transition: the detector may be off by one, and a stray frame is visible.
const MARGIN: u64 = 2;
/// Seconds below which a still picture is no fault.
const FROZEN: f64 = 0.75;
/// Quality (0..1) below which a shot is bad: too blurred, dark or noisy to use.
const BAD_QUALITY: f64 = 0.15;
/// Shake (0..1) above which a shot is bad …
const BAD_SHAKE: f64 = 0.85;
/// … unless its quality is at least this: then the shake is probably intended.
const WORTH_THE_SHAKE: f64 = 0.4;
/// Score (0..1) below which a moment does not count.
const GOOD_MOMENT: f64 = 0.3;
/// The worth of a second outside any moment, as a share of the shot's quality.
const OUTSIDE_MOMENTS: f64 = 0.5;
/// The worth of a picture enlarged beyond all detail, as a share of a sharp one's.
const WITHOUT_DETAIL: f64 = 0.6;
/// Enlargement at which a picture is only a blur …
const BLUR: f64 = 6.0;
/// … and below which nobody notices it.
const UNSEEN: f64 = 1.5;
/// The worth of a moment of which the crop shows nothing, as a share of one that it shows whole.
const OUT_OF_CROP: f64 = 0.5;
/// The most that a moment loses, as a share of its worth, where people and animals are less near in it than elsewhere in
/// its clip.
const WITHOUT_ANYBODY: f64 = 0.3;
/// The worth of a moment that is shown so much wider than the film's shape that it is a line, as a share of one that
/// fills the film.
const AS_A_LINE: f64 = 0.5;
/// Seconds by which a segment may begin before a good moment or end after it, where its shot allows that: the analysis
/// places moments this far apart, and no slot is exactly as long as one.
const REACH: f64 = 0.25;
/// The energy of a photo, as a share of its arousal.
const PHOTO_ENERGY: f64 = 0.6;
/// Times known only in seconds are rounded to one part in this many of a second (MPEG's clock).
const CLOCK: u32 = 90_000;

/// How strictly material is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strictness {
    /// Only good moments.
    Moments,
    /// Also the rest of the shots that are not bad.
    NotBad,
    /// Everything that is not black or frozen, also what is vetoed.
    Visible,
}

/// A usable range of one source.
#[derive(Debug, Clone)]
pub(super) struct Subclip {
    /// The index of its source in the request.
    pub source: usize,
    /// The index of its shot in the source.
    pub shot: usize,
    /// It is a photo: its time begins at 0 and it can be held at will.
    pub still: bool,
    /// The first possible start of a segment …
    pub start: Rational,
    /// … and the step to the next ones: a frame of the source.
    pub frame: Rational,
    /// Exclusive.
    pub end: Rational,
    /// The moments that overlap it.
    pub moments: Vec<Moment>,
    /// The worth of a second outside any moment, 0..1.
    pub base: f64,
    /// The amount of motion, 0..1.
    pub energy: f64,
    /// How well its pixels fill the film, from 0, a few large blocks, to 1.
    pub detail: f64,
    /// A photo with faces.
    pub faces: bool,
    /// What is spoiled in it.
    pub spoiled: Vec<SpoiledSpan>,
    /// What the film's crop shows of its shot.
    pub in_crop: ShownSubject,
    /// How near the clip comes to a person or an animal in any of its shots, 0..1.
    pub nearest: f64,
    /// The share of the film's frame that its shot fills: 1, or less where it is known to be shown wider.
    pub filled: f64,
    /// What films before this one show of it …
    pub shown: Vec<Span>,
    /// … and how much that counts against it.
    pub shown_weight: f64,
    /// It is shown as it is, in a place that is fixed.
    pub required: bool,
}

/// The material that subclips are taken from.
#[derive(Clone, Copy)]
pub(super) struct SubclipRequest<'a> {
    pub sources: &'a [SourceFile],
    pub vetoes: &'a Vetoes,
    /// What films before this one show.
    pub shown: &'a ShownBefore,
    /// Shots that are known to be shown wider than the film's shape.
    pub wider: &'a [WiderShot],
    /// Seconds that a photo may last.
    pub still: f64,
    /// Size of the film in pixels.
    pub output: Size,
}

impl Subclip {
    /// A part of a shot that is shown for its own sake, without being weighed.
    pub fn within_shot(source: usize, shot: usize, start: Rational, end: Rational) -> Self {
        Self {
            source,
            shot,
            still: false,
            start,
            frame: Rational::ONE,
            end,
            moments: Vec::new(),
            base: 0.0,
            energy: 0.0,
            detail: 1.0,
            faces: false,
            spoiled: Vec::new(),
            in_crop: ShownSubject::default(),
            nearest: 0.0,
            filled: 1.0,
            shown: Vec::new(),
            shown_weight: 0.0,
            required: false,
        }
    }

    /// Seconds.
    pub fn length(&self) -> f64 {
        (self.end - self.start).seconds()
    }

    /// The last step at which `length` seconds still fit; `None` if they fit nowhere.
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

    /// The time of the start `step`.
    pub fn at(&self, step: i64) -> Rational {
        self.start + Rational::whole(step) * self.frame
    }

    /// The step of the start nearest to `time`.
    pub fn nearest_step(&self, time: f64) -> i64 {
        ((time - self.start.seconds()) / self.frame.seconds()).round() as i64
    }

    /// The step of the first start at or after `time`.
    pub fn step_from(&self, time: Rational) -> i64 {
        let steps = (time - self.start) * self.frame.inverse().unwrap_or(Rational::ONE);
        -Rational::floor(Rational::ZERO - steps)
    }

    /// The worth of the range from `start` to `end`, 0..1.
    pub fn worth(&self, start: f64, end: f64) -> f64 {
        let length = (end - start).max(1e-9);
        let detail = WITHOUT_DETAIL + (1.0 - WITHOUT_DETAIL) * self.detail;
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
        let crop = OUT_OF_CROP + (1.0 - OUT_OF_CROP) * self.in_crop.share(start, end);
        let farther = (self.nearest - self.in_crop.nearness(start, end)).max(0.0);
        let filled = AS_A_LINE + (1.0 - AS_A_LINE) * self.filled;
        (worth + (1.0 - covered) * self.base * OUTSIDE_MOMENTS)
            * detail
            * crop
            * (1.0 - WITHOUT_ANYBODY * farther)
            * filled
    }

    /// Share of the range that is spoiled.
    pub fn spoiled_share(&self, start: f64, end: f64) -> f64 {
        let length = (end - start).max(1e-9);
        let overlap = |span: &SpoiledSpan| (span.end.min(end) - span.start.max(start)).max(0.0);
        (self.spoiled.iter().map(overlap).sum::<f64>() / length).min(1.0)
    }

    /// Share of the range that films before this one show.
    pub fn shown_share(&self, start: f64, end: f64) -> f64 {
        let length = (end - start).max(1e-9);
        let overlap = |span: &Span| (span.end.min(end) - span.start.max(start)).max(0.0);
        (self.shown.iter().map(overlap).sum::<f64>() / length).min(1.0)
    }

    /// What spoils the range most.
    pub fn spoiled_in(&self, start: f64, end: f64) -> Option<&SpoiledSpan> {
        let overlap = |span: &SpoiledSpan| span.end.min(end) - span.start.max(start);
        self.spoiled
            .iter()
            .filter(|span| overlap(span) > 0.0)
            .max_by(|a, b| overlap(a).total_cmp(&overlap(b)))
    }

    /// The best moment that lies mostly in `start..end`.
    pub fn moment_in(&self, start: f64, end: f64) -> Option<&Moment> {
        self.moments
            .iter()
            .filter(|moment| moment.end.min(end) - moment.start.max(start) > (end - start) / 2.0)
            .max_by(|a, b| a.score.total_cmp(&b.score))
    }
}

impl SubclipRequest<'_> {
    /// The subclips of all sources, in the order of sources and time.
    pub fn subclips(&self, strictness: Strictness) -> Vec<Subclip> {
        let mut all = Vec::new();
        for (source, file) in self.sources.iter().enumerate() {
            let mut found = match (file.analysis.file.kind, &file.analysis.video) {
                (FileKind::Video, Some(video)) => self.film_subclips(video, source, strictness),
                (FileKind::Image, _) => self.photo_subclip(&file.analysis, source, strictness),
                _ => Vec::new(),
            };
            let detail = detail(&file.analysis, self.output);
            for subclip in &mut found {
                subclip.detail = detail;
                subclip.shown = self.shown_of(source);
                subclip.shown_weight = self.shown.weight;
            }
            all.append(&mut found);
        }
        all
    }

    /// What films before this one show of a source.
    fn shown_of(&self, source: usize) -> Vec<Span> {
        let stretches = self.shown.stretches.iter();
        let spans = stretches
            .filter(|stretch| stretch.source == source)
            .map(|stretch| Span {
                start: stretch.start,
                end: stretch.end,
            });
        spans.collect()
    }

    /// The photo of one source, whatever speaks against it.
    pub fn photo(&self, source: usize) -> Option<Subclip> {
        let file = self.sources.get(source)?;
        self.photo_of(&file.analysis, source)
    }

    fn film_subclips(
        &self,
        video: &VideoReport,
        source: usize,
        strictness: Strictness,
    ) -> Vec<Subclip> {
        let mut vetoed: Vec<Span> = self.vetoes.never(source).collect();
        if strictness <= Strictness::NotBad {
            vetoed.extend(self.vetoes.stretches(source));
        }
        let picture = Size::new(video.width, video.height);
        let shots = 0..video.shots.len();
        let mut found: Vec<Subclip> = shots
            .flat_map(|shot| shot_subclips(video, shot, strictness, &vetoed))
            .collect();
        let shown: Vec<ShownSubject> = video
            .shots
            .iter()
            .map(|shot| ShownSubject::of_shot(shot, picture, self.output))
            .collect();
        let nearest = shown.iter().map(ShownSubject::nearest).fold(0.0, f64::max);
        for subclip in &mut found {
            subclip.source = source;
            subclip.nearest = nearest;
            subclip.filled = self.filled_by(source, subclip.shot);
            subclip.in_crop = shown.get(subclip.shot).cloned().unwrap_or_default();
        }
        found
    }

    /// The share of the film's frame that a shot fills, as far as that is known.
    fn filled_by(&self, source: usize, shot: usize) -> f64 {
        let mut wider = self.wider.iter();
        let known = wider.find(|wider| (wider.source, wider.shot) == (source, shot));
        known.map_or(1.0, |wider| wider.filled)
    }

    /// The whole photo; empty if the file has no picture, or if it is vetoed.
    fn photo_subclip(
        &self,
        analysis: &Analysis,
        source: usize,
        strictness: Strictness,
    ) -> Vec<Subclip> {
        let refused = strictness <= Strictness::NotBad && self.vetoes.refuses_photo(source);
        if refused || self.vetoes.never(source).next().is_some() {
            return Vec::new();
        }
        self.photo_of(analysis, source).into_iter().collect()
    }

    fn photo_of(&self, analysis: &Analysis, source: usize) -> Option<Subclip> {
        analysis.picture.as_ref().map(|picture| Subclip {
            source,
            shot: 0,
            still: true,
            start: Rational::ZERO,
            frame: Rational::ONE,
            end: Rational::nearest(self.still, 1000),
            moments: Vec::new(),
            base: photo_worth(picture),
            energy: unit(picture.mood.arousal * PHOTO_ENERGY),
            detail: 1.0,
            faces: !picture.faces.is_empty(),
            spoiled: Vec::new(),
            in_crop: ShownSubject::default(),
            nearest: 0.0,
            filled: 1.0,
            shown: Vec::new(),
            shown_weight: 0.0,
            required: false,
        })
    }
}

/// How well the picture's pixels fill the film, from its enlargement.
fn detail(analysis: &Analysis, output: Size) -> f64 {
    let (width, height) = match (&analysis.video, &analysis.picture) {
        (Some(video), _) => (video.width, video.height),
        (None, Some(picture)) => (picture.width, picture.height),
        (None, None) => (0, 0),
    };
    let across = f64::from(output.width) / f64::from(width.max(1));
    let down = f64::from(output.height) / f64::from(height.max(1));
    unit((BLUR - across.max(down)) / (BLUR - UNSEEN))
}

/// The usable ranges of shot `number`, without the stretches that are `vetoed`. Their source is set by the caller.
fn shot_subclips(
    video: &VideoReport,
    number: usize,
    strictness: Strictness,
    vetoed: &[Span],
) -> Vec<Subclip> {
    let Some(shot) = video.shots.get(number) else {
        return Vec::new();
    };
    let bad = shot.quality < BAD_QUALITY
        || (shot.motion.shake > BAD_SHAKE && shot.quality < WORTH_THE_SHAKE);
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
    let margin = Rational::whole(MARGIN as i64) * frame;
    for span in vetoed {
        parts = without_margin(parts, span, margin);
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
    parts
        .into_iter()
        .filter_map(|part| {
            let part = on_frames(part, clear.0, frame)?;
            let (from, to) = (part.0.seconds(), part.1.seconds());
            let touches = |span: &&SpoiledSpan| span.end > from && span.start < to;
            Some(Subclip {
                source: 0,
                shot: number,
                still: false,
                start: part.0,
                frame,
                end: part.1,
                moments: touching(shot, part),
                base: unit(shot.quality),
                energy: unit(shot.motion.energy),
                detail: 1.0,
                faces: false,
                spoiled: video.spoiled.iter().filter(touches).copied().collect(),
                in_crop: ShownSubject::default(),
                nearest: 0.0,
                filled: 1.0,
                shown: Vec::new(),
                shown_weight: 0.0,
                required: false,
            })
        })
        .collect()
}

/// The part with its start moved to the next frame, counted from `origin`; `None` if nothing is left.
fn on_frames((start, end): ExactRange, origin: Rational, frame: Rational) -> Option<ExactRange> {
    let steps = (start - origin) * frame.inverse()?;
    let start = origin + Rational::whole(-(Rational::ZERO - steps).floor()) * frame;
    (end > start).then_some((start, end))
}

/// The moments that overlap a part, best first.
fn touching(shot: &Shot, part: ExactRange) -> Vec<Moment> {
    let (from, to) = (part.0.seconds(), part.1.seconds());
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
    moments
}

/// Start and end, in exact seconds.
pub(super) type ExactRange = (Rational, Rational);

/// The part of a shot that is clear of cuts and transitions, and the duration of its frames.
///
/// Frames are assumed to be evenly spaced within the shot, which is exact for a constant frame rate.
pub(super) fn clear_part(video: &VideoReport, number: usize) -> Option<(ExactRange, Rational)> {
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

fn without(parts: Vec<ExactRange>, span: &Span) -> Vec<ExactRange> {
    without_margin(parts, span, Rational::ZERO)
}

/// The parts without a span and `margin` on either side of it.
fn without_margin(parts: Vec<ExactRange>, span: &Span, margin: Rational) -> Vec<ExactRange> {
    let (from, to) = (exact(span.start) - margin, exact(span.end) + margin);
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

fn moments_within(parts: &[ExactRange], moments: &[Moment]) -> Vec<ExactRange> {
    let mut found = Vec::new();
    for &(start, end) in parts {
        for moment in moments.iter().filter(|moment| moment.score >= GOOD_MOMENT) {
            let (from, to) = (exact(moment.start).max(start), exact(moment.end).min(end));
            if to > from {
                let reach = exact(REACH);
                found.push(((from - reach).max(start), (to + reach).min(end)));
            }
        }
    }
    found.sort();
    // Overlapping moments form one part.
    let mut joined: Vec<ExactRange> = Vec::with_capacity(found.len());
    for (start, end) in found {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

fn exact(seconds: f64) -> Rational {
    Rational::nearest(seconds.clamp(-1.0, LATEST), CLOCK)
}

fn unit(value: f64) -> f64 {
    if value.is_finite() {
        value.clamp(0.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_moment_may_be_exceeded_a_little_within_its_shot() {
        let moment = |start, end, score| Moment {
            start,
            end,
            score,
            reasons: Vec::new(),
            peak: None,
        };
        let within = |parts: &[(f64, f64)], moment: &Moment| -> Vec<(f64, f64)> {
            let moments = std::slice::from_ref(moment);
            let parts: Vec<ExactRange> =
                parts.iter().map(|it| (exact(it.0), exact(it.1))).collect();
            let found = moments_within(&parts, moments);
            let found = found.iter().map(|it| (it.0.seconds(), it.1.seconds()));
            found.collect()
        };
        let good = moment(1.0, 2.0, 0.6);
        assert_eq!(within(&[(0.0, 3.0)], &good), [(0.75, 2.25)]);
        // What is vetoed before it stays out, and so does the rest of the shot.
        assert_eq!(within(&[(0.9, 3.0)], &good), [(0.9, 2.25)]);
        assert_eq!(within(&[(0.0, 0.9), (2.1, 3.0)], &good), []);
        let weak = moment(1.0, 2.0, 0.2);
        assert_eq!(within(&[(0.0, 3.0)], &weak), []);
    }
}
