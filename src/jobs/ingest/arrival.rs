//! The files that a preset takes, and the folders of their results.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::preset::IngestPreset;
use crate::analysis::FileKind;
use crate::error::{Error, Result};
use crate::jobs::inputs::{Input, expand, is_bystander};
use crate::media::{Limits, MediaKind, probe};
use crate::task::Task;

/// The document in the folder of each file.
pub(super) const DOCUMENT: &str = "ingested.json";

/// A file that is taken, and the folder of its results.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The file.
    pub path: PathBuf,
    /// The folder; it may not exist yet.
    pub folder: PathBuf,
}

impl Arrival {
    /// The path of its document.
    pub fn document(&self) -> PathBuf {
        self.folder.join(DOCUMENT)
    }
}

/// Those of `files`, and in folders of them, that the preset takes, each with a folder in `output`; and how many
/// failed, which have gone to the task. Only headers are read, under the limits of the preset.
pub(super) fn arrivals(
    preset: &IngestPreset,
    files: &[PathBuf],
    output: &Path,
    limits: &Limits,
    task: &Task,
) -> Result<(Vec<Arrival>, usize)> {
    let limits = preset.within(limits);
    let (mut arrivals, mut names, mut failed) = (Vec::new(), BTreeSet::new(), 0);
    for input in expand(files)? {
        task.check()?;
        let taken = probe(&input.path, &limits).and_then(|facts| match takes(preset, facts.kind) {
            true => Ok(()),
            false => Err(Error::unsupported(
                &input.path,
                format!("{} does not take its kind", preset.id),
            )),
        });
        match taken {
            Ok(()) => arrivals.push(Arrival {
                folder: output.join(folder_name(&input, &mut names)),
                path: input.path,
            }),
            Err(problem) if is_bystander(&input, &problem) => {}
            Err(problem) => {
                failed += 1;
                task.failure(&input.path, &problem);
            }
        }
    }
    Ok((arrivals, failed))
}

fn takes(preset: &IngestPreset, kind: MediaKind) -> bool {
    let kind = match kind {
        MediaKind::Image => FileKind::Image,
        MediaKind::Video => FileKind::Video,
        MediaKind::Audio => FileKind::Audio,
    };
    preset.takes.contains(&kind)
}

/// The name of a file without its ending, with a number where another file has it already, on any file system.
fn folder_name(input: &Input, taken: &mut BTreeSet<String>) -> String {
    let stem = input.path.file_stem().unwrap_or_default();
    let stem = stem.to_string_lossy();
    let numbered = (2..).map(|number| format!("{stem}-{number}"));
    let mut names = std::iter::once(stem.clone().into_owned()).chain(numbered);
    let free = names.find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or_else(|| stem.into_owned())
}
