//! The work: several files at a time, answers in order, every finished file once.

use std::panic::AssertUnwindSafe;
use std::path::Path;

use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::{Deserialize, Serialize};

use crate::batch::adjust::Adjusted;
use crate::batch::likeness::Seen;
use crate::batch::names::Job;
use crate::batch::record::{Entry, Record};
use crate::batch::settings::{Matching, Settings};
use crate::batch::share::Share;
use crate::batch::{clip, scenes, still};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::looks::{CompiledLook, Correction, grain_seed};
use crate::media::MediaKind;
use crate::models::Models;
use crate::store::{Output, Overwrite, hash_file, remove_abandoned};
use crate::task::{Task, in_order};

/// What happens to results that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are in the way, and nothing is begun.
    Fresh,
    /// What is finished stays, the rest is done.
    Resume,
    /// They are replaced.
    Force,
}

/// How a result came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was written now.
    Written,
    /// It was there already, by the same content and settings.
    Finished,
}

/// Why a result is only a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The stable word of the error.
    pub code: String,
    /// What happened.
    pub message: String,
}

/// One result.
#[derive(Debug, Clone, Serialize)]
pub struct Applied {
    /// How it came about.
    pub status: Status,
    /// Pixels of the upright picture.
    pub width: u32,
    /// Pixels of the upright picture.
    pub height: u32,
    /// Of the file.
    pub bytes: u64,
    /// BLAKE3 of the file.
    pub blake3: String,
    /// The file says where the picture was taken.
    pub location: bool,
    /// The source breaks off, and only what there was was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<Fault>,
    /// What was done beyond the look, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Adjusted>,
}

/// Many files and one look.
pub struct Batch<'a> {
    /// What is done.
    pub settings: &'a Settings,
    /// The folder of the results.
    pub out: &'a Path,
    /// What happens to results that are there already.
    pub mode: Mode,
    /// The networks that find subjects; needed when the settings have a shape, and for a look whose masks they find.
    pub models: Option<&'a Models>,
    /// Files at a time, from 1.
    pub workers: usize,
    /// Tells when to stop.
    pub task: &'a Task,
}

/// What a result is, before it has its name.
pub(super) struct Made {
    /// Upright, in pixels.
    pub(super) size: Size,
    /// It says where it was taken.
    pub(super) location: bool,
    /// The source breaks off, and this is what there was.
    pub(super) partial: Option<Error>,
    /// What was done beyond the look.
    pub(super) adjusted: Option<Adjusted>,
}

/// What every file is made with.
#[derive(Clone, Copy)]
pub(super) struct Tools<'a> {
    pub(super) settings: &'a Settings,
    /// The look for files that are not measured.
    pub(super) look: &'a CompiledLook,
    /// They find subjects.
    pub(super) models: Option<&'a Models>,
    /// They do what one picture lets be done side by side.
    pub(super) threads: &'a ThreadPool,
}

/// What all files of a run share.
struct Shared<'a> {
    batch: &'a Batch<'a>,
    share: Share,
    look: CompiledLook,
    fingerprint: String,
    record: Record,
    threads: ThreadPool,
    /// What each photo is given to match its scene, by the place of its job.
    scenes: Vec<Option<Correction>>,
}

impl Batch<'_> {
    /// Fails with `Usage` when results of `jobs` are there already and nothing was said about them.
    pub fn refuse_conflicts<'a>(&self, jobs: impl IntoIterator<Item = &'a Job>) -> Result<()> {
        if self.out.exists() && !self.out.is_dir() {
            return Err(Error::Usage {
                what: format!("{} is no folder", self.out.display()),
                hint: Hint::NameOutputFolder,
            });
        }
        if self.mode != Mode::Fresh {
            return Ok(());
        }
        let there: Vec<&Job> = jobs
            .into_iter()
            .filter(|job| job.target.symlink_metadata().is_ok())
            .collect();
        match there.as_slice() {
            [] => Ok(()),
            [first, ..] => Err(Error::Usage {
                what: format!(
                    "{} holds results already: {} of them, {} first",
                    self.out.display(),
                    there.len(),
                    first.target.display()
                ),
                hint: Hint::ResumeOrReplace,
            }),
        }
    }

    /// Does `jobs` and calls `each` with every answer, in order. One that is `None` failed before; its place is kept.
    ///
    /// Fails only when the run as a whole cannot go on.
    pub fn run<E: From<Error>>(
        &self,
        jobs: &[Option<&Job>],
        mut each: impl FnMut(usize, Option<Result<Applied>>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.refuse_conflicts(jobs.iter().copied().flatten())?;
        self.settings.look.check_networks(self.models)?;
        let threads = self.threads()?;
        let shared = Shared {
            batch: self,
            share: Share::new(self.task, jobs),
            look: CompiledLook::new(&self.settings.look, self.settings.strength)?,
            fingerprint: format!(
                "{} {}",
                self.settings.fingerprint(),
                self.models.map_or(String::new(), Models::fingerprint)
            ),
            record: Record::open(self.out)?,
            threads,
            scenes: self.scenes(jobs)?,
        };
        if self.mode != Mode::Fresh {
            // The record is open for this run alone, so whoever made them is gone.
            remove_abandoned(jobs.iter().flatten().map(|job| job.target.as_path()))?;
        }
        let work = |at: usize| {
            let job = jobs.get(at).copied().flatten()?;
            let task = shared.share.of(job);
            let answer = shared.one(at, job, &task);
            task.progress(1.0);
            Some(answer)
        };
        let done = in_order(jobs.len(), self.workers, work, |at, answer| match answer {
            Some(Err(problem)) if ends_all(&problem) => Err(problem.into()),
            answer => each(at, answer),
        });
        shared.record.close()?;
        done
    }
}

impl Batch<'_> {
    pub(super) fn threads(&self) -> Result<ThreadPool> {
        ThreadPoolBuilder::new()
            .num_threads(self.workers)
            .build()
            .map_err(|problem| Error::Usage {
                what: format!("{} threads cannot be started: {problem}", self.workers),
                hint: Hint::FewerAtATime,
            })
    }

    /// What each photo is given to match its scene; nothing where that was not asked for.
    fn scenes(&self, jobs: &[Option<&Job>]) -> Result<Vec<Option<Correction>>> {
        match self.settings.matching {
            Matching::Set => Ok(scenes::matched(&self.seen(jobs)?)),
            Matching::None | Matching::Each => Ok(vec![]),
        }
    }

    /// Every photo of `jobs`, looked at as a small copy, of which only measures are kept.
    pub(super) fn seen<'a>(
        &self,
        jobs: &'a [Option<&Job>],
    ) -> Result<Vec<(&'a Path, Option<Seen>)>> {
        let look = |at: usize| {
            self.task.check()?;
            let job = jobs.get(at).copied().flatten();
            let photo = job.filter(|job| job.facts.kind == MediaKind::Image);
            // One that cannot be decoded is told of when its turn comes.
            let seen = || Seen::of(&photo?.source, &self.settings.limits).ok();
            Ok(std::panic::catch_unwind(AssertUnwindSafe(seen)).unwrap_or(None))
        };
        let mut photos = Vec::with_capacity(jobs.len());
        in_order(jobs.len(), self.workers, look, |at, seen: Result<_>| {
            let job = jobs.get(at).copied().flatten();
            photos.push((job.map_or(Path::new(""), |job| &job.source), seen?));
            Ok::<(), Error>(())
        })?;
        Ok(photos)
    }
}

impl Shared<'_> {
    fn one(&self, at: usize, job: &Job, task: &Task) -> Result<Applied> {
        task.check()?;
        let source = hash_file(&job.source, task)?;
        let scene = self.scenes.get(at).and_then(Option::as_ref);
        let key = self.key(job, &source, scene);
        let there = self.there(job)?;
        if self.batch.mode == Mode::Resume
            && let Some(there) = &there
            && let Some(entry) = self.record.finished(&job.name, &key, there)
        {
            return Ok(applied(entry, Status::Finished));
        }
        // Somebody may have put a file there meanwhile; the one that was seen is judged below.
        let overwrite = match (&there, self.batch.mode) {
            (_, Mode::Force) | (Some(_), Mode::Resume) => Overwrite::Force,
            _ => Overwrite::Refuse,
        };
        // The decoders are other people's code; should one of them panic on a hostile file, only that file fails.
        let make = || self.make(job, (grain_seed(&source), scene), overwrite, task);
        let (output, made) = std::panic::catch_unwind(AssertUnwindSafe(make))
            .unwrap_or_else(|_| Err(Error::damaged(&job.source, "its decoder gave up on it")))?;
        task.check()?;
        let entry = entry(job, key, &output, &made, task)?;
        if self.batch.mode == Mode::Resume
            && let Some(there) = there
        {
            if there == entry.blake3 {
                // Finished, and only its line is lost.
                self.record.add(&entry)?;
                return Ok(applied(&entry, Status::Finished));
            }
            // What an earlier run made of another source or with other settings is replaced. What is somebody else's,
            // or was changed since, is for the person to decide.
            if !self.record.made(&job.name, &there) {
                return Err(Error::Exists {
                    path: job.target.clone(),
                });
            }
        }
        output.keep_time_of(&job.source);
        self.record.add(&entry)?;
        output.commit()?;
        Ok(applied(&entry, Status::Written))
    }

    /// The result, without its name yet.
    fn make(
        &self,
        job: &Job,
        (seed, scene): (u64, Option<&Correction>),
        overwrite: Overwrite,
        task: &Task,
    ) -> Result<(Output, Made)> {
        let tools = Tools {
            settings: self.batch.settings,
            look: &self.look,
            models: self.batch.models,
            threads: &self.threads,
        };
        let create = || Output::create(&job.target, overwrite);
        if job.facts.kind == MediaKind::Image {
            let (bytes, made) = still::make(job, tools, seed, scene)?;
            let output = create()?;
            output.write(&bytes)?;
            return Ok((output, made));
        }
        let output = create()?;
        let made = clip::make(job, tools, seed, &output, task)
            .map_err(|problem| problem.renamed(output.path(), &job.target))?;
        Ok((output, made))
    }

    /// The hash of what has the target's name now, when that matters.
    fn there(&self, job: &Job) -> Result<Option<String>> {
        let matters = self.batch.mode == Mode::Resume && job.target.is_file();
        matters
            .then(|| hash_file(&job.target, self.batch.task))
            .transpose()
    }

    /// Tells apart everything that the bytes of a result depend on.
    fn key(&self, job: &Job, source: &str, scene: Option<&Correction>) -> String {
        let mut text = format!("{source} {} {}", job.format.name(), self.fingerprint);
        if let Some(given) = scene {
            let numbers = Correction {
                reasons: vec![],
                ..given.clone()
            };
            text.push_str(&format!(" {numbers:?}"));
        }
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }
}

/// True for what no other file will be spared.
fn ends_all(problem: &Error) -> bool {
    matches!(
        problem,
        Error::Cancelled
            | Error::ModelMissing { .. }
            | Error::ModelMismatch { .. }
            | Error::Runtime { .. }
    )
}

fn entry(job: &Job, key: String, output: &Output, made: &Made, task: &Task) -> Result<Entry> {
    let read = |problem| Error::read(&job.target, problem);
    Ok(Entry {
        schema: Entry::schema(),
        name: job.name.clone(),
        key,
        blake3: hash_file(output.path(), task)?,
        bytes: std::fs::metadata(output.path()).map_err(read)?.len(),
        width: made.size.width,
        height: made.size.height,
        location: made.location,
        partial: made.partial.as_ref().map(|problem| Fault {
            code: problem.code().into(),
            message: problem.to_string(),
        }),
        adjusted: made.adjusted.clone(),
    })
}

fn applied(entry: &Entry, status: Status) -> Applied {
    Applied {
        status,
        width: entry.width,
        height: entry.height,
        bytes: entry.bytes,
        blake3: entry.blake3.clone(),
        location: entry.location,
        partial: entry.partial.clone(),
        adjusted: entry.adjusted.clone(),
    }
}
