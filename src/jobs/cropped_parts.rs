//! Measures where the eye goes in the parts of films that a plan crops, and sets their crops.
//!
//! This is not part of the analysis: it costs about as much as the rest of it per second, and most of what is analyzed
//! is never shown in another shape.

use std::path::Path;

use crate::analysis::TimedSubjectMap;
use crate::analysis::video::{SUBJECT_MAPS_REVISION, SubjectMapsRequest, subject_maps};
use crate::edit;
use crate::edit::{Plan, Segment, SourceFile, cropped_parts};
use crate::error::{Error, Result};
use crate::jobs::Workshop;
use crate::jobs::workshop::cores;
use crate::task::{Stage, Task, in_order};

/// Lets the crops of films in `plan`, whose relative paths start in `folder`, follow their subjects.
pub(super) fn follow_subjects(
    plan: &mut Plan,
    sources: &[SourceFile],
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<()> {
    let parts = cropped_parts(plan, sources);
    if parts.is_empty() {
        return Ok(());
    }
    let task = task.stage(Stage::Look);
    let workers = workshop.workers().min(parts.len()).max(1);
    let measuring = Measuring {
        workshop,
        task: &task,
        threads: (cores() / workers).max(1),
    };
    let maps = |at: usize| -> Result<Vec<TimedSubjectMap>> {
        let part = parts.get(at).ok_or(Error::Cancelled)?;
        let source = sources.get(part.source).ok_or(Error::Cancelled)?;
        let segment = plan.picture.get(part.segment).ok_or(Error::Cancelled)?;
        measuring.maps(&folder.join(&source.path), source, segment)
    };
    let mut measured = Vec::with_capacity(parts.len());
    in_order(parts.len(), workers, maps, |at, maps| {
        task.progress((at + 1) as f64 / parts.len() as f64);
        measured.push(maps?);
        Ok(())
    })?;
    let measured: Vec<_> = parts.iter().copied().zip(measured).collect();
    edit::follow_subjects(plan, sources, &measured);
    Ok(())
}

/// What measuring needs beside the part.
struct Measuring<'a> {
    workshop: &'a Workshop,
    task: &'a Task,
    threads: usize,
}

impl Measuring<'_> {
    /// The maps of one segment, from the cache where it was measured before.
    fn maps(
        &self,
        path: &Path,
        source: &SourceFile,
        segment: &Segment,
    ) -> Result<Vec<TimedSubjectMap>> {
        let models = self.workshop.models()?;
        let measure = || {
            let request = SubjectMapsRequest {
                models,
                limits: self.workshop.limits(),
                path,
                start: segment.start_exact,
                end: segment.end_exact,
                threads: self.threads,
            };
            subject_maps(&request, self.task)
        };
        let Some(cache) = self.workshop.cache() else {
            return measure();
        };
        let key = format!(
            "subject maps {SUBJECT_MAPS_REVISION} {} {} {:?} {} {} {}",
            env!("CARGO_PKG_VERSION"),
            models.fingerprint(),
            self.workshop.limits(),
            source.analysis.file.blake3,
            segment.start_exact,
            segment.end_exact,
        );
        let kept = cache.get(&key);
        if let Some(known) = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return Ok(known);
        }
        let maps = measure()?;
        if let Ok(bytes) = serde_json::to_vec(&maps) {
            // A cache that cannot be written costs time, not the result.
            let _ = cache.put(&key, &bytes);
        }
        Ok(maps)
    }
}
