//! Music under a cut that is fixed: nothing of the picture moves, the track is laid so that its beats meet the cuts.

use crate::analysis::{Analysis, FileKind, Span};
use crate::choice::{Decision, Setting};
use crate::edit::music_bed::{MUSIC_ID, MusicBed, music_source};
use crate::edit::soundtrack::{self, ClipSound};
use crate::edit::{BeatMark, EditOutcome, MusicChoice, Plan, SourceKind, Style};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::music::{TrackBeat, WindowRequest};
use crate::time::Rational;

/// What a plan's soundtrack is made from.
#[derive(Debug, Clone)]
pub struct RescoreRequest<'a> {
    /// Its picture stays.
    pub plan: &'a Plan,
    /// What can be heard and seen in its sources.
    pub sources: &'a [Analysis],
    /// The track.
    pub music: MusicChoice<'a>,
    /// How the music moves and steps back for speech.
    pub style: &'a Style,
    /// How much faster or slower the track may be played, 0..0.04.
    pub stretch: f64,
}

/// The plan with another soundtrack: the track, and the clips' own sound where somebody speaks.
///
/// Errors: [`Error::Nothing`] for a track in which nothing is heard.
pub fn rescore(request: &RescoreRequest<'_>) -> Result<EditOutcome> {
    let track = request.music.track;
    let audio = track.audio().ok_or_else(|| Error::Nothing {
        what: format!("nothing is heard in {}", track.path.display()),
        hint: Hint::ChooseOtherMusic,
    })?;
    let mut plan = request.plan.clone();
    let speech = spoken(&plan, request.sources);
    let cuts = plan.visible_cuts();
    let soundtrack = match &request.music.arrangement {
        Some(arrangement) => MusicBed::arranged(audio, arrangement.clone()),
        None => MusicBed::new(
            audio,
            &WindowRequest {
                length: plan.output.duration,
                exact: true,
                arc: request.style.arc,
                speech: &speech,
                cuts: &cuts,
                stretch: request.stretch,
            },
        ),
    };
    let why = request.music.reasons.first();
    let reason = format!(
        "{} {}",
        why.map_or("", |why| why.text.as_str()),
        soundtrack.words()
    );
    mark_beats(&mut plan, &soundtrack.beats());
    plan.sources
        .retain(|source| source.kind != SourceKind::Audio);
    let mut id = MUSIC_ID.to_owned();
    while plan.sources.iter().any(|source| source.id == id) {
        id.push('_');
    }
    plan.sources.push(music_source(track, &id));
    plan.sound = soundtrack::soundtrack(
        &plan.picture,
        plan.output.duration_exact,
        Some(soundtrack.music(&id, request.music.reasons.clone())),
        &voices(&plan, request.sources),
        request.style,
        plan.output.loudness_lufs,
    );
    Ok(EditOutcome {
        plan: plan.rounded(),
        decisions: vec![Decision::new(
            Setting::Music,
            track.path.display().to_string(),
            reason,
        )],
    })
}

/// Seconds of the film in which somebody speaks in its clips.
pub fn spoken(plan: &Plan, sources: &[Analysis]) -> Vec<Span> {
    let mut place = Rational::ZERO;
    let voices = voices(plan, sources);
    let mut spans = Vec::new();
    for (number, segment) in plan.picture.iter().enumerate() {
        let (start, end) = (segment.start_exact.seconds(), segment.end_exact.seconds());
        let shift = place.seconds() - start;
        for voice in voices.iter().filter(|voice| voice.segment == number) {
            let speech = soundtrack::speech_in(voice.audio, start, end);
            spans.extend(speech.iter().map(|span| Span {
                start: span.start + shift,
                end: span.end + shift,
            }));
        }
        place = place + segment.length();
    }
    spans
}

fn voices<'a>(plan: &Plan, sources: &'a [Analysis]) -> Vec<ClipSound<'a>> {
    let heard = |id: &str| {
        let source = plan.sources.iter().find(|source| source.id == id)?;
        let known = sources.iter().find(|known| {
            known.file.blake3 == source.blake3 && known.file.kind == FileKind::Video
        })?;
        known.audio.as_ref()
    };
    plan.picture
        .iter()
        .enumerate()
        .filter_map(|(segment, picture)| {
            heard(&picture.source).map(|audio| ClipSound { segment, audio })
        })
        .collect()
}

/// Tells of each segment the beat within half a frame of its first, if there is one.
fn mark_beats(plan: &mut Plan, beats: &[TrackBeat]) {
    let near = 0.5 / plan.output.frame_rate.seconds();
    let mut place = Rational::ZERO;
    for segment in &mut plan.picture {
        let time = place.seconds();
        let beat = beats.iter().find(|beat| (beat.time - time).abs() <= near);
        segment.beat = beat.map(|beat| BeatMark {
            time: beat.time,
            downbeat: beat.downbeat,
        });
        place = place + segment.length();
    }
}
