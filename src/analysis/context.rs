//! What the analysis of one file works with.

use std::sync::Arc;

use crate::analysis::beat_override::BeatOverride;
use crate::analysis::scope::Scope;
use crate::analysis::{NoTranscript, Transcript};
use crate::media::Limits;
use crate::models::Models;
use crate::task::Task;

/// What analysis works with.
#[derive(Clone)]
pub struct AnalysisContext<'a> {
    /// The networks.
    pub models: &'a Models,
    /// The limits.
    pub limits: Limits,
    /// Progress and cancel.
    pub task: Task,
    /// Decoder threads; 0 = as many as there are cores.
    pub threads: usize,
    /// What is spoken.
    pub language: Language,
    /// What is asked.
    pub scope: Scope,
    /// What is said, if somebody wrote it down: used instead of a transcript.
    pub captions: Option<Arc<Transcript>>,
    /// What a person decided about its beats.
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
    /// There is a network for it.
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
    /// The same, with the progress of a part of the work laid between the shares `from` and `to`.
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
