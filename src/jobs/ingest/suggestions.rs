//! Music, looks and effects that would suit a file that arrives.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::preset::{IngestPreset, SuggestionSpec};
use super::screening::Verdict;
use crate::analysis::{Analysis, FileKind};
use crate::error::{Error, Result};
use crate::jobs::{SuggestJob, Workshop, suggest_for_analyses};
use crate::store::{Overwrite, is_database};
use crate::suggest::Suggestions;
use crate::task::Task;

/// Whose taste counts and whose music is chosen from, beside what a preset says.
#[derive(Debug, Clone, Default)]
pub struct SuggestionSources {
    /// The name of a profile; absent: nobody's taste counts.
    pub profile: Option<String>,
    /// A catalog of music, where the preset names none. One that does not exist counts as none.
    pub catalog: Option<PathBuf>,
}

/// Whether there is anything to suggest for a file.
pub(super) fn is_suggested_for(verdict: Verdict, kind: FileKind) -> bool {
    verdict != Verdict::Block && kind != FileKind::Audio
}

/// The best ones, as many as the preset asks for; `None` where it asks for none.
pub(super) fn suggested(
    preset: &IngestPreset,
    analysis: &Analysis,
    sources: &SuggestionSources,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<Suggestions>> {
    let Some(spec) = &preset.suggestions else {
        return Ok(None);
    };
    let job = SuggestJob {
        files: Vec::new(),
        music: catalog(spec, sources).map(Path::to_path_buf),
        words: None,
        over_music: false,
        stretch: 0.0,
        platform: spec.platform.clone(),
        usage: spec.usage.clone(),
        length: None,
        profile: sources.profile.clone(),
        seed: 0,
        curious: false,
        output: None,
        overwrite: Overwrite::Refuse,
    };
    let ranked = |job: &SuggestJob| {
        let analyses = vec![analysis.clone()];
        suggest_for_analyses(job, analyses, workshop, task)
    };
    let is_music_asked = job.music.is_some();
    let report = match ranked(&job) {
        // A catalog without a track that may be used.
        Err(Error::Nothing { .. }) if is_music_asked => ranked(&SuggestJob { music: None, ..job })?,
        other => other?,
    };
    let mut suggestions = report.suggestions;
    suggestions.music.truncate(spec.music);
    suggestions.looks.truncate(spec.looks);
    suggestions.effects.truncate(spec.effects);
    for track in &mut suggestions.music {
        // Where somebody keeps it is nobody's business.
        let name = Path::new(&track.path).file_name().unwrap_or_default();
        track.path = name.to_string_lossy().into_owned();
    }
    if !is_music_asked {
        // Neither the preset nor the caller has any in mind.
        suggestions.abstained.retain(|it| it.what != "music");
    }
    Ok(Some(suggestions))
}

/// The catalog that music is chosen from, where the preset asks for music.
fn catalog<'a>(spec: &'a SuggestionSpec, sources: &'a SuggestionSources) -> Option<&'a Path> {
    let catalog = spec.catalog.as_deref().or(sources.catalog.as_deref());
    catalog.filter(|catalog| spec.music > 0 && is_database(catalog))
}

/// Suggests anew for a file whose `document` another process wrote, where that one could not see the catalog. Nothing
/// changes where the preset asks for no music or there is no catalog.
///
/// Errors: `Damaged` where the document makes no sense, and those of the catalog.
pub fn suggest_music(
    document: &mut Value,
    preset: &IngestPreset,
    sources: &SuggestionSources,
    workshop: &Workshop,
) -> Result<()> {
    let spec = preset.suggestions.as_ref();
    if spec.and_then(|spec| catalog(spec, sources)).is_none() {
        return Ok(());
    }
    let verdict: Verdict = part(document, "/screening/verdict")?;
    let analysis: Analysis = part(document, "/analysis")?;
    if !is_suggested_for(verdict, analysis.file.kind) {
        return Ok(());
    }
    let suggestions = suggested(preset, &analysis, sources, workshop, &Task::default())?;
    let damaged = |problem: serde_json::Error| Error::damaged("results", problem);
    let suggestions = serde_json::to_value(suggestions).map_err(damaged)?;
    if let Some(fields) = document.as_object_mut() {
        fields.insert("suggestions".into(), suggestions);
    }
    Ok(())
}

fn part<T: DeserializeOwned>(document: &Value, pointer: &str) -> Result<T> {
    let missing = || Error::damaged("results", format!("{pointer} is missing"));
    let found = document.pointer(pointer).ok_or_else(missing)?;
    serde_json::from_value(found.clone()).map_err(|problem| Error::damaged("results", problem))
}
