//! Results that are there already: the same file, of the same tenant, by the same preset and the same networks, and by
//! the same profile where anything is suggested.
//!
//! Lists and earlier uploads are asked anew. Where they say anything that changes the verdict, or did the last time, the
//! file is worked on as any other. What one tenant has uploaded is never looked at for another.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::analysis::ANALYSIS_REVISION;
use crate::error::{Error, Result};
use crate::jobs::{Evidence, EvidenceKind, Screening, SuggestionSources, Verdict, suggest_music};
use crate::server::known::are_all_kept;
use crate::server::queue::{ClaimedJob, JobWork};
use crate::server::service::Service;
use crate::store::{
    Overwrite, hash_file, link_or_copy, make_private_folder, move_folder, remove_folder,
    write_atomic,
};
use crate::task::Task;

/// Most bytes of a document: a process that was in the hands of the file wrote it.
const MOST_BYTES: u64 = 64 << 20;

/// Results of an earlier job that are those of another one now.
pub struct Reused {
    /// The earlier job.
    pub from: String,
    /// The verdict, with what is known now.
    pub screening: Screening,
}

/// What the results of a job depend on; `None` for work whose results are made anew each time.
pub fn reuse_key(service: &Service, job: &ClaimedJob) -> Result<Option<String>> {
    if job.work != JobWork::Ingest {
        return Ok(None);
    }
    let Some(served) = service.preset(&job.preset) else {
        return Ok(None);
    };
    let ending = Path::new(&job.name).extension().unwrap_or_default();
    let networks = service.workshop("").models()?.fingerprint();
    let taste = match ingest_profile(service, job) {
        Some(profile) => hash_file(&profile, &Task::default())?,
        None => String::new(),
    };
    let parts = [
        &job.tenant,
        &job.blake3,
        &served.preset.id,
        &served.preset.version,
        env!("CARGO_PKG_VERSION"),
        &ANALYSIS_REVISION.to_string(),
        &networks,
        service.settings.sandbox.name(),
        &taste,
        &ending.to_string_lossy(),
    ];
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    Ok(Some(hasher.finalize().to_hex().to_string()))
}

/// Gives `job` the results of an earlier one with the same key, where there is one that still holds.
pub fn reuse(service: &Service, job: &ClaimedJob, key: &str) -> Result<Option<Reused>> {
    let Some(from) = service.queue.done_with(&job.tenant, key)? else {
        return Ok(None);
    };
    let document = service.result(&from).join(job.work.document());
    let mut document = read_document(&document)?;
    let wrong = |problem: serde_json::Error| Error::damaged("results", problem);
    let screening = part(&mut document, "/screening")?.take();
    let screening: Screening = serde_json::from_value(screening).map_err(wrong)?;
    let policy = service.preset(&job.preset);
    let policy = policy.map(|served| served.preset.screening.near_duplicates);
    if policy != Some(Verdict::Pass) || screening.evidence.iter().any(|it| !holds(it.kind)) {
        return Ok(None);
    }
    if !are_all_kept(pictures(&document)) {
        return Ok(None);
    }
    let known = service.known.recognize_again(&job.tenant, &from, &job.id)?;
    let is_listed = |it: &Evidence| it.kind != EvidenceKind::NearDuplicate;
    let Some(known) = known.filter(|known| !known.iter().any(is_listed)) else {
        return Ok(None);
    };
    let mut screening = screening;
    let is_old = |kind| kind == EvidenceKind::NearDuplicate;
    screening.evidence.retain(|evidence| !is_old(evidence.kind));
    screening.evidence.extend(known);
    *part(&mut document, "/screening")? = serde_json::to_value(&screening).map_err(wrong)?;
    *part(&mut document, "/file")? = job.name.clone().into();
    *part(&mut document, "/analysis/file/path")? = job.name.clone().into();
    add_music(service, job, &mut document)?;
    copy(service, &from, job, &document)?;
    Ok(Some(Reused { from, screening }))
}

/// A part of a document, which may have any form: a process that was in the hands of the file wrote it.
fn part<'a>(document: &'a mut Value, pointer: &str) -> Result<&'a mut Value> {
    let missing = || Error::damaged("results", format!("{pointer} is missing"));
    document.pointer_mut(pointer).ok_or_else(missing)
}

/// Pictures of the file by which it is recognized, at most.
fn pictures(document: &Value) -> usize {
    let shots = document.pointer("/analysis/video/shots");
    shots.and_then(Value::as_array).map_or(0, Vec::len)
}

/// True for evidence that depends on the file alone, or that is found anew.
fn holds(kind: EvidenceKind) -> bool {
    !matches!(kind, EvidenceKind::Listed | EvidenceKind::ListsUnchecked)
}

/// The file of the profile whose taste counts in a job of `ingest`, where its preset suggests anything.
pub fn ingest_profile(service: &Service, job: &ClaimedJob) -> Option<PathBuf> {
    let served = service.preset(&job.preset)?;
    served.preset.suggestions.as_ref()?;
    service.profile_file(&job.tenant, job.creator.as_deref()?)
}

/// Suggests music of the tenant's catalog, or of the one that the preset names, in the `document` of a job. It is not a
/// part of what the results are known by: the catalog is asked each time.
pub fn add_music(service: &Service, job: &ClaimedJob, document: &mut Value) -> Result<()> {
    let Some(served) = service.preset(&job.preset) else {
        return Ok(());
    };
    let workshop = service.workshop(&job.tenant);
    let sources = SuggestionSources {
        profile: ingest_profile(service, job).and(job.creator.clone()),
        catalog: workshop.catalog().map(Path::to_path_buf),
    };
    suggest_music(document, &served.preset, &sources, &workshop)
}

/// The document at `path`.
pub fn read_document(path: &Path) -> Result<Value> {
    let told = |problem| Error::read(path, problem);
    let mut text = String::new();
    let file = File::open(path).map_err(told)?;
    file.take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(told)?;
    serde_json::from_str(&text).map_err(|problem| Error::damaged(path, problem))
}

/// Writes the document at `path`, where another one may be.
pub fn write_document(path: &Path, document: &Value) -> Result<()> {
    let text = serde_json::to_string_pretty(document);
    let text = text.map_err(|problem| Error::damaged("results", problem))?;
    write_atomic(path, text.as_bytes(), Overwrite::Force)
}

/// The files of the earlier job under the name of the new one, and its own document.
fn copy(service: &Service, from: &str, job: &ClaimedJob, document: &Value) -> Result<()> {
    let earlier = service.result(from);
    let folder = service.scratch().join(format!("reuse-{}", job.id));
    remove_folder(&folder)?;
    make_private_folder(&folder)?;
    let told = |problem| Error::read(&earlier, problem);
    for entry in earlier.read_dir().map_err(told)? {
        let entry = entry.map_err(told)?;
        let is_file = entry.file_type().map_err(told)?.is_file();
        if is_file && entry.file_name() != job.work.document() {
            link_or_copy(&entry.path(), &folder.join(entry.file_name()))?;
        }
    }
    write_document(&folder.join(job.work.document()), document)?;
    move_folder(&folder, &service.result(&job.id))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_of_any_form_are_damaged_and_nothing_worse() {
        for strange in [
            json!([1]),
            json!("text"),
            json!(7),
            json!({"analysis": [], "screening": null}),
            json!({"analysis": {"file": "a"}}),
        ] {
            let mut document = strange.clone();
            let found = part(&mut document, "/analysis/file/path");
            assert!(matches!(found, Err(Error::Damaged { .. })), "{strange}");
            assert_eq!(pictures(&strange), 0);
        }
        let mut document = json!({"analysis": {"file": {"path": "a"}, "video": {"shots": [1, 2]}}});
        *part(&mut document, "/analysis/file/path").unwrap() = "b".into();
        assert_eq!(document["analysis"]["file"]["path"], "b");
        assert_eq!(pictures(&document), 2);
    }
}
