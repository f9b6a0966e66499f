//! Adds tracks to a catalog: analyzes what is new or changed, and recognizes the rest.
//!
//! A file whose path, size and time are as they were is unchanged. Other files are hashed; content that the catalog has
//! only gets its new path, so moved files and copies are not analyzed again. Each track is written as soon as it is
//! analyzed, so that a run that is stopped continues where it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::track_inputs::{AddTracksJob, RightsInput, TrackState, inputs};
use crate::analysis::{Analysis, BeatOverride};
use crate::error::{Error, LimitName, Result};
use crate::jobs::{Analyzer, Input, Workshop, is_bystander};
use crate::media::probe;
use crate::music::catalog::{
    Addition, Catalog, TrackAnalysis, TrackFile, UserFacts, merge_facts, mood_and_tags,
    words_vector,
};
use crate::music::{RightsReader, TrackFacts, concerns_one_track, track_facts};
use crate::notice::Notice;
use crate::task::{Stage, Task, as_done};

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddTracksReport {
    /// A file failed, or only a part of it was read.
    pub failed: bool,
}

/// A file to add.
struct TrackCandidate {
    input: Input,
    rights: usize,
    file: TrackFile,
}

/// Files by the hash of their content.
type Contents = BTreeMap<String, Vec<TrackCandidate>>;

/// The state of one run.
struct Adding<'a, F> {
    catalog: Catalog,
    typed: UserFacts,
    rights: Vec<RightsReader>,
    workshop: &'a Workshop,
    task: &'a Task,
    each: F,
    counts: BTreeMap<TrackState, usize>,
    failed: bool,
}

/// Adds the tracks and calls `each` with every track of the catalog, its id and its state, as soon as it is written. A
/// file that fails goes to the task; the others go on. At the end, a notice counts the files by state.
///
/// Errors: those that end the whole run, and those of `each`.
pub fn add_tracks<E, F>(
    job: AddTracksJob,
    workshop: &Workshop,
    task: &Task,
    each: F,
) -> Result<AddTracksReport, E>
where
    E: From<Error>,
    F: FnMut(&Catalog, &str, TrackState) -> Result<(), E>,
{
    let (inputs, rights) = inputs(&job)?;
    let mut adding = Adding {
        catalog: Catalog::create(&job.catalog)?,
        typed: job.facts,
        rights,
        workshop,
        task,
        each,
        counts: BTreeMap::new(),
        failed: false,
    };
    let unknown = adding.recognize_paths(inputs)?;
    let new = adding.recognize_contents(unknown)?;
    adding.analyze(new)?;
    task.notice(adding.counted());
    Ok(AddTracksReport {
        failed: adding.failed,
    })
}

impl<E, F> Adding<'_, F>
where
    E: From<Error>,
    F: FnMut(&Catalog, &str, TrackState) -> Result<(), E>,
{
    /// What a person typed about a content, now and before.
    fn user_facts(&self, id: &str) -> Result<UserFacts> {
        Ok(self.typed.clone().or(self.catalog.user_facts(id)?))
    }

    /// Whether the catalog has the analysis that would be made now: by this version, with the same decisions on beats.
    fn is_current(&self, id: &str) -> Result<bool> {
        Ok(self.catalog.is_current(id)?
            && self.user_facts(id)?.beats()? == self.catalog.user_facts(id)?.beats()?)
    }

    /// Writes files that are unchanged, and returns the others.
    fn recognize_paths(&mut self, inputs: Vec<RightsInput>) -> Result<Vec<TrackCandidate>, E> {
        let mut unknown = Vec::new();
        for RightsInput { input, rights } in inputs {
            let file = match TrackFile::at(&input.path) {
                Ok(file) => file,
                Err(problem) => {
                    self.fail(&input.path, &problem);
                    continue;
                }
            };
            let candidate = TrackCandidate {
                input,
                rights,
                file,
            };
            let known = self.catalog.content_at(&candidate.file.path)?;
            match known.filter(|(_, stamp)| *stamp == candidate.file.stamp) {
                Some((id, _)) if self.is_current(&id)? => {
                    self.put(&id, &candidate, None, TrackState::Unchanged)?;
                }
                _ => unknown.push(candidate),
            }
        }
        Ok(unknown)
    }

    /// Hashes files, writes those whose content the catalog has, and returns the others by content.
    fn recognize_contents(&mut self, unknown: Vec<TrackCandidate>) -> Result<Contents, E> {
        let hashes = self.hashes(&unknown)?;
        let mut new = Contents::new();
        for (candidate, hash) in unknown.into_iter().zip(hashes) {
            match hash {
                Ok(Some(id)) if self.is_current(&id)? => {
                    let state = match self.state(&id, &candidate)? {
                        // The catalog has to record its new time.
                        TrackState::Unchanged => TrackState::Touched,
                        state => state,
                    };
                    if !self.put(&id, &candidate, None, state)? {
                        new.entry(id).or_default().push(candidate);
                    }
                }
                Ok(Some(id)) => new.entry(id).or_default().push(candidate),
                Ok(None) if candidate.input.folder.is_some() => {}
                Ok(None) => self.fail(&candidate.input.path, &no_sound(&candidate.input.path)),
                Err(problem) => self.fail_unless_bystander(&candidate.input, &problem),
            }
        }
        Ok(new)
    }

    /// For each file the hash of its content; `None` where it has no sound.
    fn hashes(&self, files: &[TrackCandidate]) -> Result<Vec<Result<Option<String>>>> {
        let limits = self.workshop.limits();
        let (whole, task) = (self.task, self.task.stage(Stage::Read));
        let hashes = self.workshop.hashes();
        let work = |at: usize| -> Result<Option<String>> {
            let candidate = files.get(at).ok_or(Error::Cancelled)?;
            task.check()?;
            let path = &candidate.input.path;
            limits.check(path, LimitName::Bytes, candidate.file.stamp.bytes)?;
            if probe(path, limits)?.audio.is_none() {
                return Ok(None);
            }
            hashes.hash(path, whole).map(Some)
        };
        let mut hashes = BTreeMap::new();
        let workers = self.workshop.workers().min(files.len()).max(1);
        as_done(files.len(), workers, work, |at, hash| {
            if matches!(hash, Err(Error::Cancelled)) {
                return Err(Error::Cancelled);
            }
            hashes.insert(at, hash);
            task.progress(hashes.len() as f64 / files.len().max(1) as f64);
            Ok(())
        })?;
        Ok(hashes.into_values().collect())
    }

    /// Analyzes each content once, and writes it with all its files.
    fn analyze(&mut self, new: Contents) -> Result<(), E> {
        let mut contents: Vec<(String, Vec<TrackCandidate>)> = new.into_iter().collect();
        contents.sort_by_cached_key(|(_, files)| {
            files.first().map(|candidate| candidate.input.path.clone())
        });
        let (mut paths, mut beats): (Vec<PathBuf>, BTreeMap<PathBuf, BeatOverride>) =
            Default::default();
        for (id, files) in &contents {
            let path = files
                .first()
                .map(|candidate| candidate.input.path.clone())
                .unwrap_or_default();
            beats.insert(path.clone(), self.user_facts(id)?.beats()?);
            paths.push(path);
        }
        let analyzer = Analyzer::new(self.workshop, self.task)?.with_beats(beats);
        analyzer.run_as_done(&paths, Stage::Listen, |at, result| {
            let Some((id, files)) = contents.get(at) else {
                return Ok(());
            };
            let Some(first) = files.first().map(|candidate| &candidate.input) else {
                return Ok(());
            };
            match result {
                Ok(analysis) if analysis.audio.is_some() => {
                    return self.write_analyzed(id, files, analysis);
                }
                Ok(_) if first.folder.is_some() => {}
                Ok(_) => self.fail(&first.path, &no_sound(&first.path)),
                Err(problem) => self.fail_unless_bystander(first, &problem),
            }
            Ok(())
        })
    }

    fn write_analyzed(
        &mut self,
        hash: &str,
        files: &[TrackCandidate],
        analysis: Analysis,
    ) -> Result<(), E> {
        if let (Some(partial), Some(first)) = (&analysis.file.partial, files.first()) {
            self.failed = true;
            self.task.notice(Notice::PartlyUsed {
                file: first.input.path.clone(),
                problem: partial.message.clone(),
            });
        }
        let words_vector = match analysis.audio.as_ref().and_then(mood_and_tags) {
            Some(words) => words_vector(self.workshop.models()?, &words)?,
            None => Vec::new(),
        };
        let analyzed = TrackAnalysis {
            analysis,
            words_vector,
        };
        let id = analyzed.analysis.file.blake3.clone();
        for (number, candidate) in files.iter().enumerate() {
            if number > 0 && id != hash {
                // The first file was written to while it was read. The others hold another content: for the next run.
                let problem = Error::Changed {
                    path: candidate.input.path.clone(),
                };
                self.fail(&candidate.input.path, &problem);
                continue;
            }
            let state = match self.state(&id, candidate)? {
                TrackState::Unchanged => TrackState::Reanalyzed,
                other => other,
            };
            self.put(&id, candidate, Some(&analyzed), state)?;
        }
        Ok(())
    }

    /// What it means that this file holds this content.
    fn state(&self, id: &str, candidate: &TrackCandidate) -> Result<TrackState> {
        match self.catalog.content_at(&candidate.file.path)? {
            Some((before, _)) if before == id => {
                let is_current = self.catalog.is_current(id)?;
                return Ok(if is_current {
                    TrackState::Unchanged
                } else {
                    TrackState::Reanalyzed
                });
            }
            Some(_) => return Ok(TrackState::Changed),
            None => {}
        }
        let paths = self.catalog.paths(id)?;
        Ok(if paths.is_empty() {
            TrackState::Added
        } else if paths.iter().any(|path| path.exists()) {
            TrackState::Copy
        } else {
            TrackState::Moved
        })
    }

    /// Writes a track with one of its files. Returns false where the catalog has no analysis of it and none is given.
    fn put(
        &mut self,
        id: &str,
        candidate: &TrackCandidate,
        analysis: Option<&TrackAnalysis>,
        state: TrackState,
    ) -> Result<bool, E> {
        let user_facts = self.user_facts(id)?;
        let facts = match self.read_facts(candidate) {
            Ok(facts) => merge_facts(facts, &user_facts),
            Err(problem) if concerns_one_track(&problem) => {
                self.fail(&candidate.input.path, &problem);
                return Ok(true);
            }
            Err(problem) => return Err(problem.into()),
        };
        let is_kept = state == TrackState::Unchanged && analysis.is_none() && self.typed.is_empty();
        // Most files of most runs are unchanged: nothing is written for them.
        let is_written = is_kept && self.catalog.facts(id)?.as_ref() == Some(&facts);
        if !is_written {
            let gone: Vec<PathBuf> = self
                .catalog
                .paths(id)?
                .into_iter()
                .filter(|path| *path != candidate.file.path && !path.exists())
                .collect();
            let is_there = self.catalog.put(&Addition {
                id,
                file: &candidate.file,
                facts: &facts,
                user_facts: &user_facts,
                analysis,
                gone: &gone,
                now: self.workshop.now(),
            })?;
            if !is_there {
                return Ok(false);
            }
        }
        *self.counts.entry(state).or_default() += 1;
        (self.each)(&self.catalog, id, state)?;
        Ok(true)
    }

    fn read_facts(&mut self, candidate: &TrackCandidate) -> Result<TrackFacts> {
        let path = &candidate.input.path;
        match self.rights.get_mut(candidate.rights) {
            Some(rights) => rights.facts(path),
            None => track_facts(path, path),
        }
    }

    fn counted(&self) -> Notice {
        let counts = self.counts.iter();
        Notice::TracksAdded {
            counts: counts
                .map(|(state, count)| (state.name().to_owned(), *count))
                .collect(),
        }
    }

    fn fail(&mut self, path: &Path, problem: &Error) {
        self.failed = true;
        self.task.failure(path, problem);
    }

    fn fail_unless_bystander(&mut self, input: &Input, problem: &Error) {
        if !is_bystander(input, problem) {
            self.fail(&input.path, problem);
        }
    }
}

fn no_sound(path: &Path) -> Error {
    Error::unsupported(path, "there is no sound in it")
}
