//! Silence, hits and onsets, from the level of every 10 ms.
//!
//! The threshold of *silence* is relative: 30 dB below the loud level of the recording (its 95th percentile), between
//! -80 and -50 dBFS. A quiet recording is thus not all silence, while hiss at -60 dBFS between loud words is.
//!
//! An *onset* is a rise of the level over its background (the median of the half second before) within 30 ms, the
//! simplest detection function (Bello et al., *A tutorial on onset detection in music signals*, 2005, III-B); a *hit*
//! is an onset that decays at once. Words and notes begin with onsets too, so only those outside of speech, singing and
//! music are reported.

use crate::analysis::{SoundEvent, SoundEventKind, Span};
use crate::time::rounded;

/// Frames a second.
const RATE: u64 = 100;
/// Level of digital silence, dBFS.
const NOTHING: f32 = -120.0;

/// Silence is this far below the loud level, dB …
const BELOW_LOUD: f32 = 30.0;
/// … within these bounds, dBFS.
const SILENCE: (f32, f32) = (-80.0, -50.0);
/// Share of frames below the loud level.
const LOUD: f64 = 0.95;
/// Frames of the shortest silence: 0.3 s.
const SHORTEST_SILENCE: usize = 30;
/// Sound of up to this many frames inside a silence is a click and does not end it.
const CLICK: usize = 2;

/// Frames before an onset that form its background, and the fewest that suffice at the start of a file.
const BACKGROUND: usize = 50;
const FEWEST: usize = 15;
/// Most frames of a rise.
const RISE_LENGTH: usize = 3;
/// Least rise over the background, in dB, and the rise at which the score is 1.
const RISE: f32 = 15.0;
const CLEAR_RISE: f32 = 40.0;
/// Least level of an onset, dBFS.
const AUDIBLE: f32 = -45.0;
/// A hit falls by this much, in dB, …
const FALL: f32 = 12.0;
/// … within this many frames.
const FALL_LENGTH: usize = 30;
/// An event ends when it is this close to its background, in dB, or after this many frames.
const NEAR_BACKGROUND: f32 = 6.0;
const LONGEST_EVENT: usize = 500;
/// Fewest frames from one onset to the next.
const APART: usize = 15;
/// Onsets this close to speech, singing or music belong to them, in seconds.
const AROUND: f64 = 0.15;

/// Levels of a stream, over all channels.
pub(super) struct LevelMeter {
    rate: u64,
    channels: usize,
    /// Samples of each channel so far.
    samples: u64,
    /// Sum of squares, and count of values, of the frame in progress.
    sum: f64,
    count: u64,
    /// Mean square of each frame in dBFS.
    levels: Vec<f32>,
}

impl LevelMeter {
    pub fn new(rate: u32, channels: u16) -> Self {
        Self {
            rate: u64::from(rate.max(1)),
            channels: usize::from(channels.max(1)),
            samples: 0,
            sum: 0.0,
            count: 0,
            levels: Vec::new(),
        }
    }

    /// Takes interleaved samples.
    pub fn push(&mut self, samples: &[f32]) {
        for frame in samples.chunks_exact(self.channels) {
            // Counting from the start keeps the bounds of frames from drifting where 100 does not divide the rate.
            if self.samples * RATE / self.rate > self.levels.len() as u64 && self.count > 0 {
                self.close();
            }
            for &sample in frame {
                self.sum += f64::from(sample) * f64::from(sample);
            }
            self.count += frame.len() as u64;
            self.samples += 1;
        }
    }

    fn close(&mut self) {
        let power = self.sum / self.count.max(1) as f64;
        let level = (10.0 * (power + 1e-12).log10()) as f32;
        self.levels.push(level.max(NOTHING));
        (self.sum, self.count) = (0.0, 0);
    }

    /// Completes the last frame.
    pub fn finish(&mut self) {
        if self.count > 0 {
            self.close();
        }
    }

    /// Spans of silence.
    pub fn silence(&self, duration: f64) -> Vec<Span> {
        let threshold = (loud(&self.levels) - BELOW_LOUD).clamp(SILENCE.0, SILENCE.1);
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let mut start = None;
        for (at, &level) in self.levels.iter().chain([&0.0]).enumerate() {
            match (start, level < threshold) {
                (None, true) => start = Some(at),
                (Some(from), false) => {
                    match runs.last_mut() {
                        Some(last) if from - last.1 <= CLICK => last.1 = at,
                        _ => runs.push((from, at)),
                    }
                    start = None;
                }
                _ => {}
            }
        }
        runs.into_iter()
            .filter(|(from, to)| to - from >= SHORTEST_SILENCE)
            .map(|(from, to)| Span {
                start: seconds(from, duration),
                end: if to == self.levels.len() {
                    rounded(duration)
                } else {
                    seconds(to, duration)
                },
            })
            .filter(|span| span.end > span.start)
            .collect()
    }

    /// Hits and onsets outside of `known`: spans of speech, singing and music.
    pub fn events(&self, known: &[&[Span]], duration: f64) -> Vec<SoundEvent> {
        let mut events: Vec<SoundEvent> = Vec::new();
        let mut next = FEWEST;
        while next < self.levels.len() {
            let Some(onset) = self.onset(next) else {
                next += 1;
                continue;
            };
            // A second rise before the end of an event belongs to it.
            next = (onset.peak.max(next) + APART).max(onset.end);
            let start = seconds(onset.start, duration);
            let inside = known
                .iter()
                .copied()
                .flatten()
                .any(|span| span.start - AROUND <= start && start <= span.end + AROUND);
            if inside {
                continue;
            }
            events.push(SoundEvent {
                kind: onset.kind,
                start,
                end: seconds(onset.end, duration).max(start),
                level: rounded(f64::from(onset.level)),
                score: rounded(f64::from(
                    (0.5 + 0.5 * (onset.rise - RISE) / (CLEAR_RISE - RISE)).clamp(0.5, 1.0),
                )),
            });
        }
        events
    }

    /// The onset whose first loud frame is `at`.
    fn onset(&self, at: usize) -> Option<Onset> {
        let level = |frame: usize| self.levels.get(frame).copied().unwrap_or(NOTHING);
        if level(at) < AUDIBLE {
            return None;
        }
        // The loudest frame of the rise; if the level was nearly as high just before, there is no onset.
        let peak = (at..at + RISE_LENGTH).max_by(|&a, &b| level(a).total_cmp(&level(b)))?;
        if level(peak) - level(at.saturating_sub(RISE_LENGTH)) < RISE {
            return None;
        }
        let before = self.levels.get(at.saturating_sub(BACKGROUND)..at)?;
        let mut sorted = before.to_vec();
        sorted.sort_by(f32::total_cmp);
        let background = sorted.get(sorted.len() / 2).copied()?.max(SILENCE.0);
        if level(at) < background + RISE {
            return None;
        }
        let falls = (peak + 1..=peak + FALL_LENGTH)
            .position(|frame| level(frame) <= level(peak) - FALL)
            .map(|offset| peak + 1 + offset);
        // The level must stay down: between two syllables it falls as well.
        let kind = match falls {
            Some(fallen)
                if (fallen..fallen + FALL_LENGTH)
                    .all(|frame| level(frame) <= level(peak) - FALL / 2.0) =>
            {
                SoundEventKind::Hit
            }
            _ => SoundEventKind::Onset,
        };
        let end = (peak + 1..peak + LONGEST_EVENT)
            .find(|&frame| level(frame) <= background + NEAR_BACKGROUND)
            .unwrap_or(peak + LONGEST_EVENT)
            .min(self.levels.len());
        let loudest = self.levels.get(at..end).unwrap_or_default();
        Some(Onset {
            kind,
            start: at,
            peak,
            end,
            level: loudest.iter().copied().fold(NOTHING, f32::max),
            rise: level(peak) - background,
        })
    }
}

/// A sudden rise, in frames and dB.
struct Onset {
    kind: SoundEventKind,
    start: usize,
    peak: usize,
    end: usize,
    level: f32,
    rise: f32,
}

/// The level that [`LOUD`] of the frames stay below.
fn loud(levels: &[f32]) -> f32 {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f32::total_cmp);
    let place = (sorted.len() as f64 * LOUD) as usize;
    sorted
        .get(place.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(NOTHING)
}

fn seconds(frame: usize, duration: f64) -> f64 {
    rounded((frame as f64 / RATE as f64).min(duration))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Levels of `(frames, amplitude)`: each part a tone of that amplitude.
    fn levels(parts: &[(usize, f32)]) -> LevelMeter {
        let mut levels = LevelMeter::new(44_100, 2);
        for &(frames, amplitude) in parts {
            let part: Vec<f32> = (0..frames * 441)
                .flat_map(|at| [amplitude * (at as f32 * 0.3).sin(); 2])
                .collect();
            // In pieces that are not whole frames.
            for piece in part.chunks(1000) {
                levels.push(piece);
            }
        }
        levels.finish();
        levels
    }

    #[test]
    fn levels_are_those_of_the_sound() {
        let levels = levels(&[(10, 1.0), (10, 0.1)]);
        assert_eq!(levels.levels.len(), 20);
        assert!((levels.levels[5] + 3.0).abs() < 0.3, "{}", levels.levels[5]);
        assert!((levels.levels[15] + 23.0).abs() < 0.3);
    }

    #[test]
    fn silence_is_relative_and_needs_a_while() {
        let heard = levels(&[(100, 0.3), (50, 0.0005), (100, 0.3), (10, 0.0), (100, 0.3)]);
        assert_eq!(
            heard.silence(3.6),
            [Span {
                start: 1.0,
                end: 1.5
            }]
        );
        // A quiet recording is not silent.
        assert_eq!(levels(&[(300, 0.003)]).silence(3.0), []);
        // Nothing at all is; to the end.
        assert_eq!(
            levels(&[(300, 0.0)]).silence(3.004),
            [Span {
                start: 0.0,
                end: 3.004
            }]
        );
        assert_eq!(levels(&[]).silence(0.0), []);
    }

    #[test]
    fn a_hit_dies_away_and_an_onset_goes_on() {
        let heard = levels(&[
            (100, 0.005),
            (4, 0.5),
            (4, 0.15),
            (100, 0.005),
            (150, 0.4),
            (100, 0.005),
        ]);
        let events = heard.events(&[], 4.58);
        let told: Vec<_> = events
            .iter()
            .map(|event| (event.kind, event.start, event.end))
            .collect();
        assert_eq!(
            told,
            [
                (SoundEventKind::Hit, 1.0, 1.08),
                (SoundEventKind::Onset, 2.08, 3.58)
            ]
        );
        assert!((events[0].level + 9.0).abs() < 0.5, "{events:?}");
        assert!(events[0].score > 0.9);
    }

    #[test]
    fn slow_rises_and_what_is_speech_or_music_are_no_events() {
        let slow: Vec<(usize, f32)> = (0..100).map(|n| (2, 0.005 * 1.05_f32.powi(n))).collect();
        assert_eq!(levels(&slow).events(&[], 2.0), []);
        let hit = levels(&[(100, 0.005), (5, 0.5), (100, 0.005)]);
        assert_eq!(hit.events(&[], 2.05).len(), 1);
        let music = [Span {
            start: 0.5,
            end: 1.5,
        }];
        assert_eq!(hit.events(&[&[], &music], 2.05), []);
    }
}
