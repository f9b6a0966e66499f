//! What `suggest` and `edit` work from: the analyzed files of a person, and the analyzed tracks.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::analysis::{Analysis, FileKind};
use crate::commands::analyzed::Analyzer;
use crate::commands::clock::now;
use crate::commands::files::{Input, expand, is_bystander};
use crate::commands::output::Printer;
use crate::commands::progress::Progress;
use crate::error::Error;
use crate::music::catalog::Catalog;
use crate::music::{self, RightsReader, Track};
use crate::store::{FileStamp, hash_file, is_database};
use crate::suggest::{LeftOut, Shortlist, SuggestRequest};
use crate::task::Task;

const SECONDS_OF_DAY: f64 = 86_400.0;
/// Tracks of a catalog that are compared whole; of more, those that seem to fit best.
const SHORTLISTED: usize = 300;

/// What was read, and whether something could not be.
pub struct Material<T> {
    pub items: Vec<T>,
    pub failed: bool,
    /// Tracks that may not be used as asked and were not even read.
    pub left_out: Vec<LeftOut>,
}

impl<T> Material<T> {
    /// For choices that are made from words alone.
    pub fn nothing() -> Self {
        Self {
            items: Vec::new(),
            failed: false,
            left_out: Vec::new(),
        }
    }
}

/// Analyzes the person's files; those that fail are told and left out. Fails when none is left.
pub fn sources(
    typed: &[PathBuf],
    analyzer: &Analyzer<'_>,
    printer: &Printer,
    quiet: bool,
) -> Result<Material<Analysis>> {
    let inputs = expand(typed)?;
    let found = analyzed(&inputs, "look", analyzer, printer, quiet)?;
    if found.items.is_empty() {
        return Err(Error::Nothing {
            what: "none of the files could be used".into(),
            hint: "name at least one picture or clip that can be read".into(),
        }
        .into());
    }
    Ok(found)
}

/// The tracks of a catalog that are worth comparing for `request`, or those of a folder, or one, which are analyzed;
/// what is no music is left out. Fails when none is left.
pub fn tracks(
    place: &Path,
    request: &SuggestRequest<'_>,
    analyzer: &Analyzer<'_>,
    printer: &Printer,
    quiet: bool,
    task: &Task,
) -> Result<Material<Track>> {
    if is_database(place) {
        return cataloged(place, request, printer, task);
    }
    let none = || Error::Nothing {
        what: format!("no tracks in {}", place.display()),
        hint: "name a folder with music, or leave out --music to keep the clips' own sound".into(),
    };
    let mut rights = RightsReader::new(place);
    let found_in = place.is_dir().then(|| place.to_path_buf());
    let inputs: Vec<Input> = music::find_tracks(place)?
        .into_iter()
        .map(|path| Input {
            path,
            folder: found_in.clone(),
        })
        .collect();
    if inputs.is_empty() {
        return Err(none().into());
    }
    let mut heard = analyzed(&inputs, "listen", analyzer, printer, quiet)?;
    let mut tracks = Vec::new();
    for analysis in heard.items.drain(..) {
        if analysis.audio.is_none() || analysis.file.kind == FileKind::Image {
            continue;
        }
        let path = PathBuf::from(&analysis.file.path);
        let facts = match rights.facts(&path) {
            Ok(facts) => facts,
            Err(problem) if music::concerns_one_track(&problem) => {
                heard.failed = true;
                printer.error(&problem);
                continue;
            }
            Err(problem) => return Err(problem.into()),
        };
        tracks.push(Track::new(path, analysis, facts)?);
    }
    if tracks.is_empty() {
        return Err(none().into());
    }
    Ok(Material {
        items: tracks,
        failed: heard.failed,
        left_out: Vec::new(),
    })
}

/// The tracks of a catalog as they were heard when they were added: those that may be used, and of very many those that
/// seem to fit best. A file that is gone, or no longer what was heard, is told and left out.
fn cataloged(
    place: &Path,
    request: &SuggestRequest<'_>,
    printer: &Printer,
    task: &Task,
) -> Result<Material<Track>> {
    let catalog = Catalog::open(place)?;
    let now = now();
    let mut shortlist = Shortlist::new(request, SHORTLISTED, now)?;
    catalog.sketches(task, |sketch| shortlist.offer(&sketch))?;
    let shortlisted = shortlist.finish();
    if shortlisted.of > shortlisted.ids.len() {
        printer.note(&format!(
            "of {} tracks, the {} that seem to fit best are compared",
            shortlisted.of,
            shortlisted.ids.len()
        ));
    }
    let mut tracks = Vec::new();
    for id in &shortlisted.ids {
        task.check()?;
        let full = catalog.full(id)?;
        let path = full.entry.path;
        let is_same = match FileStamp::of(&path) {
            Ok(stamp) if stamp == full.stamp => true,
            Ok(stamp) => {
                stamp.bytes == full.stamp.bytes && hash_file(&path, task)? == full.entry.id
            }
            Err(_) => {
                printer.note(&format!("{} is missing and left out", path.display()));
                continue;
            }
        };
        if !is_same {
            printer.note(&format!(
                "{} has changed since it was added and is left out: add it again",
                path.display()
            ));
            continue;
        }
        let seconds = |used: i64| now.saturating_sub(used).max(0) as f64;
        tracks.push(Track {
            path,
            title: full.entry.title,
            artist: full.entry.artist,
            license: full.entry.license,
            days_since_use: full
                .entry
                .last_used
                .map(|used| seconds(used) / SECONDS_OF_DAY),
            words_vector: full.words_vector,
            analysis: full.analysis,
        });
    }
    if tracks.is_empty() && shortlisted.left_out.is_empty() {
        return Err(Error::Nothing {
            what: format!("no tracks in {} can be used", place.display()),
            hint: "add some with tastemaker music add, or run tastemaker music check".into(),
        }
        .into());
    }
    Ok(Material {
        items: tracks,
        failed: false,
        left_out: shortlisted.left_out,
    })
}

/// Notes that a track was laid under a film, where the music came from a catalog. That this cannot be written is told,
/// and the film is as good without.
pub fn mark_used(place: Option<&Path>, id: &str, printer: &Printer) {
    let Some(place) = place.filter(|place| is_database(place)) else {
        return;
    };
    let noted = Catalog::open(place).and_then(|mut catalog| catalog.mark_used(id, now()));
    if let Err(problem) = noted {
        printer.note(&format!("that the track was used is not noted: {problem}"));
    }
}

fn analyzed(
    inputs: &[Input],
    title: &str,
    analyzer: &Analyzer<'_>,
    printer: &Printer,
    quiet: bool,
) -> Result<Material<Analysis>> {
    let progress = Progress::new(title, quiet);
    let paths: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    let mut material = Material {
        items: Vec::new(),
        failed: false,
        left_out: Vec::new(),
    };
    analyzer.run(&paths, &progress, |at, answer| {
        let Some(input) = inputs.get(at) else {
            return Ok(());
        };
        progress.message(&input.path.display().to_string());
        match answer {
            Ok(analysis) => {
                if let Some(partial) = &analysis.file.partial {
                    material.failed = true;
                    printer.note(&format!("only a part of it is used: {}", partial.message));
                }
                material.items.push(analysis);
            }
            Err(problem) if is_bystander(input, &problem) => {}
            Err(problem) => {
                material.failed = true;
                printer.error(&problem);
            }
        }
        Ok(())
    })?;
    progress.finish();
    Ok(material)
}
