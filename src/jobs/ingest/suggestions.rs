//! Looks and effects that would suit a file that arrives.

use super::preset::IngestPreset;
use crate::analysis::Analysis;
use crate::error::Result;
use crate::jobs::{SuggestJob, Workshop, suggest_for_analyses};
use crate::store::Overwrite;
use crate::suggest::Suggestions;
use crate::task::Task;

/// The best ones, as many as the preset asks for; `None` where it asks for none.
pub(super) fn suggested(
    preset: &IngestPreset,
    analysis: &Analysis,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<Suggestions>> {
    let Some(counts) = preset.suggestions else {
        return Ok(None);
    };
    let job = SuggestJob {
        files: Vec::new(),
        music: None,
        words: None,
        over_music: false,
        stretch: 0.0,
        platform: None,
        usage: None,
        length: None,
        profile: None,
        seed: 0,
        curious: false,
        output: None,
        overwrite: Overwrite::Refuse,
    };
    let analyses = vec![analysis.clone()];
    let mut suggestions = suggest_for_analyses(&job, analyses, workshop, task)?.suggestions;
    suggestions.looks.truncate(counts.looks);
    suggestions.effects.truncate(counts.effects);
    // Nobody asked for music here.
    suggestions.abstained.retain(|it| it.what != "music");
    Ok(Some(suggestions))
}
