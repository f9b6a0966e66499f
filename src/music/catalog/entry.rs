//! A track as a catalog lists it, its file, and its mood and tags in words.

use std::path::{Path, PathBuf};

use rusqlite::Row;
use rusqlite::types::Type;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Analysis, AudioReport, Axes};
use crate::error::{Error, Result};
use crate::music::License;
use crate::store::FileStamp;

/// Most tags in the description of a track, the most likely first. More would blur its embedding.
const TAGS: usize = 8;

/// A track as it is listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogEntry {
    /// Hash of its content (BLAKE3), 64 hex digits.
    pub id: String,
    /// Its file; the first by name where several hold it.
    pub path: PathBuf,
    /// Its name.
    pub title: String,
    /// Who made it.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub artist: String,
    /// What it is part of.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub album: String,
    /// What it may be used for.
    pub license: License,
    /// Seconds.
    pub duration: f64,
    /// Beats a minute; absent without a steady beat.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bpm: Option<f64>,
    /// Such as `A minor`; absent where none is clear.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<String>,
    /// Share of it in which somebody sings, 0..1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub vocals: Option<f64>,
    /// Named axes, each 0..1; absent without music.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub axes: Option<Axes>,
    /// Mood and tags, best first.
    pub words: String,
    /// When it was added, seconds since the beginning of 1970.
    pub added: i64,
    /// When it was last used in a film, seconds since the beginning of 1970; absent if never.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_used: Option<i64>,
}

/// The columns of [`CatalogEntry::read`], in its order.
pub(super) const COLUMNS: &str = "tracks.blake3, (SELECT min(path) FROM files WHERE files.blake3 = tracks.blake3), \
     title, artist, album, \
     license, duration, bpm, tonic, mode, vocals, energy, valence, danceability, acousticness, density, brightness, \
     words, added, last_used";

impl CatalogEntry {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let tonic: Option<String> = row.get(8)?;
        let mode: Option<String> = row.get(9)?;
        Ok(Self {
            id: row.get(0)?,
            path: row.get::<_, Option<String>>(1)?.unwrap_or_default().into(),
            title: row.get(2)?,
            artist: row.get(3)?,
            album: row.get(4)?,
            license: from_json(row, 5)?,
            duration: row.get(6)?,
            bpm: row.get(7)?,
            key: tonic
                .zip(mode)
                .map(|(tonic, mode)| format!("{tonic} {mode}")),
            vocals: row.get(10)?,
            axes: axes(row, 11)?,
            words: row.get(17)?,
            added: row.get(18)?,
            last_used: row.get(19)?,
        })
    }
}

/// Six columns from `first` on, in the order of [`COLUMNS`]; `None` for tracks without music.
pub(super) fn axes(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Axes>> {
    let axis = |at: usize| row.get::<_, Option<f64>>(first + at);
    let Some(energy) = axis(0)? else {
        return Ok(None);
    };
    Ok(Some(Axes {
        energy,
        valence: axis(1)?.unwrap_or(0.5),
        danceability: axis(2)?.unwrap_or(0.5),
        acousticness: axis(3)?.unwrap_or(0.5),
        density: axis(4)?.unwrap_or(0.5),
        brightness: axis(5)?.unwrap_or(0.5),
    }))
}

/// JSON from a text column. JSON that does not fit the type is reported as a damaged file.
pub(super) fn from_json<T: for<'a> Deserialize<'a>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|problem| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(problem))
    })
}

/// The bytes of a column as signed numbers.
pub(super) fn numbers(bytes: &[u8]) -> Vec<i8> {
    bytes.iter().map(|byte| byte.cast_signed()).collect()
}

/// The reverse of [`numbers`].
pub(super) fn bytes(numbers: &[i8]) -> Vec<u8> {
    numbers
        .iter()
        .map(|number| number.cast_unsigned())
        .collect()
}

/// A file that holds a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackFile {
    /// Absolute.
    pub path: PathBuf,
    /// Size and time when its content was read.
    pub stamp: FileStamp,
}

impl TrackFile {
    /// The file at `path`, absolute and without links. Fails with `Read`, and with `Unsupported` for names that are not
    /// Unicode: the catalog keeps paths as text.
    pub fn at(path: &Path) -> Result<Self> {
        let full = path
            .canonicalize()
            .map_err(|problem| Error::read(path, problem))?;
        if full.to_str().is_none() {
            return Err(Error::unsupported(
                path,
                "its name is not Unicode: rename it",
            ));
        }
        let stamp = FileStamp::of(&full)?;
        Ok(Self { path: full, stamp })
    }
}

/// Mood and tags of a track in words, best first; `None` when there are none.
pub fn mood_and_tags(audio: &AudioReport) -> Option<String> {
    let mood = audio
        .mood
        .iter()
        .flat_map(|mood| mood.words.iter().map(String::as_str));
    let tags = audio.tags.iter().take(TAGS).map(|tag| tag.label.as_str());
    let words: Vec<&str> = mood.chain(tags).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Share of a track in which somebody sings, 0..1.
pub(super) fn vocal_share(audio: &AudioReport) -> f64 {
    let seconds: f64 = audio
        .singing
        .iter()
        .map(|span| (span.end - span.start).max(0.0))
        .sum();
    (seconds / audio.duration.max(1e-3)).clamp(0.0, 1.0)
}

/// An analysis, with the embedding of its mood and tags.
#[derive(Debug, Clone)]
pub struct TrackAnalysis {
    /// Has `audio`, and covers the whole file.
    pub analysis: Analysis,
    /// The vector of [`mood_and_tags`], see [`super::words_vector`]; empty without words.
    pub words_vector: Vec<i8>,
}
