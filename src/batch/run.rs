//! The run of a batch: several files at a time, outcomes in order, and no finished file again.

use std::panic::AssertUnwindSafe;
use std::path::Path;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::batch::naming::BatchItem;
use crate::batch::outcome::{BatchResult, PartialReason, ResultStatus, RunMode};
use crate::batch::photo_signature::PhotoSignature;
use crate::batch::rendition::{Rendition, RenditionRequest};
use crate::batch::resume::{ResumeEntry, ResumeRecord};
use crate::batch::run_progress::RunProgress;
use crate::batch::settings::{BatchSettings, ClipForm, Matching};
use crate::batch::{clip, clip_animation, scenes, still};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::looks::{CompiledLook, Correction, grain_seed};
use crate::models::Models;
use crate::store::{Output, Overwrite, hash_file, remove_abandoned};
use crate::task::{Task, in_order};

/// Many files and one look.
pub struct Batch<'a> {
    /// The settings for every file.
    pub settings: &'a BatchSettings,
    /// The folder of the results.
    pub out: &'a Path,
    /// What happens to results that exist already.
    pub mode: RunMode,
    /// The networks that find subjects; needed when the settings crop to a shape, and for looks with masks.
    pub models: Option<&'a Models>,
    /// Files at a time, from 1.
    pub workers: usize,
    /// Reports progress and stops the run when it is cancelled.
    pub task: &'a Task,
}

/// The state that all files of a run share.
struct Run<'a> {
    batch: &'a Batch<'a>,
    progress: RunProgress,
    look: CompiledLook,
    /// Identifies settings and networks.
    fingerprint: String,
    record: ResumeRecord,
    /// Threads that share the work on one picture.
    threads: ThreadPool,
    /// The correction that matches each photo to its scene, by the index of its item.
    scenes: Vec<Option<Correction>>,
}

impl Batch<'_> {
    /// Fails with [`Error::Usage`] if results of `items` exist and the mode does not allow that.
    pub fn refuse_conflicts<'a>(
        &self,
        items: impl IntoIterator<Item = &'a BatchItem>,
    ) -> Result<()> {
        if self.out.exists() && !self.out.is_dir() {
            return Err(Error::Usage {
                what: format!("{} is not a folder", self.out.display()),
                hint: Hint::NameOutputFolder,
            });
        }
        if self.mode != RunMode::Fresh {
            return Ok(());
        }
        let existing: Vec<&BatchItem> = items
            .into_iter()
            .filter(|item| item.target.symlink_metadata().is_ok())
            .collect();
        match existing.as_slice() {
            [] => Ok(()),
            [first, ..] => Err(Error::Usage {
                what: format!(
                    "{} already holds results: {} of them, the first {}",
                    self.out.display(),
                    existing.len(),
                    first.target.display()
                ),
                hint: Hint::ResumeOrReplace,
            }),
        }
    }

    /// Makes the results of `items` and calls `each` with every outcome, in order. An item that is `None` failed
    /// before; it keeps its position.
    ///
    /// Fails only if the run as a whole cannot continue.
    pub fn run<E: From<Error>>(
        &self,
        items: &[Option<&BatchItem>],
        mut each: impl FnMut(usize, Option<Result<BatchResult>>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.refuse_conflicts(items.iter().copied().flatten())?;
        self.settings.look.check_networks(self.models)?;
        let threads = self.threads()?;
        let run = Run {
            batch: self,
            progress: RunProgress::new(self.task, items),
            look: CompiledLook::new(&self.settings.look, self.settings.strength)?,
            fingerprint: format!(
                "{} {}",
                self.settings.fingerprint(),
                self.models.map_or(String::new(), Models::fingerprint)
            ),
            record: ResumeRecord::open(self.out)?,
            threads,
            scenes: self.scene_corrections(items)?,
        };
        if self.mode != RunMode::Fresh {
            // The record is locked for this run, so no other run is still writing these files.
            remove_abandoned(items.iter().flatten().map(|item| item.target.as_path()))?;
        }
        let work = |number: usize| {
            let item = items.get(number).copied().flatten()?;
            let task = run.progress.task_of(item);
            let answer = run.process(number, item, &task);
            task.progress(1.0);
            Some(answer)
        };
        let done = in_order(
            items.len(),
            self.workers,
            work,
            |number, answer| match answer {
                Some(Err(problem)) if ends_run(&problem) => Err(problem.into()),
                answer => each(number, answer),
            },
        );
        run.record.close()?;
        done
    }

    fn threads(&self) -> Result<ThreadPool> {
        ThreadPoolBuilder::new()
            .num_threads(self.workers)
            .build()
            .map_err(|problem| Error::Usage {
                what: format!("{} threads cannot be started: {problem}", self.workers),
                hint: Hint::FewerAtATime,
            })
    }

    /// The correction that matches each photo to its scene; empty unless the settings match a set.
    fn scene_corrections(&self, items: &[Option<&BatchItem>]) -> Result<Vec<Option<Correction>>> {
        match self.settings.matching {
            Matching::Set => Ok(scenes::matched(&self.signatures(items)?)),
            Matching::None | Matching::Each => Ok(vec![]),
        }
    }

    /// The signature of every photo of `items`; `None` for clips and photos that cannot be decoded. Only the
    /// measurements stay in memory.
    pub(super) fn signatures<'a>(
        &self,
        items: &'a [Option<&BatchItem>],
    ) -> Result<Vec<(&'a Path, Option<PhotoSignature>)>> {
        let measure = |number: usize| {
            self.task.check()?;
            let item = items.get(number).copied().flatten();
            let photo = item.filter(|item| item.is_still());
            // A photo that cannot be decoded is reported when it is processed.
            let signature = || PhotoSignature::of(&photo?.source, &self.settings.limits).ok();
            Ok(std::panic::catch_unwind(AssertUnwindSafe(signature)).unwrap_or(None))
        };
        let mut photos = Vec::with_capacity(items.len());
        in_order(
            items.len(),
            self.workers,
            measure,
            |number, signature: Result<_>| {
                let item = items.get(number).copied().flatten();
                photos.push((item.map_or(Path::new(""), |item| &item.source), signature?));
                Ok::<(), Error>(())
            },
        )?;
        Ok(photos)
    }
}

impl Run<'_> {
    /// Makes the result of `item`, unless it is already finished.
    fn process(&self, number: usize, item: &BatchItem, task: &Task) -> Result<BatchResult> {
        task.check()?;
        let source = hash_file(&item.source, task)?;
        let request = RenditionRequest {
            item,
            settings: self.batch.settings,
            look: &self.look,
            models: self.batch.models,
            seed: grain_seed(&source),
            scene: self.scenes.get(number).and_then(Option::as_ref),
        };
        let key = self.key(&request, &source);
        let existing = self.existing_hash(item)?;
        if self.batch.mode == RunMode::Resume
            && let Some(existing) = &existing
            && let Some(entry) = self.record.finished(&item.name, &key, existing)
        {
            return Ok(result(entry, ResultStatus::Finished));
        }
        // An existing target is judged below; one that appears during the work must not be replaced.
        let overwrite = match (&existing, self.batch.mode) {
            (_, RunMode::Force) | (Some(_), RunMode::Resume) => Overwrite::Force,
            _ => Overwrite::Refuse,
        };
        // Decoders are other people's code: a panic on a hostile file fails that file only.
        let make = || self.make(&request, overwrite, task);
        let (output, rendition) = std::panic::catch_unwind(AssertUnwindSafe(make))
            .unwrap_or_else(|_| Err(Error::damaged(&item.source, "its decoder gave up on it")))?;
        task.check()?;
        let entry = entry(item, key, &output, &rendition, task)?;
        if self.batch.mode == RunMode::Resume
            && let Some(existing) = existing
        {
            if existing == entry.blake3 {
                // The result was finished, and only its line in the record is missing.
                self.record.add(&entry)?;
                return Ok(result(&entry, ResultStatus::Finished));
            }
            // Replace a result that an earlier run made from another source or with other settings. A file that no run
            // made, or that was changed since, is left to the person.
            if !self.record.made(&item.name, &existing) {
                return Err(Error::Exists {
                    path: item.target.clone(),
                });
            }
        }
        output.keep_time_of(&item.source);
        self.record.add(&entry)?;
        output.commit()?;
        Ok(result(&entry, ResultStatus::Written))
    }

    /// Makes the result in a temporary file.
    fn make(
        &self,
        request: &RenditionRequest<'_>,
        overwrite: Overwrite,
        task: &Task,
    ) -> Result<(Output, Rendition)> {
        let target = &request.item.target;
        let in_memory = match (request.item.is_still(), request.settings.clips) {
            (true, _) | (_, ClipForm::Still { .. }) => Some(still::make(request, &self.threads)?),
            (_, ClipForm::Animation(stretch)) => {
                Some(clip_animation::make(request, stretch, &self.threads, task)?)
            }
            (_, ClipForm::Film) => None,
        };
        if let Some((bytes, rendition)) = in_memory {
            let output = Output::create(target, overwrite)?;
            output.write(&bytes)?;
            return Ok((output, rendition));
        }
        let output = Output::create(target, overwrite)?;
        let rendition = clip::make(request, &self.threads, &output, task)
            .map_err(|problem| problem.renamed(output.path(), target))?;
        Ok((output, rendition))
    }

    /// The hash of the existing target; only a resumed run needs it.
    fn existing_hash(&self, item: &BatchItem) -> Result<Option<String>> {
        let needed = self.batch.mode == RunMode::Resume && item.target.is_file();
        needed
            .then(|| hash_file(&item.target, self.batch.task))
            .transpose()
    }

    /// A key of everything on which the bytes of a result depend.
    fn key(&self, request: &RenditionRequest<'_>, source: &str) -> String {
        let mut text = format!(
            "{source} {} {}",
            request.item.format.name(),
            self.fingerprint
        );
        if let Some(correction) = request.scene {
            let numbers = Correction {
                reasons: vec![],
                ..correction.clone()
            };
            text.push_str(&format!(" {numbers:?}"));
        }
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }
}

/// Whether every other file would meet the same problem.
fn ends_run(problem: &Error) -> bool {
    matches!(
        problem,
        Error::Cancelled
            | Error::ModelMissing { .. }
            | Error::ModelMismatch { .. }
            | Error::Runtime { .. }
    )
}

fn entry(
    item: &BatchItem,
    key: String,
    output: &Output,
    rendition: &Rendition,
    task: &Task,
) -> Result<ResumeEntry> {
    let read = |problem| Error::read(&item.target, problem);
    Ok(ResumeEntry {
        schema: ResumeEntry::schema(),
        name: item.name.clone(),
        key,
        blake3: hash_file(output.path(), task)?,
        bytes: std::fs::metadata(output.path()).map_err(read)?.len(),
        width: rendition.size.width,
        height: rendition.size.height,
        location: rendition.location,
        partial: rendition.partial.as_ref().map(|problem| PartialReason {
            code: problem.code().into(),
            message: problem.to_string(),
        }),
        left_out: rendition.left_out.clone(),
        parts_left_out: rendition.parts_left_out.clone(),
        treatments: rendition.treatments.clone(),
        adjusted: rendition.adjusted.clone(),
        faces_blurred: rendition.faces_blurred,
    })
}

fn result(entry: &ResumeEntry, status: ResultStatus) -> BatchResult {
    BatchResult {
        status,
        width: entry.width,
        height: entry.height,
        bytes: entry.bytes,
        blake3: entry.blake3.clone(),
        location: entry.location,
        partial: entry.partial.clone(),
        left_out: entry.left_out.clone(),
        parts_left_out: entry.parts_left_out.clone(),
        treatments: entry.treatments.clone(),
        adjusted: entry.adjusted.clone(),
        faces_blurred: entry.faces_blurred,
    }
}
