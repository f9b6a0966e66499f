//! The name and license of a track, from the files beside it and its tags, in order of precedence.
//!
//! `tracks.toml` comes first, then a sidecar (`song.ogg.license`), `LICENSES.tsv`, and last the tags in the file.
//! Notes and tables of the nearest folder take precedence over those of folders above it, up to the root. What a person
//! typed takes precedence over all of them, see [`crate::music::catalog::merge_facts`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::media::SoundTags;
use crate::music::license::License;
use crate::music::text_file::read_text_file;
use crate::music::track_notes::{TrackNotes, read_track_notes};

mod sidecar;
mod table;

pub use sidecar::{SIDECAR_ENDING, parse_sidecar};
pub use table::{LICENSES_FILE, LicenseTable};

/// Name and license of a track. Texts are empty where no source has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct TrackFacts {
    pub title: String,
    pub artist: String,
    pub album: String,
    pub license: License,
}

/// True for an error in the sidecar of one track: other tracks are not affected. Notes and tables concern many tracks.
pub fn concerns_one_track(problem: &Error) -> bool {
    problem
        .file()
        .is_some_and(|file| file.to_string_lossy().ends_with(SIDECAR_ENDING))
}

/// Name and license of one file in the folder `root`. For many files use [`RightsReader`], which reads notes and tables
/// once.
pub fn track_facts(path: &Path, root: &Path) -> Result<TrackFacts> {
    RightsReader::new(root).facts(path)
}

/// Reads names and licenses of the files in a folder.
#[derive(Debug)]
pub struct RightsReader {
    root: PathBuf,
    folders: BTreeMap<PathBuf, (TrackNotes, LicenseTable)>,
}

impl RightsReader {
    /// For the files in the folder `root` and below it. Where `root` is a file, for those in its folder.
    pub fn new(root: &Path) -> Self {
        let root = if root.is_file() {
            root.parent().unwrap_or(Path::new(""))
        } else {
            root
        };
        Self {
            root: root.to_owned(),
            folders: BTreeMap::new(),
        }
    }

    /// Name and license of the file at `path`. The title falls back to the file's name.
    ///
    /// Errors: [`Error::Read`], and [`Error::Document`] with line and column for what is wrong in notes, tables and
    /// sidecars. Tags that cannot be read count as empty.
    pub fn facts(&mut self, path: &Path) -> Result<TrackFacts> {
        let tags = SoundTags::read(path);
        let mut facts = TrackFacts::default();
        let mut table = License::default();
        for folder in folders(path, &self.root) {
            let (notes, licenses) = self.beside(&folder)?;
            if let Some(note) = notes.find(path) {
                facts.license = facts.license.or(note.license());
                fill(&mut facts.title, note.title.as_deref());
                fill(&mut facts.artist, note.artist.as_deref());
            }
            if let Some(license) = path_below(path, &folder).and_then(|below| licenses.find(&below))
            {
                table = table.or(license.clone());
            }
        }
        let sidecar = match read_text_file(&with_ending(path))? {
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
            let table = match read_text_file(&folder.join(LICENSES_FILE))? {
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
fn path_below(path: &Path, folder: &Path) -> Option<String> {
    let below = path.strip_prefix(folder).ok()?;
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

fn with_ending(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(SIDECAR_ENDING);
    name.into()
}

/// Sets `text` to `other` where it is still empty.
fn fill(text: &mut String, other: Option<&str>) {
    if text.trim().is_empty() {
        *text = other.unwrap_or("").trim().to_owned();
    }
}

/// The license in the tags. A license tag counts whatever it says; a copyright notice or address counts only where it
/// names a Creative Commons license, because most notices reserve all rights and name no license.
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
