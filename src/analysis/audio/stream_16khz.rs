//! The 16 kHz stream: probabilities of speech, singing and music; tags where there is music, words where there is
//! speech.

use super::overlapping_windows::{ContextWindow, OverlappingWindows};
use super::tags::{TagCollector, TaggedPart};
use super::transcript::Transcriber;
use crate::analysis::{AnalysisContext, Language, NoTranscript, Part, Transcript};
use crate::error::Result;
use crate::media::Resampler;
use crate::models::{EVENT_RATE, Models, SoundEventFrame, VOICE_RATE};
use crate::task::Task;

const RATE: usize = VOICE_RATE as usize;
/// Samples from one event frame to the next.
const HOP: usize = RATE / EVENT_RATE as usize;
/// Seconds that the networks process at a time: a multiple of the tags' patches of three seconds …
const CORE: usize = 42;
/// … and seconds of context on either side: the sound-event network looks 1.6 s both ways, and the last window must
/// hold a whole patch.
const AROUND: usize = 3;

/// Collects event frames, tags and words.
pub(super) struct Stream16kHz<'a> {
    resampler: Resampler,
    windows: OverlappingWindows,
    detector: EventDetector<'a>,
}

/// Runs the networks on each window.
struct EventDetector<'a> {
    models: &'a Models,
    task: Task,
    events: Vec<SoundEventFrame>,
    /// `None` where they are not asked for.
    tags: Option<TagCollector>,
    /// `None` where words are not asked for, the language is not one that is transcribed, or captions are given.
    transcriber: Option<Transcriber>,
    /// `None` where words are not asked for.
    language: Option<Language>,
}

impl<'a> Stream16kHz<'a> {
    pub fn new(context: &AnalysisContext<'a>, rate: u32) -> Result<Self> {
        let wants = |part| context.scope.wants(part);
        Ok(Self {
            resampler: Resampler::new(rate, VOICE_RATE, 1)?,
            windows: OverlappingWindows::new(CORE * RATE, AROUND * RATE, AROUND * RATE),
            detector: EventDetector {
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
            self.detector.detect(&window)?;
        }
        Ok(())
    }

    /// Ends the stream. Returns the transcript, or why there is none.
    pub fn finish(&mut self) -> Result<Option<Result<Transcript, NoTranscript>>> {
        self.resampler.finish(self.windows.buffer())?;
        while let Some(window) = self.windows.rest() {
            self.detector.detect(&window)?;
        }
        self.detector.finish()
    }

    /// Probabilities of speech, singing and music, 100 times a second.
    pub fn events(&self) -> &[SoundEventFrame] {
        &self.detector.events
    }

    /// The tags so far; `None` where they are not asked for.
    pub fn tags(&self) -> Option<&TagCollector> {
        self.detector.tags.as_ref()
    }
}

impl EventDetector<'_> {
    fn detect(&mut self, window: &ContextWindow<'_>) -> Result<()> {
        self.task.check()?;
        let frames = self.models.sound_events(window.samples)?;
        let first = (window.core.start / HOP).min(frames.len());
        let last = window.core.end.div_ceil(HOP).clamp(first, frames.len());
        let (samples, events) = (&window.samples[window.core.clone()], &frames[first..last]);
        self.events.extend_from_slice(events);
        if let Some(transcriber) = &mut self.transcriber {
            transcriber.push(self.models, &self.task, samples, events)?;
        }
        if let Some(tags) = &mut self.tags {
            let part = TaggedPart {
                samples,
                start: window.start,
                events,
            };
            tags.collect(self.models, &self.task, &part)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Option<Result<Transcript, NoTranscript>>> {
        match &mut self.transcriber {
            Some(transcriber) => transcriber.finish(self.models, &self.task),
            None => Ok(self
                .language
                .as_ref()
                .map(|language| Err(language.no_transcript()))),
        }
    }
}
