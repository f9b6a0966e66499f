//! Dissolves, fades and wipes: runs of frames that look like the inside of a transition.

use super::blend_fit::{BlendFit, between, is_wipe, progress};
use super::frame_window::FrameWindow;
use super::network::ShotNetwork;
use super::thresholds::{SAME_SCENE, ShotThresholds};
use super::transition::gradual;
use crate::analysis::{Transition, TransitionKind};
use crate::error::Result;

/// Half lengths, in frames, at which blends are searched: up to a dissolve of two seconds at 25 frames a second.
const BLEND_HALVES: [u64; 7] = [2, 3, 5, 8, 12, 18, 25];
/// The same for wipes, which are shorter.
const WIPE_HALVES: [u64; 4] = [3, 6, 10, 16];
/// The outer frames of a span differ by at least this (of 255).
const SPAN_APART: f32 = 12.0;
/// Least share of the picture that changes in a span: less is an object that moves in front of the scene.
const SPAN_WIDE: f32 = 0.7;
/// The outer frames of a span correlate less than this, except in a fade, which keeps its structure.
const SPAN_LIKENESS: f32 = 0.5;
/// Largest single step inside a span, as a share of its whole difference: a larger one is a cut.
const SPAN_STEP: f32 = 0.55;
/// The network is asked about a doubtful blend after this many frames of it.
const DOUBTFUL_RUN: u64 = 3;
/// Fewest frames of a wipe.
const WIPE_RUN: u64 = 3;
/// Score of a wipe, for which there is no measure of confidence.
const WIPE_SCORE: f32 = 0.8;
/// A run ends after this many frames without a sign of the transition.
const RUN_GAP: u64 = 2;
/// Least score of a span, including the probability of the network.
const LEAST_SCORE: f32 = 0.5;
/// A span extends at most this many frames beyond those it was found in.
const LONGEST_SIDE: u64 = 40;
/// A span extends to the next frame if that adds at least this much progress.
const GOES_ON: f32 = 0.01;
/// A span begins at the first of these progresses, and ends at the second.
const BEGUN: f32 = 0.06;
const ENDED: f32 = 0.94;
/// A span goes through one tone where its flattest frame has less than this share of the contrast on either side.
const FLATTER: f32 = 0.4;
/// That tone is black below the first mean luma (of 255), or if darker than [`DARKER`] times both sides; white above
/// the second, or if lighter than both sides by [`LIGHTER`].
const BLACK: f32 = 48.0;
const WHITE: f32 = 200.0;
const DARKER: f32 = 0.6;
const LIGHTER: f32 = 25.0;

/// The runs of frames that are open: at most one that blends, and one that wipes.
#[derive(Default)]
pub(super) struct GradualSearch {
    blend: Option<SpanRun>,
    wipe: Option<SpanRun>,
}

/// A run of frames that look like the inside of a span.
#[derive(Debug, Clone, Copy)]
struct SpanRun {
    first: u64,
    last: u64,
    /// Frames that showed it.
    hits: u64,
    /// The first outer frame of the hits.
    from: u64,
    best: BlendFit,
    /// The frame that fits best, and the half length at which it does.
    at: u64,
    half: u64,
}

impl GradualSearch {
    /// Checks whether frame `t` lies inside a span.
    pub fn look_at(&mut self, frames: &FrameWindow, t: u64, thresholds: &ShotThresholds) {
        if let Some((fit, half)) = best_blend(frames, t, thresholds) {
            extend(&mut self.blend, t, half, fit);
        }
        if let Some((fit, half)) = shortest_wipe(frames, t) {
            extend(&mut self.wipe, t, half, fit);
        }
    }

    /// The first frames of the open runs.
    pub fn open_starts(&self) -> [Option<u64>; 2] {
        [self.blend, self.wipe].map(|run| run.map(|run| run.from))
    }

    /// Ends the runs without a hit near `t`; returns their transitions.
    pub fn close_runs(
        &mut self,
        frames: &FrameWindow,
        t: u64,
        thresholds: &ShotThresholds,
        network: &mut ShotNetwork<'_>,
    ) -> Result<Vec<Transition>> {
        let mut found = Vec::new();
        let over = |run: &mut SpanRun| run.last.saturating_add(RUN_GAP) < t;
        if let Some(run) = self.wipe.take_if(over) {
            found.extend(wipe(frames, &run));
        }
        if let Some(run) = self.blend.take_if(over) {
            found.extend(blend(frames, &run, thresholds, network)?);
        }
        Ok(found)
    }
}

/// How well frame `t` fits between the frames around it, and the half length at which it fits best.
fn best_blend(
    frames: &FrameWindow,
    t: u64,
    thresholds: &ShotThresholds,
) -> Option<(BlendFit, u64)> {
    let mut best: Option<(BlendFit, u64)> = None;
    for half in BLEND_HALVES {
        if t < half || !frames.has(t - half) || !frames.has(t + half) {
            break;
        }
        let (before, after) = (frames.at(t - half), frames.at(t + half));
        let fit = between(before, frames.at(t), after);
        if fit.apart < SPAN_APART
            || fit.blend > thresholds.doubtful_blend
            || fit.wide < SPAN_WIDE
            || frames.steepest(t - half, t + half) > SPAN_STEP * fit.apart
            || (before.correlation_in_place(after) > SPAN_LIKENESS
                && !before.is_faded_against(after))
        {
            continue;
        }
        if best.is_none_or(|(old, _)| fit.blend < old.blend) {
            best = Some((fit, half));
        }
    }
    best
}

/// The shortest half length at which frame `t` is composed of areas of the frames around it.
fn shortest_wipe(frames: &FrameWindow, t: u64) -> Option<(BlendFit, u64)> {
    for half in WIPE_HALVES {
        if t < half || !frames.has(t - half) || !frames.has(t + half) {
            break;
        }
        let (before, after) = (frames.at(t - half), frames.at(t + half));
        let fit = between(before, frames.at(t), after);
        if fit.apart < SPAN_APART
            || fit.wide < SPAN_WIDE
            || frames.steepest(t - half, t + half) > SPAN_STEP * fit.apart
            || before.is_flat()
            || after.is_flat()
            || before.correlation_in_place(after) > SPAN_LIKENESS
        {
            continue;
        }
        if is_wipe(before, frames.at(t), after) {
            return Some((BlendFit { blend: 0.0, ..fit }, half));
        }
    }
    None
}

fn extend(run: &mut Option<SpanRun>, t: u64, half: u64, fit: BlendFit) {
    let from = t - half;
    match run {
        Some(run) => {
            run.last = t;
            run.hits += 1;
            run.from = run.from.min(from);
            if fit.blend < run.best.blend {
                run.best = fit;
                run.at = t;
                run.half = half;
            }
        }
        None => {
            *run = Some(SpanRun {
                first: t,
                last: t,
                hits: 1,
                from,
                best: fit,
                at: t,
                half,
            });
        }
    }
}

/// The wipe that `run` was, if it is long enough.
fn wipe(frames: &FrameWindow, run: &SpanRun) -> Option<Transition> {
    if run.hits < WIPE_RUN {
        return None;
    }
    let (start, end) = (run.first.saturating_sub(1).max(run.from), run.last + 2);
    (!is_overlay(frames, start, end)).then(|| gradual(TransitionKind::Wipe, start, end, WIPE_SCORE))
}

/// The dissolve or fade that `run` was, if the fit is clear or the network agrees.
fn blend(
    frames: &FrameWindow,
    run: &SpanRun,
    thresholds: &ShotThresholds,
    network: &mut ShotNetwork<'_>,
) -> Result<Option<Transition>> {
    let score = if run.best.blend <= thresholds.clear_blend {
        1.0 - run.best.blend
    } else if run.hits < DOUBTFUL_RUN {
        0.0
    } else {
        let mut inside = 0.0_f32;
        for n in run.first..=run.last {
            inside = inside.max(network.answer(frames, n)?.inside);
        }
        inside
    };
    if score < LEAST_SCORE {
        return Ok(None);
    }
    let (start, end) = bounds(frames, run);
    let kind = kind_of_span(frames, start, end);
    let overlay = kind == TransitionKind::Dissolve && is_overlay(frames, start, end);
    Ok((!overlay).then(|| gradual(kind, start, end, score)))
}

/// First and one past the last frame that belong to neither side.
fn bounds(frames: &FrameWindow, run: &SpanRun) -> (u64, u64) {
    let mut from = run.at.saturating_sub(run.half).max(frames.first());
    let mut to = (run.at + run.half).min(frames.last());
    // From within the span outwards, while the picture keeps changing in the same direction.
    let (inner_from, inner_to) = (frames.at(from), frames.at(to));
    let along = |n: u64| progress(inner_from, frames.at(n), inner_to);
    while frames.has(to + 1) && to < run.at + LONGEST_SIDE && along(to + 1) > along(to) + GOES_ON {
        to += 1;
    }
    while from > frames.first()
        && from + LONGEST_SIDE > run.at
        && along(from - 1) < along(from) - GOES_ON
    {
        from -= 1;
    }
    let (before, after) = (frames.at(from), frames.at(to));
    let gone = |n: u64| progress(before, frames.at(n), after);
    let mut start = run.at;
    while start > from && gone(start - 1) > BEGUN {
        start -= 1;
    }
    let mut end = run.at + 1;
    while end < to && gone(end) < ENDED {
        end += 1;
    }
    (start, end)
}

/// True for an overlay such as a title, which fades in over a scene and leaves the scene unchanged.
fn is_overlay(frames: &FrameWindow, start: u64, end: u64) -> bool {
    let (before, after) = (frames.at(start.saturating_sub(1)), frames.at(end));
    !before.is_faded_against(after) && before.likeness(after) >= SAME_SCENE
}

/// A fade through black or white where the span goes through one such tone, else a dissolve.
pub(super) fn kind_of_span(frames: &FrameWindow, start: u64, end: u64) -> TransitionKind {
    let (before, after) = (frames.at(start.saturating_sub(1)), frames.at(end));
    let plain = before.deviation.min(after.deviation);
    let flattest = (start.saturating_sub(1)..=end)
        .map(|n| frames.at(n))
        .min_by(|a, b| a.deviation.total_cmp(&b.deviation));
    let Some(flat) = flattest.filter(|flat| flat.is_flat() || flat.deviation < FLATTER * plain)
    else {
        return TransitionKind::Dissolve;
    };
    let darkest = before.mean.min(after.mean);
    let lightest = before.mean.max(after.mean);
    if flat.mean < BLACK || flat.mean < DARKER * darkest {
        TransitionKind::FadeBlack
    } else if flat.mean > WHITE || flat.mean > lightest + LIGHTER {
        TransitionKind::FadeWhite
    } else {
        TransitionKind::Dissolve
    }
}
