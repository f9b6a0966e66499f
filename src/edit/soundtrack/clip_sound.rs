//! A clip's own sound, under its picture.

use crate::analysis::{AudioReport, Span};
use crate::edit::music_bed::to_sample;
use crate::edit::soundtrack::level::{JOIN, SILENCE, loudness};
use crate::edit::{Segment, SoundSegment};
use crate::time::Rational;

/// Shortest speech in seconds; less is an error of the detector or a shout.
const SPOKEN: f64 = 0.3;
/// Seconds of fade on the last clip's sound in a film without music.
const LAST_FADE: f64 = 0.5;
/// Range of gain on a clip towards the film's loudness, in dB: more would bring up its noise.
const GAIN: (f64, f64) = (-20.0, 12.0);
/// A fade takes at most one part in this many (a third) of a short clip.
const FADE_PART: f64 = 3.0;

/// The sound of `segment`, which begins at second `at` of the film, at a loudness of `target` LUFS plus `level` dB.
pub(super) fn clip_sound(
    segment: &Segment,
    at: f64,
    audio: &AudioReport,
    target: f64,
    level: f64,
) -> SoundSegment {
    // A clip's sound may be shorter than its picture.
    let end_exact = segment
        .end_exact
        .min(to_sample(audio.duration.max(0.0)))
        .max(segment.start_exact + Rational::nearest(JOIN * 3.0, 1000))
        .min(segment.end_exact);
    let length = (end_exact - segment.start_exact).seconds();
    let (least, most) = GAIN;
    let gain = (target - loudness(audio)).clamp(least, most) + level;
    let join = JOIN.min(length / FADE_PART);
    SoundSegment {
        source: segment.source.clone(),
        start: segment.start_exact.seconds(),
        start_exact: segment.start_exact,
        end: end_exact.seconds(),
        end_exact,
        at,
        speed: 1.0,
        gain: vec![
            [at, SILENCE],
            [at + join, gain],
            [at + length - join, gain],
            [at + length, SILENCE],
        ],
        reasons: Vec::new(),
    }
}

/// Fades a clip's sound out at `end`, the end of the film: over half a second, or a third of a short clip.
pub(super) fn fade_out(sound: &mut SoundSegment, end: f64) {
    let third = sound.length() / FADE_PART;
    if let Some(point) = sound.gain.iter_mut().rev().nth(1) {
        point[0] = (end - third.min(LAST_FADE)).max(sound.at + JOIN.min(third));
    }
}

/// The speech between two seconds of a clip.
pub(in crate::edit) fn speech_in(audio: &AudioReport, start: f64, end: f64) -> Vec<Span> {
    audio
        .speech
        .iter()
        .map(|span| Span {
            start: span.start.max(start),
            end: span.end.min(end),
        })
        .filter(|span| span.end - span.start >= SPOKEN)
        .collect()
}
