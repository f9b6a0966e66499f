//! New music under a fixed cut: the picture stays, and the track is placed so that its beats meet the cuts.

use crate::analysis::{Analysis, AudioReport, FileKind, Span};
use crate::choice::{Decision, Reason, Setting};
use crate::edit::music_bed::{MUSIC_ID, MusicBed, music_source};
use crate::edit::planner::is_cutaway;
use crate::edit::soundtrack::{
    CleaningChoice, ClipSound, SoundtrackRequest, soundtrack, speech_in,
};
use crate::edit::{
    BeatMark, Denoiser, EditOutcome, MusicChoice, Plan, Segment, SoundSegment, SourceKind, Style,
};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::music::{Ending, TrackBeat, WindowRequest};
use crate::time::Rational;

/// The clock of times that are known in seconds only: MPEG's.
const CLOCK: u32 = 90_000;

/// A request for a plan's new soundtrack.
#[derive(Debug, Clone)]
pub struct RescoreRequest<'a> {
    /// The plan, whose picture stays.
    pub plan: &'a Plan,
    /// The analyses of its sources.
    pub sources: &'a [Analysis],
    /// The track.
    pub music: MusicChoice<'a>,
    /// Decides how the energy of the music moves and how far it is ducked under speech.
    pub style: &'a Style,
    /// Greatest change of the track's speed, 0..0.04.
    pub stretch: f64,
    /// What takes noise off the clips' speech; if absent, what the plan says.
    pub denoise: Option<Denoiser>,
}

/// The plan with a new soundtrack: the track, and the clips' own sound where somebody speaks.
///
/// Errors: [`Error::Nothing`] for a track without sound.
pub fn rescore(request: &RescoreRequest<'_>) -> Result<EditOutcome> {
    let track = request.music.track;
    let audio = track.audio().ok_or_else(|| Error::Nothing {
        what: format!("there is no sound in {}", track.path.display()),
        hint: Hint::ChooseOtherMusic,
    })?;
    let mut plan = request.plan.clone();
    let bed = music_bed(request, audio);
    let why = request.music.reasons.first();
    let reason = format!(
        "{} {}",
        why.map_or("", |why| why.text.as_str()),
        bed.words()
    );
    mark_beats(&mut plan, &bed.beats());
    plan.sources
        .retain(|source| source.kind != SourceKind::Audio);
    let mut id = MUSIC_ID.to_owned();
    while plan.sources.iter().any(|source| source.id == id) {
        id.push('_');
    }
    plan.sources.push(music_source(track, &id));
    let heard = heard_segments(&plan);
    plan.sound = soundtrack(
        &SoundtrackRequest {
            segments: &heard,
            duration: plan.output.duration_exact,
            rooms: &[],
            clips: &clip_sounds(&plan, &heard, request.sources, request.denoise),
            style: request.style,
            target: plan.output.loudness_lufs,
        },
        Some(bed.into_music(&id, request.music.reasons.clone())),
    );
    Ok(EditOutcome {
        hook: None,
        guide_start: None,
        plan: plan.rounded(),
        decisions: vec![Decision::new(
            Setting::Music,
            track.path.display().to_string(),
            reason,
        )],
    })
}

/// The parts of the track that were chosen with it, else those that suit the plan best.
fn music_bed<'a>(request: &RescoreRequest<'_>, audio: &'a AudioReport) -> MusicBed<'a> {
    if let Some(arrangement) = &request.music.arrangement {
        return MusicBed::of_parts(audio, arrangement.clone());
    }
    let wanted = WindowRequest {
        length: request.plan.output.duration,
        ending: Ending::Exact,
        arc: request.style.arc,
        speech: &spoken(request.plan, request.sources),
        cuts: &request.plan.visible_cuts(),
        stretch: request.stretch,
    };
    MusicBed::new(audio, &wanted)
}

/// The speech of the clips, in seconds of the film.
pub fn spoken(plan: &Plan, sources: &[Analysis]) -> Vec<Span> {
    let mut time = Rational::ZERO;
    let heard = heard_segments(plan);
    let clips = clip_sounds(plan, &heard, sources, None);
    let mut spans = Vec::new();
    for (number, segment) in heard.iter().enumerate() {
        let (start, end) = (segment.start_exact.seconds(), segment.end_exact.seconds());
        let shift = time.seconds() - start;
        for clip in clips.iter().filter(|clip| clip.segment == number) {
            let speech = speech_in(clip.audio, start, end);
            spans.extend(speech.iter().map(|span| Span {
                start: span.start + shift,
                end: span.end + shift,
            }));
        }
        time = time + segment.length();
    }
    spans
}

/// What is heard of a plan's clips, as segments that tile it: under a cutaway, the recordings that its sound plays.
fn heard_segments(plan: &Plan) -> Vec<Segment> {
    let frame = plan.output.frame_rate.inverse().unwrap_or(Rational::ONE);
    let on_frame = |time: f64| {
        let time = Rational::nearest(time, CLOCK);
        Rational::whole((time * plan.output.frame_rate).round()) * frame
    };
    let is_clip = |sound: &&SoundSegment| {
        let mut sources = plan.sources.iter();
        sources.any(|source| source.id == sound.source && source.kind == SourceKind::Video)
    };
    let (mut heard, mut at) = (Vec::with_capacity(plan.picture.len()), Rational::ZERO);
    for segment in &plan.picture {
        let end = at + segment.length();
        let mut from = at;
        for sound in plan
            .sound
            .iter()
            .filter(is_clip)
            .filter(|_| is_cutaway(segment))
        {
            let begins = on_frame(sound.at).max(from);
            let ends = on_frame(sound.at + sound.length()).min(end);
            if ends <= begins {
                continue;
            }
            heard.extend(part(segment, at, from, begins));
            let start = sound.start_exact + begins - Rational::nearest(sound.at, CLOCK);
            heard.push(Segment {
                source: sound.source.clone(),
                start_exact: start.max(Rational::ZERO),
                end_exact: start.max(Rational::ZERO) + ends - begins,
                ..segment.clone()
            });
            from = ends;
        }
        heard.extend(part(segment, at, from, end));
        at = end;
    }
    heard
}

/// The part of a segment that begins in the film at `at`, from one second of the film to another; none if it is empty.
fn part(segment: &Segment, at: Rational, from: Rational, end: Rational) -> Option<Segment> {
    let second = |time: Rational| segment.start_exact + (time - at) * segment.exact_speed();
    (end > from).then(|| Segment {
        start_exact: second(from),
        end_exact: second(end),
        ..segment.clone()
    })
}

fn clip_sounds<'a>(
    plan: &Plan,
    heard: &[Segment],
    sources: &'a [Analysis],
    denoise: Option<Denoiser>,
) -> Vec<ClipSound<'a>> {
    let sound_of = |id: &str| {
        let source = plan.sources.iter().find(|source| source.id == id)?;
        let analysis = sources.iter().find(|analysis| {
            analysis.file.blake3 == source.blake3 && analysis.file.kind == FileKind::Video
        })?;
        analysis.audio.as_ref()
    };
    // Slowed or sped pictures are silent: their sound would not stay beside them.
    heard
        .iter()
        .enumerate()
        .filter(|(_, part)| part.speed == 1.0)
        .filter_map(|(segment, part)| {
            sound_of(&part.source).map(|audio| ClipSound {
                segment,
                audio,
                cleaning: planned_cleaning(plan, &part.source, denoise),
            })
        })
        .collect()
}

/// How the sound of a source is cleaned: as it is asked for, or as in the plan.
fn planned_cleaning(
    plan: &Plan,
    source: &str,
    denoise: Option<Denoiser>,
) -> Option<CleaningChoice> {
    if let Some(denoiser) = denoise {
        return Some(CleaningChoice::asked(denoiser));
    }
    let mut sounds = plan.sound.iter().filter(|sound| sound.source == source);
    let clean = sounds.find_map(|sound| sound.clean)?;
    Some(CleaningChoice {
        denoiser: clean.denoise,
        why: Reason::new("cleaned", 1.0, "Noise is taken off, as in the plan before."),
    })
}

/// Marks each segment with the beat within half a frame of its start, if there is one.
fn mark_beats(plan: &mut Plan, beats: &[TrackBeat]) {
    let near = 0.5 / plan.output.frame_rate.seconds();
    let mut start = Rational::ZERO;
    for segment in &mut plan.picture {
        let time = start.seconds();
        let beat = beats.iter().find(|beat| (beat.time - time).abs() <= near);
        segment.beat = beat.map(|beat| BeatMark {
            time: beat.time,
            downbeat: beat.downbeat,
        });
        start = start + segment.length();
    }
}
