//! A clip's own sound, under its picture.

use crate::analysis::{AudioReport, Span};
use crate::edit::music_bed::to_sample;
use crate::edit::soundtrack::gain_curve::{crossfade_in, crossfade_out};
use crate::edit::soundtrack::level::{JOIN, SILENCE, loudness};
use crate::edit::{Segment, SoundSegment};
use crate::time::Rational;

/// Shortest speech in seconds; less is an error of the detector or a shout.
const SPOKEN: f64 = 0.3;
/// Seconds of fade on the last clip's sound in a film without music.
const LAST_FADE: f64 = 0.5;
/// Range of gain on a clip towards the film's loudness, in dB: more would bring up its noise.
const GAIN: (f64, f64) = (-20.0, 12.0);
/// Seconds of sound beyond the picture on either side of a cut, half of a crossfade of 20 ms.
const HANDLE: f64 = 0.01;
/// A fade takes at most one part in this many (a third) of a short clip.
const FADE_PART: f64 = 3.0;

/// A segment of the film.
#[derive(Clone, Copy)]
pub(super) struct PlacedSegment<'a> {
    pub segment: &'a Segment,
    /// The second of the film that it begins at.
    pub at: f64,
    /// Seconds of the whole film.
    pub film: f64,
}

/// The sound of a segment at a loudness of `target` LUFS plus `level` dB. At a cut it reaches [`HANDLE`] beyond its
/// picture and crossfades with what lies on the other side, so that nothing clicks and the tone of the room goes on.
pub(super) fn clip_sound(
    placed: PlacedSegment<'_>,
    audio: &AudioReport,
    target: f64,
    level: f64,
) -> SoundSegment {
    let (segment, at) = (placed.segment, placed.at);
    // A clip's sound may be shorter than its picture.
    let end_exact = segment
        .end_exact
        .min(to_sample(audio.duration.max(0.0)))
        .max(segment.start_exact + Rational::nearest(JOIN * 3.0, 1000))
        .min(segment.end_exact);
    let length = (end_exact - segment.start_exact).seconds();
    let (least, most) = GAIN;
    let gain = (target - loudness(audio)).clamp(least, most) + level;
    // Handles where the film and the source have room for them.
    let short = HANDLE.min(length / FADE_PART);
    let before = if at >= HANDLE && segment.start_exact.seconds() >= HANDLE {
        short
    } else {
        0.0
    };
    let after =
        if at + length + HANDLE <= placed.film && end_exact.seconds() + HANDLE <= audio.duration {
            short
        } else {
            0.0
        };
    let start_exact = segment.start_exact - to_sample(before);
    let end_exact = end_exact + to_sample(after);
    let (from, until) = (at - before, at + length + after);
    let join = JOIN.min(length / FADE_PART);
    let mut points = vec![[from, gain], [until, gain]];
    if before > 0.0 {
        crossfade_in(&mut points, from, before * 2.0);
    } else {
        points.splice(0..1, [[from, SILENCE], [from + join, gain]]);
    }
    if after > 0.0 {
        crossfade_out(&mut points, until, after * 2.0);
    } else {
        points.pop();
        points.extend([[until - join, gain], [until, SILENCE]]);
    }
    SoundSegment {
        source: segment.source.clone(),
        start: start_exact.seconds(),
        start_exact,
        end: end_exact.seconds(),
        end_exact,
        at: from,
        speed: 1.0,
        gain: points,
        clean: None,
        reasons: Vec::new(),
    }
}

/// Fades a clip's sound out at `end`, the end of the film: over half a second, or a third of a short clip, but not
/// before the last word has ended at `spoken`.
pub(super) fn fade_out(sound: &mut SoundSegment, end: f64, spoken: f64) {
    let third = sound.length() / FADE_PART;
    let fade = (end - spoken).clamp(JOIN, LAST_FADE).min(third);
    if let Some(point) = sound.gain.iter_mut().rev().nth(1) {
        point[0] = (end - fade).max(sound.at + JOIN.min(third));
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
