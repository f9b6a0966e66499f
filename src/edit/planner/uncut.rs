//! The film of style `whole`: every frame of every clip stays, in the order of the files. Only framing, look and sound
//! change. Photos stand as long as the style says, or as somebody asked for.

use crate::analysis::FileKind;
use crate::choice::{Decision, Reason, Setting};
use crate::edit::Segment;
use crate::edit::planner::context::{PlanContext, RoughCut};
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::planner::stretch_segments::{Stretch, clip_length, stretch_segments};
use crate::edit::subclips::SubclipRequest;
use crate::music::{Ending, WindowRequest};
use crate::time::Rational;

/// Makes the film.
pub(super) fn uncut_film<'a>(context: &mut PlanContext<'a>) -> RoughCut<'a> {
    let segments = uncut_segments(context);
    let seconds = length_of(&segments);
    explain_length(context, seconds);
    let wanted = WindowRequest {
        length: seconds,
        ending: Ending::Exact,
        speech: &context.speech(),
        ..WindowRequest::default()
    };
    let music = context.music_bed(&wanted, true);
    RoughCut {
        segments,
        heard: None,
        music,
    }
}

/// All clips and photos, from end to end.
pub(super) fn uncut_segments(context: &PlanContext<'_>) -> Vec<Segment> {
    let sources = context.request.sources;
    let mut segments = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        match source.analysis.file.kind {
            FileKind::Video => segments.extend(whole_clip(context, number)),
            FileKind::Image => segments.extend(photo(context, number)),
            FileKind::Audio => {}
        }
    }
    segments
}

/// Seconds of film.
pub(super) fn length_of(segments: &[Segment]) -> f64 {
    let sum = |sum, segment: &Segment| sum + segment.length();
    segments.iter().fold(Rational::ZERO, sum).seconds()
}

/// A clip from end to end.
pub(super) fn whole_clip(context: &PlanContext<'_>, source: usize) -> Vec<Segment> {
    let Some(length) = clip_length(context, source) else {
        return Vec::new();
    };
    let stretch = Stretch {
        source,
        start: Rational::ZERO,
        frames: (length * context.rate).round().max(1),
        punch: 0.0,
        reasons: vec![Reason::new("kept", 1.0, "Every frame stays.")],
    };
    stretch_segments(context, &stretch)
}

/// A photo, as long as was asked for, else as the style says.
pub(super) fn photo(context: &PlanContext<'_>, number: usize) -> Option<Segment> {
    let named = context.request.must.iter();
    let asked = named
        .filter(|stretch| stretch.source == number)
        .map(|stretch| stretch.end - stretch.start)
        .reduce(f64::max);
    let still = asked.unwrap_or(context.request.style.still);
    let material = SubclipRequest {
        still,
        ..context.material()
    };
    let subclip = material.photo(number)?;
    let frames = (Rational::nearest(still, 1000) * context.rate)
        .round()
        .max(1);
    let text = format!("A photo stands for {still} seconds.");
    let mut reasons = vec![Reason::new("photo", subclip.base, text)];
    if asked.is_some() {
        reasons.push(Reason::new("required", 0.0, "It was asked for."));
    }
    Some(segment(
        context,
        SegmentRequest {
            subclip: &subclip,
            start: Rational::ZERO,
            end: Rational::whole(frames) * context.frame(),
            beat: None,
            effects: Vec::new(),
            reasons,
        },
    ))
}

fn explain_length(context: &mut PlanContext<'_>, seconds: f64) {
    let text = format!(
        "{seconds:.1} seconds: this style keeps every frame{}",
        context.beyond_platform(seconds)
    );
    let style = &context.request.style.id;
    context.decide(Decision::new(Setting::Style, style, text));
}
