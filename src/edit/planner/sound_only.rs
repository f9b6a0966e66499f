//! A film without a picture: recordings of speech, tightened as in the style `talk` and levelled. What has no speech in
//! it stays whole.
//!
//! Each stretch that stays becomes a sound segment. Within it the level follows the loudness around, slowly and by
//! [`LEVELLED`] dB at most, so that a quiet speaker is heard as well as a loud one; at cuts the sound crossfades.

use crate::analysis::{AudioReport, FileKind, Span};
use crate::choice::{Decision, Reason, Setting};
use crate::edit::music_bed::to_sample;
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::planner::film_cleaning::film_cleaning;
use crate::edit::planner::segment::sound_stretch;
use crate::edit::planner::spoken_film::{
    filler_markers, fillers_text, kept_spans, remark_missing_words,
};
use crate::edit::soundtrack::{ClipSound, SoundtrackRequest, soundtrack, value_at};
use crate::edit::talk::SpokenSpan;
use crate::edit::{CutRule, Marker, Segment, SoundSegment};
use crate::time::{Rational, rounded};

/// Shortest stretch, in seconds.
const SHORTEST: f64 = 0.1;
/// Most that the level of a passage is changed beside the rest of its file, in dB: more would bring up its noise.
const LEVELLED: f64 = 6.0;
/// Seconds on either side over which the loudness of a passage is measured: a sentence or two.
const AROUND: f64 = 6.0;
/// Seconds between the points of the levelling.
const STEP: f64 = 3.0;
/// Loudness under the loud parts, in LU, below which nobody speaks.
const PAUSE: f64 = 20.0;

/// The sound of a film without a picture, and its length.
pub(super) struct SoundCut {
    pub sound: Vec<SoundSegment>,
    pub duration: Rational,
    pub markers: Vec<Marker>,
}

/// Makes the sound.
pub(super) fn sound_only(context: &mut PlanContext<'_>) -> SoundCut {
    let request = context.request;
    let cleaning = film_cleaning(context);
    let (mut stretches, mut clips, mut whole) = (Vec::new(), Vec::new(), 0.0);
    let (mut pauses, mut starts, mut fillers, mut told) = (0, 0, 0, 0);
    for (number, source) in request.sources.iter().enumerate() {
        let audio = source.analysis.audio.as_ref();
        let Some(audio) = audio.filter(|_| source.analysis.file.kind == FileKind::Audio) else {
            continue;
        };
        whole += audio.duration;
        for spoken in spans_of(context, number, audio) {
            let (start, end) = (to_sample(spoken.span.start), to_sample(spoken.span.end));
            if (end - start).seconds() < SHORTEST {
                continue;
            }
            let has = |code: &str| spoken.reasons.iter().any(|reason| reason.code == code);
            pauses += usize::from(has("pause_cut"));
            starts += usize::from(has("false_start"));
            fillers += usize::from(has("filler_cut"));
            told += usize::from(has("expression_cut"));
            clips.push(ClipSound {
                segment: stretches.len(),
                audio,
                cleaning: cleaning.get(number).cloned().flatten(),
            });
            stretches.push(sound_stretch(source_id(number), start, end, spoken.reasons));
        }
    }
    let add = |sum, segment: &Segment| sum + segment.length();
    let duration = stretches.iter().fold(Rational::ZERO, add);
    let mut sound = soundtrack(
        &SoundtrackRequest {
            segments: &stretches,
            duration,
            clips: &clips,
            rooms: &[],
            style: request.style,
            target: request.platform.loudness_lufs,
        },
        None,
    );
    for ((segment, stretch), clip) in sound.iter_mut().zip(&stretches).zip(&clips) {
        segment.reasons.clone_from(&stretch.reasons);
        let cleaning = clip.cleaning.as_ref();
        segment
            .reasons
            .extend(cleaning.map(|choice| choice.why.clone()));
        let kept = |reason: &Reason| reason.code == "kept";
        if !stretch.reasons.iter().any(kept) {
            level(segment, clip.audio);
        }
    }
    let seconds = duration.seconds();
    let markers = filler_markers(context, &stretches);
    let what = match request.cut {
        None => {
            let fillers = fillers_text(fillers, markers.len());
            format!("{pauses} pauses are cut and {starts} false starts{fillers}")
        }
        Some(expression) => format!("{told} stretches are cut, {}", expression.text()),
    };
    let text = format!("{seconds:.1} of {whole:.1} seconds: {what}");
    if let Some(expression) = request.cut {
        remark_missing_words(context, expression);
    }
    context.decide(Decision::new(Setting::Style, &request.style.id, text));
    SoundCut {
        sound,
        duration,
        markers,
    }
}

/// What stays of a recording.
fn spans_of(context: &PlanContext<'_>, number: usize, audio: &AudioReport) -> Vec<SpokenSpan> {
    let kept = match context.request.style.cut {
        CutRule::Talk => kept_spans(context, number),
        CutRule::Whole | CutRule::Montage => None,
    };
    kept.unwrap_or_else(|| {
        vec![SpokenSpan {
            span: Span {
                start: 0.0,
                end: audio.duration.max(0.0),
            },
            begins_sentence: true,
            reasons: vec![Reason::new("kept", 1.0, "All of it stays.")],
        }]
    })
}

/// Brings the passages of a segment to the loudness of their file.
fn level(segment: &mut SoundSegment, audio: &AudioReport) {
    let (Some(first), Some(last)) = (segment.gain.first(), segment.gain.last()) else {
        return;
    };
    let (from, until) = (first[0], last[0]);
    let Some(usual) = loudness_between(audio, 0.0, audio.duration) else {
        return;
    };
    let change = |film: f64| {
        let second = segment.start + film - from;
        let here = loudness_between(audio, second - AROUND, second + AROUND);
        here.map_or(0.0, |here| (usual - here).clamp(-LEVELLED, LEVELLED))
    };
    let steps = ((until - from) / STEP).ceil().max(1.0);
    let times = (0..=steps as u32).map(|step| from + (until - from) * f64::from(step) / steps);
    let curve: Vec<[f64; 2]> = times.map(|time| [time, change(time)]).collect();
    segment.gain = added(&segment.gain, &curve);
}

/// The loudness in LUFS of what is loud between two seconds; `None` where nothing is.
fn loudness_between(audio: &AudioReport, start: f64, end: f64) -> Option<f64> {
    let curve = &audio.loudness_curve;
    let loudest = |values: &[f64]| {
        values
            .iter()
            .copied()
            .filter(|it| it.is_finite())
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let first = (start.max(0.0) as usize).min(curve.len());
    let last = (end.max(0.0).ceil() as usize).clamp(first, curve.len());
    let part = curve.get(first..last)?;
    let gate = loudest(curve).min(loudest(part) + PAUSE / 2.0) - PAUSE;
    let loud: Vec<f64> = part
        .iter()
        .copied()
        .filter(|value| *value >= gate)
        .collect();
    if loud.is_empty() || !gate.is_finite() {
        return None;
    }
    let power: f64 = loud.iter().map(|value| 10_f64.powf(value / 10.0)).sum();
    Some(10.0 * (power / loud.len() as f64).log10())
}

/// Two curves of decibels, added.
fn added(gain: &[[f64; 2]], change: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut times: Vec<f64> = gain.iter().chain(change).map(|point| point[0]).collect();
    times.sort_by(f64::total_cmp);
    times.dedup_by(|a, b| (*a - *b).abs() < 1e-4);
    let sum = |time: f64| [time, rounded(value_at(gain, time) + value_at(change, time))];
    times.into_iter().map(sum).collect()
}
