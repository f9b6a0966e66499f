//! Finds the part of a track that suits a film best: where it begins, where it ends, at which speed it plays.
//!
//! Candidate starts are the phrases of the track, else its bars, else its beats, else its seconds; if the cut is fixed,
//! they are the starts that put a cut on a beat. Each candidate is scored by the terms in [`WEIGHTS`], and the best
//! weighted mean wins. A track that is too short is repeated from phrase to phrase ([`crate::music::track_loop`]).

use crate::analysis::{AudioReport, Span};
use crate::music::cut_fit::{CutFit, cut_fit};
use crate::music::track_loop::loops;
use crate::music::{Arrangement, BeatGrid, EnergyArc, EnergyCurve, TrackPart};

/// What the film requires of the music.
#[derive(Debug, Clone, Copy, Default)]
pub struct WindowRequest<'a> {
    /// Seconds of film.
    pub length: f64,
    /// How near to that length the film has to end.
    pub ending: Ending,
    /// The shape of the energy.
    pub arc: EnergyArc,
    /// When somebody speaks, in film seconds.
    pub speech: &'a [Span],
    /// Times of the cuts, in film seconds, if they are fixed; empty if they will follow the music.
    pub cuts: &'a [f64],
    /// How much faster or slower the track may be played, 0..0.04.
    pub stretch: f64,
}

/// How near to its wanted length a film has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// Exactly there.
    Exact,
    /// Up to a bar earlier: somebody asked for that length.
    Bar,
    /// Up to a sixth earlier, on a phrase.
    #[default]
    Phrase,
}

/// What in the music a part begins or ends at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Edge {
    Anywhere,
    Beat,
    Downbeat,
    Phrase,
    /// The track's own beginning or end.
    Own,
}

/// A part of a track for a film.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// What is played.
    pub arrangement: Arrangement,
    /// Where it begins.
    pub begins: Edge,
    /// Where it ends.
    pub ends: Edge,
    /// How well the energy follows the arc, 0..1.
    pub arc: f64,
    /// Energy of the part minus that of the whole track, -1..1.
    pub lift: f64,
    /// Share of the speech in the film during which the track has vocals; 0 where nobody speaks.
    pub sung_over: f64,
    /// How audible the joins are, 0..1; `None` without joins.
    pub joins: Option<f64>,
    /// How well a fixed cut falls on the beats.
    pub cuts: Option<CutFit>,
    /// True if the track is shorter than the film, even repeated.
    pub too_short: bool,
    /// Overall fit, 0..1.
    pub fit: f64,
}

/// Weights of the terms. A term that does not apply (no fixed cut, no speech, no joins) is left out. Cuts weigh most:
/// if the cut is fixed, the window is chosen to fit it.
pub const WEIGHTS: [(&str, f64); 7] = [
    ("begins on a phrase", 1.0),
    ("ends on a phrase", 0.8),
    ("follows the arc", 1.5),
    ("among the fullest of the track", 1.2),
    ("leaves speech alone", 1.5),
    ("joins cannot be heard", 1.0),
    ("cuts fall on beats", 4.0),
];

/// The largest change of speed.
pub const MOST_STRETCH: f64 = 0.04;
/// Step between the speeds that are tried, as a share: over a minute, half a step moves the last beat by 0.15 s.
const SPEED_STEP: f64 = 0.005;
/// LU below the median loudness of the track at which a second counts as intro or pause.
const QUIET: f64 = 12.0;
/// Cost of beginning in such a second: a film should not open in silence.
const QUIET_COST: f64 = 0.4;
/// Cost of each minute before the start: of equally good windows the earlier one wins.
const LATER: f64 = 0.01;
/// Cuts, from the first, that are put on each beat in turn to find starts. Later cuts only repeat them.
const ANCHORS: usize = 6;
/// Points at which the energy is compared with the arc.
const ARC_STEPS: usize = 16;
/// Most starts that are tried; if there are more, evenly spaced ones are.
const MOST_STARTS: usize = 1500;
/// Longest film, in seconds: ten hours. Bounds the work for absurd requests.
const LONGEST: f64 = 36_000.0;
/// A track that is at most this much shorter than the film is not repeated, in seconds.
const SHORT: f64 = 0.3;

/// The best part of `audio`.
pub fn best_window(audio: &AudioReport, request: &WindowRequest<'_>) -> Window {
    let search = Search::new(audio, request);
    let mut best: Option<(f64, Window)> = None;
    for arrangement in search.candidates() {
        let window = search.judge(arrangement);
        let worth =
            window.fit - window.arrangement.start() / 60.0 * LATER - search.quiet_cost(&window);
        if best.as_ref().is_none_or(|(most, _)| worth > most + 1e-9) {
            best = Some((worth, window));
        }
    }
    best.map_or_else(
        || search.judge(Arrangement::plain(0.0, search.length.min(search.duration))),
        |(_, window)| window,
    )
}

struct Search<'a> {
    request: &'a WindowRequest<'a>,
    audio: &'a AudioReport,
    duration: f64,
    length: f64,
    grid: BeatGrid,
    energy: EnergyCurve,
    overall: f64,
    /// Median of the loudness curve, LUFS.
    middle: f64,
}

impl<'a> Search<'a> {
    fn new(audio: &'a AudioReport, request: &'a WindowRequest<'a>) -> Self {
        let finite = |value: f64| {
            if value.is_finite() {
                value.max(0.0)
            } else {
                0.0
            }
        };
        let energy = EnergyCurve::of(audio);
        let mut curve: Vec<f64> = audio
            .loudness_curve
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        curve.sort_by(f64::total_cmp);
        Self {
            request,
            audio,
            duration: finite(audio.duration),
            length: finite(request.length).min(LONGEST),
            grid: BeatGrid::of(audio),
            overall: energy.overall(),
            energy,
            middle: curve.get(curve.len() / 2).copied().unwrap_or(-70.0),
        }
    }

    fn candidates(&self) -> Vec<Arrangement> {
        if self.duration + SHORT < self.length {
            let joined = loops(self.audio, &self.grid, &self.energy, self.length);
            if !joined.is_empty() {
                return joined
                    .into_iter()
                    .map(|arrangement| self.ended(arrangement))
                    .collect();
            }
        }
        let mut all = Vec::new();
        for speed in self.speeds() {
            for start in self.starts(speed) {
                let end = (start + self.length * speed).min(self.duration);
                if end > start {
                    all.push(self.ended(Arrangement {
                        parts: vec![TrackPart { start, end }],
                        speed,
                    }));
                }
            }
        }
        all
    }

    /// The speeds that are tried, the track's own first.
    fn speeds(&self) -> Vec<f64> {
        let stretch = self.request.stretch.clamp(0.0, MOST_STRETCH);
        let mut speeds = vec![1.0];
        if stretch.is_nan() || self.grid.beats().is_empty() || !self.is_exact() {
            return speeds;
        }
        let steps = (stretch / SPEED_STEP + 1e-9).floor() as i32;
        speeds.extend(
            (1..=steps)
                .flat_map(|step| [step, -step])
                .map(|step| 1.0 + f64::from(step) * SPEED_STEP),
        );
        speeds
    }

    /// Seconds of the track at which it may begin, in order.
    fn starts(&self, speed: f64) -> Vec<f64> {
        let last = (self.duration - self.length * speed).max(0.0) + 1e-6;
        let beats = self.grid.beats();
        let mut starts: Vec<f64> = if self.request.cuts.is_empty() {
            let of = |wanted: &dyn Fn(&crate::music::TrackBeat) -> bool| -> Vec<f64> {
                beats
                    .iter()
                    .filter(|beat| beat.time <= last && wanted(beat))
                    .map(|beat| beat.time)
                    .collect()
            };
            let mut found = of(&|beat| beat.phrase);
            if found.len() < 4 {
                found = of(&|beat| beat.downbeat);
            }
            if found.is_empty() {
                found = of(&|_| true);
            }
            found
        } else {
            let anchors = self.request.cuts.iter().take(ANCHORS);
            anchors
                .flat_map(|cut| beats.iter().map(move |beat| beat.time - cut * speed))
                .chain(beats.iter().map(|beat| beat.time))
                .filter(|start| (0.0..=last).contains(start))
                .collect()
        };
        if starts.is_empty() {
            let last = last.floor().clamp(0.0, 36_000.0) as u32;
            starts = (0..=last).map(f64::from).collect();
        }
        starts.sort_by(f64::total_cmp);
        starts.dedup_by(|a, b| (*a - *b).abs() < 0.005);
        let stride = starts.len().div_ceil(MOST_STARTS).max(1);
        starts.into_iter().step_by(stride).collect()
    }

    fn is_exact(&self) -> bool {
        self.request.ending == Ending::Exact
    }

    /// Moves the end back to a phrase, else to a bar or a beat, as far as the length may differ.
    fn ended(&self, mut arrangement: Arrangement) -> Arrangement {
        let length = arrangement.length();
        let Some(last) = arrangement.parts.last_mut() else {
            return arrangement;
        };
        if self.is_exact() || last.end >= self.duration - 0.05 {
            return arrangement;
        }
        let mut most = length / 6.0;
        if self.request.ending == Ending::Bar {
            most = most.min(self.bar_before(last.end).unwrap_or(most));
        }
        let least = (last.end - most).max(last.start);
        let reachable = self.grid.between(least, last.end + 0.05);
        let find = |wanted: &dyn Fn(&crate::music::TrackBeat) -> bool| {
            reachable
                .iter()
                .rev()
                .find(|beat| wanted(beat) && beat.time > last.start + 0.5)
        };
        if let Some(beat) = find(&|beat| beat.phrase)
            .or_else(|| find(&|beat| beat.downbeat))
            .or_else(|| find(&|_| true))
        {
            last.end = beat.time;
        }
        arrangement
    }

    /// Seconds of the bar that ends at `second`, or before it.
    fn bar_before(&self, second: f64) -> Option<f64> {
        let beats = self.grid.between(0.0, second + 0.05).iter().rev();
        let mut downbeats = beats.filter(|beat| beat.downbeat).map(|beat| beat.time);
        Some(downbeats.next()? - downbeats.next()?)
    }

    fn edge(&self, second: f64, own: f64) -> Edge {
        if (second - own).abs() < 0.05 {
            return Edge::Own;
        }
        match self.grid.near(second) {
            Some(beat) if beat.phrase => Edge::Phrase,
            Some(beat) if beat.downbeat => Edge::Downbeat,
            Some(_) => Edge::Beat,
            None => Edge::Anywhere,
        }
    }

    fn judge(&self, arrangement: Arrangement) -> Window {
        let length = arrangement.length();
        let steps: Vec<f64> = (0..ARC_STEPS)
            .map(|step| {
                let film = (step as f64 + 0.5) / ARC_STEPS as f64 * length;
                arrangement.energy_at(&self.energy, film)
            })
            .collect();
        let energy = steps.iter().sum::<f64>() / ARC_STEPS as f64;
        let first = arrangement.start();
        let last = arrangement.parts.last().map_or(first, |part| part.end);
        let (begins, ends) = (self.edge(first, 0.0), self.edge(last, self.duration));
        let cuts = (!self.request.cuts.is_empty())
            .then(|| cut_fit(self.request.cuts, &arrangement.beats(&self.grid)))
            .flatten();
        let joins = (arrangement.parts.len() > 1).then(|| {
            let gaps = arrangement.parts.windows(2).filter_map(|pair| match pair {
                [before, after] => Some(crate::music::track_loop::join_audibility(
                    self.audio,
                    &self.energy,
                    before.end,
                    after.start,
                )),
                _ => None,
            });
            gaps.fold(0.0, f64::max)
        });
        let spoken: f64 = self
            .request
            .speech
            .iter()
            .map(|span| span.end - span.start)
            .sum();
        let sung_over = if spoken > 0.0 {
            self.sung_over(&arrangement) / spoken
        } else {
            0.0
        };
        let too_short =
            length + SHORT < self.length * if self.is_exact() { 1.0 } else { 5.0 / 6.0 };
        let lift = energy - self.overall;
        let arc = self.request.arc.fit(&steps);
        let terms = [
            Some(worth(begins)),
            Some(worth(ends)),
            Some(arc),
            Some((0.5 + lift).clamp(0.0, 1.0)),
            (spoken > 0.0).then_some(1.0 - sung_over),
            joins.map(|gap| 1.0 - gap),
            (!self.request.cuts.is_empty()).then(|| {
                cuts.map_or(0.0, |fit| {
                    0.8 * (1.0 - fit.misfit * 2.0) + 0.2 * fit.on_downbeat
                })
            }),
        ];
        let (mut sum, mut weights) = (0.0, 0.0);
        for ((_, weight), value) in WEIGHTS.iter().zip(terms) {
            if let Some(value) = value {
                sum += weight * value;
                weights += weight;
            }
        }
        // A change of speed is slightly audible.
        let strain = (arrangement.speed - 1.0).abs() / MOST_STRETCH * 0.04;
        let fit = (sum / weights - strain - if too_short { 0.2 } else { 0.0 }).clamp(0.0, 1.0);
        Window {
            arrangement,
            begins,
            ends,
            arc,
            lift,
            sung_over: sung_over.clamp(0.0, 1.0),
            joins,
            cuts,
            too_short,
            fit,
        }
    }

    /// Seconds with both speech in the film and vocals in the track.
    fn sung_over(&self, arrangement: &Arrangement) -> f64 {
        let mut seconds = 0.0;
        for (begins, part) in arrangement.placed() {
            for sung in &self.audio.singing {
                let film = |second: f64| {
                    begins + (second.clamp(part.start, part.end) - part.start) / arrangement.speed
                };
                let (from, until) = (film(sung.start), film(sung.end));
                for span in self.request.speech {
                    seconds += (span.end.min(until) - span.start.max(from)).max(0.0);
                }
            }
        }
        seconds
    }

    fn quiet_cost(&self, window: &Window) -> f64 {
        let second = window.arrangement.start().round() as usize;
        let loudness = self.audio.loudness_curve.get(second).copied();
        let quiet =
            loudness.is_some_and(|loudness| loudness.is_nan() || loudness < self.middle - QUIET);
        if quiet { QUIET_COST } else { 0.0 }
    }
}

fn worth(edge: Edge) -> f64 {
    match edge {
        Edge::Own | Edge::Phrase => 1.0,
        Edge::Downbeat => 0.7,
        Edge::Beat => 0.4,
        Edge::Anywhere => 0.0,
    }
}
