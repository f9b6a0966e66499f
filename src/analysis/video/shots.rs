//! Where shots begin: hard cuts, jump cuts, dissolves, fades and wipes, from a stream of small frames.
//!
//! # The rule
//!
//! Frame by frame, with [`LOOK`] frames of lookahead and nothing else of the film in memory:
//!
//! 1. **Steps.** Frame `t` may begin a shot when its difference to the frame before is a peak, in the whole picture (at least
//!    [`SMALLEST_STEP`]) or in the quarter that differs most ([`SMALLEST_JUMP`]): not less than its neighbors, and
//!    [`STEP_OVER_MOTION`] × the median around it. Then the frames just before are laid over those up to [`RETURN`] frames later
//!    (and the other way round): *likeness* is the best correlation of gradients over small shifts, which neither exposure nor
//!    shake nor a flash between them lowers much. And the step is measured against the motion around it: whether the picture
//!    *jumps* ([`jump_cuts`](super::jump_cuts)).
//!    * likeness < [`ShotThresholds::other_scene`] and a difference across that stands over the motion within: a **cut**;
//!    * the picture jumps, and likeness ≥ [`ShotThresholds::same_scene`] or the colors stay ([`SAME_PALETTE`]): a **jump cut**;
//!    * likeness ≥ [`ShotThresholds::same_scene`] and no jump: the same scene, so a flash, a jolt or a change of light;
//!    * anything between is decided by TransNetV2 on the 100 frames around it.
//! 2. **Spans.** Frame `t` lies in a dissolve or fade when it is the blend of the frames `k` before and `k` after it
//!    ([`BlendFit::blend`] small) though those have little in common; in a wipe when it is put together from areas of both.
//!    A clear blend counts as it is, a doubtful one when TransNetV2 sees a transition inside.
//! 3. **One report a transition.** Two spans or cuts with only a flat tone between them are one fade through black or
//!    white; what touches a span belongs to it. A span out of black that starts the film, or into black that ends it, is
//!    no transition.
//!
//! On the corpus and on composites of it, likeness across 250 cuts was at most 0.28 and within a scene at least 0.6, so the
//! network (1 s of CPU a window) is seldom asked; figures are in `tests/cli/film.rs`.

use std::collections::VecDeque;

use crate::analysis::video::change_signal::{BlendFit, Signal, between, is_wipe, progress};
use crate::analysis::video::jump_cuts::jump;
use crate::analysis::{Transition, TransitionKind};
use crate::error::Result;
use crate::models::{SHOT_WINDOW, ShotProbabilities};
use crate::picture::Rgb8;
use crate::time::rounded;

/// Frames seen beyond the one that is decided: half a network window.
pub(crate) const LOOK: u64 = SHOT_WINDOW as u64 / 2;
/// Frames kept behind it.
const KEEP: u64 = 130;

/// Differences below this (of 255) are no step.
const SMALLEST_STEP: f32 = 2.2;
/// A step stands out this much over the median difference around it.
const STEP_OVER_MOTION: f32 = 1.4;
/// Frames after which a flash has passed.
const RETURN: u64 = 9;
/// What a fade or a title leaves the same scene is at least this alike across it.
const SAME_SCENE: f32 = 0.5;
/// Colors of one take have this much in common across a jump (cuts between takes of the corpus: 0.65, of one race from two
/// places 0.81).
const SAME_PALETTE: f32 = 0.7;
/// Least difference in the quarter of the picture that differs most that a jump is looked for at (of 255).
const SMALLEST_JUMP: f32 = 3.0;
/// Frames on either side that a jump is measured over.
const JUMP_REACH: u64 = 10;
/// Probability from which the network's word counts for a step …
const NETWORK_STEP: f32 = 0.5;
/// … and for a span.
const NETWORK_SPAN: f32 = 0.5;

/// Half lengths that blends are looked for at.
const HALVES: [u64; 7] = [2, 3, 5, 8, 12, 18, 25];
/// Half lengths for wipes.
const WIPE_HALVES: [u64; 4] = [3, 6, 10, 16];
/// Least difference of the outer frames of a span.
const SPAN_APART: f32 = 12.0;
/// Share of the picture that a span goes over.
const SPAN_WIDE: f32 = 0.7;
/// The outer frames of a span correlate less than this.
const SPAN_LIKENESS: f32 = 0.5;
/// No single step inside a span is more than this share of the whole way.
const SPAN_STEP: f32 = 0.55;
/// Frames in a row that a doubtful blend is seen at before the network is asked.
const DOUBTFUL_RUN: u64 = 3;
/// Fewest frames in a row that a wipe is seen at.
const WIPE_RUN: u64 = 3;
/// Frames of one tone that a fade may rest for.
const LONGEST_HOLD: u64 = 75;
/// Frames that a span may reach beyond what it was told from.
const LONGEST_SIDE: u64 = 40;
/// Spans this close are parts of one.
const SPAN_GAP: u64 = 8;
/// A step this close to a span belongs to it.
const STEP_IN_SPAN: u64 = 3;

/// Between which values the cheap signal does not decide and the network is asked.
#[derive(Debug, Clone, Copy)]
pub struct ShotThresholds {
    /// Likeness of two scenes stays below …
    pub other_scene: f32,
    /// … and of one scene above.
    pub same_scene: f32,
    /// Difference across a clear cut over the largest one within the three frames on either side.
    pub clear_cut: f32,
    /// Blends up to this count as they are …
    pub clear_blend: f32,
    /// … and up to this when the network agrees.
    pub doubtful_blend: f32,
}

impl Default for ShotThresholds {
    fn default() -> Self {
        Self {
            other_scene: 0.33,
            same_scene: SAME_SCENE,
            clear_cut: 1.15,
            clear_blend: 0.12,
            doubtful_blend: 0.30,
        }
    }
}

impl ShotThresholds {
    /// The doubt widened to both sides of its middle: 0 never asks the network, 1 is the rule as it is, 3 asks about most steps.
    pub fn of_width(width: f32) -> Self {
        let rule = Self::default();
        let spread = |low: f32, high: f32| {
            let (middle, half) = ((low + high) / 2.0, (high - low) / 2.0 * width);
            (middle - half, middle + half)
        };
        let (other_scene, same_scene) = spread(rule.other_scene, rule.same_scene);
        let (clear_blend, doubtful_blend) = spread(rule.clear_blend, rule.doubtful_blend);
        Self {
            other_scene,
            same_scene,
            clear_cut: rule.clear_cut * width,
            clear_blend,
            doubtful_blend,
        }
    }
}

/// Runs the network on one window.
type Ask<'a> = Box<dyn FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send + 'a>;

/// Finds transitions in frames pushed one after the other.
pub(crate) struct ShotFinder<'a> {
    ask: Ask<'a>,
    frames: VecDeque<Signal>,
    /// Number of the first frame in `frames`.
    first: u64,
    /// Number of frames pushed.
    pushed: u64,
    /// The next frame to decide.
    next: u64,
    /// Network answers by frame number, for the frames of `answered`.
    answers: VecDeque<(u64, ShotProbabilities)>,
    blend_run: Option<SpanRun>,
    wipe_run: Option<SpanRun>,
    doubt: ShotThresholds,
    /// Found, but what follows may still belong to it.
    pending: Option<Transition>,
    /// Decided for good, not yet taken.
    ready: Vec<Transition>,
    /// The first frame that is not dark.
    first_lit: Option<u64>,
    /// The last frame that is not dark, of those decided.
    last_lit: Option<u64>,
}

/// Frames in a row that look like the inside of a span.
#[derive(Debug, Clone, Copy)]
struct SpanRun {
    first: u64,
    last: u64,
    /// Frames that showed it.
    hits: u64,
    /// The farthest frames it was told from.
    from: u64,
    to: u64,
    best: BlendFit,
    /// Where `best` was, and its half length.
    at: u64,
    half: u64,
}

impl<'a> ShotFinder<'a> {
    pub fn new(ask: impl FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send + 'a) -> Self {
        Self::with_doubt(ShotThresholds::default(), ask)
    }

    pub fn with_doubt(
        doubt: ShotThresholds,
        ask: impl FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send + 'a,
    ) -> Self {
        Self {
            ask: Box::new(ask),
            doubt,
            frames: VecDeque::new(),
            first: 0,
            pushed: 0,
            next: 0,
            answers: VecDeque::new(),
            blend_run: None,
            wipe_run: None,
            pending: None,
            ready: Vec::new(),
            first_lit: None,
            last_lit: None,
        }
    }

    /// Takes the next frame (48×27).
    pub fn push(&mut self, frame: Rgb8) -> Result<()> {
        let Some(signal) = Signal::new(frame, self.frames.back()) else {
            return Ok(());
        };
        self.frames.push_back(signal);
        self.pushed += 1;
        while self.next + LOOK < self.pushed {
            self.decide(self.next)?;
            self.next += 1;
        }
        while self.next.saturating_sub(self.first) > KEEP {
            self.frames.pop_front();
            self.first += 1;
        }
        Ok(())
    }

    /// Decides what is left.
    pub fn finish(&mut self) -> Result<()> {
        while self.next < self.pushed {
            self.decide(self.next)?;
            self.next += 1;
        }
        self.close_runs(u64::MAX)?;
        if let Some(last) = self.pending.take() {
            let into_black =
                is_span(last.kind) && self.last_lit.is_none_or(|lit| lit < last.end_frame);
            if !into_black {
                self.pass(last);
            }
        }
        Ok(())
    }

    /// Transitions that are certain, in order.
    pub fn take(&mut self) -> Vec<Transition> {
        std::mem::take(&mut self.ready)
    }

    /// No transition still to come starts before this frame.
    pub fn settled(&self) -> u64 {
        let open = [
            self.pending.as_ref().map(|pending| pending.start_frame),
            self.blend_run.map(|run| run.from),
            self.wipe_run.map(|run| run.from),
        ];
        open.into_iter()
            .flatten()
            .fold(self.next.saturating_sub(LOOK), u64::min)
    }

    /// Frame `number`, or the nearest of those that are kept. There is one once a frame was pushed.
    pub fn small_frame(&self, number: u64) -> &Rgb8 {
        &self.frame(number).frame
    }

    /// Frame `number`, or the nearest there is.
    fn frame(&self, number: u64) -> &Signal {
        nearest(&self.frames, self.first, number)
    }

    fn has(&self, number: u64) -> bool {
        number >= self.first && number < self.pushed
    }

    fn decide(&mut self, t: u64) -> Result<()> {
        if !self.frame(t).is_dark() {
            self.first_lit.get_or_insert(t);
            self.last_lit = Some(t);
        }
        self.look_for_blend(t);
        self.look_for_wipe(t);
        self.close_runs(t)?;
        if t > 0
            && let Some(transition) = self.look_for_step(t)?
        {
            self.report(transition);
        }
        self.release(t);
        Ok(())
    }

    // Steps.

    fn look_for_step(&mut self, t: u64) -> Result<Option<Transition>> {
        let by_change = self.is_peak(t, SMALLEST_STEP, |frame| frame.change);
        if !by_change && !self.is_peak(t, SMALLEST_JUMP, |frame| frame.local) {
            return Ok(None);
        }
        let last = self.pushed - 1;
        let before = |n: u64| self.frame(t.saturating_sub(n));
        let after = |n: u64| self.frame((t + n).min(last));
        let change = self.frame(t).change;

        // A flash: soon after (or, at its end, soon before) the picture is what it was.
        let returns = [3, 6, RETURN].into_iter().any(|n| {
            before(1).difference(after(n)) < 0.4 * change
                || before(n).difference(after(0)) < 0.4 * change
        });
        let jump = self.jump(t);
        if !by_change || returns {
            return Ok(jump.map(|over| step(TransitionKind::JumpCut, t, jump_score(over))));
        }
        let mut across = f32::INFINITY;
        for b in 1..=3 {
            for a in 0..=2 {
                across = across.min(before(b).difference(after(a)));
            }
        }
        let within = [(1, 2), (2, 3)]
            .map(|(near, far)| before(near).difference(before(far)))
            .into_iter()
            .chain([(0, 1), (1, 2)].map(|(near, far)| after(near).difference(after(far))))
            .fold(0.0, f32::max);
        let likeness = self.likeness_across(t);
        if likeness >= self.doubt.same_scene {
            if let Some(over) = jump {
                return Ok(Some(step(TransitionKind::JumpCut, t, jump_score(over))));
            }
            // A change of light that stays is no cut, but a new background behind the same title is.
            let new_ground = across > 20.0 && across > 8.0 * within;
            return if new_ground {
                self.ask_about_step(TransitionKind::JumpCut, t)
            } else {
                Ok(None)
            };
        }
        // Another view. Of the same take, when the picture jumps and its colors stay.
        let one_take = jump.is_some() && before(1).palette_likeness(after(0)) >= SAME_PALETTE;
        let kind = if one_take {
            TransitionKind::JumpCut
        } else {
            TransitionKind::Cut
        };
        if likeness < self.doubt.other_scene
            && across > self.doubt.clear_cut * within
            && across > 8.0
        {
            let score = 0.9 + 0.1 * (1.0 - within / across).max(0.0);
            return Ok(Some(step(kind, t, score)));
        }
        match jump {
            Some(over) if one_take => Ok(Some(step(kind, t, jump_score(over)))),
            _ => self.ask_about_step(kind, t),
        }
    }

    /// True where `what` is at least `least`, not less than at its neighbors and stands over the median around it.
    fn is_peak(&self, t: u64, least: f32, what: impl Fn(&Signal) -> f32) -> bool {
        let at = |n: u64| {
            if self.has(n) && n > 0 {
                what(self.frame(n))
            } else {
                0.0
            }
        };
        let here = at(t);
        if here < least || here < at(t + 1) || here <= at(t - 1) {
            return false;
        }
        let mut around: Vec<f32> = (t.saturating_sub(6)..=t + 6)
            .filter(|&n| self.has(n) && n > 0 && n.abs_diff(t) > 1)
            .map(at)
            .collect();
        around.sort_by(f32::total_cmp);
        let median = around.get(around.len() / 2).copied().unwrap_or(0.0);
        here >= STEP_OVER_MOTION * median
    }

    /// The best likeness of frames just before `t` and from it on, as far as it matters.
    fn likeness_across(&self, t: u64) -> f32 {
        let last = self.pushed.saturating_sub(1);
        let pairs = [
            (1, 0),
            (1, 2),
            (1, 5),
            (1, RETURN - 1),
            (3, 5),
            (4, 0),
            (7, 0),
            (RETURN, 0),
            (6, 2),
        ];
        let mut likeness = -1.0_f32;
        for (b, a) in pairs {
            let (before, after) = (
                self.frame(t.saturating_sub(b)),
                self.frame((t + a).min(last)),
            );
            likeness = likeness.max(before.likeness(after));
            if likeness >= self.doubt.same_scene {
                break;
            }
        }
        likeness
    }

    /// How far the step into `t` stands over motion, where it is a jump.
    fn jump(&self, t: u64) -> Option<f32> {
        let from = t.saturating_sub(JUMP_REACH).max(self.first);
        let window: Vec<&Signal> = (from..=t + JUMP_REACH)
            .filter(|&n| self.has(n))
            .map(|n| self.frame(n))
            .collect();
        jump(&window, (t - from) as usize)
    }

    fn ask_about_step(&mut self, kind: TransitionKind, t: u64) -> Result<Option<Transition>> {
        let mut best = 0.0_f32;
        for n in t.saturating_sub(2)..=t {
            best = best.max(self.answer(n)?.last);
        }
        Ok((best >= NETWORK_STEP).then(|| step(kind, t, best)))
    }

    /// The network's answer for frame `n`, of a window in whose middle half it lies.
    fn answer(&mut self, n: u64) -> Result<ShotProbabilities> {
        if let Some(&(_, found)) = self.answers.iter().find(|(number, _)| *number == n) {
            return Ok(found);
        }
        let window = SHOT_WINDOW as u64;
        let quarter = window / 4;
        // `n` at the end of the first quarter of the middle half: what is asked next is mostly later.
        let start = n as i64 - quarter as i64 - 8;
        let last = self.pushed.saturating_sub(1) as i64;
        let (kept, first) = (&self.frames, self.first);
        let frames: Vec<&Rgb8> = (0..window as i64)
            .map(|offset| {
                let number = (start + offset).clamp(0, last.max(0)) as u64;
                &nearest(kept, first, number).frame
            })
            .collect();
        let answers = (self.ask)(&frames)?;
        for (offset, &answer) in answers.iter().enumerate() {
            let number = start + offset as i64;
            let in_middle = (quarter..window - quarter).contains(&(offset as u64));
            if in_middle
                && number >= 0
                && !self
                    .answers
                    .iter()
                    .any(|(known, _)| *known == number as u64)
            {
                self.answers.push_back((number as u64, answer));
            }
        }
        while self.answers.len() > 4 * SHOT_WINDOW {
            self.answers.pop_front();
        }
        Ok(self
            .answers
            .iter()
            .find(|(number, _)| *number == n)
            .map_or(ShotProbabilities::default(), |&(_, found)| found))
    }

    // Spans.

    fn look_for_blend(&mut self, t: u64) {
        let mut best: Option<(BlendFit, u64)> = None;
        for half in HALVES {
            if t < half || !self.has(t - half) || !self.has(t + half) {
                break;
            }
            let (before, after) = (self.frame(t - half), self.frame(t + half));
            let found = between(before, self.frame(t), after);
            if found.apart < SPAN_APART
                || found.blend > self.doubt.doubtful_blend
                || found.wide < SPAN_WIDE
            {
                continue;
            }
            let steepest = self.steepest(t - half, t + half);
            if steepest > SPAN_STEP * found.apart
                || (before.correlation_in_place(after) > SPAN_LIKENESS
                    && !before.is_faded_against(after))
            {
                continue;
            }
            if best.is_none_or(|(old, _)| found.blend < old.blend) {
                best = Some((found, half));
            }
        }
        if let Some((found, half)) = best {
            extend(&mut self.blend_run, t, half, found);
        }
    }

    fn look_for_wipe(&mut self, t: u64) {
        for half in WIPE_HALVES {
            if t < half || !self.has(t - half) || !self.has(t + half) {
                break;
            }
            let (before, after) = (self.frame(t - half), self.frame(t + half));
            let found = between(before, self.frame(t), after);
            if found.apart < SPAN_APART
                || found.wide < SPAN_WIDE
                || self.steepest(t - half, t + half) > SPAN_STEP * found.apart
                || before.is_flat()
                || after.is_flat()
                || before.correlation_in_place(after) > SPAN_LIKENESS
            {
                continue;
            }
            if is_wipe(before, self.frame(t), after) {
                extend(
                    &mut self.wipe_run,
                    t,
                    half,
                    BlendFit {
                        blend: 0.0,
                        ..found
                    },
                );
                return;
            }
        }
    }

    /// The largest difference between neighbors from frame `from` to frame `to`.
    fn steepest(&self, from: u64, to: u64) -> f32 {
        (from + 1..=to)
            .map(|n| self.frame(n).change)
            .fold(0.0, f32::max)
    }

    /// Ends the runs that have no hit near `t` and reports what they were.
    fn close_runs(&mut self, t: u64) -> Result<()> {
        if let Some(run) = self.wipe_run
            && run.last.saturating_add(2) < t
        {
            self.wipe_run = None;
            if run.hits >= WIPE_RUN {
                let (start, end) = (run.first.saturating_sub(1).max(run.from), run.last + 2);
                if !self.is_overlay(start, end) {
                    self.report(span(TransitionKind::Wipe, start, end, 0.8));
                }
            }
        }
        if let Some(run) = self.blend_run
            && run.last.saturating_add(2) < t
        {
            self.blend_run = None;
            let score = if run.best.blend <= self.doubt.clear_blend {
                1.0 - run.best.blend
            } else if run.hits < DOUBTFUL_RUN {
                0.0
            } else {
                let mut inside = 0.0_f32;
                for n in run.first..=run.last {
                    inside = inside.max(self.answer(n)?.inside);
                }
                inside
            };
            if score >= NETWORK_SPAN {
                let (start, end) = self.bounds(&run);
                let kind = self.kind_of_span(start, end);
                if kind != TransitionKind::Dissolve || !self.is_overlay(start, end) {
                    self.report(span(kind, start, end, score));
                }
            }
        }
        Ok(())
    }

    /// First and one past the last frame that belong to neither side.
    fn bounds(&self, run: &SpanRun) -> (u64, u64) {
        let mut from = run.at.saturating_sub(run.half).max(self.first);
        let mut to = (run.at + run.half).min(self.pushed.saturating_sub(1));
        // Seen from within the span: go on while the picture goes on the same way.
        let (inner_from, inner_to) = (self.frame(from), self.frame(to));
        let along = |n: u64| progress(inner_from, self.frame(n), inner_to);
        while self.has(to + 1) && to < run.at + LONGEST_SIDE && along(to + 1) > along(to) + 0.01 {
            to += 1;
        }
        while from > self.first
            && from + LONGEST_SIDE > run.at
            && along(from - 1) < along(from) - 0.01
        {
            from -= 1;
        }
        let (before, after) = (self.frame(from), self.frame(to));
        let gone = |n: u64| progress(before, self.frame(n), after);
        let mut start = run.at;
        while start > from && gone(start - 1) > 0.06 {
            start -= 1;
        }
        let mut end = run.at + 1;
        while end < to && gone(end) < 0.94 {
            end += 1;
        }
        (start, end)
    }

    /// True for what fades in over a scene (a title) and leaves the scene what it was.
    fn is_overlay(&self, start: u64, end: u64) -> bool {
        let (before, after) = (self.frame(start.saturating_sub(1)), self.frame(end));
        !before.is_faded_against(after) && before.likeness(after) >= SAME_SCENE
    }

    fn kind_of_span(&self, start: u64, end: u64) -> TransitionKind {
        let (before, after) = (self.frame(start.saturating_sub(1)), self.frame(end));
        let plain = before.deviation.min(after.deviation);
        let flattest = (start.saturating_sub(1)..=end)
            .map(|n| self.frame(n))
            .min_by(|a, b| a.deviation.total_cmp(&b.deviation));
        match flattest {
            Some(flat) if flat.is_flat() || flat.deviation < 0.4 * plain => {
                let darkest = before.mean.min(after.mean);
                let lightest = before.mean.max(after.mean);
                if flat.mean < 48.0 || flat.mean < 0.6 * darkest {
                    TransitionKind::FadeBlack
                } else if flat.mean > 200.0 || flat.mean > lightest + 25.0 {
                    TransitionKind::FadeWhite
                } else {
                    TransitionKind::Dissolve
                }
            }
            _ => TransitionKind::Dissolve,
        }
    }

    // One report a transition.

    fn report(&mut self, next: Transition) {
        let Some(last) = self.pending.take() else {
            self.pending = Some(next);
            return;
        };
        if let Some(joined) = self.join(&last, &next) {
            self.pending = Some(joined);
        } else {
            let (earlier, later) = if next.start_frame < last.start_frame {
                (next, last)
            } else {
                (last, next)
            };
            self.pass(earlier);
            self.pending = Some(later);
        }
    }

    /// One transition made of both, if that is what they are.
    fn join(&self, last: &Transition, next: &Transition) -> Option<Transition> {
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
            && gap_start > self.first
            && (gap_start..gap_end).all(|n| self.frame(n).is_blank());
        let spans = is_span(last.kind) && is_span(next.kind);
        let plain = self
            .frame(start.saturating_sub(1))
            .deviation
            .min(self.frame(end).deviation);
        let dips = gap <= SPAN_GAP
            && (gap_start.saturating_sub(1)..=gap_end)
                .any(|n| self.frame(n).deviation < 0.5 * plain);
        if spans && (touches || rests || dips) {
            let kind = match self.kind_of_span(start, end) {
                TransitionKind::Dissolve if last.kind == next.kind => last.kind,
                TransitionKind::Dissolve if last.kind == TransitionKind::Wipe => next.kind,
                kind => kind,
            };
            return Some(span(kind, start, end, last.score.max(next.score) as f32));
        }
        if (is_span(last.kind) || is_span(next.kind)) && touches {
            let kind = if is_span(last.kind) {
                last.kind
            } else {
                next.kind
            };
            return Some(span(kind, start, end, last.score.max(next.score) as f32));
        }
        if rests {
            let kind = self.kind_of_span(start, end);
            return Some(span(kind, start, end, last.score.min(next.score) as f32));
        }
        if !spans && touches {
            // Two steps within three frames: the stronger is the cut.
            return Some(if last.score >= next.score {
                last.clone()
            } else {
                next.clone()
            });
        }
        None
    }

    /// Passes the pending transition on when nothing that follows can belong to it.
    fn release(&mut self, t: u64) {
        let Some(pending) = &self.pending else { return };
        let end = pending.end_frame;
        let run_open = [&self.blend_run, &self.wipe_run]
            .into_iter()
            .flatten()
            .any(|run| run.from <= end + SPAN_GAP || self.rests_between(end, run.from));
        if run_open || t < end + SPAN_GAP + 2 {
            return;
        }
        // A rest in one tone may be the middle of a fade, or the end of the film.
        if self.rests_between(end, t) && t < end + LONGEST_HOLD {
            return;
        }
        if is_span(pending.kind) && self.last_lit.is_none_or(|lit| lit < end) {
            return;
        }
        if let Some(done) = self.pending.take() {
            self.pass(done);
        }
    }

    fn rests_between(&self, from: u64, to: u64) -> bool {
        from >= self.first && from < to && (from..to).all(|n| self.frame(n).is_blank())
    }

    /// True for a dip of the light that comes back to the scene it left without ever having been blank.
    fn is_one_scene(&self, fade: &Transition) -> bool {
        let (before, after) = (
            self.frame(fade.start_frame.saturating_sub(1)),
            self.frame(fade.end_frame),
        );
        let reaches_blank = (fade.start_frame..fade.end_frame).any(|n| self.frame(n).is_blank());
        !reaches_blank
            && !before.is_flat()
            && !after.is_flat()
            && before.likeness(after) >= SAME_SCENE
    }

    fn pass(&mut self, transition: Transition) {
        let out_of_black = is_span(transition.kind)
            && self
                .first_lit
                .is_none_or(|lit| lit >= transition.start_frame);
        // Light that goes and comes back, or comes up and stays, over one scene.
        let one_scene = matches!(
            transition.kind,
            TransitionKind::FadeBlack | TransitionKind::FadeWhite
        ) && self.is_one_scene(&transition);
        if !out_of_black && !one_scene {
            self.ready.push(transition);
        }
    }
}

fn nearest(frames: &VecDeque<Signal>, first: u64, number: u64) -> &Signal {
    let last = frames.len().saturating_sub(1) as u64;
    &frames[number.saturating_sub(first).min(last) as usize]
}

fn extend(run: &mut Option<SpanRun>, t: u64, half: u64, found: BlendFit) {
    let (from, to) = (t - half, t + half);
    match run {
        Some(run) => {
            run.last = t;
            run.hits += 1;
            run.from = run.from.min(from);
            run.to = run.to.max(to);
            if found.blend < run.best.blend {
                run.best = found;
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
                to,
                best: found,
                at: t,
                half,
            });
        }
    }
}

/// True for kinds that last.
pub(crate) fn is_span(kind: TransitionKind) -> bool {
    !matches!(kind, TransitionKind::Cut | TransitionKind::JumpCut)
}

/// From 0.6 for what is just a jump.
fn jump_score(over: f32) -> f32 {
    0.6 + 0.4 * (1.0 - 1.0 / over.max(1.0))
}

fn step(kind: TransitionKind, t: u64, score: f32) -> Transition {
    Transition {
        kind,
        start_frame: t,
        end_frame: t + 1,
        score: rounded(f64::from(score.clamp(0.0, 1.0))),
    }
}

fn span(kind: TransitionKind, start: u64, end: u64, score: f32) -> Transition {
    Transition {
        kind,
        start_frame: start,
        end_frame: end.max(start + 1),
        score: rounded(f64::from(score.clamp(0.0, 1.0))),
    }
}

#[cfg(test)]
#[path = "shots_tests.rs"]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
