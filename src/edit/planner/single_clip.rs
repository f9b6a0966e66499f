//! One clip that is no longer than the film may be: bad parts are cut away ([`trim`]), the rest stays in its order.

use crate::analysis::FileKind;
use crate::choice::{Decision, Reason, Setting};
use crate::edit::cut_points::cut_points;
use crate::edit::music_bed::MusicBed;
use crate::edit::planner::context::{PlanContext, RoughCut};
use crate::edit::planner::reasons::{spoiled_reason, trim_beat_reason};
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::subclips::Subclip;
use crate::edit::trim::{Piece, TrimRequest};
use crate::music::{Ending, WindowRequest};
use crate::time::Rational;

/// Seconds by which a clip may exceed the longest film, as requested or allowed by the platform, and still be kept
/// whole.
const LONGER: f64 = 0.05;
/// Share of the clip that the track must last. A shorter track would end too early, so a montage is made instead.
const MUSIC_LASTS: f64 = 0.9;

/// The length of the only clip in seconds, if it is short enough to be kept whole and nothing in it has to be shown.
pub(super) fn whole_clip(context: &PlanContext<'_>, everything: &[Subclip]) -> Option<f64> {
    let request = context.request;
    // Trimming may cut away what has to be shown, and makes the same film every time.
    if !context.required.is_empty() || !context.request.shown.stretches.is_empty() {
        return None;
    }
    let pictures = request
        .sources
        .iter()
        .filter(|source| source.analysis.file.kind != FileKind::Audio);
    let single = pictures.count() == 1
        && !everything.is_empty()
        && everything.iter().all(|subclip| !subclip.still);
    let whole: f64 = everything.iter().map(Subclip::length).sum();
    let longest = request.length.unwrap_or(request.platform.longest);
    (single && whole <= longest + LONGER).then_some(whole)
}

/// The clip of `whole` seconds without its bad parts; `None` if the music ends before it, which needs a montage.
pub(super) fn single_clip<'a>(
    context: &mut PlanContext<'a>,
    whole: f64,
    everything: &[Subclip],
) -> Option<RoughCut<'a>> {
    let request = context.request;
    let trim = TrimRequest {
        material: context.material(),
        rate: context.rate,
    };
    let music = fitting_music(context, &trim, whole);
    let room = music.as_ref().map_or(f64::INFINITY, MusicBed::length);
    if room < whole * MUSIC_LASTS {
        return None;
    }
    let points = music.as_ref().map_or_else(Vec::new, |music| {
        cut_points(Some(music), whole, context.rate)
    });
    let pieces = trim.pieces(&points);
    if pieces.is_empty() {
        return None;
    }
    if request.length.is_none() {
        explain_length(context, everything, &pieces);
    }
    let count = pieces.len();
    let segments = pieces
        .into_iter()
        .map(|piece| {
            let start = piece.subclip.start;
            let mut reasons = vec![kept_reason(&piece, count)];
            reasons.extend(piece.beat.as_ref().map(trim_beat_reason));
            let length = (Rational::whole(piece.frames) * context.frame()).seconds();
            let shown = (start.seconds(), start.seconds() + length);
            reasons.extend(spoiled_reason(&piece.subclip, shown.0, shown.1));
            segment(
                context,
                SegmentRequest {
                    start,
                    end: start + Rational::whole(piece.frames) * context.frame(),
                    beat: piece.beat,
                    effects: Vec::new(),
                    reasons,
                    subclip: &piece.subclip,
                },
            )
        })
        .collect();
    Some(RoughCut {
        segments,
        heard: None,
        music,
    })
}

/// The music for a clip of `whole` seconds.
fn fitting_music<'a>(
    context: &PlanContext<'a>,
    trim: &TrimRequest<'_>,
    whole: f64,
) -> Option<MusicBed<'a>> {
    let stretch = context.request.stretch;
    // At its own speed the music stays and the pieces are trimmed to its beats; if the speed may change, beats also
    // move to the cuts.
    let cuts = if stretch > 0.0 {
        trim.cuts()
    } else {
        Vec::new()
    };
    let wanted = WindowRequest {
        length: whole,
        ending: Ending::Exact,
        speech: &context.speech(),
        cuts: &cuts,
        stretch,
        ..WindowRequest::default()
    };
    context.music_bed(&wanted, cuts.is_empty())
}

fn explain_length(context: &mut PlanContext<'_>, everything: &[Subclip], pieces: &[Piece]) {
    let frames: f64 = pieces.iter().map(|piece| piece.frames as f64).sum();
    let kept = frames / context.rate.seconds();
    let all = everything
        .first()
        .and_then(|subclip| context.video(subclip))
        .map_or(kept, |video| video.duration);
    context.decide(Decision::new(
        Setting::Length,
        format!("{kept:.1}"),
        format!("{kept:.1} of {all:.1} seconds: one clip keeps everything that is good"),
    ));
}

/// The weight is the quality of the shot.
fn kept_reason(piece: &Piece, count: usize) -> Reason {
    let text = if count == 1 {
        "Nothing in this clip had to be cut away.".to_owned()
    } else {
        format!(
            "Shot {}: what is good stays, in its order.",
            piece.subclip.shot + 1
        )
    };
    Reason::new("kept", piece.subclip.base, text)
}
