//! The request of `music add`, and the files that it names.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Input;
use crate::music::catalog::UserFacts;
use crate::music::{RightsReader, find_tracks};

/// Tracks to add.
pub struct AddTracksJob {
    /// The catalog; it is made where there is none.
    pub catalog: PathBuf,
    /// Files and folders.
    pub files: Vec<PathBuf>,
    /// What a person typed about them.
    pub facts: UserFacts,
}

/// What a track is to the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrackState {
    /// New.
    Added,
    /// The file held something else before.
    Changed,
    /// Another file holds the same content.
    Copy,
    /// Analyzed again: the analysis or the beats that a person decided are newer.
    Reanalyzed,
    /// The same content under another path, and none under the old one.
    Moved,
    /// Only the file's time is new.
    Touched,
    /// As it was.
    Unchanged,
}

impl TrackState {
    /// Its word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Copy => "copy",
            Self::Reanalyzed => "heard_again",
            Self::Moved => "moved",
            Self::Touched => "touched",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A file, and the number of the reader of its rights.
pub(super) struct RightsInput {
    pub input: Input,
    pub rights: usize,
}

/// The files that the job would look at.
///
/// Errors: `Usage` for facts out of range, and for facts about one track where there are several files.
pub fn tracks_to_add(job: &AddTracksJob) -> Result<Vec<PathBuf>> {
    let (inputs, _) = inputs(job)?;
    Ok(inputs.into_iter().map(|file| file.input.path).collect())
}

/// The files that were named, none twice, and the readers of their rights.
pub(super) fn inputs(job: &AddTracksJob) -> Result<(Vec<RightsInput>, Vec<RightsReader>)> {
    job.facts.beats()?;
    let (mut inputs, mut rights, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for path in &job.files {
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
                let rights = rights.len() - 1;
                inputs.push(RightsInput { input, rights });
            }
        }
    }
    let facts = &job.facts;
    let concerns_one = facts.title.is_some() || facts.tempo.is_some() || facts.nudge.is_some();
    if concerns_one && inputs.len() > 1 {
        return Err(Error::Usage {
            what: format!(
                "{} files cannot all have one title or the same beats",
                inputs.len()
            ),
            hint: Hint::NameOneTrack,
        });
    }
    Ok((inputs, rights))
}
