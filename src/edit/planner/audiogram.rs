//! The film of a sound: the pictures that are given or the artwork of the recordings, with a waveform that moves with
//! what is heard.
//!
//! The sound is that of [`sound_only`]. Pictures that are given share the film, in their order; without any, each
//! recording shows the picture in its tags while it plays, or the film's background where it has none.

use crate::analysis::FileKind;
use crate::choice::Reason;
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::planner::finish_sound;
use crate::edit::planner::segment::sound_stretch;
use crate::edit::planner::sound_only::{SoundCut, sound_only};
use crate::edit::request::{EditOutcome, EditRequest};
use crate::edit::{Fit, Segment, SoundSegment};
use crate::effects::Waveform;
use crate::error::Result;
use crate::picture::Background;
use crate::time::Rational;

/// The bars stand above the middle of the picture, which holds the artwork, and clear of what apps cover.
const WAVEFORM: Waveform = Waveform {
    height: 0.1,
    place: 0.15,
};
/// Behind what is transparent, and where there is no artwork: a dark slate, on which white is read easily.
const BACKGROUND: Background = Background::new([0x1f, 0x2a, 0x36]);

/// Makes the plan.
///
/// Errors: those of [`plan`](crate::edit::plan) for sound alone.
pub fn plan_audiogram(request: &EditRequest<'_>) -> Result<EditOutcome> {
    let mut context = PlanContext::new(request)?;
    let cut = sound_only(&mut context);
    let picture = picture(&context, &cut);
    let mut outcome = finish_sound(context, cut, picture)?;
    outcome.plan.output.background = BACKGROUND;
    Ok(outcome)
}

/// What is seen, over all of the sound.
fn picture(context: &PlanContext<'_>, cut: &SoundCut) -> Vec<Segment> {
    // One frame more rather than less, so that nothing that is heard is cut off.
    let frames = -(Rational::ZERO - cut.duration * context.rate).floor();
    let shown = match given(context, frames) {
        given if given.is_empty() => own_artwork(context, &cut.sound),
        given => given,
    };
    let ends = shown.iter().skip(1).map(|(_, first)| *first);
    let stretches = shown.iter().zip(ends.chain([frames]));
    stretches
        .filter(|((_, first), end)| end > first)
        .map(|((source, first), end)| still(context, source, end - first))
        .collect()
}

/// The pictures that are given, and the frame at which each begins.
fn given(context: &PlanContext<'_>, frames: i64) -> Vec<(String, i64)> {
    let sources = context.request.sources.iter().enumerate();
    let pictures: Vec<usize> = sources
        .filter(|(_, source)| source.analysis.file.kind == FileKind::Image)
        .map(|(number, _)| number)
        .collect();
    let count = pictures.len().max(1) as i64;
    let begins = |place: usize| (frames / count) * place as i64;
    let pictures = pictures.into_iter().enumerate();
    pictures
        .map(|(place, number)| (source_id(number), begins(place)))
        .collect()
}

/// The recordings, and the frame at which each begins to be heard.
fn own_artwork(context: &PlanContext<'_>, sound: &[SoundSegment]) -> Vec<(String, i64)> {
    let mut shown: Vec<(String, i64)> = Vec::new();
    for segment in sound {
        if shown
            .last()
            .is_none_or(|(source, _)| *source != segment.source)
        {
            let first = (segment.at * context.rate.seconds()).round() as i64;
            shown.push((segment.source.clone(), first));
        }
    }
    if let Some((_, first)) = shown.first_mut() {
        *first = 0;
    }
    shown
}

/// A picture that is shown whole, under the waveform.
fn still(context: &PlanContext<'_>, source: &str, frames: i64) -> Segment {
    let end = Rational::whole(frames) * context.frame();
    let reason = Reason::new("artwork", 1.0, "It stands for what is heard.");
    Segment {
        crop: vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
        fit: Fit::Blurred,
        effects: vec![WAVEFORM.into()],
        ..sound_stretch(source.into(), Rational::ZERO, end, vec![reason])
    }
}
