//! Merges findings that belong to one transition, and leaves out fades at the ends of the film.

use super::dissolves_and_wipes::kind_of_span;
use super::frame_window::FrameWindow;
use super::thresholds::SAME_SCENE;
use super::transition::{gradual, is_gradual};
use crate::analysis::{Transition, TransitionKind};

/// Longest pause of a fade in one tone (black, white), in frames: three seconds at 25 frames a second.
const LONGEST_HOLD: u64 = 75;
/// Spans at most this many frames apart may be parts of one.
const SPAN_GAP: u64 = 8;
/// A step at most this many frames from a span belongs to it.
const STEP_IN_SPAN: u64 = 3;
/// Two spans are parts of one if the contrast between them falls below this share of the contrast on either side.
const DIP: f32 = 0.5;

/// Holds a transition back until nothing that follows can belong to it.
#[derive(Default)]
pub(super) struct TransitionMerger {
    /// Found, but later findings may still belong to it.
    pending: Option<Transition>,
    /// Final, not yet taken.
    ready: Vec<Transition>,
    /// The first frame of the film that is not dark.
    first_lit: Option<u64>,
    /// The last frame so far that is not dark.
    last_lit: Option<u64>,
}

impl TransitionMerger {
    /// Notes that frame `t` is not dark.
    pub fn note_light(&mut self, t: u64) {
        self.first_lit.get_or_insert(t);
        self.last_lit = Some(t);
    }

    /// Takes the transitions that are certain, in order.
    pub fn take(&mut self) -> Vec<Transition> {
        std::mem::take(&mut self.ready)
    }

    /// The first frame of the pending transition.
    pub fn pending_start(&self) -> Option<u64> {
        self.pending.as_ref().map(|pending| pending.start_frame)
    }

    /// Takes a transition: joins it to the pending one, or releases that and holds this one back.
    pub fn report(&mut self, frames: &FrameWindow, next: Transition) {
        let Some(last) = self.pending.take() else {
            self.pending = Some(next);
            return;
        };
        if let Some(joined) = join(frames, &last, &next) {
            self.pending = Some(joined);
            return;
        }
        let (earlier, later) = if next.start_frame < last.start_frame {
            (next, last)
        } else {
            (last, next)
        };
        self.pass(frames, earlier);
        self.pending = Some(later);
    }

    /// Releases the pending transition once nothing from frame `t` on, nor the open runs that begin at `open_starts`,
    /// can belong to it.
    pub fn release(&mut self, frames: &FrameWindow, t: u64, open_starts: [Option<u64>; 2]) {
        let Some(pending) = &self.pending else { return };
        let end = pending.end_frame;
        let run_open = open_starts
            .into_iter()
            .flatten()
            .any(|from| from <= end + SPAN_GAP || frames.is_blank_between(end, from));
        if run_open || t < end + SPAN_GAP + 2 {
            return;
        }
        // A pause in one tone may be the middle of a fade, or the end of the film.
        if frames.is_blank_between(end, t) && t < end + LONGEST_HOLD {
            return;
        }
        if is_gradual(pending.kind) && self.last_lit.is_none_or(|lit| lit < end) {
            return;
        }
        if let Some(done) = self.pending.take() {
            self.pass(frames, done);
        }
    }

    /// Ends the film. The pending transition counts unless it leads into black.
    pub fn finish(&mut self, frames: &FrameWindow) {
        if let Some(last) = self.pending.take() {
            let into_black =
                is_gradual(last.kind) && self.last_lit.is_none_or(|lit| lit < last.end_frame);
            if !into_black {
                self.pass(frames, last);
            }
        }
    }

    fn pass(&mut self, frames: &FrameWindow, transition: Transition) {
        let out_of_black = is_gradual(transition.kind)
            && self
                .first_lit
                .is_none_or(|lit| lit >= transition.start_frame);
        // The light of one scene goes and comes back, or comes up and stays.
        let one_scene = matches!(
            transition.kind,
            TransitionKind::FadeBlack | TransitionKind::FadeWhite
        ) && is_one_scene(frames, &transition);
        if !out_of_black && !one_scene {
            self.ready.push(transition);
        }
    }
}

/// One transition made of both, if they belong together.
fn join(frames: &FrameWindow, last: &Transition, next: &Transition) -> Option<Transition> {
    let (start, end) = (
        last.start_frame.min(next.start_frame),
        last.end_frame.max(next.end_frame),
    );
    let touches = next.start_frame < last.end_frame + STEP_IN_SPAN
        && last.start_frame < next.end_frame + STEP_IN_SPAN;
    let (gap_start, gap_end) = (
        last.end_frame.min(next.end_frame),
        last.start_frame.max(next.start_frame),
    );
    let gap = gap_end.saturating_sub(gap_start);
    let rests = gap > 0
        && gap <= LONGEST_HOLD
        && gap_start > frames.first()
        && (gap_start..gap_end).all(|n| frames.at(n).is_blank());
    let both_gradual = is_gradual(last.kind) && is_gradual(next.kind);
    let plain = frames
        .at(start.saturating_sub(1))
        .deviation
        .min(frames.at(end).deviation);
    let dips = gap <= SPAN_GAP
        && (gap_start.saturating_sub(1)..=gap_end).any(|n| frames.at(n).deviation < DIP * plain);
    let higher = last.score.max(next.score) as f32;
    if both_gradual && (touches || rests || dips) {
        let kind = match kind_of_span(frames, start, end) {
            TransitionKind::Dissolve if last.kind == next.kind => last.kind,
            TransitionKind::Dissolve if last.kind == TransitionKind::Wipe => next.kind,
            kind => kind,
        };
        return Some(gradual(kind, start, end, higher));
    }
    if (is_gradual(last.kind) || is_gradual(next.kind)) && touches {
        let kind = if is_gradual(last.kind) {
            last.kind
        } else {
            next.kind
        };
        return Some(gradual(kind, start, end, higher));
    }
    if rests {
        let kind = kind_of_span(frames, start, end);
        return Some(gradual(kind, start, end, last.score.min(next.score) as f32));
    }
    if !both_gradual && touches {
        // Of two steps within three frames, the stronger is the cut.
        let stronger = if last.score >= next.score { last } else { next };
        return Some(stronger.clone());
    }
    None
}

/// True for a dip of the light that returns to the same scene and is never blank.
fn is_one_scene(frames: &FrameWindow, fade: &Transition) -> bool {
    let (before, after) = (
        frames.at(fade.start_frame.saturating_sub(1)),
        frames.at(fade.end_frame),
    );
    let reaches_blank = (fade.start_frame..fade.end_frame).any(|n| frames.at(n).is_blank());
    !reaches_blank && !before.is_flat() && !after.is_flat() && before.likeness(after) >= SAME_SCENE
}
