//! The tone of the room that somebody speaks in: the quietest steady stretch of a recording in which nothing else is
//! heard.

use crate::analysis::Span;
use crate::edit::talk::VoiceLevels;
use crate::edit::talk::voice_levels::percentile;
use crate::edit::talk::voiced_runs::{gaps, overlap};

/// Lengths of a stretch that are tried, in seconds, the best first: a longer one is heard to repeat less.
const LENGTHS: [f64; 4] = [4.0, 2.0, 1.0, 0.4];
/// Seconds kept clear of speech, where words die away and breath is drawn.
const CLEAR: f64 = 0.25;
/// Seconds between stretches that are tried.
const STEP: f64 = 0.05;
/// Difference between loud and quiet parts (95th and 5th percentile of 10 ms) of a steady stretch, in dB: the noise of
/// rooms varies by about 6.
const STEADY: f32 = 10.0;
/// Level from which on a stretch is no digital silence, in dBFS.
const SILENCE: f32 = -100.0;

/// The stretch, in seconds of a recording with this `speech` and `music`; `None` where there is none.
pub(in crate::edit) fn room_tone(
    levels: &VoiceLevels,
    speech: &[Span],
    music: &[Span],
) -> Option<Span> {
    let end = VoiceLevels::time(levels.all().len());
    let mut pauses = gaps(speech, end);
    for pause in &mut pauses {
        if pause.start > 0.0 {
            pause.start += CLEAR;
        }
        if pause.end < end {
            pause.end -= CLEAR;
        }
    }
    LENGTHS.iter().find_map(|length| {
        let tried = pauses.iter().flat_map(|pause| {
            let count = ((pause.end - pause.start - length) / STEP).floor();
            let starts = (0..=count as usize).filter(move |_| count >= 0.0);
            starts.map(|step| {
                let start = pause.start + step as f64 * STEP;
                Span {
                    start,
                    end: start + length,
                }
            })
        });
        tried
            .filter(|span| !music.iter().any(|music| overlap(music, span)))
            .filter_map(|span| Some((steady_level(levels, &span)?, span)))
            .min_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, span)| span)
    })
}

/// The median level of a stretch, if it is steady and no digital silence.
fn steady_level(levels: &VoiceLevels, span: &Span) -> Option<f32> {
    let heard = levels.between(span.start, span.end);
    let (quiet, loud) = (percentile(heard, 0.05)?, percentile(heard, 0.95)?);
    (quiet > SILENCE && loud - quiet <= STEADY).then(|| percentile(heard, 0.5))?
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn recording(levels: impl Fn(f64) -> f32, speech: &[(f64, f64)]) -> Option<Span> {
        let levels = (0..2_000).map(|at| levels(f64::from(at) / 100.0)).collect();
        let speech = speech.iter().map(|(start, end)| Span {
            start: *start,
            end: *end,
        });
        room_tone(&VoiceLevels::new(levels), &speech.collect::<Vec<_>>(), &[])
    }

    #[test]
    fn the_tone_is_quiet_steady_and_clear_of_speech() {
        let speech = [(2.0, 8.0), (14.0, 18.0)];
        // A door slams at 11.5 s; the room is quieter after the last words.
        let room = |time: f64| match time {
            11.4..11.6 => -20.0,
            18.0.. => -58.0,
            _ => -50.0,
        };
        let found = recording(room, &speech).unwrap();
        // Two seconds and a half are clear before the slam, less after the last words.
        assert!(found.start >= 8.25 && found.end <= 11.41, "{found:?}");
        assert!((found.end - found.start - 2.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn digital_silence_and_restless_rooms_have_no_tone() {
        let speech = [(2.0, 18.0)];
        assert_eq!(recording(|_| -120.0, &speech), None);
        let restless = |time: f64| {
            if ((time * 10.0) as u32).is_multiple_of(2) {
                -60.0
            } else {
                -40.0
            }
        };
        assert_eq!(recording(restless, &speech), None);
        assert_eq!(recording(|_| -60.0, &[(0.0, 20.0)]), None);
    }
}
