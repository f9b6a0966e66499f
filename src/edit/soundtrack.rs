//! The soundtrack of a film: the music, faded at the end and ducked under speech, and the clips' own sound where they
//! contain speech. Without music, every clip keeps its own sound.

mod cleaning;
mod clip_sound;
mod ducking;
mod gain_curve;
mod level;
mod room_fill;

use crate::analysis::{AudioReport, Span};
use crate::choice::Reason;
use crate::edit::music_bed::{FilmMusic, to_sample};
use crate::edit::soundtrack::clip_sound::{PlacedSegment, clip_sound, fade_out};
use crate::edit::soundtrack::ducking::Ducking;
use crate::edit::soundtrack::gain_curve::{between, crossfade_in, crossfade_out};
use crate::edit::soundtrack::level::{JOIN, loudness};
use crate::edit::soundtrack::room_fill::fill_with_room;
use crate::edit::{Segment, SoundCleaning, SoundSegment, Style};
use crate::time::Rational;

pub(super) use cleaning::{CleaningChoice, choose_cleaning};
pub(super) use clip_sound::speech_in;
pub(super) use gain_curve::value_at;
pub(super) use room_fill::SourceRoom;

/// Seconds of the crossfade between two parts of a track: too short to hear two beats at once.
const CROSSFADE: f64 = 0.03;
/// Range of gain on music towards the film's loudness, in dB.
const MUSIC_GAIN: (f64, f64) = (-30.0, 15.0);
/// Seconds before the end of the film within which the end of the last clip's sound counts as the film's.
const AT_THE_END: f64 = 0.05;

/// The sound of a segment's clip.
pub(super) struct ClipSound<'a> {
    /// The index of the segment.
    pub segment: usize,
    /// The analysis of its file's sound.
    pub audio: &'a AudioReport,
    /// What becomes of the noise in it.
    pub cleaning: Option<CleaningChoice>,
}

/// A request for a soundtrack.
pub(super) struct SoundtrackRequest<'a> {
    /// The picture.
    pub segments: &'a [Segment],
    /// Its length in seconds.
    pub duration: Rational,
    pub clips: &'a [ClipSound<'a>],
    /// What is heard of a source's room where a film without music would fall silent; empty: silence.
    pub rooms: &'a [SourceRoom],
    pub style: &'a Style,
    /// The film's loudness, LUFS.
    pub target: f64,
}

/// The sound segments of a film, the music first.
pub(super) fn soundtrack(
    request: &SoundtrackRequest<'_>,
    music: Option<FilmMusic<'_>>,
) -> Vec<SoundSegment> {
    let starts = starts(request.segments);
    let mut sound = Vec::new();
    let mut spoken = Vec::new();
    for clip in request.clips {
        let (Some(segment), Some(at)) =
            (request.segments.get(clip.segment), starts.get(clip.segment))
        else {
            continue;
        };
        let (at, start) = (at.seconds(), segment.start_exact.seconds());
        let speech = speech_in(clip.audio, start, segment.end_exact.seconds());
        if music.is_some() && speech.is_empty() {
            continue;
        }
        spoken.extend(speech.iter().map(|span| Span {
            start: span.start - start + at,
            end: span.end - start + at,
        }));
        let level = if music.is_some() {
            request.style.sound.source_db
        } else {
            0.0
        };
        let placed = PlacedSegment {
            segment,
            at,
            film: request.duration.seconds(),
        };
        let mut own = clip_sound(placed, clip.audio, request.target, level);
        own.reasons = vec![clip_reason(!speech.is_empty())];
        if let Some(cleaning) = &clip.cleaning {
            own.clean = SoundCleaning::with(cleaning.denoiser);
            own.reasons.push(cleaning.why.clone());
        }
        sound.push(own);
    }
    if let Some(music) = music {
        sound.splice(0..0, music_segments(request, &music, spoken));
        return sound;
    }
    fill_with_room(&mut sound, request.rooms, request.duration.seconds());
    if let Some(last) = sound.last_mut() {
        let end = last.at + last.length();
        if (end - request.duration.seconds()).abs() < AT_THE_END {
            let spoken_until = spoken.last().map_or(0.0, |span| span.end);
            fade_out(last, end, spoken_until);
        }
    }
    sound
}

/// The start of each segment in the film, in seconds.
fn starts(segments: &[Segment]) -> Vec<Rational> {
    let mut next = Rational::ZERO;
    segments
        .iter()
        .map(|segment| {
            let start = next;
            next = next + segment.length();
            start
        })
        .collect()
}

fn clip_reason(speech: bool) -> Reason {
    if speech {
        Reason::new(
            "speech",
            1.0,
            "Somebody speaks here, so the clip keeps its own sound.",
        )
    } else {
        Reason::new(
            "own_sound",
            0.5,
            "There is no music, so the clip keeps its own sound.",
        )
    }
}

/// The music: one segment for each part of the track that plays.
fn music_segments(
    request: &SoundtrackRequest<'_>,
    music: &FilmMusic<'_>,
    spoken: Vec<Span>,
) -> Vec<SoundSegment> {
    let seconds = request.duration.seconds().min(music.arrangement.length());
    let (least, most) = MUSIC_GAIN;
    let gain = (request.target - loudness(music.audio)).clamp(least, most);
    let ducking = Ducking {
        seconds,
        gain,
        ducked: gain + request.style.sound.duck_db,
        from_its_start: music.arrangement.start() <= 0.0,
        to_its_end: music.plays_to_its_end(seconds),
    };
    let ducked = ducking.gain_curve(spoken);
    let mut segments: Vec<SoundSegment> = Vec::new();
    let speed = music.arrangement.speed;
    for (begins, part) in music.arrangement.placed() {
        if begins >= seconds {
            break;
        }
        // The crossfade ends where the new part's first beat comes.
        let lead = if begins > 0.0 {
            CROSSFADE.min(part.start / speed).min(begins)
        } else {
            0.0
        };
        let start_exact = to_sample((part.start - lead * speed).max(0.0));
        let at = begins - lead;
        let left = to_sample((seconds - at) * speed);
        let end_exact = to_sample(part.end).min(start_exact + left);
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
        let mut gain = between(&ducked, at, at + length);
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
            clean: None,
            reasons: music_reasons(music, segments.is_empty()),
        });
    }
    segments
}

fn music_reasons(music: &FilmMusic<'_>, first: bool) -> Vec<Reason> {
    if first {
        music.reasons.clone()
    } else {
        vec![Reason::new(
            "repeated",
            0.0,
            "The track is shorter than the film: it goes back to where a phrase like this one begins.",
        )]
    }
}
