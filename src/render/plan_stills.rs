//! Single frames of a plan, as its film will show them.

use std::path::Path;

use crate::compositor::FinishedFrame;
use crate::edit::{Plan, Timeline};
use crate::error::Result;
use crate::media::{KnownFields, Limits};
use crate::models::Models;
use crate::picture::Rgb8;
use crate::render::film_frames::FilmFrames;
use crate::render::plan_looks::PlanLooks;
use crate::render::sound_levels::SoundLevels;
use crate::task::Task;

/// Draws single frames of plans, without looks; waveforms are those of an example.
#[derive(Clone, Copy)]
pub struct PlanStills<'a> {
    /// Relative paths of sources start here.
    pub folder: &'a Path,
    /// Limits on each source.
    pub limits: &'a Limits,
    /// Networks, for effects that look for people.
    pub models: Option<&'a Models>,
    /// Cancels the work.
    pub task: &'a Task,
}

impl PlanStills<'_> {
    /// The frames of `plan` with these numbers, in ascending order. Frames between them are decoded and drawn too, so
    /// they should be near each other.
    pub fn of(&self, plan: &Plan, numbers: &[u64]) -> Result<Vec<Rgb8>> {
        let timeline = Timeline::new(plan)?;
        let frames = FilmFrames {
            timeline: &timeline,
            looks: &PlanLooks::none(&timeline),
            levels: Some(&SoundLevels::example()),
            folder: self.folder,
            models: self.models,
            limits: *self.limits,
            known: &KnownFields::default(),
            decoder_threads: 0,
            drawing_threads: None,
            finds_people: true,
            size: timeline.size,
        };
        let mut stills = Vec::with_capacity(numbers.len());
        let first = numbers.iter().copied().min().unwrap_or(0);
        let end = numbers.iter().map(|number| number + 1).max().unwrap_or(0);
        let mut number = first;
        frames.each(first..end.min(timeline.frames), self.task, |frame| {
            if let (true, FinishedFrame::Rgb(frame)) = (numbers.contains(&number), frame) {
                stills.push(frame.clone());
            }
            number += 1;
            Ok(())
        })?;
        Ok(stills)
    }
}
