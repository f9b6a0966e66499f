//! The arrangement of a track under a film: parts of it one after the other, perhaps slightly faster or slower.

use crate::music::{BeatGrid, EnergyCurve, TrackBeat};

/// A part of a track that is played without a cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPart {
    /// Seconds in the track.
    pub start: f64,
    /// Seconds in the track, exclusive.
    pub end: f64,
}

/// The parts of a track that are played, in order and without gaps between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrangement {
    /// At least one; none is empty.
    pub parts: Vec<TrackPart>,
    /// Seconds of the track for each second of the film: 1 plays it unchanged, 1.02 slightly faster.
    pub speed: f64,
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

    /// The second of the track that plays at second `film` of the film; the end of the last part after it has ended.
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

    /// The beats under the film, in film seconds and in order. A beat at the very end of the last part counts: a film
    /// may end on it.
    pub fn beats(&self, grid: &BeatGrid) -> Vec<TrackBeat> {
        let mut beats = Vec::new();
        let mut end = None;
        for (begins, part) in self.placed() {
            let film = |beat: &TrackBeat| TrackBeat {
                time: begins + (beat.time - part.start).max(0.0) / self.speed,
                ..*beat
            };
            beats.extend(grid.between(part.start, part.end).iter().map(film));
            end = grid.near(part.end).map(film);
        }
        beats.extend(end);
        beats
    }

    /// Energy of the music at second `film` of the film, 0..1.
    pub fn energy_at(&self, energy: &EnergyCurve, film: f64) -> f64 {
        energy.at(self.at(film))
    }
}
