//! The film of style `talk`: what somebody says, without long pauses and false starts ([`crate::edit::talk`]). At every
//! other sentence the picture comes closer, so that a cut in the middle of a shot looks meant.
//!
//! Clips in which nobody speaks, and photos, are laid over what is said ([`cutaways`](super::cutaways)), or stay as they
//! are.

use crate::analysis::{FileKind, Span};
use crate::choice::{Decision, Reason, Setting};
use crate::edit::music_bed::to_sample;
use crate::edit::planner::context::{PlanContext, RoughCut, source_id};
use crate::edit::planner::cutaways::{SourceSegments, SpokenFilm, is_cutaway, with_cutaways};
use crate::edit::planner::stretch_segments::{Stretch, clip_length, stretch_segments};
use crate::edit::planner::uncut::{length_of, photo, whole_clip};
use crate::edit::talk::{SpokenSpan, fillers, spans_beside, spoken_spans};
use crate::edit::{CutExpression, CutRule, Marker, MarkerKind, NamedStretch, Segment, SourceFile};
use crate::music::{Ending, WindowRequest};
use crate::time::{Rational, rounded};

/// Least part of a sentence, in seconds, after which the picture may change its distance.
const LEAST_SENTENCE: f64 = 1.5;

/// Makes the film.
pub(super) fn spoken_film<'a>(context: &mut PlanContext<'a>) -> RoughCut<'a> {
    let film = spoken_segments(context);
    let seconds = length_of(&film.heard);
    explain(context, &film, seconds);
    let wanted = WindowRequest {
        length: seconds,
        ending: Ending::Exact,
        ..WindowRequest::default()
    };
    let music = context.music_bed(&wanted, true);
    RoughCut {
        segments: film.seen,
        heard: Some(film.heard),
        music,
    }
}

/// What stays of all files, in their order, with those in which nobody speaks laid over the others.
pub(super) fn spoken_segments(context: &PlanContext<'_>) -> SpokenFilm {
    let request = context.request;
    let mut sources = Vec::new();
    for (number, source) in request.sources.iter().enumerate() {
        let spans = kept_spans(context, number);
        let segments = match (source.analysis.file.kind, &spans) {
            (FileKind::Video, None) => whole_clip(context, number),
            (FileKind::Video, Some(spans)) => {
                let stretches = stretches(context, number, spans);
                let segments = stretches.iter();
                segments
                    .flat_map(|stretch| stretch_segments(context, stretch))
                    .collect()
            }
            (FileKind::Image, _) => photo(context, number).into_iter().collect(),
            (FileKind::Audio, _) => continue,
        };
        let is_silent = source.analysis.file.kind == FileKind::Image || spans.is_none();
        let is_required = request.must.iter().any(|stretch| stretch.source == number);
        sources.push(SourceSegments {
            source: number,
            segments,
            // Whoever says what is cut says what is kept, too.
            may_cover: is_silent && !is_required && request.cut.is_none(),
        });
    }
    with_cutaways(context, sources)
}

/// What stays of a recording; `None` where nothing is cut because nobody speaks.
pub(super) fn kept_spans(context: &PlanContext<'_>, number: usize) -> Option<Vec<SpokenSpan>> {
    let request = context.request;
    let source = request.sources.get(number)?;
    let spans = match request.cut {
        Some(expression) => spans_by(expression, source),
        None => {
            let audio = source.analysis.audio.as_ref()?;
            let spans = spoken_spans(source.levels.as_ref(), audio);
            Some(spans).filter(|spans| !spans.is_empty())?
        }
    };
    let must = request.must.iter();
    let named = must.filter(|stretch| stretch.source == number);
    Some(named.fold(spans, with_stretch))
}

/// What stays beside what an expression is true of.
fn spans_by(expression: &CutExpression, source: &SourceFile) -> Vec<SpokenSpan> {
    let analysis = &source.analysis;
    let audio = analysis.audio.as_ref();
    let duration = match (&analysis.video, audio) {
        (Some(video), _) => video.duration,
        (None, audio) => audio.map_or(0.0, |audio| audio.duration),
    };
    let transcript = audio.and_then(|audio| audio.transcript.as_ref());
    let words = transcript.map_or(&[][..], |transcript| &transcript.words);
    let cuts = expression.cuts(analysis, source.levels.as_ref(), duration);
    spans_beside(&cuts, words, duration, expression.text())
}

/// The spans with a stretch that has to stay whole.
fn with_stretch(spans: Vec<SpokenSpan>, stretch: &NamedStretch) -> Vec<SpokenSpan> {
    let meets =
        |spoken: &SpokenSpan| spoken.span.start <= stretch.end && spoken.span.end >= stretch.start;
    let (met, mut apart): (Vec<_>, Vec<_>) = spans.into_iter().partition(meets);
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

fn explain(context: &mut PlanContext<'_>, film: &SpokenFilm, seconds: f64) {
    let segments = film.heard.as_slice();
    let (sources, expression) = (context.request.sources, context.request.cut);
    let cuts = |code: &str| {
        let reasons = segments.iter().flat_map(|segment| &segment.reasons);
        reasons.filter(|reason| reason.code == code).count()
    };
    let style = &context.request.style.id;
    if let Some(expression) = expression {
        let text = format!(
            "{seconds:.1} seconds: {} stretches are cut, {}{}",
            cuts("expression_cut"),
            expression.text(),
            context.beyond_platform(seconds)
        );
        remark_missing_words(context, expression);
        context.decide(Decision::new(Setting::Style, style, text));
        return;
    }
    let is_laid = |id: &str| {
        let mut over = film.seen.iter().filter(|segment| is_cutaway(segment));
        over.any(|segment| segment.source == id)
    };
    let silent: Vec<String> = sources
        .iter()
        .enumerate()
        .filter(|(number, source)| {
            let is_clip = source.analysis.file.kind == FileKind::Video;
            is_clip && !is_laid(&source_id(*number))
        })
        .filter(|(_, source)| {
            let audio = source.analysis.audio.as_ref();
            audio.is_none_or(|audio| audio.speech.is_empty())
        })
        .map(|(_, source)| source.path.display().to_string())
        .collect();
    if !silent.is_empty() {
        let text = format!("nobody speaks in {}: it stays whole", silent.join(", "));
        context.decide(Decision::remark(Setting::Files, text));
    }
    let laid = film.seen.iter().filter(|segment| is_cutaway(segment));
    let laid = laid.count();
    if laid > 0 {
        let text = format!("{laid} clips and photos are laid over what is said");
        context.decide(Decision::remark(Setting::Files, text));
    }
    let text = format!(
        "{seconds:.1} seconds: {} pauses are cut and {} false starts{}{}",
        cuts("pause_cut"),
        cuts("false_start"),
        fillers_text(cuts("filler_cut"), filler_markers(context, segments).len()),
        context.beyond_platform(seconds)
    );
    context.decide(Decision::new(Setting::Style, style, text));
}

/// How many fillers are cut and how many are marked, where there are any.
pub(super) fn fillers_text(cut: usize, marked: usize) -> String {
    let told = |count: usize, what: &str| match count {
        0 => String::new(),
        count => format!("; {count} fillers are {what}"),
    };
    told(cut, "cut") + &told(marked, "marked")
}

/// Markers of the fillers that stay, at their seconds of the film.
pub(super) fn filler_markers(context: &PlanContext<'_>, segments: &[Segment]) -> Vec<Marker> {
    let request = context.request;
    if request.style.cut != CutRule::Talk || request.cut.is_some() {
        return Vec::new();
    }
    let marked: Vec<(String, Vec<Span>)> = request
        .sources
        .iter()
        .enumerate()
        .filter_map(|(number, source)| {
            let audio = source.analysis.audio.as_ref()?;
            let levels = source.levels.as_ref()?;
            Some((source_id(number), fillers(levels, audio)))
        })
        .collect();
    let (mut markers, mut at) = (Vec::new(), 0.0);
    for segment in segments {
        let spans = marked.iter().filter(|(id, _)| *id == segment.source);
        for span in spans.flat_map(|(_, spans)| spans) {
            if (segment.start..segment.end).contains(&span.start) {
                markers.push(Marker {
                    at: rounded(at + span.start - segment.start),
                    kind: MarkerKind::Note,
                    text: format!("um? {:.2} s", span.end - span.start),
                });
            }
        }
        at += segment.length().seconds();
    }
    markers
}

/// Says of which files the words are not known that an expression asks for.
pub(super) fn remark_missing_words(context: &mut PlanContext<'_>, expression: &CutExpression) {
    let wordless = |source: &&SourceFile| {
        let audio = source.analysis.audio.as_ref();
        audio.is_some_and(|audio| !audio.speech.is_empty() && audio.transcript.is_none())
    };
    if !expression.needs_words() {
        return;
    }
    let sources = context.request.sources.iter().filter(wordless);
    let names: Vec<String> = sources
        .map(|source| source.path.display().to_string())
        .collect();
    if !names.is_empty() {
        let text = format!(
            "what is said in {} is not known word by word: no word of it is cut",
            names.join(", ")
        );
        context.decide(Decision::remark(Setting::Files, text));
    }
}
