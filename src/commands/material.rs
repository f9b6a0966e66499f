//! What `suggest` and `edit` work from: the analyzed files of a person, and the analyzed tracks.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::analysis::{Analysis, FileKind};
use crate::commands::analyzed::Analyzer;
use crate::commands::files::{Input, expand, is_bystander};
use crate::commands::output::Printer;
use crate::commands::progress::Progress;
use crate::error::Error;
use crate::music::{self, RightsReader, Track};

/// What was read, and whether something could not be.
pub struct Material<T> {
    pub items: Vec<T>,
    pub failed: bool,
}

impl<T> Material<T> {
    /// For choices that are made from words alone.
    pub fn nothing() -> Self {
        Self {
            items: Vec::new(),
            failed: false,
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

/// Analyzes a folder of tracks, or one; what is no music is left out. Fails when none is left.
pub fn tracks(
    place: &Path,
    analyzer: &Analyzer<'_>,
    printer: &Printer,
    quiet: bool,
) -> Result<Material<Track>> {
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
        let facts = rights.facts(&path)?;
        tracks.push(Track::new(path, analysis, facts)?);
    }
    if tracks.is_empty() {
        return Err(none().into());
    }
    Ok(Material {
        items: tracks,
        failed: heard.failed,
    })
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
