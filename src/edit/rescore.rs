//! New music under a fixed cut: the picture stays, and the track is placed so that its beats meet the cuts.

use crate::analysis::{Analysis, AudioReport, FileKind, Span};
use crate::choice::{Decision, Reason, Setting};
use crate::edit::music_bed::{MUSIC_ID, MusicBed, music_source};
use crate::edit::soundtrack::{
    CleaningChoice, ClipSound, SoundtrackRequest, soundtrack, speech_in,
};
use crate::edit::{BeatMark, Denoiser, EditOutcome, MusicChoice, Plan, SourceKind, Style};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::music::{TrackBeat, WindowRequest};
use crate::time::Rational;

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
    plan.sound = soundtrack(
        &SoundtrackRequest {
            segments: &plan.picture,
            duration: plan.output.duration_exact,
            rooms: &[],
            clips: &clip_sounds(&plan, request.sources, request.denoise),
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
        exact: true,
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
    let clips = clip_sounds(plan, sources, None);
    let mut spans = Vec::new();
    for (number, segment) in plan.picture.iter().enumerate() {
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

fn clip_sounds<'a>(
    plan: &Plan,
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
    plan.picture
        .iter()
        .enumerate()
        .filter(|(_, picture)| picture.speed == 1.0)
        .filter_map(|(segment, picture)| {
            sound_of(&picture.source).map(|audio| ClipSound {
                segment,
                audio,
                cleaning: planned_cleaning(plan, &picture.source, denoise),
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
