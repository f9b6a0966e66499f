//! Where a film may be cut: the beats of its music, as output frames.

use crate::analysis::AudioReport;
use crate::time::Rational;

/// A place where a cut may fall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    /// The output frame nearest to it.
    pub frame: i64,
    /// Seconds in the film.
    pub time: f64,
    /// The first beat of a bar.
    pub downbeat: bool,
    /// Heard in the music; false where it only carries the pace on.
    pub heard: bool,
    /// How loud the music is there, 0..1.
    pub energy: f64,
}

/// Seconds between places where there is no music to follow.
const SILENT_PACE: f64 = 0.5;
/// Places a bar, where nothing is heard.
const BAR: usize = 4;
/// Shorter beats are no beats.
const SHORTEST_BEAT: f64 = 0.15;

/// The places of a film of up to `length` seconds that begins at second `start` of `audio`; the first is 0, and the
/// last is the last frame that still fits into `length`.
pub(super) fn places(
    audio: Option<&AudioReport>,
    start: f64,
    length: f64,
    rate: Rational,
) -> Vec<Place> {
    let frames_per_second = rate.seconds();
    let last = (length * frames_per_second + 1e-6).floor().max(1.0) as i64;
    let mut places: Vec<Place> = Vec::new();
    let energy = Energy::new(audio);
    let place = |time: f64, downbeat, heard| Place {
        frame: (time * frames_per_second).round() as i64,
        time,
        downbeat,
        heard,
        energy: energy.at(start + time),
    };
    let heard = audio.map_or_else(Vec::new, |audio| heard_beats(audio, start, length));
    let period = usual_gap(&heard).unwrap_or(SILENT_PACE);
    let mut before = 0.0;
    if heard
        .first()
        .is_none_or(|(time, _)| *time > 0.5 / frames_per_second)
    {
        places.push(place(0.0, heard.is_empty(), false));
    }
    let ends = heard.iter().copied().map(Some).chain([None]);
    for next in ends {
        // Where the beat pauses, the pace goes on unheard.
        let until = next.map_or(length, |(time, _)| time);
        while until - before > period * 1.6 && places.len() < 100_000 {
            before += period;
            let downbeat = heard.is_empty() && places.len().is_multiple_of(BAR);
            places.push(place(before, downbeat, false));
        }
        if let Some((time, downbeat)) = next {
            places.push(place(time, downbeat, true));
            before = time;
        }
    }
    places.dedup_by_key(|place| place.frame);
    places.retain(|place| place.frame <= last);
    if places.last().is_none_or(|end| end.frame < last) {
        places.push(Place {
            frame: last,
            ..place(last as f64 / frames_per_second, false, false)
        });
    }
    places
}

/// Beats in film seconds with whether each is a downbeat, sorted, none closer than a beat can be.
fn heard_beats(audio: &AudioReport, start: f64, length: f64) -> Vec<(f64, bool)> {
    let mut beats: Vec<f64> = audio
        .beats
        .iter()
        .map(|beat| beat - start)
        .filter(|time| time.is_finite() && *time >= -1e-4 && *time <= length)
        .map(|time| time.max(0.0))
        .collect();
    beats.sort_by(f64::total_cmp);
    let is_downbeat = |time: f64| {
        audio
            .downbeats
            .iter()
            .any(|downbeat| (downbeat - start - time).abs() < 0.04)
    };
    let mut kept: Vec<(f64, bool)> = Vec::with_capacity(beats.len());
    for time in beats {
        if kept
            .last()
            .is_none_or(|(last, _)| time - last >= SHORTEST_BEAT)
        {
            kept.push((time, is_downbeat(time)));
        }
    }
    kept
}

fn usual_gap(beats: &[(f64, bool)]) -> Option<f64> {
    let mut gaps: Vec<f64> = beats.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied()
}

/// Loudness over time, stretched over what the track has.
struct Energy<'a> {
    curve: &'a [f64],
    quiet: f64,
    loud: f64,
}

impl<'a> Energy<'a> {
    fn new(audio: Option<&'a AudioReport>) -> Self {
        let curve = audio.map_or(&[][..], |audio| audio.loudness_curve.as_slice());
        let mut sorted: Vec<f64> = curve
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        sorted.sort_by(f64::total_cmp);
        let share = |share: f64| {
            let position = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
            sorted.get(position).copied().unwrap_or(0.0)
        };
        Self {
            curve,
            quiet: share(0.1),
            loud: share(0.9),
        }
    }

    /// 0..1 at a second of the track; 0.5 where nothing is known or nothing changes.
    fn at(&self, second: f64) -> f64 {
        let range = self.loud - self.quiet;
        match self.curve.get(second.max(0.0) as usize) {
            Some(value) if value.is_finite() && range >= 2.0 => {
                ((value - self.quiet) / range).clamp(0.0, 1.0)
            }
            _ => 0.5,
        }
    }
}
