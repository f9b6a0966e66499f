//! The film of style `talk`: what somebody says, without long pauses and false starts ([`crate::edit::talk`]). At every
//! other sentence the picture comes closer, so that a cut in the middle of a shot looks meant.
//!
//! Clips in which nobody speaks, and photos, stay as they are.

use crate::analysis::{FileKind, Span};
use crate::choice::{Decision, Reason, Setting};
use crate::edit::music_bed::to_sample;
use crate::edit::planner::context::{PlanContext, RoughCut};
use crate::edit::planner::stretch_segments::{Stretch, clip_length, stretch_segments};
use crate::edit::planner::uncut::{length_of, photo, whole_clip};
use crate::edit::talk::{SpokenSpan, spoken_spans};
use crate::edit::{NamedStretch, Segment};
use crate::music::WindowRequest;
use crate::time::Rational;

/// Least part of a sentence, in seconds, after which the picture may change its distance.
const LEAST_SENTENCE: f64 = 1.5;

/// Makes the film.
pub(super) fn spoken_film<'a>(context: &mut PlanContext<'a>) -> RoughCut<'a> {
    let segments = spoken_segments(context);
    let seconds = length_of(&segments);
    explain(context, &segments, seconds);
    let wanted = WindowRequest {
        length: seconds,
        exact: true,
        ..WindowRequest::default()
    };
    let music = context.music_bed(&wanted, true);
    RoughCut { segments, music }
}

/// What stays of all files, in their order.
pub(super) fn spoken_segments(context: &PlanContext<'_>) -> Vec<Segment> {
    let mut segments = Vec::new();
    for (number, source) in context.request.sources.iter().enumerate() {
        let analysis = &source.analysis;
        let spans = analysis.audio.as_ref().map_or_else(Vec::new, |audio| {
            let spans = spoken_spans(source.levels.as_ref(), audio);
            let must = &context.request.must;
            let named = must.iter().filter(|stretch| stretch.source == number);
            named.fold(spans, with_stretch)
        });
        match analysis.file.kind {
            FileKind::Video if spans.is_empty() => segments.extend(whole_clip(context, number)),
            FileKind::Video => {
                for stretch in stretches(context, number, &spans) {
                    segments.extend(stretch_segments(context, &stretch));
                }
            }
            FileKind::Image => segments.extend(photo(context, number)),
            FileKind::Audio => {}
        }
    }
    segments
}

/// The spans with a stretch that has to stay whole; where nobody speaks, all stays anyway.
pub(super) fn with_stretch(spans: Vec<SpokenSpan>, stretch: &NamedStretch) -> Vec<SpokenSpan> {
    let meets =
        |spoken: &SpokenSpan| spoken.span.start <= stretch.end && spoken.span.end >= stretch.start;
    let (met, mut apart): (Vec<_>, Vec<_>) = spans.into_iter().partition(meets);
    if met.is_empty() && apart.is_empty() {
        return apart;
    }
    let (mut start, mut end) = (stretch.start, stretch.end);
    for spoken in &met {
        start = start.min(spoken.span.start);
        end = end.max(spoken.span.end);
    }
    apart.push(SpokenSpan {
        span: Span { start, end },
        begins_sentence: met.first().is_none_or(|spoken| spoken.begins_sentence),
        reasons: vec![Reason::new("required", 0.0, "It was asked for.")],
    });
    apart.sort_by(|a, b| a.span.start.total_cmp(&b.span.start));
    apart
}

/// The spans on whole output frames, with what was cut as the reasons.
fn stretches(context: &PlanContext<'_>, source: usize, spans: &[SpokenSpan]) -> Vec<Stretch> {
    let Some(length) = clip_length(context, source) else {
        return Vec::new();
    };
    let mut stretches: Vec<Stretch> = Vec::with_capacity(spans.len());
    let (mut closer, mut since) = (false, 0.0);
    for (number, spoken) in spans.iter().enumerate() {
        let start = to_sample(spoken.span.start);
        let next = spans.get(number + 1);
        let room = next
            .map_or(length, |next| to_sample(next.span.start))
            .min(length)
            - start;
        // One frame more rather than less, where it is there.
        let wanted = to_sample(spoken.span.end) - start;
        let frames =
            (-(Rational::ZERO - wanted * context.rate).floor()).min((room * context.rate).floor());
        if frames < 1 {
            continue;
        }
        if spoken.begins_sentence && since >= LEAST_SENTENCE {
            (closer, since) = (!closer, 0.0);
        }
        since += spoken.span.end - spoken.span.start;
        let punch = if closer {
            context.request.style.punch
        } else {
            0.0
        };
        stretches.push(Stretch {
            source,
            start,
            frames,
            punch,
            reasons: reasons(spoken),
        });
    }
    stretches
}

fn reasons(spoken: &SpokenSpan) -> Vec<Reason> {
    if spoken.reasons.is_empty() {
        return vec![Reason::new("speech", 1.0, "Somebody speaks here.")];
    }
    spoken.reasons.clone()
}

fn explain(context: &mut PlanContext<'_>, segments: &[Segment], seconds: f64) {
    let sources = context.request.sources;
    let silent: Vec<String> = sources
        .iter()
        .filter(|source| source.analysis.file.kind == FileKind::Video)
        .filter(|source| {
            let audio = source.analysis.audio.as_ref();
            audio.is_none_or(|audio| audio.speech.is_empty())
        })
        .map(|source| source.path.display().to_string())
        .collect();
    if !silent.is_empty() {
        let text = format!("nobody speaks in {}: it stays whole", silent.join(", "));
        context.decide(Decision::remark(Setting::Files, text));
    }
    let cuts = |code: &str| {
        let reasons = segments.iter().flat_map(|segment| &segment.reasons);
        reasons.filter(|reason| reason.code == code).count()
    };
    let text = format!(
        "{seconds:.1} seconds: {} pauses are cut and {} false starts{}",
        cuts("pause_cut"),
        cuts("false_start"),
        context.beyond_platform(seconds)
    );
    let style = &context.request.style.id;
    context.decide(Decision::new(Setting::Style, style, text));
}
