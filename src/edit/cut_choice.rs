//! Which beats are cut on: the cheapest way from the first beat to the last by the style's pace.
//!
//! Each slot costs by how far its length is from what the style wants there, and less when it begins on a downbeat; the
//! cheapest chain of slots is found by dynamic programming.

use crate::edit::Style;
use crate::edit::cut_points::CutPoint;
use crate::time::Rational;

/// A gap to be filled with one segment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// Where it begins.
    pub start: CutPoint,
    /// Output frames; at least 1.
    pub frames: i64,
    /// The places inside, as numbers of the place list.
    pub inner: Vec<CutPoint>,
    /// How loud the music is, 0..1.
    pub energy: f64,
}

impl Slot {
    fn between(places: &[CutPoint], first: usize, last: usize) -> Option<Self> {
        let part = places.get(first..last)?;
        let (start, inner) = part.split_first()?;
        let end = places.get(last)?;
        Some(Self {
            start: *start,
            frames: end.frame - start.frame,
            inner: inner.to_vec(),
            energy: part.iter().map(|place| place.energy).sum::<f64>() / part.len() as f64,
        })
    }

    /// Seconds, exact.
    pub fn length(&self, rate: Rational) -> Rational {
        Rational::whole(self.frames) * rate.inverse().unwrap_or(Rational::ONE)
    }

    /// Seconds from the slot's start to each place inside.
    pub fn inner_beats(&self) -> Vec<f64> {
        self.inner
            .iter()
            .map(|place| place.time - self.start.time)
            .collect()
    }

    /// Two slots, cut at the inner place nearest to the middle, downbeats first; `None` where there is none.
    pub fn split(&self) -> Option<(Self, Self)> {
        let middle = self.start.frame + self.frames / 2;
        let (position, at) = self.inner.iter().enumerate().min_by_key(|(_, place)| {
            let far = (place.frame - middle).abs();
            far * if place.downbeat { 1 } else { 2 }
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
        };
        (first.frames > 0 && second.frames > 0).then_some((first, second))
    }
}

/// The place a film of about the length of `places` ends at best: the end of the last phrase, else of the last bar, else the
/// last beat, that loses less than a sixth of it; else the last place.
pub(super) fn end_of(places: &[CutPoint]) -> usize {
    let last = places.len().saturating_sub(1);
    let least = places
        .last()
        .map_or(0, |place| place.frame - place.frame / 6);
    let find = |wanted: &dyn Fn(&CutPoint) -> bool| {
        places
            .iter()
            .rposition(|place| place.frame >= least && place.frame > 0 && wanted(place))
    };
    // The part of the track was chosen to end here.
    find(&|place| place.frame == places.last().map_or(0, |end| end.frame) && place.downbeat)
        .or_else(|| find(&|place| place.phrase))
        .or_else(|| find(&|place| place.downbeat))
        .or_else(|| find(&|place| place.heard))
        .unwrap_or(last)
}

/// The slots from the first place to number `end`, `slower` times as long as the style wants by itself (1 as it wants).
pub(super) fn slots(
    places: &[CutPoint],
    end: usize,
    style: &Style,
    slower: f64,
    rate: Rational,
) -> Vec<Slot> {
    let pace = Pace {
        places,
        end,
        style,
        slower,
        seconds: rate.inverse().unwrap_or(Rational::ONE).seconds(),
    };
    let mut cost = vec![f64::INFINITY; end + 1];
    let mut from = vec![0; end + 1];
    if let Some(first) = cost.first_mut() {
        *first = 0.0;
    }
    for last in 1..=end {
        for first in (0..last).rev() {
            let length = pace.length(first, last);
            // The slot that is one step long is always allowed, so that every place can be reached.
            if length > style.longest * 1.5 && last - first > 1 {
                break;
            }
            let total = cost[first] + pace.cost(first, last, length);
            if total < cost[last] {
                (cost[last], from[last]) = (total, first);
            }
        }
    }
    let mut chain = Vec::new();
    let mut last = end;
    while last > 0 {
        let first = from[last];
        chain.extend(Slot::between(places, first, last));
        last = first;
    }
    chain.reverse();
    chain
}

struct Pace<'a> {
    places: &'a [CutPoint],
    end: usize,
    style: &'a Style,
    slower: f64,
    /// A frame lasts.
    seconds: f64,
}

impl Pace<'_> {
    fn length(&self, first: usize, last: usize) -> f64 {
        (self.places[last].frame - self.places[first].frame) as f64 * self.seconds
    }

    fn cost(&self, first: usize, last: usize, length: f64) -> f64 {
        let style = self.style;
        let place = &self.places[first];
        let beats = (last - first) as f64;
        // The end may breathe.
        let rest = if last == self.end { 1.5 } else { 1.0 };
        let beat = length / beats;
        let longest = style.longest / beat.max(1e-6);
        let wanted = (style.beats.at(place.energy) * self.slower * rest).min(longest.max(1.0));
        let mut cost = (beats / wanted).ln().powi(2) * wanted.sqrt();
        if first > 0 {
            if !place.downbeat {
                cost += style.downbeats;
            }
            if !place.heard {
                cost += 0.5;
            }
        }
        if length < style.shortest {
            cost += 4.0 + 20.0 * (style.shortest - length) / style.shortest;
        }
        if length > style.longest {
            cost += 4.0 + 20.0 * (length - style.longest) / style.longest;
        }
        cost
    }
}
