//! `tastemaker music add`: listens to what is new or changed, and knows the rest again.
//!
//! Unchanged files are known by path, size and time; moved ones and copies by content. Each track is written as soon
//! as it was heard, so that a run that is ended goes on where it was when it is started again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::document::TrackDocument;
use crate::analysis::{Analysis, BeatOverride};
use crate::commands::clock::now;
use crate::commands::options::{Common, DryRunOption, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::{Progress, on_terminal};
use crate::commands::workshop::workshop;
use crate::error::{Error, LimitName};
use crate::jobs::{Analyzer, Input, is_bystander};
use crate::media::probe;
use crate::models::Models;
use crate::music::catalog::{
    Addition, Catalog, TrackAnalysis, TrackFile, UserFacts, merge_facts, mood_and_tags,
    words_vector,
};
use crate::music::license::{read_platforms, read_territory};
use crate::music::{Date, License, RightsReader, concerns_one_track, find_tracks, track_facts};
use crate::store::hash_file;
use crate::task::{Stage, Task, as_done};

/// Listen to tracks and keep what was heard; only what is new or changed is listened to
#[derive(Debug, Args)]
pub struct MusicAdd {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Name of the one track
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Who made the tracks
    #[arg(long, value_name = "TEXT")]
    pub artist: Option<String>,
    /// Under which license they may be used: an SPDX id such as CC-BY-4.0, or a plain name
    #[arg(long, value_name = "ID")]
    pub license: Option<String>,
    /// Who owns the rights
    #[arg(long, value_name = "TEXT")]
    pub holder: Option<String>,
    /// The credit that the license asks for
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// Whether they may be used to earn money
    #[arg(long, value_enum, value_name = "yes|no")]
    pub commercial: Option<Answer>,
    /// Whether they may be cut, mixed and laid under a film
    #[arg(long, value_enum, value_name = "yes|no")]
    pub edits: Option<Answer>,
    /// Where films with them may be posted, such as youtube,tiktok
    #[arg(long, value_name = "LIST")]
    pub platforms: Option<String>,
    /// Countries in which they may be used, such as DE,FR or EU
    #[arg(long, value_name = "LIST")]
    pub territory: Option<String>,
    /// The last day on which the license holds, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub expires: Option<Date>,
    /// Beats a minute of the one track, 40 to 220, where it is known: beats keep within 4 % of it. Remembered
    #[arg(long, value_name = "BPM")]
    pub tempo: Option<f64>,
    /// Move beats and downbeats of the one track by up to 2 seconds; later where above zero. Remembered
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub nudge: Option<f64>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Answer {
    Yes,
    No,
}

impl MusicAdd {
    /// What was typed about the tracks. Fails with `Usage` for lists that name nothing known.
    pub fn user_facts(&self) -> Result<UserFacts, Error> {
        let text = |field: &Option<String>| field.as_deref().unwrap_or("").trim().to_owned();
        let list = |field: &Option<String>,
                    read: fn(&str) -> Result<Option<Vec<String>>, String>| {
            field
                .as_deref()
                .map_or(Ok(None), read)
                .map_err(|what| Error::Usage {
                    what,
                    hint: "see tastemaker music add --help".into(),
                })
        };
        let yes = |answer: Option<Answer>| answer.map(|answer| answer == Answer::Yes);
        Ok(UserFacts {
            tempo: self.tempo,
            nudge: self.nudge,
            title: self.title.clone(),
            artist: self.artist.clone(),
            license: License {
                holder: text(&self.holder),
                commercial: yes(self.commercial),
                edits: yes(self.edits),
                platforms: list(&self.platforms, read_platforms)?,
                territory: list(&self.territory, read_territory)?,
                attribution: text(&self.attribution),
                expires: self.expires,
                ..License::named(&text(&self.license))
            },
        })
    }
}

/// A file, and which of the readers knows what is written about it.
type Noted = (Input, usize);

/// A file to add.
struct Candidate {
    input: Input,
    /// Which of the readers knows what is written about it.
    rights: usize,
    file: TrackFile,
}

/// What is done with the files of one run.
struct Adding<'a> {
    catalog: Catalog,
    typed: UserFacts,
    rights: Vec<RightsReader>,
    json: bool,
    printer: &'a Printer,
    counts: BTreeMap<&'static str, usize>,
    failed: bool,
}

pub fn run(
    verb: &MusicAdd,
    place: &Path,
    common: &Common,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let typed = verb.user_facts()?;
    typed.beats()?;
    let (inputs, rights) = inputs(&verb.paths)?;
    let is_of_one = typed.title.is_some() || typed.tempo.is_some() || typed.nudge.is_some();
    if is_of_one && inputs.len() > 1 {
        return Err(Error::Usage {
            what: format!(
                "{} files cannot all have one title or the same beats",
                inputs.len()
            ),
            hint: "name one file, or leave out --title, --tempo and --nudge".into(),
        }
        .into());
    }
    if verb.mode.dry_run {
        for (input, _) in &inputs {
            printer.data(&format!("{}\n", input.path.display()))?;
        }
        return Ok(Outcome::Done);
    }
    let workshop = workshop(common);
    let task = &on_terminal(task, printer, verb.print.json);
    let models = workshop.models()?;
    let analyzer = Analyzer::new(&workshop, task)?;
    let mut adding = Adding {
        catalog: Catalog::create(place)?,
        typed,
        rights,
        json: verb.print.json,
        printer,
        counts: BTreeMap::new(),
        failed: false,
    };
    let unknown = adding.known_by_place(inputs)?;
    let new = adding.known_by_content(unknown, &analyzer, common, task)?;
    let analyzer = analyzer.with_beats(adding.beats(&new)?);
    adding.listen(new, &analyzer, models)?;
    let told: Vec<String> = adding
        .counts
        .iter()
        .map(|(state, count)| format!("{count} {}", state.replace('_', " ")))
        .collect();
    printer.talk(&if told.is_empty() {
        "no tracks were added".into()
    } else {
        told.join(", ")
    });
    Ok(Outcome::with_findings(adding.failed))
}

/// The files of what was typed, none twice, each with the reader of what is written about it.
fn inputs(typed: &[PathBuf]) -> Result<(Vec<Noted>, Vec<RightsReader>), Error> {
    let mut inputs = Vec::new();
    let mut rights = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for path in typed {
        rights.push(RightsReader::new(path));
        // A name that does not exist is kept, so that its error stands in its place.
        let files = if path.exists() {
            find_tracks(path)?
        } else {
            vec![path.clone()]
        };
        for file in files {
            if seen.insert(file.clone()) {
                let input = Input {
                    path: file,
                    folder: path.is_dir().then(|| path.clone()),
                };
                inputs.push((input, rights.len() - 1));
            }
        }
    }
    Ok((inputs, rights))
}

impl Adding<'_> {
    /// What a person said of a content, now and before.
    fn user_facts_of(&self, id: &str) -> Result<UserFacts> {
        Ok(self.typed.clone().or(self.catalog.user_facts(id)?))
    }

    /// Whether a content was heard as it would be now: by this version, with the beats that a person decided.
    fn is_heard(&self, id: &str) -> Result<bool> {
        Ok(self.catalog.is_current(id)?
            && self.user_facts_of(id)?.beats()? == self.catalog.user_facts(id)?.beats()?)
    }

    /// What people decided about the beats of contents that are to be heard, by the file that is read.
    fn beats(
        &self,
        new: &BTreeMap<String, Vec<Candidate>>,
    ) -> Result<BTreeMap<PathBuf, BeatOverride>> {
        let mut beats = BTreeMap::new();
        for (id, places) in new {
            if let Some(first) = places.first() {
                beats.insert(first.input.path.clone(), self.user_facts_of(id)?.beats()?);
            }
        }
        Ok(beats)
    }

    /// Files that are as they were are done with; the others are given back.
    fn known_by_place(&mut self, inputs: Vec<Noted>) -> Result<Vec<Candidate>> {
        let mut unknown = Vec::new();
        for (input, rights) in inputs {
            let file = match TrackFile::at(&input.path) {
                Ok(file) => file,
                Err(problem) => {
                    self.fail(&input.path, &problem)?;
                    continue;
                }
            };
            let candidate = Candidate {
                input,
                rights,
                file,
            };
            let known = self.catalog.content_at(&candidate.file.path)?;
            match known.filter(|(_, stamp)| *stamp == candidate.file.stamp) {
                Some((id, _)) if self.is_heard(&id)? => {
                    self.put(&id, &candidate, None, "unchanged")?;
                }
                _ => unknown.push(candidate),
            }
        }
        Ok(unknown)
    }

    /// Reads the rest: content that is known is given its new place; the others are given back by content.
    fn known_by_content(
        &mut self,
        unknown: Vec<Candidate>,
        analyzer: &Analyzer<'_>,
        common: &Common,
        task: &Task,
    ) -> Result<BTreeMap<String, Vec<Candidate>>> {
        let progress = Progress::new("read", common.quiet);
        let limits = common.limits.limits();
        let paths: Vec<PathBuf> = (unknown.iter())
            .map(|candidate| candidate.input.path.clone())
            .collect();
        let work = |at: usize| -> Result<Option<String>, Error> {
            let candidate = unknown.get(at).ok_or(Error::Cancelled)?;
            task.check()?;
            let path = &candidate.input.path;
            limits.check(path, LimitName::Bytes, candidate.file.stamp.bytes)?;
            if probe(path, &limits)?.audio.is_none() {
                return Ok(None);
            }
            hash_file(path, task).map(Some)
        };
        let mut hashes: BTreeMap<usize, Result<Option<String>, Error>> = BTreeMap::new();
        as_done(
            paths.len(),
            analyzer.workers(paths.len()),
            work,
            |at, answer| {
                if matches!(answer, Err(Error::Cancelled)) {
                    return Err(Error::Cancelled);
                }
                hashes.insert(at, answer);
                progress.set(hashes.len() as f64 / paths.len().max(1) as f64);
                Ok(())
            },
        )?;
        progress.finish();
        let mut new: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
        for (candidate, (_, hash)) in unknown.into_iter().zip(hashes) {
            match hash {
                Ok(Some(id)) if self.is_heard(&id)? => {
                    let state = match self.state(&id, &candidate)? {
                        // Its time has changed, which is to be noted.
                        "unchanged" => "touched",
                        state => state,
                    };
                    if !self.put(&id, &candidate, None, state)? {
                        new.entry(id).or_default().push(candidate);
                    }
                }
                Ok(Some(id)) => new.entry(id).or_default().push(candidate),
                Ok(None) if candidate.input.folder.is_some() => {}
                Ok(None) => self.fail(&candidate.input.path, &no_sound(&candidate.input.path))?,
                Err(problem) if is_bystander(&candidate.input, &problem) => {}
                Err(problem) => self.fail(&candidate.input.path, &problem)?,
            }
        }
        Ok(new)
    }

    /// Analyzes each content once, and writes it to all its places.
    fn listen(
        &mut self,
        new: BTreeMap<String, Vec<Candidate>>,
        analyzer: &Analyzer<'_>,
        models: &Models,
    ) -> Result<()> {
        let mut contents: Vec<(String, Vec<Candidate>)> = new.into_iter().collect();
        contents.sort_by(|(_, a), (_, b)| {
            let first = |places: &[Candidate]| places.first().map(|one| one.input.path.clone());
            first(a).cmp(&first(b))
        });
        let paths: Vec<PathBuf> = contents
            .iter()
            .filter_map(|(_, places)| places.first())
            .map(|candidate| candidate.input.path.clone())
            .collect();
        analyzer.run_as_done(&paths, Stage::Listen, |at, answer| {
            let Some((id, places)) = contents.get(at) else {
                return Ok(());
            };
            let Some(first) = places.first() else {
                return Ok(());
            };
            match answer {
                Ok(analysis) if analysis.audio.is_some() => {
                    self.heard(id, places, analysis, models)
                }
                Ok(_) if first.input.folder.is_some() => Ok(()),
                Ok(_) => self.fail(&first.input.path, &no_sound(&first.input.path)),
                Err(problem) if is_bystander(&first.input, &problem) => Ok(()),
                Err(problem) => self.fail(&first.input.path, &problem),
            }
        })
    }

    fn heard(
        &mut self,
        hash: &str,
        places: &[Candidate],
        analysis: Analysis,
        models: &Models,
    ) -> Result<()> {
        if let Some(partial) = &analysis.file.partial {
            self.failed = true;
            self.printer
                .note(&format!("only a part of it is used: {}", partial.message));
        }
        let words = analysis.audio.as_ref().and_then(mood_and_tags);
        let words_vector = match words {
            Some(words) => words_vector(models, &words)?,
            None => Vec::new(),
        };
        let heard = TrackAnalysis {
            analysis,
            words_vector,
        };
        let id = heard.analysis.file.blake3.clone();
        for (number, candidate) in places.iter().enumerate() {
            if number > 0 && id != hash {
                // The first was written to while it was read: the others are another content, for the next run.
                let problem = Error::Changed {
                    path: candidate.input.path.clone(),
                };
                self.fail(&candidate.input.path, &problem)?;
                continue;
            }
            let state = match self.state(&id, candidate)? {
                "unchanged" => "heard_again",
                other => other,
            };
            self.put(&id, candidate, Some(&heard), state)?;
        }
        Ok(())
    }

    /// What it means that this content is at this place.
    fn state(&self, id: &str, candidate: &Candidate) -> Result<&'static str> {
        match self.catalog.content_at(&candidate.file.path)? {
            Some((before, _)) if before == id => {
                let is_current = self.catalog.is_current(id)?;
                return Ok(if is_current {
                    "unchanged"
                } else {
                    "heard_again"
                });
            }
            Some(_) => return Ok("changed"),
            None => {}
        }
        let places = self.catalog.paths(id)?;
        Ok(if places.is_empty() {
            "added"
        } else if places.iter().any(|place| place.exists()) {
            "copy"
        } else {
            "moved"
        })
    }

    fn put(
        &mut self,
        id: &str,
        candidate: &Candidate,
        heard: Option<&TrackAnalysis>,
        state: &'static str,
    ) -> Result<bool> {
        let said = self.user_facts_of(id)?;
        let path = &candidate.input.path;
        let facts = match self.rights.get_mut(candidate.rights) {
            Some(rights) => rights.facts(path),
            None => track_facts(path, path),
        };
        let facts = match facts {
            Ok(facts) => merge_facts(facts, &said),
            Err(problem) if concerns_one_track(&problem) => {
                self.fail(path, &problem)?;
                return Ok(true);
            }
            Err(problem) => return Err(problem.into()),
        };
        let is_kept = state == "unchanged" && heard.is_none() && self.typed.is_empty();
        // Most files of most runs are as they were: nothing is written for them.
        let is_written = is_kept && self.catalog.facts(id)?.as_ref() == Some(&facts);
        if !is_written {
            let gone: Vec<PathBuf> = self
                .catalog
                .paths(id)?
                .into_iter()
                .filter(|place| *place != candidate.file.path && !place.exists())
                .collect();
            let is_there = self.catalog.put(&Addition {
                id,
                file: &candidate.file,
                facts: &facts,
                user_facts: &said,
                analysis: heard,
                gone: &gone,
                now: now(),
            })?;
            if !is_there {
                return Ok(false);
            }
        }
        *self.counts.entry(state).or_default() += 1;
        if self.json
            && let Some(entry) = self.catalog.entry(id)?
        {
            self.printer
                .json(&TrackDocument::of(&entry).in_state(state))?;
        }
        Ok(true)
    }

    fn fail(&mut self, path: &Path, problem: &Error) -> Result<()> {
        self.failed = true;
        self.printer.error(problem);
        if self.json {
            self.printer.error_json(path, problem)?;
        }
        Ok(())
    }
}

fn no_sound(path: &Path) -> Error {
    Error::unsupported(path, "there is no sound in it")
}
