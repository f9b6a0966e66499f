//! The 16 kHz listener: speech, singing and music, tags where there is music, words where there is speech.

use super::overlapping_windows::{ContextWindow, OverlappingWindows};
use super::tags::TagCollector;
use super::transcript::Transcriber;
use crate::analysis::{AnalysisContext, Language, NoTranscript, Part, Transcript};
use crate::error::Result;
use crate::media::Resampler;
use crate::models::{Models, SoundEventFrame};
use crate::task::Task;

/// Samples a second.
pub(super) const RATE: usize = 16_000;
/// Samples from one event frame to the next.
const HOP: usize = RATE / 100;
/// Seconds that the network hears at a time (whole patches of the tags), and around them: it looks 1.6 s both ways, and a rest
/// that is left at the end is a whole patch.
const CORE: usize = 42;
const AROUND: usize = 3;

/// Collects event frames, tags and words.
pub(super) struct Stream16kHz<'a> {
    resampler: Resampler,
    windows: OverlappingWindows,
    ear: EventDetector<'a>,
}

/// What is done with each window.
struct EventDetector<'a> {
    models: &'a Models,
    task: Task,
    events: Vec<SoundEventFrame>,
    /// `None` where they are not asked for.
    tags: Option<TagCollector>,
    /// `None` where words are not asked for, the language is one that is not
    /// transcribed, or captions say what is said.
    transcriber: Option<Transcriber>,
    /// `None` where words are not asked for.
    language: Option<Language>,
}

impl<'a> Stream16kHz<'a> {
    pub fn new(context: &AnalysisContext<'a>, rate: u32) -> Result<Self> {
        let wants = |part| context.scope.wants(part);
        Ok(Self {
            resampler: Resampler::new(rate, RATE as u32, 1)?,
            windows: OverlappingWindows::new(CORE * RATE, AROUND * RATE, AROUND * RATE),
            ear: EventDetector {
                models: context.models,
                task: context.task.clone(),
                events: Vec::new(),
                tags: wants(Part::Music).then(TagCollector::default),
                transcriber: (wants(Part::Transcript)
                    && context.language.is_transcribed()
                    && context.captions.is_none())
                .then(Transcriber::new),
                language: wants(Part::Transcript).then(|| context.language.clone()),
            },
        })
    }

    /// Takes mono samples at the file's rate.
    pub fn push(&mut self, mono: &[f32]) -> Result<()> {
        self.resampler.push(mono, self.windows.buffer())?;
        while let Some(window) = self.windows.ready() {
            self.ear.hear(&window)?;
        }
        Ok(())
    }

    /// Takes the end of the stream. Gives what was said, or why it is not told.
    pub fn finish(&mut self) -> Result<Option<Result<Transcript, NoTranscript>>> {
        self.resampler.finish(self.windows.buffer())?;
        while let Some(window) = self.windows.rest() {
            self.ear.hear(&window)?;
        }
        self.ear.said()
    }

    /// Speech, singing and music, 100 times a second.
    pub fn events(&self) -> &[SoundEventFrame] {
        &self.ear.events
    }

    /// What kind of music it is.
    pub fn tags(&self) -> Option<&TagCollector> {
        self.ear.tags.as_ref()
    }
}

impl EventDetector<'_> {
    fn hear(&mut self, window: &ContextWindow<'_>) -> Result<()> {
        self.task.check()?;
        let frames = self.models.sound_events(window.samples)?;
        let first = (window.core.start / HOP).min(frames.len());
        let last = window.core.end.div_ceil(HOP).clamp(first, frames.len());
        let (samples, events) = (&window.samples[window.core.clone()], &frames[first..last]);
        self.events.extend_from_slice(events);
        if let Some(transcriber) = &mut self.transcriber {
            transcriber.push(self.models, &self.task, samples, events)?;
        }
        match &mut self.tags {
            Some(tags) => tags.collect(self.models, &self.task, samples, window.start, events),
            None => Ok(()),
        }
    }

    fn said(&mut self) -> Result<Option<Result<Transcript, NoTranscript>>> {
        match &mut self.transcriber {
            Some(transcriber) => transcriber.finish(self.models, &self.task),
            None => Ok(self
                .language
                .as_ref()
                .map(|language| Err(language.no_transcript()))),
        }
    }
}
