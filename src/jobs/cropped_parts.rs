//! Measures where the eye goes in the parts of films that a plan crops, and sets their crops.
//!
//! Only then is it known which shots no crop holds, and those are shown wider, over a blurred enlargement. A film is
//! better off with other moments, where there are any as good: [`plan_followed`] plans it again with what was found.
//!
//! This is not part of the analysis: it costs about as much as the rest of it per second, and most of what is analyzed
//! is never shown in another shape.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::analysis::TimedSubjectMap;
use crate::analysis::video::{SUBJECT_MAPS_REVISION, SubjectMapsRequest, subject_maps};
use crate::edit;
use crate::edit::{
    CroppedPart, CutRule, EditRequest, Plan, Segment, SourceFile, Variation, WiderShot,
    cropped_parts, plan_variations, wider_shots,
};
use crate::error::{Error, Result};
use crate::jobs::Workshop;
use crate::jobs::workshop::cores;
use crate::task::{Stage, Task, in_order};

/// Most times that films are planned again because of shots that turned out to be shown wider. Each plan may reach for
/// shots that were not measured before; the clips of the corpus need one or two.
const PLANNED_AGAIN: usize = 3;

/// Plans films as [`plan_variations`] does and lets their crops follow their subjects, as [`follow_subjects`] does. What
/// turns out to be shown wider than the film's shape counts for less in the next plan, until no more such shots are found.
pub(super) fn plan_followed(
    request: &EditRequest<'_>,
    count: usize,
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<Variation>> {
    let mut request = request.clone();
    let maps = KnownMaps::default();
    let mut films = plan_variations(&request, count)?;
    for planned_again in 0.. {
        let before = request.wider.len();
        for film in &mut films {
            let plan = &mut film.outcome.plan;
            let parts = follow(plan, request.sources, folder, (workshop, &maps), task)?;
            for shot in wider_shots(plan, &parts) {
                let same =
                    |known: &WiderShot| (known.source, known.shot) == (shot.source, shot.shot);
                if !request.wider.iter().any(same) {
                    request.wider.push(shot);
                }
            }
        }
        // Only a montage chooses among moments.
        let chooses = request.style.cut == CutRule::Montage;
        if !chooses || request.wider.len() == before || planned_again == PLANNED_AGAIN {
            break;
        }
        films = plan_variations(&request, count)?;
    }
    Ok(films)
}

/// Lets the crops of films in `plan`, whose relative paths start in `folder`, follow their subjects.
pub(super) fn follow_subjects(
    plan: &mut Plan,
    sources: &[SourceFile],
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<()> {
    let maps = KnownMaps::default();
    follow(plan, sources, folder, (workshop, &maps), task).map(drop)
}

/// The same, with the maps that were measured before. Returns the parts that are cropped.
fn follow(
    plan: &mut Plan,
    sources: &[SourceFile],
    folder: &Path,
    (workshop, known): (&Workshop, &KnownMaps),
    task: &Task,
) -> Result<Vec<CroppedPart>> {
    let parts = cropped_parts(plan, sources);
    if parts.is_empty() {
        return Ok(parts);
    }
    let task = task.stage(Stage::Look);
    let workers = workshop.workers().min(parts.len()).max(1);
    let measuring = Measuring {
        workshop,
        known,
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
    Ok(parts)
}

/// Maps that were measured for an earlier plan of the same film, by what the cache knows them by.
#[derive(Default)]
struct KnownMaps(Mutex<HashMap<String, Vec<TimedSubjectMap>>>);

impl KnownMaps {
    fn get(&self, key: &str) -> Option<Vec<TimedSubjectMap>> {
        let maps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        maps.get(key).cloned()
    }

    fn keep(&self, key: String, maps: &[TimedSubjectMap]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(key, maps.to_vec());
    }
}

/// What measuring needs beside the part.
struct Measuring<'a> {
    workshop: &'a Workshop,
    known: &'a KnownMaps,
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
        let key = format!(
            "subject maps {SUBJECT_MAPS_REVISION} {} {} {:?} {} {} {}",
            env!("CARGO_PKG_VERSION"),
            models.fingerprint(),
            self.workshop.limits(),
            source.analysis.file.blake3,
            segment.start_exact,
            segment.end_exact,
        );
        if let Some(known) = self.known.get(&key) {
            return Ok(known);
        }
        let cache = self.workshop.cache();
        let kept = cache.and_then(|cache| cache.get(&key));
        let maps = match kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            Some(maps) => maps,
            None => {
                let maps = measure()?;
                if let (Some(cache), Ok(bytes)) = (cache, serde_json::to_vec(&maps)) {
                    // A cache that cannot be written costs time, not the result.
                    let _ = cache.put(&key, &bytes);
                }
                maps
            }
        };
        self.known.keep(key, &maps);
        Ok(maps)
    }
}
