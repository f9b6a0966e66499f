//! Asks TransNetV2 about the frames that the cheap signal cannot decide.

use std::collections::VecDeque;

use super::frame_window::FrameWindow;
use crate::error::Result;
use crate::models::{SHOT_WINDOW, ShotProbabilities};
use crate::picture::Rgb8;

const WINDOW: u64 = SHOT_WINDOW as u64;
/// Only the middle half of a window is used: near its ends the network sees too little context on one side.
const QUARTER: u64 = WINDOW / 4;
/// The frame in question is this far into the middle half, because the next question usually concerns a later frame.
const INTO_MIDDLE: u64 = 8;
/// Most answers kept, in frames.
const KEPT_ANSWERS: usize = 4 * SHOT_WINDOW;

/// Runs the network on one window.
type RunNetwork<'a> = Box<dyn FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send + 'a>;

/// Asks the network about frames and caches its answers.
pub(super) struct ShotNetwork<'a> {
    run: RunNetwork<'a>,
    /// By frame number, oldest first.
    answers: VecDeque<(u64, ShotProbabilities)>,
}

impl<'a> ShotNetwork<'a> {
    pub fn new(run: impl FnMut(&[&Rgb8]) -> Result<Vec<ShotProbabilities>> + Send + 'a) -> Self {
        Self {
            run: Box::new(run),
            answers: VecDeque::new(),
        }
    }

    /// The network's answer for frame `n`, from a window in whose middle half it lies.
    pub fn answer(&mut self, frames: &FrameWindow, n: u64) -> Result<ShotProbabilities> {
        if let Some(known) = self.known(n) {
            return Ok(known);
        }
        let start = n as i64 - QUARTER as i64 - INTO_MIDDLE as i64;
        let last = frames.last() as i64;
        let window: Vec<&Rgb8> = (0..WINDOW as i64)
            .map(|offset| &frames.at((start + offset).clamp(0, last) as u64).frame)
            .collect();
        let answers = (self.run)(&window)?;
        for (offset, &answer) in answers.iter().enumerate() {
            let in_middle = (QUARTER..WINDOW - QUARTER).contains(&(offset as u64));
            let Ok(number) = u64::try_from(start + offset as i64) else {
                continue;
            };
            if in_middle && self.known(number).is_none() {
                self.answers.push_back((number, answer));
            }
        }
        while self.answers.len() > KEPT_ANSWERS {
            self.answers.pop_front();
        }
        Ok(self.known(n).unwrap_or_default())
    }

    fn known(&self, n: u64) -> Option<ShotProbabilities> {
        let found = self.answers.iter().find(|(number, _)| *number == n);
        found.map(|&(_, answer)| answer)
    }
}
