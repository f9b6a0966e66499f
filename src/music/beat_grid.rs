//! The beats of a track, and which of them begin a bar or a phrase.

use crate::analysis::AudioReport;

/// A beat, in seconds of the track or of the film that uses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackBeat {
    /// Seconds.
    pub time: f64,
    /// True if it begins a bar.
    pub downbeat: bool,
    /// True if it begins a phrase.
    pub phrase: bool,
}

/// Seconds within which two times belong to one beat. Beat tracking works at 50 frames a second, so rounding moves a
/// downbeat by one or two frames from its beat.
const SAME: f64 = 0.04;

/// The beats of a track, in its own seconds and in order.
#[derive(Debug, Clone, Default)]
pub struct BeatGrid {
    beats: Vec<TrackBeat>,
}

impl BeatGrid {
    /// The beats of an analysis.
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
                .map(|time| TrackBeat {
                    time,
                    downbeat: near(&audio.downbeats, time),
                    phrase: near(&audio.phrases, time),
                })
                .collect(),
        }
    }

    /// All beats.
    pub fn beats(&self) -> &[TrackBeat] {
        &self.beats
    }

    /// The beats from `start` (inclusive) to `end` (exclusive).
    pub fn between(&self, start: f64, end: f64) -> &[TrackBeat] {
        let place = |time: f64| self.beats.partition_point(|beat| beat.time < time - 1e-4);
        let (first, last) = (place(start), place(end));
        self.beats.get(first..last.max(first)).unwrap_or(&[])
    }

    /// The beat within 40 ms of a second.
    pub fn near(&self, time: f64) -> Option<&TrackBeat> {
        let after = self.beats.partition_point(|beat| beat.time < time - SAME);
        self.beats.get(after).filter(|beat| beat.time < time + SAME)
    }
}
