//! A track as it lies under a film: parts of it one after the other, perhaps a little faster or slower.

use crate::analysis::AudioReport;
use crate::music::Energy;

/// A stretch of a track that is played as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPart {
    /// Seconds in the track.
    pub start: f64,
    /// Seconds in the track, exclusive.
    pub end: f64,
}

/// Which parts of a track are heard, in order. Each begins where, in the film, the one before it ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrangement {
    /// At least one; none is empty.
    pub parts: Vec<TrackPart>,
    /// Seconds of the track in a second of the film: 1 as it is, 1.02 a little faster.
    pub speed: f64,
}

/// A beat of a track as the film hears it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeardBeat {
    /// Seconds in the film.
    pub time: f64,
    /// It begins a bar.
    pub downbeat: bool,
    /// It begins a phrase.
    pub phrase: bool,
}

/// Two times this near are of one beat.
const SAME: f64 = 0.04;

/// The beats of a track, in its own seconds and in order.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    beats: Vec<HeardBeat>,
}

impl Grid {
    /// Every beat with what begins on it.
    pub fn of(audio: &AudioReport) -> Self {
        let mut beats: Vec<f64> = audio
            .beats
            .iter()
            .copied()
            .filter(|time| time.is_finite() && *time >= 0.0)
            .collect();
        beats.sort_by(f64::total_cmp);
        let near = |times: &[f64], time: f64| {
            let after = times.partition_point(|other| *other < time - SAME);
            times.get(after).is_some_and(|other| *other < time + SAME)
        };
        Self {
            beats: beats
                .into_iter()
                .map(|time| HeardBeat {
                    time,
                    downbeat: near(&audio.downbeats, time),
                    phrase: near(&audio.phrases, time),
                })
                .collect(),
        }
    }

    /// All of them.
    pub fn beats(&self) -> &[HeardBeat] {
        &self.beats
    }

    /// Those from `start` until before `end`.
    pub fn between(&self, start: f64, end: f64) -> &[HeardBeat] {
        let place = |time: f64| self.beats.partition_point(|beat| beat.time < time - 1e-4);
        let (first, last) = (place(start), place(end));
        self.beats.get(first..last.max(first)).unwrap_or(&[])
    }

    /// The beat at a second.
    pub fn near(&self, time: f64) -> Option<&HeardBeat> {
        let after = self.beats.partition_point(|beat| beat.time < time - SAME);
        self.beats.get(after).filter(|beat| beat.time < time + SAME)
    }
}

impl Arrangement {
    /// One part at the track's own speed.
    pub fn plain(start: f64, end: f64) -> Self {
        Self {
            parts: vec![TrackPart { start, end }],
            speed: 1.0,
        }
    }

    /// Seconds of film.
    pub fn length(&self) -> f64 {
        self.parts
            .iter()
            .map(|part| (part.end - part.start).max(0.0))
            .sum::<f64>()
            / self.speed
    }

    /// Seconds in the track at which it begins.
    pub fn start(&self) -> f64 {
        self.parts.first().map_or(0.0, |part| part.start)
    }

    /// Each part with the second of the film at which it begins.
    pub fn placed(&self) -> impl Iterator<Item = (f64, TrackPart)> + '_ {
        self.parts.iter().scan(0.0, |at, part| {
            let begins = *at;
            *at += (part.end - part.start).max(0.0) / self.speed;
            Some((begins, *part))
        })
    }

    /// The second of the track that is heard at a second of the film; of the last part's end, where it has ended.
    pub fn at(&self, film: f64) -> f64 {
        let mut last = self.start();
        for (begins, part) in self.placed() {
            let second = part.start + (film - begins) * self.speed;
            if second < part.end {
                return second.max(part.start);
            }
            last = part.end;
        }
        last
    }

    /// The beats that are heard, in film seconds, in order. The place where the last part stops is one, if a beat is there.
    pub fn beats(&self, grid: &Grid) -> Vec<HeardBeat> {
        let mut beats = Vec::new();
        let mut end = None;
        for (begins, part) in self.placed() {
            let film = |beat: &HeardBeat| HeardBeat {
                time: begins + (beat.time - part.start).max(0.0) / self.speed,
                ..*beat
            };
            beats.extend(grid.between(part.start, part.end).iter().map(film));
            end = grid.near(part.end).map(film);
        }
        beats.extend(end);
        beats
    }

    /// How much goes on at a second of the film, 0..1.
    pub fn energy_at(&self, energy: &Energy, film: f64) -> f64 {
        energy.at(self.at(film))
    }
}
