//! What suggestions and edits are made from: the analyzed files of a person, and the analyzed tracks.
//!
//! Tracks come from a catalog, a folder or one file. Those of a folder are analyzed now. Those of a catalog were
//! analyzed when they were added; of very many, only those that seem to fit best are read.

use std::path::{Path, PathBuf};

use crate::analysis::{Analysis, FileKind};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::analyze::notice_treatments;
use crate::jobs::analyzer::Analyzer;
use crate::jobs::inputs::{Input, expand, is_bystander};
use crate::music::catalog::{Catalog, CatalogTrack};
use crate::music::{self, RightsReader, Track};
use crate::notice::Notice;
use crate::picture::Background;
use crate::store::{FileStamp, is_database};
use crate::suggest::{LeftOut, Shortlist, SuggestRequest};
use crate::task::{Stage, Task};

const SECONDS_OF_DAY: f64 = 86_400.0;
/// Tracks of a catalog that are compared whole; of more, those that seem to fit best.
const SHORTLISTED: usize = 300;

/// What was read.
pub struct Material<T> {
    /// What can be worked with.
    pub items: Vec<T>,
    /// Something could not be read, or only in part.
    pub failed: bool,
    /// Tracks that may not be used as asked and were not even read.
    pub left_out: Vec<LeftOut>,
}

impl<T> Material<T> {
    /// Nothing: for choices that are made from words alone, or without music.
    pub(super) fn nothing() -> Self {
        Self {
            items: Vec::new(),
            failed: false,
            left_out: Vec::new(),
        }
    }
}

/// Analyzes files and folders of files. Those that fail go to the task and are left out. Fails when none is left.
pub fn read_sources(
    files: &[PathBuf],
    background: Background,
    workshop: &Workshop,
    task: &Task,
) -> Result<Material<Analysis>> {
    let found = analyzed(&expand(files)?, Stage::Look, background, workshop, task)?;
    if found.items.is_empty() {
        return Err(Error::Nothing {
            what: "none of the files could be used".into(),
            hint: Hint::NameReadableFile,
        });
    }
    Ok(found)
}

/// The tracks of a catalog that are worth comparing for `request`, or those of a folder, or one. Files without
/// sound are left out. Fails when none is left.
pub(super) fn read_tracks(
    place: &Path,
    request: &SuggestRequest<'_>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Material<Track>> {
    if is_database(place) {
        return catalog_tracks(place, request, workshop, task);
    }
    let none = || Error::Nothing {
        what: format!("no tracks in {}", place.display()),
        hint: Hint::NameMusicOrNone,
    };
    let mut rights = RightsReader::new(place);
    let folder = place.is_dir().then(|| place.to_path_buf());
    let inputs: Vec<Input> = music::find_tracks(place)?
        .into_iter()
        .map(|path| Input {
            path,
            folder: folder.clone(),
        })
        .collect();
    if inputs.is_empty() {
        return Err(none());
    }
    let heard = analyzed(&inputs, Stage::Listen, Background::BLACK, workshop, task)?;
    let mut failed = heard.failed;
    let mut tracks = Vec::new();
    for analysis in heard.items {
        if analysis.audio.is_none() || analysis.file.kind == FileKind::Image {
            continue;
        }
        let path = PathBuf::from(&analysis.file.path);
        match rights.facts(&path) {
            Ok(facts) => tracks.push(Track::new(path, analysis, facts)?),
            Err(problem) if music::concerns_one_track(&problem) => {
                failed = true;
                task.failure(&path, &problem);
            }
            Err(problem) => return Err(problem),
        }
    }
    if tracks.is_empty() {
        return Err(none());
    }
    Ok(Material {
        items: tracks,
        failed,
        left_out: Vec::new(),
    })
}

/// The tracks of a catalog that may be used, and of very many those that seem to fit best. A file that is gone or
/// changed is left out with a notice.
fn catalog_tracks(
    place: &Path,
    request: &SuggestRequest<'_>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Material<Track>> {
    let catalog = Catalog::open(place)?;
    let now = workshop.now();
    let mut shortlist = Shortlist::new(request, SHORTLISTED, now)?;
    catalog.sketches(task, |sketch| shortlist.offer(&sketch))?;
    let shortlisted = shortlist.finish();
    if shortlisted.of > shortlisted.ids.len() {
        task.notice(Notice::Shortlisted {
            tracks: shortlisted.of,
            compared: shortlisted.ids.len(),
        });
    }
    let mut tracks = Vec::new();
    for id in &shortlisted.ids {
        task.check()?;
        let full = catalog.full(id)?;
        if !is_unchanged(&full, workshop, task)? {
            continue;
        }
        let days = |used: i64| now.saturating_sub(used).max(0) as f64 / SECONDS_OF_DAY;
        tracks.push(Track {
            path: full.entry.path,
            title: full.entry.title,
            artist: full.entry.artist,
            license: full.entry.license,
            days_since_use: full.entry.last_used.map(days),
            words_vector: full.words_vector,
            analysis: full.analysis,
        });
    }
    if tracks.is_empty() && shortlisted.left_out.is_empty() {
        return Err(Error::Nothing {
            what: format!("no tracks in {} can be used", place.display()),
            hint: Hint::FillCatalog,
        });
    }
    Ok(Material {
        items: tracks,
        failed: false,
        left_out: shortlisted.left_out,
    })
}

/// Whether a file is what was heard when it was added. A new time alone is no change: then the content decides.
fn is_unchanged(track: &CatalogTrack, workshop: &Workshop, task: &Task) -> Result<bool> {
    let (path, known, id) = (&track.entry.path, &track.stamp, &track.entry.id);
    let file = || path.clone();
    let Ok(stamp) = FileStamp::of(path) else {
        task.notice(Notice::TrackMissing { file: file() });
        return Ok(false);
    };
    let unchanged = stamp == *known
        || (stamp.bytes == known.bytes && workshop.hashes().hash(path, task)? == *id);
    if !unchanged {
        task.notice(Notice::TrackChanged { file: file() });
    }
    Ok(unchanged)
}

/// Records that a track was laid under a film, where the music came from a catalog. The film is as good without, so a
/// failure is only a notice.
pub(super) fn record_use(place: Option<&Path>, id: &str, workshop: &Workshop, task: &Task) {
    let Some(place) = place.filter(|place| is_database(place)) else {
        return;
    };
    let recorded =
        Catalog::open(place).and_then(|mut catalog| catalog.mark_used(id, workshop.now()));
    if let Err(problem) = recorded {
        task.notice(Notice::UseNotRecorded {
            file: place.into(),
            problem: problem.to_string(),
        });
    }
}

fn analyzed(
    inputs: &[Input],
    stage: Stage,
    background: Background,
    workshop: &Workshop,
    task: &Task,
) -> Result<Material<Analysis>> {
    let paths: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    let mut material = Material::nothing();
    Analyzer::new(workshop, task)?.run(&paths, stage, |at, result| {
        let Some(input) = inputs.get(at) else {
            return Ok(());
        };
        match result {
            Ok(analysis) => {
                if let Some(partial) = &analysis.file.partial {
                    material.failed = true;
                    task.notice(Notice::PartlyUsed {
                        file: input.path.clone(),
                        problem: partial.message.clone(),
                    });
                }
                notice_treatments(&analysis, &input.path, background, task);
                material.items.push(analysis);
            }
            Err(problem) if is_bystander(input, &problem) => {}
            Err(problem) => {
                material.failed = true;
                task.failure(&input.path, &problem);
            }
        }
        Ok::<(), Error>(())
    })?;
    Ok(material)
}
