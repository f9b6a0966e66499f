//! What is heard: the music from its start to a fade at the end, stepping back while somebody speaks, and the clips' own
//! sound where it says something.

use crate::analysis::{AudioReport, Span};
use crate::choice::Reason;
use crate::edit::{Segment, SoundSegment, Style};
use crate::time::Rational;

/// Decibels that are silence.
const SILENCE: f64 = -80.0;
/// Seconds of fade at a join, against clicks.
const JOIN: f64 = 0.015;
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
pub(super) struct Voice<'a> {
    /// Place in the plan's segments.
    pub segment: usize,
    /// What can be heard in its file.
    pub audio: &'a AudioReport,
}

/// The music.
pub(super) struct Music<'a> {
    /// Its id in the plan.
    pub source: &'a str,
    pub audio: &'a AudioReport,
    /// Seconds in the track.
    pub start: f64,
    pub reasons: Vec<Reason>,
}

/// The sound of a film of `segments`, which lasts `duration`; `target` is its loudness in LUFS.
pub(super) fn mix(
    segments: &[Segment],
    duration: Rational,
    music: Option<Music<'_>>,
    voices: &[Voice<'_>],
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
        sound.insert(0, under(&music, duration, &joined(spoken), style, target));
    } else if let Some(last) = sound.last_mut() {
        let end = last.at + (last.end_exact - last.start_exact).seconds();
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
    let length = (sound.end_exact - sound.start_exact).seconds();
    let fade = (length / 3.0).min(0.5);
    if let Some(point) = sound.gain.iter_mut().rev().nth(1) {
        point[0] = (end - fade).max(sound.at + JOIN.min(length / 3.0));
    }
}

fn under(
    music: &Music<'_>,
    duration: Rational,
    spoken: &[Span],
    style: &Style,
    target: f64,
) -> SoundSegment {
    let start_exact = Rational::nearest(music.start.max(0.0), 48_000);
    let left = Rational::nearest(music.audio.duration.max(0.0), 48_000) - start_exact;
    let length = duration
        .min(left)
        .max(Rational::nearest(0.1, 10).min(duration));
    let seconds = length.seconds();
    let gain = (target - loudness(music.audio)).clamp(-30.0, 15.0);
    let low = gain + style.sound.duck_db;
    let fade = LAST_FADE.min(seconds / 4.0);
    let mut points = vec![[0.0, SILENCE], [JOIN.min(seconds / 4.0), gain]];
    if music.start <= 0.0 {
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
    SoundSegment {
        source: music.source.to_owned(),
        start: start_exact.seconds(),
        start_exact,
        end: (start_exact + length).seconds(),
        end_exact: start_exact + length,
        at: 0.0,
        gain: points,
        reasons: music.reasons.clone(),
    }
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
