//! From analyses to a plan: length, beats, moments, framing, sound, and the reasons.
//!
//! A single clip that is no longer than the film may be keeps all of its good parts ([`single_clip`]); everything else
//! becomes a montage on the beats ([`montage`]). Then the film gets its look and its sound.

use crate::analysis::FileKind;
use crate::choice::{Decision, Setting};
use crate::edit::SourceFile;
use crate::edit::music_bed::{MUSIC_ID, MusicBed};
use crate::edit::planner::context::{PlanContext, RoughCut, source_id};
use crate::edit::planner::film_cleaning::film_cleaning;
use crate::edit::planner::hook_score::hook;
use crate::edit::planner::montage::montage;
use crate::edit::planner::output_and_sources::{output_spec, plan_sources};
use crate::edit::planner::single_clip::{single_clip, whole_clip};
use crate::edit::planner::sound_only::{SoundCut, sound_only};
use crate::edit::planner::spoken_film::{filler_markers, spoken_film};
use crate::edit::planner::uncut::uncut_film;
use crate::edit::request::{EditOutcome, EditRequest, MusicChoice};
use crate::edit::soundtrack::{
    CleaningChoice, ClipSound, SoundtrackRequest, SourceRoom, soundtrack,
};
use crate::edit::talk::room_tone;
use crate::edit::{CutRule, Marker, MarkerKind, PLAN_SCHEMA, Plan, Segment, SoundSegment};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::time::{Rational, rounded};

mod accents;
mod audiogram;
mod context;
mod cutaways;
mod film_brief;
mod film_cleaning;
mod film_light;
mod flash_guard;
mod hook_score;
mod montage;
mod output_and_sources;
mod push_and_punch;
mod reasons;
mod required_shots;
mod segment;
mod shorts_film;
mod single_clip;
mod sound_only;
mod spoken_film;
mod stretch_segments;
mod transitions;
mod uncut;
mod variations;

pub use audiogram::plan_audiogram;
pub(super) use cutaways::is_cutaway;
pub use film_brief::{FilmBrief, film_brief};
pub use shorts_film::{PlannedShort, plan_shorts};
pub use variations::{Variation, plan_variations};

/// Makes a plan.
///
/// Errors: [`Error::Usage`] for a length or aspect that no film can have and for a stretch that has to be shown and
/// cannot be, [`Error::Nothing`] if no source has a usable picture.
pub fn plan(request: &EditRequest<'_>) -> Result<EditOutcome> {
    let mut context = PlanContext::new(request)?;
    let is_sound = |source: &SourceFile| source.analysis.file.kind == FileKind::Audio;
    if !request.sources.is_empty() && request.sources.iter().all(is_sound) {
        let cut = sound_only(&mut context);
        return finish_sound(context, cut, Vec::new());
    }
    let left_out = request
        .sources
        .iter()
        .filter(|source| is_sound(source))
        .count();
    if left_out > 0 {
        context.decide(Decision::remark(
            Setting::Files,
            format!("{left_out} left out: there is only sound in it"),
        ));
    }
    explain_rate(&mut context);
    let everything = context.everything();
    let has_nothing = everything.is_empty() && context.required.is_empty();
    if has_nothing && request.style.cut == CutRule::Montage {
        return Err(Error::Nothing {
            what: "no source has a picture".into(),
            hint: Hint::GivePicture,
        });
    }
    let cut = match request.style.cut {
        CutRule::Whole => uncut_film(&mut context),
        CutRule::Talk => spoken_film(&mut context),
        CutRule::Montage => {
            let whole = whole_clip(&context, &everything);
            match whole.and_then(|whole| single_clip(&mut context, whole, &everything)) {
                Some(cut) => cut,
                None => montage(&mut context, whole.is_none())?,
            }
        }
    };
    finish(context, cut)
}

fn explain_rate(context: &mut PlanContext<'_>) {
    let platform = context.request.platform;
    if context.rate != platform.frame_rate {
        let text = format!(
            "{:.3} frames a second, like the material; {} would repeat frames",
            context.rate.seconds(),
            platform.frame_rate.seconds()
        );
        context.decide(Decision::new(Setting::Platform, &platform.id, text));
    }
}

/// Completes the cut with look, sound and sources.
fn finish(mut context: PlanContext<'_>, cut: RoughCut<'_>) -> Result<EditOutcome> {
    let request = context.request;
    let mut segments = cut.segments;
    let duration = segments
        .iter()
        .fold(Rational::ZERO, |sum, segment| sum + segment.length());
    if segments.is_empty() || duration <= Rational::ZERO {
        return Err(Error::Nothing {
            what: "no part of the sources is good enough".into(),
            hint: Hint::GiveOtherClips,
        });
    }
    apply_look(&mut context, &mut segments);
    explain_music(&mut context, cut.music.as_ref());
    let guide = request.music.as_ref().filter(|music| music.guide);
    let guide_start = cut
        .music
        .as_ref()
        .filter(|_| guide.is_some())
        .map(MusicBed::start);
    let heard = cut.heard.as_deref().unwrap_or(&segments);
    let markers = guide
        .zip(guide_start)
        .map(|(guide, start)| guide_marker(guide, start))
        .into_iter()
        .chain(filler_markers(&context, heard))
        .collect();
    let laid = cut.music.filter(|_| guide.is_none());
    let cleaning = film_cleaning(&mut context);
    let sound = film_sound(&context, heard, laid, &cleaning);
    let shown = segments.iter().chain(heard);
    let used: Vec<&str> = shown.flat_map(Segment::shown_sources).collect();
    let plan = Plan {
        schema: PLAN_SCHEMA.into(),
        sources: plan_sources(request, &used),
        output: output_spec(&context, duration),
        picture: segments,
        sound,
        captions: Vec::new(),
        markers,
        carried: None,
    };
    let plan = plan.rounded();
    Ok(EditOutcome {
        hook: Some(hook(request.sources, &plan.picture)),
        guide_start: guide_start.map(rounded),
        plan,
        decisions: context.decisions,
    })
}

/// Completes a film of sound, with what is seen to it, if anything.
fn finish_sound(
    context: PlanContext<'_>,
    cut: SoundCut,
    picture: Vec<Segment>,
) -> Result<EditOutcome> {
    if cut.sound.is_empty() || cut.duration <= Rational::ZERO {
        return Err(Error::Nothing {
            what: "there is no sound in the sources".into(),
            hint: Hint::GivePicture,
        });
    }
    let heard = cut.sound.iter().map(|sound| sound.source.as_str());
    let seen = picture.iter().map(|segment| segment.source.as_str());
    let used: Vec<&str> = heard.chain(seen).collect();
    let seconds = |sum, segment: &Segment| sum + segment.length();
    let shown = picture.iter().fold(Rational::ZERO, seconds);
    let plan = Plan {
        schema: PLAN_SCHEMA.into(),
        sources: plan_sources(context.request, &used),
        output: output_spec(&context, cut.duration.max(shown)),
        picture,
        sound: cut.sound,
        captions: Vec::new(),
        markers: cut.markers,
        carried: None,
    };
    Ok(EditOutcome {
        hook: None,
        guide_start: None,
        plan: plan.rounded(),
        decisions: context.decisions,
    })
}

fn apply_look(context: &mut PlanContext<'_>, segments: &mut [Segment]) {
    let Some((name, strength, why)) = context.request.look.pick(context.request.style) else {
        return;
    };
    if let Some(why) = &why {
        context.decide(Decision::new(Setting::Look, &name, &why.text));
    }
    for segment in segments.iter_mut().filter(|segment| !segment.locked) {
        segment.look = Some(name.clone());
        segment.look_strength = strength;
        segment.reasons.extend(why.clone());
    }
}

fn explain_music(context: &mut PlanContext<'_>, bed: Option<&MusicBed<'_>>) {
    let Some(music) = &context.request.music else {
        return;
    };
    let path = music.track.path.display().to_string();
    let played = bed.map_or_else(String::new, MusicBed::words);
    let decision = if let (true, Some(bed)) = (music.guide, bed) {
        let reason = format!(
            "the film is cut to it and leaves it out; start it at {:.3} s. {played}",
            bed.start()
        );
        Decision::new(Setting::GuideTrack, path, reason)
    } else {
        let Some(first) = music.reasons.first() else {
            return;
        };
        // Where nothing speaks for it, it was the person's choice, and what does not fit is told as that.
        let why = match music.reasons.iter().find(|reason| reason.weight > 0.0) {
            Some(why) => why.text.clone(),
            None => format!("In spite of this: {}", first.text),
        };
        Decision::new(Setting::Music, path, format!("{why} {played}"))
    };
    context.decide(decision);
}

/// Says in the plan where the track begins that it leaves out.
fn guide_marker(guide: &MusicChoice<'_>, start: f64) -> Marker {
    let name = guide.track.path.file_name().unwrap_or_default();
    Marker {
        at: 0.0,
        kind: MarkerKind::Note,
        text: format!("{} from {start:.3} s", name.to_string_lossy()),
    }
}

fn film_sound(
    context: &PlanContext<'_>,
    segments: &[Segment],
    bed: Option<MusicBed<'_>>,
    cleaning: &[Option<CleaningChoice>],
) -> Vec<SoundSegment> {
    let request = context.request;
    let duration = segments
        .iter()
        .fold(Rational::ZERO, |sum, segment| sum + segment.length());
    let clip_of = |segment: &Segment| {
        request
            .sources
            .iter()
            .enumerate()
            .find(|(number, _)| source_id(*number) == segment.source)
            .filter(|(_, source)| source.analysis.file.kind == FileKind::Video)
    };
    // Where a source runs on, its sound does, too.
    let stretches = joined(segments);
    let clips: Vec<ClipSound<'_>> = stretches
        .iter()
        .enumerate()
        .filter_map(|(number, segment)| {
            let (place, source) = clip_of(segment)?;
            Some(ClipSound {
                segment: number,
                audio: source.analysis.audio.as_ref()?,
                cleaning: cleaning.get(place).cloned().flatten(),
            })
        })
        .collect();
    let music = request
        .music
        .as_ref()
        .zip(bed)
        .map(|(music, bed)| bed.into_music(MUSIC_ID, music.reasons.clone()));
    soundtrack(
        &SoundtrackRequest {
            segments: &stretches,
            duration,
            clips: &clips,
            rooms: &rooms(request),
            style: request.style,
            target: request.platform.loudness_lufs,
        },
        music,
    )
}

/// The rooms of what is spoken, for a film of speech.
fn rooms(request: &EditRequest<'_>) -> Vec<SourceRoom> {
    if request.style.cut != CutRule::Talk {
        return Vec::new();
    }
    let sources = request.sources.iter().enumerate();
    sources
        .filter_map(|(number, source)| {
            let audio = source.analysis.audio.as_ref()?;
            let music = [audio.music.as_slice(), audio.singing.as_slice()].concat();
            let tone = room_tone(source.levels.as_ref()?, &audio.speech, &music)?;
            Some(SourceRoom {
                source: source_id(number),
                tone,
            })
        })
        .collect()
}

/// The segments, with those made one that continue where the one before them stopped.
fn joined(segments: &[Segment]) -> Vec<Segment> {
    let mut stretches: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments {
        match stretches.last_mut() {
            Some(last)
                if last.source == segment.source && last.end_exact == segment.start_exact =>
            {
                (last.end, last.end_exact) = (segment.end, segment.end_exact);
            }
            _ => stretches.push(segment.clone()),
        }
    }
    stretches
}
