//! Where a track's name and license are written, and who has the last word.
//!
//! What a person says on the command line counts first, then `tracks.toml`, a sidecar (`song.ogg.license`),
//! `LICENSES.tsv`, and last the tags in the file. Notes and tables of the nearest folder come before those above it, up to
//! the folder that was named.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::media::SoundTags;
use crate::music::license::License;
use crate::music::notes::{TrackNotes, read_track_notes};

mod sidecar;
mod table;

pub use sidecar::{SIDECAR_ENDING, parse_sidecar};
pub use table::{LICENSES_FILE, LicenseTable};

/// Bytes of a table, of notes or of a sidecar.
const LARGEST: u64 = 4 << 20;

/// What is known of a track without hearing it. Texts are empty where nobody says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct TrackFacts {
    pub title: String,
    pub artist: String,
    pub album: String,
    pub license: License,
}

/// True for what is wrong in the sidecar of one track: others can go on without it. Notes and tables are about many.
pub fn is_of_one_track(problem: &Error) -> bool {
    problem
        .file()
        .is_some_and(|file| file.to_string_lossy().ends_with(SIDECAR_ENDING))
}

/// The facts of one file of the folder `root`. For many files, [`RightsReader`] reads what lies beside them once.
pub fn rights_of(path: &Path, root: &Path) -> Result<TrackFacts> {
    RightsReader::new(root).facts(path)
}

/// Reads facts of the files in a folder.
#[derive(Debug)]
pub struct RightsReader {
    root: PathBuf,
    told: License,
    folders: BTreeMap<PathBuf, (TrackNotes, LicenseTable)>,
}

impl RightsReader {
    /// For the files in `root` and below it; of a file: in its folder.
    pub fn new(root: &Path) -> Self {
        let root = if root.is_file() {
            root.parent().unwrap_or(Path::new(""))
        } else {
            root
        };
        Self {
            root: root.to_owned(),
            told: License::default(),
            folders: BTreeMap::new(),
        }
    }

    /// What a person says of all of them, which counts most.
    #[must_use]
    pub fn told(mut self, license: License) -> Self {
        self.told = license;
        self
    }

    /// What is known of the file at `path`. The title is at least the file's name.
    ///
    /// Errors: [`Error::Read`], and [`Error::Document`] with line and column for what is wrong in notes, tables and
    /// sidecars. Tags that cannot be read say nothing.
    pub fn facts(&mut self, path: &Path) -> Result<TrackFacts> {
        let tags = SoundTags::read(path);
        let mut facts = TrackFacts {
            license: self.told.clone(),
            ..TrackFacts::default()
        };
        let mut table = License::default();
        for folder in folders(path, &self.root) {
            let (notes, licenses) = self.beside(&folder)?;
            if let Some(note) = notes.find(path) {
                facts.license = facts.license.or(note.license());
                fill(&mut facts.title, note.title.as_deref());
                fill(&mut facts.artist, note.artist.as_deref());
            }
            if let Some(license) = place(path, &folder).and_then(|place| licenses.find(&place)) {
                table = table.or(license.clone());
            }
        }
        let sidecar = match read_beside(&with_ending(path))? {
            Some((text, beside)) => parse_sidecar(&text, &beside)?,
            None => License::default(),
        };
        facts.license = facts.license.or(sidecar).or(table).or(of_tags(&tags));
        fill(&mut facts.title, Some(&tags.title));
        fill(&mut facts.artist, Some(&tags.artist));
        fill(&mut facts.album, Some(&tags.album));
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        fill(&mut facts.title, stem.as_deref());
        Ok(facts)
    }

    fn beside(&mut self, folder: &Path) -> Result<&(TrackNotes, LicenseTable)> {
        if !self.folders.contains_key(folder) {
            let notes = read_track_notes(folder)?;
            let table = match read_beside(&folder.join(LICENSES_FILE))? {
                Some((text, path)) => LicenseTable::parse(&text, &path)?,
                None => LicenseTable::default(),
            };
            self.folders.insert(folder.to_owned(), (notes, table));
        }
        Ok(self.folders.entry(folder.to_owned()).or_default())
    }
}

/// The folders from the file's own up to `root`.
fn folders(path: &Path, root: &Path) -> Vec<PathBuf> {
    let own = path.parent().unwrap_or(Path::new(""));
    if !own.starts_with(root) {
        return vec![own.to_owned()];
    }
    own.ancestors()
        .take_while(|folder| folder.starts_with(root))
        .map(Path::to_owned)
        .collect()
}

/// The path below `folder`, with `/` between folders.
fn place(path: &Path, folder: &Path) -> Option<String> {
    let below = path.strip_prefix(folder).ok()?;
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

fn with_ending(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(SIDECAR_ENDING);
    name.into()
}

/// The text of a file that may be absent, with its path.
pub(super) fn read_beside(path: &Path) -> Result<Option<(String, PathBuf)>> {
    // A folder of that name, or a pipe that never ends, is no such file.
    if !path.is_file() {
        return Ok(None);
    }
    let read = |error| Error::read(path, error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(read)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(read)?;
    if bytes.len() as u64 > LARGEST {
        let what = format!("it is larger than {} MiB", LARGEST >> 20);
        return Err(Error::document(path, "", 0, what));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        Error::document(path, &text, valid, "it is not UTF-8 from here on")
    })?;
    Ok(Some((text, path.to_owned())))
}

/// Where `text` is still empty, it becomes what another source says.
fn fill(text: &mut String, other: Option<&str>) {
    if text.trim().is_empty() {
        *text = other.unwrap_or("").trim().to_owned();
    }
}

/// A license tag is a license, whatever it says; an address or a notice of copyright is one where it names one of
/// Creative Commons.
fn of_tags(tags: &SoundTags) -> License {
    let creative = |text: &String| text.to_ascii_lowercase().contains("creativecommons.org/");
    let notices = [&tags.copyright_address, &tags.copyright];
    std::iter::once(&tags.license)
        .chain(notices.into_iter().filter(|text| creative(text)))
        .map(|text| License::named(text))
        .find(License::is_known)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
