//! What is heard: the music from its start to a fade at the end, stepping back while somebody speaks, and the clips' own
//! sound where it says something.

use crate::analysis::{AudioReport, Span};
use crate::choice::Reason;
use crate::edit::{Segment, SoundSegment, Style};
use crate::music::Arrangement;
use crate::time::Rational;

/// Decibels that are silence.
const SILENCE: f64 = -80.0;
/// Seconds of fade at a join, against clicks.
const JOIN: f64 = 0.015;
/// Seconds over which one part of a track goes over into another.
const CROSSFADE: f64 = 0.03;
/// Seconds of fade at the end of the film, at most.
const LAST_FADE: f64 = 1.5;
/// Seconds before speech at which the music starts to step back, and after it to come back.
const STEP_BACK: f64 = 0.25;
const COME_BACK: f64 = 0.6;
/// Pauses shorter than this do not bring the music back.
const PAUSE: f64 = 1.0;
/// Seconds of speech below which it is a mistake of the detector or a shout.
const SPOKEN: f64 = 0.3;
/// Where nobody measured, sound is taken to be this loud, in LUFS.
const USUAL_LOUDNESS: f64 = -20.0;

/// A segment's own sound.
pub(super) struct ClipSound<'a> {
    /// Place in the plan's segments.
    pub segment: usize,
    /// What can be heard in its file.
    pub audio: &'a AudioReport,
}

/// The music.
pub(super) struct FilmMusic<'a> {
    /// Its id in the plan.
    pub source: &'a str,
    pub audio: &'a AudioReport,
    /// Which parts of it are played.
    pub arrangement: Arrangement,
    pub reasons: Vec<Reason>,
}

/// The sound of a film of `segments`, which lasts `duration`; `target` is its loudness in LUFS.
pub(super) fn soundtrack(
    segments: &[Segment],
    duration: Rational,
    music: Option<FilmMusic<'_>>,
    voices: &[ClipSound<'_>],
    style: &Style,
    target: f64,
) -> Vec<SoundSegment> {
    let mut starts = Vec::with_capacity(segments.len());
    let mut place = Rational::ZERO;
    for segment in segments {
        starts.push(place);
        place = place + segment.length();
    }
    let mut sound = Vec::new();
    let mut spoken = Vec::new();
    for voice in voices {
        let (Some(segment), Some(at)) = (segments.get(voice.segment), starts.get(voice.segment))
        else {
            continue;
        };
        let at = at.seconds();
        let speech = speech_in(
            voice.audio,
            segment.start_exact.seconds(),
            segment.end_exact.seconds(),
        );
        if music.is_some() && speech.is_empty() {
            continue;
        }
        let here = speech.iter().map(|span| Span {
            start: span.start - segment.start_exact.seconds() + at,
            end: span.end - segment.start_exact.seconds() + at,
        });
        spoken.extend(here);
        sound.push(own_sound(
            segment,
            at,
            voice.audio,
            style,
            target,
            music.is_some(),
            speech.is_empty(),
        ));
    }
    if let Some(music) = music {
        let parts = under(&music, duration, &joined(spoken), style, target);
        sound.splice(0..0, parts);
    } else if let Some(last) = sound.last_mut() {
        let end = last.at + last.length();
        if (end - duration.seconds()).abs() < 0.05 {
            fade_out(last, end);
        }
    }
    sound
}

fn own_sound(
    segment: &Segment,
    at: f64,
    audio: &AudioReport,
    style: &Style,
    target: f64,
    under_music: bool,
    silent: bool,
) -> SoundSegment {
    // A clip may be shorter in sound than in picture.
    let end_exact = segment
        .end_exact
        .min(Rational::nearest(audio.duration.max(0.0), 48_000))
        .max(segment.start_exact + Rational::nearest(JOIN * 3.0, 1000));
    let end_exact = end_exact.min(segment.end_exact);
    let length = (end_exact - segment.start_exact).seconds();
    let level = if under_music {
        style.sound.source_db
    } else {
        0.0
    };
    let gain = (target - loudness(audio)).clamp(-20.0, 12.0) + level;
    let join = JOIN.min(length / 3.0);
    let reason = if silent {
        Reason::new(
            "own_sound",
            0.5,
            "There is no music, so the clip keeps its own sound.",
        )
    } else {
        Reason::new(
            "speech",
            1.0,
            "Somebody speaks here, so the clip keeps its own sound.",
        )
    };
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
        reasons: vec![reason],
    }
}

/// Lets the last `LAST_FADE` seconds of a segment of clip sound fade.
fn fade_out(sound: &mut SoundSegment, end: f64) {
    let length = sound.length();
    let fade = (length / 3.0).min(0.5);
    if let Some(point) = sound.gain.iter_mut().rev().nth(1) {
        point[0] = (end - fade).max(sound.at + JOIN.min(length / 3.0));
    }
}

/// The music as one segment for each part of it that is played.
fn under(
    music: &FilmMusic<'_>,
    duration: Rational,
    spoken: &[Span],
    style: &Style,
    target: f64,
) -> Vec<SoundSegment> {
    let seconds = duration.seconds().min(music.arrangement.length());
    let gain = (target - loudness(music.audio)).clamp(-30.0, 15.0);
    let low = gain + style.sound.duck_db;
    let level = level(music, seconds, spoken, gain, low);
    let mut segments: Vec<SoundSegment> = Vec::new();
    let speed = music.arrangement.speed;
    for (begins, part) in music.arrangement.placed() {
        if begins >= seconds {
            break;
        }
        // A join is a short crossfade that is over when the new part's first beat comes.
        let lead = if begins > 0.0 {
            CROSSFADE.min(part.start / speed).min(begins)
        } else {
            0.0
        };
        let start_exact = Rational::nearest((part.start - lead * speed).max(0.0), 48_000);
        let at = begins - lead;
        let left = Rational::nearest((seconds - at) * speed, 48_000);
        let end_exact = Rational::nearest(part.end, 48_000).min(start_exact + left);
        let length = (end_exact - start_exact).seconds() / speed;
        if length <= 2.0 * JOIN {
            break;
        }
        if lead > 0.0
            && let Some(before) = segments.last_mut()
        {
            let end = before.at + before.length();
            crossfade_out(&mut before.gain, end, lead);
        }
        let mut gain = between(&level, at, at + length);
        if lead > 0.0 {
            crossfade_in(&mut gain, at, lead);
        }
        segments.push(SoundSegment {
            source: music.source.to_owned(),
            start: start_exact.seconds(),
            start_exact,
            end: end_exact.seconds(),
            end_exact,
            at,
            speed,
            gain,
            reasons: if segments.is_empty() {
                music.reasons.clone()
            } else {
                vec![Reason::new(
                    "repeated",
                    0.0,
                    "The track is shorter than the film: it goes back to where a phrase like this one begins.",
                )]
            },
        });
    }
    segments
}

/// `[second of the film, decibel]` for music that steps back for `spoken` from `gain` to `low` and fades away before `seconds`.
fn level(
    music: &FilmMusic<'_>,
    seconds: f64,
    spoken: &[Span],
    gain: f64,
    low: f64,
) -> Vec<[f64; 2]> {
    let last = music.arrangement.parts.last();
    let own_end = last.is_some_and(|part| part.end >= music.audio.duration - 0.05)
        && seconds >= music.arrangement.length() - 0.05;
    // A track that ends by itself needs no fade.
    let fade = if own_end { JOIN } else { LAST_FADE }.min(seconds / 4.0);
    let mut points = vec![[0.0, SILENCE], [JOIN.min(seconds / 4.0), gain]];
    if music.arrangement.start() <= 0.0 {
        // Nothing is cut off, so nothing clicks.
        points = vec![[0.0, gain]];
    }
    let until = seconds - fade;
    let mut level = gain;
    for span in spoken {
        let down = (span.start - STEP_BACK).max(points.last().map_or(0.0, |point| point[0]));
        if down >= until {
            break;
        }
        points.push([down, gain]);
        points.push([span.start.clamp(down, until), low]);
        level = low;
        if span.end < until {
            points.push([span.end, low]);
            let up = (span.end + COME_BACK).min(until);
            points.push([up, gain]);
            level = gain;
        }
    }
    points.push([until, level]);
    points.push([seconds, SILENCE]);
    points.dedup();
    points
}

/// The part of a curve between two seconds of the film, with points at both.
fn between(points: &[[f64; 2]], from: f64, to: f64) -> Vec<[f64; 2]> {
    let mut part = vec![[from, value_at(points, from)]];
    part.extend(
        points
            .iter()
            .filter(|point| point[0] > from && point[0] < to),
    );
    part.push([to, value_at(points, to)]);
    part
}

fn value_at(points: &[[f64; 2]], time: f64) -> f64 {
    let after = points.partition_point(|point| point[0] <= time);
    let before = after.checked_sub(1).and_then(|place| points.get(place));
    match (before, points.get(after)) {
        (Some(a), Some(b)) if b[0] > a[0] => a[1] + (b[1] - a[1]) * (time - a[0]) / (b[0] - a[0]),
        (Some(point), _) | (None, Some(point)) => point[1],
        (None, None) => 0.0,
    }
}

/// A quarter of a sine in decibels, at quarters of its way: two sounds that cross like this keep their power.
const QUARTER_SINE: [f64; 5] = [SILENCE, -8.34, -3.01, -0.69, 0.0];

fn crossfade_in(gain: &mut Vec<[f64; 2]>, start: f64, length: f64) {
    let full = value_at(gain, start + length);
    gain.retain(|point| point[0] > start + length);
    let rise = QUARTER_SINE.iter().zip(0..).map(|(decibel, step)| {
        [
            start + length * f64::from(step) / 4.0,
            (full + decibel).max(SILENCE),
        ]
    });
    gain.splice(0..0, rise);
}

fn crossfade_out(gain: &mut Vec<[f64; 2]>, end: f64, length: f64) {
    let full = value_at(gain, end - length);
    gain.retain(|point| point[0] < end - length);
    let fall = QUARTER_SINE.iter().rev().zip(0..).map(|(decibel, step)| {
        [
            end - length + length * f64::from(step) / 4.0,
            (full + decibel).max(SILENCE),
        ]
    });
    gain.extend(fall);
}

fn loudness(audio: &AudioReport) -> f64 {
    audio
        .loudness
        .integrated_lufs
        .filter(|value| value.is_finite() && *value > -70.0)
        .unwrap_or(USUAL_LOUDNESS)
}

/// The speech between two seconds of a clip.
pub(super) fn speech_in(audio: &AudioReport, start: f64, end: f64) -> Vec<Span> {
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

/// Spans in order, those with short pauses between them as one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut all: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match all.last_mut() {
            Some(last) if span.start - last.end < PAUSE => last.end = last.end.max(span.end),
            _ => all.push(span),
        }
    }
    all
}
