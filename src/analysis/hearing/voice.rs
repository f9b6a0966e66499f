//! The 16 kHz listener: speech, singing and music, and tags where there is music.

use super::tags::TagCollector;
use super::windows::{Window, Windows};
use crate::error::Result;
use crate::media::Resampler;
use crate::models::{Models, SoundEventFrame};
use crate::task::Task;

/// Samples a second.
pub(super) const RATE: usize = 16_000;
/// Samples from one event frame to the next.
const HOP: usize = RATE / 100;
/// Seconds that the network hears at a time, and around them: it looks both ways.
const CORE: usize = 60;
const AROUND: usize = 5;

/// Collects event frames and tags.
pub(super) struct Voice<'a> {
    models: &'a Models,
    task: Task,
    resampler: Resampler,
    windows: Windows,
    /// Speech, singing and music, 100 times a second.
    pub events: Vec<SoundEventFrame>,
    /// What kind of music it is.
    pub tags: TagCollector,
}

impl<'a> Voice<'a> {
    pub fn new(models: &'a Models, rate: u32, task: Task) -> Result<Self> {
        Ok(Self {
            models,
            task,
            resampler: Resampler::new(rate, RATE as u32, 1)?,
            windows: Windows::new(CORE * RATE, AROUND * RATE, AROUND * RATE),
            events: Vec::new(),
            tags: TagCollector::default(),
        })
    }

    /// Takes mono samples at the file's rate.
    pub fn push(&mut self, mono: &[f32]) -> Result<()> {
        self.resampler.push(mono, self.windows.buffer())?;
        while let Some(window) = self.windows.ready() {
            hear(
                self.models,
                &self.task,
                &window,
                &mut self.events,
                &mut self.tags,
            )?;
        }
        Ok(())
    }

    /// Takes the end of the stream.
    pub fn finish(&mut self) -> Result<()> {
        self.resampler.finish(self.windows.buffer())?;
        while let Some(window) = self.windows.rest() {
            hear(
                self.models,
                &self.task,
                &window,
                &mut self.events,
                &mut self.tags,
            )?;
        }
        Ok(())
    }
}

fn hear(
    models: &Models,
    task: &Task,
    window: &Window<'_>,
    events: &mut Vec<SoundEventFrame>,
    tags: &mut TagCollector,
) -> Result<()> {
    task.check()?;
    let frames = models.sound_events(window.samples)?;
    let first = (window.core.start / HOP).min(frames.len());
    let last = window.core.end.div_ceil(HOP).clamp(first, frames.len());
    events.extend_from_slice(&frames[first..last]);
    tags.collect(
        models,
        task,
        &window.samples[window.core.clone()],
        window.start,
        &frames[first..last],
    )
}
