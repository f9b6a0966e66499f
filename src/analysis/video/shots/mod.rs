//! Finds where shots begin: hard cuts, jump cuts, dissolves, fades and wipes, in a stream of 48×27 frames.
//!
//! # The rule
//!
//! Frames are decided one by one, with [`LOOKAHEAD`] frames of lookahead and nothing else of the film in memory:
//!
//! 1. **Cuts** ([`cuts`]). Frame `t` may begin a shot when its difference to the frame before is a peak, in the whole
//!    picture or in the quarter that differs most. The frames just before are then compared with those just after:
//!    *likeness* is the best correlation of gradients over small shifts, which exposure, shake and flashes hardly
//!    lower. The step is also compared with the motion around it: does the picture *jump* ([`jump_cuts`])?
//!    * likeness < [`ShotThresholds::other_scene`] and a difference larger than the motion on either side: a **cut**;
//!    * the picture jumps, and likeness ≥ [`ShotThresholds::same_scene`] or the colors stay: a **jump cut**;
//!    * likeness ≥ [`ShotThresholds::same_scene`] and no jump: one scene, so a flash, a jolt or a change of light;
//!    * everything between is decided by TransNetV2 on the 100 frames around it.
//! 2. **Gradual transitions** ([`dissolves_and_wipes`]). Frame `t` lies in a dissolve or fade when it is a blend of the
//!    frames `k` before and `k` after it and those have little in common; in a wipe when it is composed of areas of
//!    both. A clear blend counts by itself, a doubtful one if TransNetV2 sees a transition inside.
//! 3. **Merging** ([`merging`]). Two spans or cuts with only a flat tone between them are one fade through black or
//!    white; a step that touches a span belongs to it. A span that starts the film out of black, or ends it into black,
//!    is not a transition.
//!
//! On the corpus and on composites of it, likeness across 250 cuts was at most 0.28 and within a scene at least 0.6, so
//! the network (1 s of CPU for each window) is seldom needed. Figures are in docs/shots.md and
//! `tests/cli/analysis/films.rs`; `scripts/measure-shot-cost` shows what other thresholds would cost and find.

mod blend_fit;
mod cuts;
mod dissolves_and_wipes;
mod flashes;
mod frame_window;
mod jump_cuts;
mod merging;
mod network;
mod thresholds;
mod transition;

pub use thresholds::ShotThresholds;
pub(crate) use transition::is_gradual;

use crate::analysis::Transition;
use crate::error::Result;
use crate::models::{SHOT_WINDOW, ShotProbabilities};
use crate::picture::Rgb8;

use cuts::find_cut;
use dissolves_and_wipes::GradualSearch;
use frame_window::FrameWindow;
use merging::TransitionMerger;
use network::ShotNetwork;

/// Frames of lookahead: half a window of the network, so that it sees both sides of the frame in question.
const LOOKAHEAD: u64 = SHOT_WINDOW as u64 / 2;
/// Frames kept before the one that is decided: more than the longest pause in one tone (75) plus the farthest that a
/// span may extend (40).
const KEPT_BEHIND: u64 = 130;

/// The transitions of a film, given all of its frames at 48×27. `run_network` returns the probabilities for a window of
/// 100 frames.
///
/// The analysis itself feeds frames as they are decoded; this applies the same rule for measurements
/// (`examples/shot_cost.rs`). Fails if `run_network` does.
pub fn find_transitions(
    frames: impl IntoIterator<Item = Rgb8>,
    thresholds: ShotThresholds,
    run_network: impl FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send,
) -> Result<Vec<Transition>> {
    let mut finder = TransitionFinder::with_thresholds(thresholds, run_network);
    let mut found = Vec::new();
    for frame in frames {
        finder.push(frame)?;
        found.append(&mut finder.take());
    }
    finder.finish()?;
    found.append(&mut finder.take());
    Ok(found)
}

/// Finds transitions in frames that are pushed one after the other.
pub(crate) struct TransitionFinder<'a> {
    thresholds: ShotThresholds,
    frames: FrameWindow,
    network: ShotNetwork<'a>,
    gradual: GradualSearch,
    merger: TransitionMerger,
    /// Number of the next frame to decide.
    next: u64,
}

impl<'a> TransitionFinder<'a> {
    pub fn new(
        run_network: impl FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send + 'a,
    ) -> Self {
        Self::with_thresholds(ShotThresholds::default(), run_network)
    }

    fn with_thresholds(
        thresholds: ShotThresholds,
        run_network: impl FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send + 'a,
    ) -> Self {
        Self {
            thresholds,
            frames: FrameWindow::default(),
            network: ShotNetwork::new(run_network),
            gradual: GradualSearch::default(),
            merger: TransitionMerger::default(),
            next: 0,
        }
    }

    /// Takes the next frame (48×27).
    pub fn push(&mut self, frame: Rgb8) -> Result<()> {
        if !self.frames.push(frame) {
            return Ok(());
        }
        while self.next + LOOKAHEAD < self.frames.pushed() {
            self.decide_next()?;
        }
        self.frames
            .forget_before(self.next.saturating_sub(KEPT_BEHIND));
        Ok(())
    }

    /// Decides the remaining frames.
    pub fn finish(&mut self) -> Result<()> {
        while self.next < self.frames.pushed() {
            self.decide_next()?;
        }
        self.close_runs(u64::MAX)?;
        self.merger.finish(&self.frames);
        Ok(())
    }

    /// Takes the transitions that are certain, in order.
    pub fn take(&mut self) -> Vec<Transition> {
        self.merger.take()
    }

    /// The first frame at which a later transition may start.
    pub fn settled(&self) -> u64 {
        let open = self.gradual.open_starts().into_iter();
        open.chain([self.merger.pending_start()])
            .flatten()
            .fold(self.next.saturating_sub(LOOKAHEAD), u64::min)
    }

    /// Frame `number`, or the nearest kept one. At least one frame must have been pushed.
    pub fn small_frame(&self, number: u64) -> &Rgb8 {
        &self.frames.at(number).frame
    }

    fn decide_next(&mut self) -> Result<()> {
        let t = self.next;
        if !self.frames.at(t).is_dark() {
            self.merger.note_light(t);
        }
        self.gradual.look_at(&self.frames, t, &self.thresholds);
        self.close_runs(t)?;
        if t > 0
            && let Some(cut) = find_cut(&self.frames, t, &self.thresholds, &mut self.network)?
        {
            self.merger.report(&self.frames, cut);
        }
        let open_starts = self.gradual.open_starts();
        self.merger.release(&self.frames, t, open_starts);
        self.next += 1;
        Ok(())
    }

    fn close_runs(&mut self, t: u64) -> Result<()> {
        let closed =
            self.gradual
                .close_runs(&self.frames, t, &self.thresholds, &mut self.network)?;
        for transition in closed {
            self.merger.report(&self.frames, transition);
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
