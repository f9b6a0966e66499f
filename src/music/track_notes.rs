//! `tracks.toml`: names and licenses of the music in a folder. Music files themselves rarely name their license.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::music::license::{Date, License, read_platforms, read_territory};
use crate::music::text_file::read_text_file;

/// Name of the notes in a folder of music.
pub const NOTES_FILE: &str = "tracks.toml";

/// What a person wrote about one file. Absent fields are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackNote {
    /// The file, relative to the folder of the notes, with `/` between folders.
    pub file: String,
    /// Its name.
    #[serde(default)]
    pub title: Option<String>,
    /// Who made it.
    #[serde(default)]
    pub artist: Option<String>,
    /// SPDX or a plain name.
    #[serde(default)]
    pub license: Option<String>,
    /// The credit that the license requires.
    #[serde(default)]
    pub attribution: Option<String>,
    /// Who owns the rights.
    #[serde(default)]
    pub holder: Option<String>,
    /// Whether it may be used commercially.
    #[serde(default)]
    pub commercial: Option<bool>,
    /// Whether it may be cut, mixed and used in a film.
    #[serde(default)]
    pub edits: Option<bool>,
    /// Where films with it may be posted.
    #[serde(default)]
    pub platforms: Option<Vec<String>>,
    /// Countries in which it may be used, ISO 3166-1 alpha-2 or `EU`.
    #[serde(default)]
    pub territory: Option<Vec<String>>,
    /// The last day on which the license is valid, such as `"2027-01-31"`.
    #[serde(default)]
    pub expires: Option<Date>,
}

impl TrackNote {
    /// Its license; the default if it names none.
    pub fn license(&self) -> License {
        let text = |field: &Option<String>| field.as_deref().unwrap_or("").trim().to_owned();
        License {
            holder: text(&self.holder),
            commercial: self.commercial,
            edits: self.edits,
            platforms: self.platforms.clone(),
            territory: self.territory.clone(),
            attribution: text(&self.attribution),
            expires: self.expires,
            ..License::named(&text(&self.license))
        }
    }

    /// Normalizes lists as in licenses. Fails with a description of what is wrong.
    fn check(&mut self) -> Result<(), String> {
        if let Some(platforms) = &self.platforms {
            self.platforms = read_platforms(&platforms.join(","))?;
        }
        if let Some(territory) = &self.territory {
            self.territory = read_territory(&territory.join(","))?;
        }
        Ok(())
    }
}

/// The notes of one folder.
#[derive(Debug, Clone, Default)]
pub struct TrackNotes {
    folder: PathBuf,
    notes: Vec<TrackNote>,
}

impl TrackNotes {
    /// Parses `text`; `path` is named in errors, and files are relative to its folder.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct NotesFile {
            #[serde(default)]
            track: Vec<toml::Spanned<TrackNote>>,
        }
        let document: NotesFile =
            toml::from_str(text).map_err(|error| Error::toml(path, text, &error))?;
        let mut notes: Vec<TrackNote> = Vec::new();
        for note in document.track {
            let start = note.span().start;
            let mut note = note.into_inner();
            let wrong = if note.file.trim().is_empty() {
                Some("track.file is empty: name the file".to_owned())
            } else if notes.iter().any(|other| other.file == note.file) {
                Some(format!("track.file {:?} is there twice", note.file))
            } else {
                note.check().err()
            };
            if let Some(what) = wrong {
                return Err(Error::document(path, text, start, what));
            }
            notes.push(note);
        }
        Ok(Self {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            notes,
        })
    }

    /// The note about the file at `path`, if there is one.
    pub fn find(&self, path: &Path) -> Option<&TrackNote> {
        self.notes
            .iter()
            .find(|note| self.folder.join(&note.file) == path)
    }

    /// All notes, in order.
    pub fn notes(&self) -> &[TrackNote] {
        &self.notes
    }
}

/// Reads `tracks.toml` in `folder`, or beside it if it is a file. Without such a file there are no notes.
///
/// Errors: [`Error::Read`], and [`Error::Document`] with line and column for what is wrong in it.
pub fn read_track_notes(folder: &Path) -> Result<TrackNotes> {
    let folder = if folder.is_file() {
        folder.parent().unwrap_or(Path::new(""))
    } else {
        folder
    };
    match read_text_file(&folder.join(NOTES_FILE))? {
        Some((text, path)) => TrackNotes::parse(&text, &path),
        None => Ok(TrackNotes::default()),
    }
}
