//! The settings and tools that the analysis of one file needs.

use std::sync::Arc;

use crate::analysis::beat_override::BeatOverride;
use crate::analysis::scope::Scope;
use crate::analysis::{NoTranscript, Transcript};
use crate::media::Limits;
use crate::models::Models;
use crate::task::Task;

/// Settings and tools of an analysis.
#[derive(Clone)]
pub struct AnalysisContext<'a> {
    /// The networks.
    pub models: &'a Models,
    /// Limits on the input.
    pub limits: Limits,
    /// Progress and cancellation.
    pub task: Task,
    /// Decoder threads; 0 = as many as there are cores.
    pub threads: usize,
    /// Language of the speech.
    pub language: Language,
    /// Which parts to analyze, and how thoroughly.
    pub scope: Scope,
    /// Captions from a file, used instead of recognizing speech.
    pub captions: Option<Arc<Transcript>>,
    /// Corrections of the beats by a person.
    pub beats: BeatOverride,
}

/// The language of speech, ISO 639-1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(pub String);

impl Default for Language {
    fn default() -> Self {
        Self("en".into())
    }
}

impl Language {
    /// True if there is a network for this language.
    pub(super) fn is_transcribed(&self) -> bool {
        self.0 == "en"
    }

    pub(super) fn no_transcript(&self) -> NoTranscript {
        NoTranscript {
            code: "language".into(),
            text: format!("Only English (en) is transcribed, not {}.", self.0),
        }
    }
}

impl AnalysisContext<'_> {
    /// The same context for a part of the work, whose progress is mapped to the shares `from` to `to`.
    pub(super) fn part(&self, from: f64, to: f64) -> Self {
        let whole = self.task.clone();
        let task = self
            .task
            .reporting(move |share| whole.progress(from + (to - from) * share));
        Self {
            task,
            ..self.clone()
        }
    }
}
