//! Hard cuts and jump cuts: steps from one frame to the next.

use super::flashes::{FLASH_LENGTH, passes_soon};
use super::frame_window::FrameWindow;
use super::jump_cuts::jump;
use super::network::ShotNetwork;
use super::thresholds::ShotThresholds;
use super::transition::cut;
use crate::analysis::video::change_signal::Signal;
use crate::analysis::{Transition, TransitionKind};
use crate::error::Result;

/// Least mean difference from the frame before (of 255) of a step.
const SMALLEST_STEP: f32 = 2.2;
/// Least difference in the quarter of the picture that differs most (of 255) of a jump.
const SMALLEST_JUMP: f32 = 3.0;
/// A step is at least this many times the median difference of the frames around it.
const STEP_OVER_MOTION: f32 = 1.4;
/// The median is over this many frames on either side.
const MEDIAN_REACH: u64 = 6;
/// Least similarity of colors across a jump within one take. Across cuts of the corpus it is 0.65, and 0.81 between two
/// cameras at one race.
const SAME_PALETTE: f32 = 0.7;
/// Least difference of a clear cut (of 255); the network must confirm smaller ones.
const CLEAR_DIFFERENCE: f32 = 8.0;
/// A new background behind the same title differs by at least this (of 255), and by this many times the motion around.
const NEW_BACKGROUND: f32 = 20.0;
const NEW_BACKGROUND_OVER_MOTION: f32 = 8.0;
/// Frames on either side that a jump is measured over.
const JUMP_REACH: u64 = 10;
/// Least probability at which the network confirms a cut.
const NETWORK_CUT: f32 = 0.5;
/// Pairs of frames whose likeness is measured: frames before the step, and frames after.
const LIKENESS_PAIRS: [(u64, u64); 9] = [
    (1, 0),
    (1, 2),
    (1, 5),
    (1, FLASH_LENGTH - 1),
    (3, 5),
    (4, 0),
    (7, 0),
    (FLASH_LENGTH, 0),
    (6, 2),
];

/// The cut or jump cut that begins with frame `t` (not the first), if there is one.
pub(super) fn find_cut(
    frames: &FrameWindow,
    t: u64,
    thresholds: &ShotThresholds,
    network: &mut ShotNetwork<'_>,
) -> Result<Option<Transition>> {
    let in_whole = is_peak(frames, t, SMALLEST_STEP, |frame| frame.change);
    if !in_whole && !is_peak(frames, t, SMALLEST_JUMP, |frame| frame.local) {
        return Ok(None);
    }
    let jump = jump_over_motion(frames, t);
    let jump_cut = |over| cut(TransitionKind::JumpCut, t, jump_score(over));
    if !in_whole || passes_soon(frames, t) {
        return Ok(jump.map(jump_cut));
    }
    let (across, within) = (least_across(frames, t), largest_within(frames, t));
    let likeness = likeness_across(frames, t, thresholds.same_scene);
    if likeness >= thresholds.same_scene {
        if let Some(over) = jump {
            return Ok(Some(jump_cut(over)));
        }
        // A lasting change of light is not a cut, but a new background behind the same title is.
        let new_background =
            across > NEW_BACKGROUND && across > NEW_BACKGROUND_OVER_MOTION * within;
        return if new_background {
            ask_network(frames, t, TransitionKind::JumpCut, network)
        } else {
            Ok(None)
        };
    }
    // A different view; of the same take, if the picture jumps and its colors stay.
    let (before, after) = (frames.at(t.saturating_sub(1)), frames.at(t));
    let one_take = jump.is_some() && before.palette_likeness(after) >= SAME_PALETTE;
    let kind = if one_take {
        TransitionKind::JumpCut
    } else {
        TransitionKind::Cut
    };
    if likeness < thresholds.other_scene
        && across > thresholds.clear_cut * within
        && across > CLEAR_DIFFERENCE
    {
        let score = 0.9 + 0.1 * (1.0 - within / across).max(0.0);
        return Ok(Some(cut(kind, t, score)));
    }
    match jump {
        Some(over) if one_take => Ok(Some(cut(kind, t, jump_score(over)))),
        _ => ask_network(frames, t, kind, network),
    }
}

/// True where `what` is at least `least`, not less than at its neighbors, and larger than the median around it.
fn is_peak(frames: &FrameWindow, t: u64, least: f32, what: impl Fn(&Signal) -> f32) -> bool {
    let at = |n: u64| {
        if frames.has(n) && n > 0 {
            what(frames.at(n))
        } else {
            0.0
        }
    };
    let here = at(t);
    if here < least || here < at(t + 1) || here <= at(t - 1) {
        return false;
    }
    let mut around: Vec<f32> = (t.saturating_sub(MEDIAN_REACH)..=t + MEDIAN_REACH)
        .filter(|&n| frames.has(n) && n > 0 && n.abs_diff(t) > 1)
        .map(at)
        .collect();
    around.sort_by(f32::total_cmp);
    let median = around.get(around.len() / 2).copied().unwrap_or(0.0);
    here >= STEP_OVER_MOTION * median
}

/// The least difference between one of the three frames before and one of the three from `t` on.
fn least_across(frames: &FrameWindow, t: u64) -> f32 {
    let mut least = f32::INFINITY;
    for b in 1..=3 {
        for a in 0..=2 {
            least = least.min(frames.before(t, b).difference(frames.after(t, a)));
        }
    }
    least
}

/// The largest difference between neighbors within the three frames on either side.
fn largest_within(frames: &FrameWindow, t: u64) -> f32 {
    let earlier = [(1, 2), (2, 3)]
        .map(|(near, far)| frames.before(t, near).difference(frames.before(t, far)));
    let later =
        [(0, 1), (1, 2)].map(|(near, far)| frames.after(t, near).difference(frames.after(t, far)));
    earlier.into_iter().chain(later).fold(0.0, f32::max)
}

/// The best likeness of frames just before `t` and from it on; the search stops once it is `enough`.
fn likeness_across(frames: &FrameWindow, t: u64, enough: f32) -> f32 {
    let mut likeness = -1.0_f32;
    for (back, on) in LIKENESS_PAIRS {
        likeness = likeness.max(frames.before(t, back).likeness(frames.after(t, on)));
        if likeness >= enough {
            break;
        }
    }
    likeness
}

/// How far the step into `t` exceeds the motion around it; `None` if it is not a jump.
fn jump_over_motion(frames: &FrameWindow, t: u64) -> Option<f32> {
    let from = t.saturating_sub(JUMP_REACH).max(frames.first());
    let window: Vec<&Signal> = (from..=t + JUMP_REACH)
        .filter(|&n| frames.has(n))
        .map(|n| frames.at(n))
        .collect();
    jump(&window, (t - from) as usize)
}

/// Score of a jump: 0.6 at the limit, towards 1 the more it exceeds the motion.
fn jump_score(over: f32) -> f32 {
    0.6 + 0.4 * (1.0 - 1.0 / over.max(1.0))
}

fn ask_network(
    frames: &FrameWindow,
    t: u64,
    kind: TransitionKind,
    network: &mut ShotNetwork<'_>,
) -> Result<Option<Transition>> {
    let mut best = 0.0_f32;
    for n in t.saturating_sub(2)..=t {
        best = best.max(network.answer(frames, n)?.last);
    }
    Ok((best >= NETWORK_CUT).then(|| cut(kind, t, best)))
}
