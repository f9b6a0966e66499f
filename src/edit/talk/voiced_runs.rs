//! Runs of voice by the level of the sound, told from the noise of the room, from breaths and from music.
//!
//! The threshold follows the speech: [`BELOW_LOUD`] dB under the loud parts of what is said around it, so that a quiet
//! second speaker is heard as well, but at least [`ABOVE_ROOM`] dB over what is there while nobody speaks, be it the
//! room or music. What is louder without being voice stays where it stands out; breaths do not.

use crate::analysis::{AudioReport, Span};
use crate::edit::talk::VoiceLevels;
use crate::edit::talk::voice_levels::percentile;

/// Level of the softest sounds of speech under its loud parts, in dB.
const BELOW_LOUD: f32 = 32.0;
/// Share of the levels below the loud parts.
const LOUD: f64 = 0.95;
/// Level of a voice over the room, in dB: the noise of a room varies by less from one 10 ms to the next.
const ABOVE_ROOM: f32 = 8.0;
/// The threshold is at least this far under the loud parts, in dB, however loud the room is.
const AT_LEAST_BELOW: f32 = 8.0;
/// Seconds on either side over which speech and room are measured.
const AROUND: f64 = 6.0;
/// Seconds of room that suffice to measure it.
const ENOUGH_ROOM: f64 = 0.4;
/// Share of all levels that are the room's where nothing else tells it.
const QUIETEST: f64 = 0.05;
/// The analysis pads its spans of speech by this many seconds.
const PADDING: f64 = 0.08;
/// Levels without voice inside a run, 10 ms each: the stop of a consonant.
const STOP: usize = 5;
/// Shortest run, in levels of 10 ms; less is a click.
const SHORTEST: usize = 3;
/// Another sound stays if it is at least this long, in seconds, …
const SOUND: f64 = 0.12;
/// … and its loudest part at most this far under the loud parts of the speech, in dB. Breaths are softer.
const STANDS_OUT: f32 = 16.0;

/// What is heard in a recording of speech, in order and apart from each other.
pub(in crate::edit) fn voiced_runs(levels: &VoiceLevels, audio: &AudioReport) -> Vec<Span> {
    let room = Room::new(levels, audio);
    let mut runs: Vec<Span> = Vec::new();
    for region in room.regions(levels) {
        runs.extend(room.runs_in(levels, audio, &region));
    }
    runs
}

/// By how much the loud parts of the speech are over the room, in dB; `None` where nothing tells it.
pub(in crate::edit) fn speech_over_room(levels: &VoiceLevels, audio: &AudioReport) -> Option<f64> {
    let loud = percentile(&during(levels, &audio.speech), LOUD)?;
    let silent = during(
        levels,
        &gaps(&audio.speech, VoiceLevels::time(levels.all().len())),
    );
    let room = percentile(&silent, 0.5)
        .filter(|_| silent.len() >= VoiceLevels::place(ENOUGH_ROOM))
        .or_else(|| percentile(levels.all(), QUIETEST))?;
    Some(f64::from(loud - room))
}

/// A part of the file that is judged by one threshold.
struct Region {
    span: Span,
    /// Level of the loud parts of the speech near it, dBFS.
    loud: f32,
    /// Level from which on something is heard, dBFS.
    threshold: f32,
}

/// The levels while somebody speaks and while nobody does.
struct Room<'a> {
    speech: &'a [Span],
    /// Loud parts of all speech, dBFS.
    loud: f32,
    /// The quietest parts of the file, dBFS.
    quietest: f32,
}

impl<'a> Room<'a> {
    fn new(levels: &VoiceLevels, audio: &'a AudioReport) -> Self {
        let speech = &audio.speech;
        let spoken = during(levels, speech);
        Self {
            speech,
            loud: percentile(&spoken, LOUD).unwrap_or(0.0),
            quietest: percentile(levels.all(), QUIETEST).unwrap_or(0.0),
        }
    }

    /// The file in parts: one around each span of speech, up to the middle of the pauses.
    fn regions(&self, levels: &VoiceLevels) -> Vec<Region> {
        let end = VoiceLevels::time(levels.all().len());
        let mut regions = Vec::with_capacity(self.speech.len());
        let mut from = 0.0;
        for (number, span) in self.speech.iter().enumerate() {
            let until = self
                .speech
                .get(number + 1)
                .map_or(end, |next| (span.end + next.start) / 2.0);
            regions.push(self.region(
                levels,
                Span {
                    start: from,
                    end: until,
                },
            ));
            from = until;
        }
        regions
    }

    fn region(&self, levels: &VoiceLevels, span: Span) -> Region {
        let near = Span {
            start: span.start - AROUND,
            end: span.end + AROUND,
        };
        let spoken = during(levels, &clipped(self.speech, &near));
        let loud = percentile(&spoken, LOUD).unwrap_or(self.loud);
        let silent = during(levels, &clipped(&gaps(self.speech, near.end), &near));
        let enough = VoiceLevels::place(ENOUGH_ROOM);
        let room = percentile(&silent, 0.5)
            .filter(|_| silent.len() >= enough)
            .unwrap_or(self.quietest);
        let threshold = (loud - BELOW_LOUD)
            .max(room + ABOVE_ROOM)
            .min(loud - AT_LEAST_BELOW);
        Region {
            span,
            loud,
            threshold,
        }
    }

    fn runs_in(&self, levels: &VoiceLevels, audio: &AudioReport, region: &Region) -> Vec<Span> {
        let first = VoiceLevels::place(region.span.start);
        let heard = levels.between(region.span.start, region.span.end);
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (at, _) in heard
            .iter()
            .enumerate()
            .filter(|(_, level)| **level > region.threshold)
        {
            match runs.last_mut() {
                Some(last) if at <= last.1 + STOP => last.1 = at + 1,
                _ => runs.push((at, at + 1)),
            }
        }
        runs.into_iter()
            .filter(|(from, to)| to - from >= SHORTEST)
            .filter_map(|(from, to)| {
                let span = Span {
                    start: VoiceLevels::time(first + from),
                    end: VoiceLevels::time(first + to),
                };
                let loudest = heard
                    .get(from..to)?
                    .iter()
                    .copied()
                    .fold(f32::MIN, f32::max);
                let voice = self.speech.iter().any(|speech| overlap(speech, &span));
                let stands_out = span.end - span.start >= SOUND
                    && loudest > region.loud - STANDS_OUT
                    && !audio.music.iter().any(|music| overlap(music, &span));
                (voice || stands_out).then_some(span)
            })
            .collect()
    }
}

/// Whether two spans share time.
pub(super) fn overlap(a: &Span, b: &Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// The levels during spans.
fn during(levels: &VoiceLevels, spans: &[Span]) -> Vec<f32> {
    spans
        .iter()
        .flat_map(|span| levels.between(span.start, span.end))
        .copied()
        .collect()
}

/// The parts of spans within another.
fn clipped(spans: &[Span], within: &Span) -> Vec<Span> {
    spans
        .iter()
        .filter(|span| overlap(span, within))
        .map(|span| Span {
            start: span.start.max(within.start),
            end: span.end.min(within.end),
        })
        .collect()
}

/// The gaps between spans of speech, from 0 to `end`.
pub(super) fn gaps(speech: &[Span], end: f64) -> Vec<Span> {
    let mut gaps = Vec::with_capacity(speech.len() + 1);
    let mut from = 0.0;
    for span in speech {
        gaps.push(Span {
            start: from,
            end: span.start,
        });
        from = span.end;
    }
    gaps.push(Span { start: from, end });
    gaps.retain(|gap| gap.end > gap.start);
    gaps
}

/// The time for which the network heard a voice, without the margin that the analysis adds.
pub(in crate::edit) fn sure_voice(speech: &[Span]) -> Vec<Span> {
    speech
        .iter()
        .map(|span| Span {
            start: span.start + PADDING,
            end: span.end - PADDING,
        })
        .filter(|span| span.end > span.start)
        .collect()
}
