//! Chooses the beats to cut on: the cheapest path from the first cut point to the last, by dynamic programming.
//!
//! A slot lies between two cuts and is filled with one segment. Its cost grows with the distance of its length from
//! what the style wants there, and with a start off a downbeat or off any beat. The cheapest chain of slots wins.

use crate::choice::Reason;
use crate::edit::Style;
use crate::edit::cut_points::CutPoint;
use crate::edit::required_parts::RequiredShot;
use crate::music::Ending;
use crate::time::Rational;

/// Cost of a cut off the beat. For comparison: a slot of two or eight beats where the style wants four costs 0.96.
const OFF_BEAT: f64 = 0.5;
/// Fixed cost of a slot whose length the style does not allow …
const NOT_ALLOWED: f64 = 4.0;
/// … and the cost for each multiple of the allowed length beyond it. Both are so high that such slots appear only where
/// nothing else is possible.
const NOT_ALLOWED_SLOPE: f64 = 20.0;
/// The last slot may be this many times as long as the others, so that the film does not end abruptly.
const LAST_SLOT: f64 = 1.5;
/// Slots longer than this many times the style's longest are not tried, which bounds the time.
const TRIED: f64 = 1.5;
/// The film may lose up to one part in this many of its length, to end with a phrase, a bar or a beat.
const SHORTER: i64 = 6;

/// A gap between two cuts, to be filled with one segment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// The cut point at its start.
    pub start: CutPoint,
    /// Length in output frames, at least 1.
    pub frames: i64,
    /// The cut points inside it, which are not used.
    pub inner: Vec<CutPoint>,
    /// The mean energy of the music, 0..1.
    pub energy: f64,
    /// What it has to show, where that is not chosen.
    pub required: Option<RequiredShot>,
}

impl Slot {
    fn between(points: &[CutPoint], first: usize, last: usize) -> Option<Self> {
        let part = points.get(first..last)?;
        let (start, inner) = part.split_first()?;
        let end = points.get(last)?;
        Some(Self {
            start: *start,
            frames: end.frame - start.frame,
            inner: inner.to_vec(),
            energy: part.iter().map(|point| point.energy).sum::<f64>() / part.len() as f64,
            required: None,
        })
    }

    /// The exact length in seconds.
    pub fn length(&self, rate: Rational) -> Rational {
        Rational::whole(self.frames) * rate.inverse().unwrap_or(Rational::ONE)
    }

    /// Seconds from the slot's start to each cut point inside.
    pub fn inner_beats(&self) -> Vec<f64> {
        self.inner
            .iter()
            .map(|point| point.time - self.start.time)
            .collect()
    }

    /// Splits the slot at the inner point nearest to its middle; a point off a downbeat counts as twice as far away.
    /// `None` without an inner point.
    pub fn split(&self) -> Option<(Self, Self)> {
        let middle = self.start.frame + self.frames / 2;
        let (position, at) = self.inner.iter().enumerate().min_by_key(|(_, point)| {
            let far = (point.frame - middle).abs();
            far * if point.downbeat { 1 } else { 2 }
        })?;
        let first = Self {
            frames: at.frame - self.start.frame,
            inner: self.inner.get(..position)?.to_vec(),
            ..self.clone()
        };
        let second = Self {
            start: *at,
            frames: self.frames - first.frames,
            inner: self.inner.get(position + 1..)?.to_vec(),
            energy: self.energy,
            required: None,
        };
        (first.frames > 0 && second.frames > 0).then_some((first, second))
    }
}

/// The index of the point at which a film of about the length of `points` ends.
///
/// If the part of the track was chosen to end on a downbeat, that is the last point. Else it is the end of the last
/// phrase, of the last bar, or the last beat, whichever comes first in this order and loses less than a sixth, or less
/// than a bar where the length was asked for; else the last point.
pub(super) fn film_end(points: &[CutPoint], ending: Ending) -> usize {
    let last = points.len().saturating_sub(1);
    let end = points.last().map_or(0, |point| point.frame);
    let bar = match ending {
        Ending::Phrase => None,
        Ending::Exact | Ending::Bar => last_bar(points),
    };
    let least = end - bar.unwrap_or(i64::MAX).min(end / SHORTER);
    let find = |wanted: &dyn Fn(&CutPoint) -> bool| {
        points
            .iter()
            .rposition(|point| point.frame >= least && point.frame > 0 && wanted(point))
    };
    find(&|point| point.frame == end && point.downbeat)
        .or_else(|| find(&|point| point.phrase))
        .or_else(|| find(&|point| point.downbeat))
        .or_else(|| find(&|point| point.heard))
        .unwrap_or(last)
}

/// Frames of the last whole bar.
fn last_bar(points: &[CutPoint]) -> Option<i64> {
    let mut downbeats = points.iter().rev().filter(|point| point.downbeat);
    Some(downbeats.next()?.frame - downbeats.next()?.frame)
}

/// The settings of a choice of cuts.
#[derive(Clone, Copy)]
pub(super) struct CutChoice<'a> {
    pub style: &'a Style,
    /// Wanted length of slots, in multiples of the style's.
    pub slower: f64,
    /// The last point is the end of the film.
    pub closes: bool,
    /// Output frames a second.
    pub rate: Rational,
}

impl CutChoice<'_> {
    /// The slots from the first point to point `end`.
    pub fn slots(&self, points: &[CutPoint], end: usize) -> Vec<Slot> {
        let mut cost = vec![f64::INFINITY; end + 1];
        let mut from = vec![0; end + 1];
        if let Some(first) = cost.first_mut() {
            *first = 0.0;
        }
        for last in 1..=end {
            for first in (0..last).rev() {
                let length = self.seconds(points, first, last);
                // A slot of one step is always allowed, so that every point can be reached.
                if length > self.style.longest * TRIED && last - first > 1 {
                    break;
                }
                let total = cost[first] + self.cost(points, end, first, last);
                if total < cost[last] {
                    (cost[last], from[last]) = (total, first);
                }
            }
        }
        let mut chain = Vec::new();
        let mut last = end;
        while last > 0 {
            let first = from[last];
            chain.extend(Slot::between(points, first, last));
            last = first;
        }
        chain.reverse();
        chain
    }

    fn seconds(&self, points: &[CutPoint], first: usize, last: usize) -> f64 {
        let frame = self.rate.inverse().unwrap_or(Rational::ONE).seconds();
        (points[last].frame - points[first].frame) as f64 * frame
    }

    /// The cost of the slot from point `first` to point `last`, in a film that ends at point `end`.
    fn cost(&self, points: &[CutPoint], end: usize, first: usize, last: usize) -> f64 {
        let style = self.style;
        let point = &points[first];
        let length = self.seconds(points, first, last);
        let beats = (last - first) as f64;
        let breath = if last == end && self.closes {
            LAST_SLOT
        } else {
            1.0
        };
        let beat = length / beats;
        let longest = style.longest / beat.max(1e-6);
        let wanted = (style.beats.at(point.energy) * self.slower * breath).min(longest.max(1.0));
        let mut cost = (beats / wanted).ln().powi(2) * wanted.sqrt();
        // The beginning of the film is not a cut.
        if first > 0 {
            cost += position_cost(point, style);
        }
        if length < style.shortest {
            cost += NOT_ALLOWED + NOT_ALLOWED_SLOPE * (style.shortest - length) / style.shortest;
        }
        if length > style.longest {
            cost += NOT_ALLOWED + NOT_ALLOWED_SLOPE * (length - style.longest) / style.longest;
        }
        cost
    }
}

/// The cost of a cut's position on the beat.
pub(super) fn position_cost(point: &CutPoint, style: &Style) -> f64 {
    let mut cost = 0.0;
    if !point.downbeat {
        cost += style.downbeats;
    }
    if !point.heard {
        cost += OFF_BEAT;
    }
    cost
}

/// The reason for a cut at `point`, weighed by what it saves against a cut off the beat. `None` off the beat.
pub(super) fn cut_reason(point: &CutPoint, style: &Style) -> Option<Reason> {
    if !point.heard {
        return None;
    }
    let (code, text) = match (point.downbeat, point.frame > 0) {
        (true, true) => ("on_downbeat", "The cut falls on the first beat of a bar."),
        (true, false) => (
            "on_downbeat",
            "The film begins with the first beat of a bar.",
        ),
        (false, true) => ("on_beat", "The cut falls on a beat."),
        (false, false) => ("on_beat", "The film begins with a beat."),
    };
    let saved = OFF_BEAT + style.downbeats - position_cost(point, style);
    // The beginning of the film is no choice.
    let weight = if point.frame > 0 { saved } else { 0.0 };
    Some(Reason::new(code, weight, text))
}
