//! Which face speaks, from the motion of mouths and the spans of speech.
//!
//! During speech, the speaker is the face whose mouth moves ([`MouthStep`]), if it moves clearly more than every other
//! mouth in sight. Where no mouth is large enough or visible for long enough, no face is marked: the speaker may be out
//! of sight, and a voice-over has none.

use crate::analysis::{MouthStep, PersonTrack, Shot, Span, TrackKind};
use crate::time::rounded;

/// Least seconds of speech in a shot, and of a visible mouth during it.
const LEAST_SPEECH: f64 = 0.8;
/// The speaker is decided anew at this interval, in seconds …
const STRIDE: f64 = 0.1;
/// … from the motion within this many seconds on either side …
const REACH: f64 = 0.4;
/// … of mouths with at least this many steps in it.
const FEWEST_STEPS: usize = 3;
/// Least mean motion of a speaking mouth (of 255) …
const SPEAKS: f64 = 0.6;
/// … and its ratio to the motion of every other mouth.
const ABOVE_OTHERS: f64 = 1.5;
/// Pauses up to this many seconds do not end a span.
const PAUSE: f64 = 0.5;
/// Shorter spans are dropped, in seconds.
const SHORTEST: f64 = 0.4;

/// Adds to the face tracks of each shot when they speak, and drops the motion of their mouths. `speech` is in order;
/// empty where the sound was not analyzed.
pub(crate) fn mark_speakers(shots: &mut [Shot], speech: &[Span]) {
    for shot in shots {
        let spans = inside(speech, shot.start, shot.end);
        let mouths: Vec<Vec<MouthStep>> = shot
            .tracks
            .iter_mut()
            .map(|track| std::mem::take(&mut track.mouth))
            .collect();
        judge(&mut shot.tracks, &mouths, &spans);
    }
}

fn judge(tracks: &mut [PersonTrack], mouths: &[Vec<MouthStep>], spans: &[Span]) {
    let total: f64 = spans.iter().map(|span| span.end - span.start).sum();
    if total < LEAST_SPEECH {
        return;
    }
    // For each point in time during speech: the motion of each mouth, where it is visible.
    let looks: Vec<(f64, Vec<Option<f64>>)> = spans
        .iter()
        .flat_map(|span| {
            let count = ((span.end - span.start) / STRIDE) as usize;
            (0..count).map(|n| span.start + (n as f64 + 0.5) * STRIDE)
        })
        .map(|time| {
            (
                time,
                mouths.iter().map(|steps| motion_at(steps, time)).collect(),
            )
        })
        .collect();
    for (index, track) in tracks.iter_mut().enumerate() {
        if track.kind != TrackKind::Face {
            continue;
        }
        let seen = looks.iter().filter(|(_, row)| row[index].is_some()).count();
        if (seen as f64) * STRIDE < LEAST_SPEECH {
            continue;
        }
        let moving = looks.iter().filter(|(_, row)| speaks(row, index));
        track.speaking = joined(moving.map(|(time, _)| *time));
        let spoken: f64 = track
            .speaking
            .iter()
            .map(|span| span.end - span.start)
            .sum();
        // Of the time that was looked at: less than a stride at the end of each span of speech was not.
        let looked = looks.len() as f64 * STRIDE;
        track.speaking_share = Some(rounded((spoken / looked).min(1.0)));
    }
}

/// The parts of `spans` from `start` to `end`.
fn inside(spans: &[Span], start: f64, end: f64) -> Vec<Span> {
    let parts = spans.iter().map(|span| Span {
        start: span.start.max(start),
        end: span.end.min(end),
    });
    parts.filter(|span| span.start < span.end).collect()
}

/// Mean motion of a mouth around `time`; `None` before it first appears and after it disappears.
fn motion_at(steps: &[MouthStep], time: f64) -> Option<f64> {
    if time < steps.first()?.time || time > steps.last()?.time {
        return None;
    }
    let first = steps.partition_point(|step| step.time < time - REACH);
    let last = steps.partition_point(|step| step.time <= time + REACH);
    let near = steps.get(first..last)?;
    if near.len() < FEWEST_STEPS {
        return None;
    }
    let sum: f64 = near.iter().map(|step| f64::from(step.motion)).sum();
    Some(sum / near.len() as f64)
}

fn speaks(row: &[Option<f64>], index: usize) -> bool {
    let Some(motion) = row.get(index).copied().flatten() else {
        return false;
    };
    let others = row.iter().enumerate().filter(|(other, _)| *other != index);
    let most = others.filter_map(|(_, motion)| *motion).fold(0.0, f64::max);
    motion >= SPEAKS && motion >= ABOVE_OTHERS * most
}

/// Joins points in time, one stride each, into spans.
fn joined(times: impl Iterator<Item = f64>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for time in times {
        let (start, end) = (time - STRIDE / 2.0, time + STRIDE / 2.0);
        match spans.last_mut() {
            Some(last) if start - last.end <= PAUSE => last.end = end,
            _ => spans.push(Span { start, end }),
        }
    }
    spans.retain(|span| span.end - span.start >= SHORTEST - 1e-6);
    for span in &mut spans {
        *span = Span {
            start: rounded(span.start),
            end: rounded(span.end),
        };
    }
    spans
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn face(id: u32) -> PersonTrack {
        PersonTrack {
            id,
            kind: TrackKind::Face,
            start: 0.0,
            end: 10.0,
            score: 0.9,
            path: Vec::new(),
            face: None,
            speaking: Vec::new(),
            speaking_share: None,
            mouth: Vec::new(),
        }
    }

    fn steps(motion: impl Fn(f64) -> f32) -> Vec<MouthStep> {
        (0..250)
            .map(|n| f64::from(n) / 25.0)
            .map(|time| MouthStep {
                time,
                motion: motion(time),
            })
            .collect()
    }

    fn told(mouths: &[Vec<MouthStep>], speech: &[(f64, f64)]) -> Vec<PersonTrack> {
        let mut tracks: Vec<PersonTrack> = (1..).take(mouths.len()).map(face).collect();
        let spans: Vec<Span> = speech
            .iter()
            .map(|&(start, end)| Span { start, end })
            .collect();
        judge(&mut tracks, mouths, &spans);
        tracks
    }

    #[test]
    fn the_mouth_that_moves_while_somebody_speaks_is_the_speaker() {
        let turns = [
            steps(|time| if time < 5.0 { 2.0 } else { 0.1 }),
            steps(|time| if time < 5.0 { 0.2 } else { 1.8 }),
        ];
        let tracks = told(&turns, &[(1.0, 4.0), (6.0, 9.0)]);
        assert_eq!(
            tracks[0].speaking,
            [Span {
                start: 1.0,
                end: 4.0
            }]
        );
        assert_eq!(
            tracks[1].speaking,
            [Span {
                start: 6.0,
                end: 9.0
            }]
        );
        assert_eq!(tracks[0].speaking_share, Some(0.5));
    }

    #[test]
    fn a_voice_over_still_faces_and_two_mouths_at_once_have_no_speaker() {
        let still = told(&[steps(|_| 0.2)], &[(0.0, 10.0)]);
        assert_eq!(
            (still[0].speaking.len(), still[0].speaking_share),
            (0, Some(0.0))
        );
        let both = told(&[steps(|_| 2.0), steps(|_| 1.9)], &[(0.0, 10.0)]);
        assert!(both.iter().all(|track| track.speaking_share == Some(0.0)));
    }

    #[test]
    fn without_speech_or_without_a_mouth_nothing_is_said() {
        let quiet = told(&[steps(|_| 2.0)], &[(3.0, 3.5)]);
        assert_eq!(quiet[0].speaking_share, None);
        let unseen = told(&[Vec::new()], &[(0.0, 10.0)]);
        assert_eq!(unseen[0].speaking_share, None);
    }
}
