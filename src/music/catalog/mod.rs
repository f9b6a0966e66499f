//! A catalog of music: the analyses and licenses of many tracks in one SQLite file, so that nothing is analyzed twice.
//!
//! Every change is one transaction. Two processes may add to a catalog while others read it; a process that is killed
//! loses at most the track it was working on.

use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension as _, Row, Transaction, params, params_from_iter};
use serde::Serialize;

use crate::analysis::{ANALYSIS_REVISION, Analysis};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::music::{License, TrackFacts};
use crate::store::{Database, FileStamp};

mod duplicates;
mod entry;
mod query;
mod search;
mod sketch;
mod tables;
mod user_facts;
mod vectors;

pub use duplicates::{Duplicate, cosine, duplicates};

pub use entry::{CatalogEntry, TrackAnalysis, TrackFile, mood_and_tags};
pub use query::{Filters, Query, Range};
pub use search::{SearchHit, SearchRow, quantize_vector, search, words_vector};
pub use sketch::TrackSketch;
pub use user_facts::{UserFacts, merge_facts};
pub use vectors::{track_id, vector_id};

/// Fewest hex digits of a hash that name a track: 4 digits tell a few hundred tracks apart, as in git.
const SHORTEST_ID: usize = 4;
/// Most tracks that an error lists when a name fits several; more do not fit on a line.
const NAMED: usize = 5;

/// An open catalog.
pub struct Catalog {
    database: Database,
}

/// What [`Catalog::put`] writes.
pub struct Addition<'a> {
    /// Hash of the content.
    pub id: &'a str,
    /// Its file.
    pub file: &'a TrackFile,
    /// Names and license, as they are listed.
    pub facts: &'a TrackFacts,
    /// What a person typed about it, remembered by content.
    pub user_facts: &'a UserFacts,
    /// The analysis; `None` for content that is in the catalog already.
    pub analysis: Option<&'a TrackAnalysis>,
    /// Files that held this content and are gone.
    pub gone: &'a [PathBuf],
    /// Seconds since the beginning of 1970.
    pub now: i64,
}

/// A track with everything that a catalog keeps about it.
#[derive(Debug, Clone)]
pub struct CatalogTrack {
    /// As it is listed.
    pub entry: CatalogEntry,
    /// Size and time of the file when it was analyzed.
    pub stamp: FileStamp,
    /// The analysis; its path is that of the entry.
    pub analysis: Analysis,
    /// Embedding of its mood and tags, see [`words_vector`]; empty where it has none.
    pub words_vector: Vec<i8>,
}

impl Catalog {
    /// Opens a catalog, and makes it where there is none. Fails like [`Database::create`].
    pub fn create(path: &Path) -> Result<Self> {
        Ok(Self {
            database: Database::create(path, &tables::KIND)?,
        })
    }

    /// Opens a catalog that is there. Fails like [`Database::open`].
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            database: Database::open(path, &tables::KIND)?,
        })
    }

    /// The content that a file held when it was added, and its stamp then.
    pub fn content_at(&self, path: &Path) -> Result<Option<(String, FileStamp)>> {
        self.database.read(|ask| {
            ask.query_row(
                "SELECT blake3, bytes, modified FROM files WHERE path = ?1",
                [text(path)],
                |row| Ok((row.get(0)?, stamp(row, 1)?)),
            )
            .optional()
        })
    }

    /// True when a content is in the catalog and was analyzed by this version of the analysis.
    pub fn is_current(&self, id: &str) -> Result<bool> {
        self.database.read(|ask| {
            ask.query_row(
                "SELECT count(*) FROM tracks WHERE blake3 = ?1 AND revision = ?2",
                params![id, ANALYSIS_REVISION],
                |row| Ok(row.get::<_, i64>(0)? > 0),
            )
        })
    }

    /// The files that are known to hold a content.
    pub fn paths(&self, id: &str) -> Result<Vec<PathBuf>> {
        self.database.read(|ask| {
            let mut statement =
                ask.prepare_cached("SELECT path FROM files WHERE blake3 = ?1 ORDER BY path")?;
            let rows = statement.query_map([id], |row| Ok(row.get::<_, String>(0)?.into()))?;
            rows.collect()
        })
    }

    /// Names and license of a content, as they are listed.
    pub fn facts(&self, id: &str) -> Result<Option<TrackFacts>> {
        Ok(self.entry(id)?.map(|entry| TrackFacts {
            title: entry.title,
            artist: entry.artist,
            album: entry.album,
            license: entry.license,
        }))
    }

    /// What a person typed about a content; empty where nobody did.
    pub fn user_facts(&self, id: &str) -> Result<UserFacts> {
        let found = self.database.read(|ask| {
            ask.query_row(
                "SELECT title, artist, license, tempo, nudge FROM said WHERE blake3 = ?1",
                [id],
                |row| {
                    Ok(UserFacts {
                        title: row.get(0)?,
                        artist: row.get(1)?,
                        license: entry::from_json(row, 2)?,
                        tempo: row.get(3)?,
                        nudge: row.get(4)?,
                    })
                },
            )
            .optional()
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Writes a track, or another file of one. Returns false and writes nothing when there is no analysis and the
    /// catalog has none either: another process has removed the track.
    pub fn put(&mut self, addition: &Addition<'_>) -> Result<bool> {
        let license = self.json(&addition.facts.license)?;
        let typed = addition.user_facts;
        let typed_license = self.json(&typed.license)?;
        let analysis = match addition.analysis {
            Some(heard) => self.json(&heard.analysis)?,
            None => String::new(),
        };
        self.database.write(|change| {
            match addition.analysis {
                Some(heard) => write_analysis(change, addition.id, heard, &analysis, addition.now)?,
                None => {
                    let known: i64 = change.query_row(
                        "SELECT count(*) FROM tracks WHERE blake3 = ?1",
                        [addition.id],
                        |row| row.get(0),
                    )?;
                    if known == 0 {
                        return Ok(false);
                    }
                }
            }
            let description = addition.facts;
            change.execute(
                "UPDATE tracks SET title = ?2, artist = ?3, album = ?4, license = ?5 WHERE blake3 = ?1",
                params![addition.id, description.title, description.artist, description.album, license],
            )?;
            if !typed.is_empty() {
                change.execute(
                    "INSERT OR REPLACE INTO said (blake3, title, artist, license, tempo, nudge)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![addition.id, typed.title, typed.artist, typed_license, typed.tempo, typed.nudge],
                )?;
            }
            for place in addition.gone {
                change.execute(
                    "DELETE FROM files WHERE path = ?1 AND blake3 = ?2",
                    params![text(place), addition.id],
                )?;
            }
            let place = text(&addition.file.path);
            let before: Option<String> = change
                .query_row("SELECT blake3 FROM files WHERE path = ?1", [&place], |row| row.get(0))
                .optional()?;
            change.execute(
                "INSERT OR REPLACE INTO files (path, blake3, bytes, modified) VALUES (?1, ?2, ?3, ?4)",
                params![
                    place,
                    addition.id,
                    i64::try_from(addition.file.stamp.bytes).unwrap_or(i64::MAX),
                    addition.file.stamp.modified
                ],
            )?;
            // If no other file has the content that this file had before, remove that track.
            change.execute(
                "DELETE FROM tracks WHERE blake3 = ?1 AND blake3 NOT IN (SELECT blake3 FROM files WHERE blake3 = ?1)",
                [before],
            )?;
            Ok(true)
        })
    }

    fn json(&self, value: &impl Serialize) -> Result<String> {
        serde_json::to_string(value)
            .map_err(|problem| Error::write(self.database.path(), problem.into()))
    }

    /// How many tracks there are.
    pub fn len(&self) -> Result<usize> {
        let count: i64 = self
            .database
            .read(|ask| ask.query_row("SELECT count(*) FROM tracks", [], |row| row.get(0)))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// True when there is no track.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// The tracks that `filters` let through, by title.
    pub fn list(&self, filters: &Filters) -> Result<Vec<CatalogEntry>> {
        let (clause, values) = filters.clause();
        self.database.read(|ask| {
            let mut statement = ask.prepare(&format!(
                "SELECT {} FROM tracks WHERE {clause} ORDER BY title COLLATE NOCASE, tracks.blake3",
                entry::COLUMNS
            ))?;
            statement
                .query_map(params_from_iter(values), CatalogEntry::read)?
                .collect()
        })
    }

    /// The license of each track that `filters` let through, by hash.
    pub fn licenses(&self, filters: &Filters) -> Result<Vec<(String, License)>> {
        let (clause, values) = filters.clause();
        self.database.read(|ask| {
            let mut statement = ask.prepare(&format!(
                "SELECT blake3, license FROM tracks WHERE {clause} ORDER BY blake3"
            ))?;
            let rows = statement.query_map(params_from_iter(values), |row| {
                Ok((row.get(0)?, entry::from_json(row, 1)?))
            })?;
            rows.collect()
        })
    }

    /// The texts and embeddings that a search by words compares, of the tracks that `filters` let through.
    pub fn search_rows(&self, filters: &Filters) -> Result<Vec<SearchRow>> {
        let (clause, values) = filters.clause();
        self.database.read(|ask| {
            let mut statement = ask.prepare(&format!(
                "SELECT blake3, title, artist, album, words, words_vector FROM tracks
                WHERE {clause} ORDER BY title COLLATE NOCASE, blake3"
            ))?;
            let rows = statement.query_map(params_from_iter(values), |row| {
                Ok(SearchRow {
                    id: row.get(0)?,
                    title: row.get(1)?,
                    artist: row.get(2)?,
                    album: row.get(3)?,
                    words: row.get(4)?,
                    vector: entry::numbers(row.get_ref(5)?.as_blob()?),
                })
            })?;
            rows.collect()
        })
    }

    /// The embedding of every track, by hash; empty for those without music.
    pub fn embeddings(&self) -> Result<Vec<(String, Vec<i8>)>> {
        self.database.read(|ask| {
            let mut statement =
                ask.prepare("SELECT blake3, embedding FROM tracks ORDER BY blake3")?;
            let rows = statement.query_map([], |row| {
                Ok((row.get(0)?, entry::numbers(row.get_ref(1)?.as_blob()?)))
            })?;
            rows.collect()
        })
    }

    /// Finds a track by its full hash.
    pub fn entry(&self, id: &str) -> Result<Option<CatalogEntry>> {
        self.database.read(|ask| {
            ask.prepare_cached(&format!(
                "SELECT {} FROM tracks WHERE blake3 = ?1",
                entry::COLUMNS
            ))?
            .query_row([id], CatalogEntry::read)
            .optional()
        })
    }

    /// The one track that a person means: by path, by the beginning of its hash, by its title.
    ///
    /// Fails with `UnknownName` when there is none, and with `Usage` when several could be meant.
    pub fn find(&self, name: &str) -> Result<CatalogEntry> {
        let by_path = Path::new(name)
            .canonicalize()
            .or_else(|_| std::path::absolute(name))
            .ok();
        if let Some(path) = by_path
            && let Some((id, _)) = self.content_at(&path)?
            && let Some(entry) = self.entry(&id)?
        {
            return Ok(entry);
        }
        let is_hash = (SHORTEST_ID..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let pattern = if is_hash {
            format!("{}%", name.to_ascii_lowercase())
        } else {
            String::new()
        };
        let mut found: Vec<CatalogEntry> = self.database.read(|ask| {
            let mut statement = ask.prepare(&format!(
                "SELECT {} FROM tracks WHERE blake3 LIKE ?1 OR title = ?2 COLLATE NOCASE
                ORDER BY tracks.blake3 LIMIT {}",
                entry::COLUMNS,
                NAMED + 1
            ))?;
            statement
                .query_map([pattern.as_str(), name], CatalogEntry::read)?
                .collect()
        })?;
        if found.len() > 1 {
            let names: Vec<String> = found
                .iter()
                .take(NAMED)
                .map(|entry| entry.path.display().to_string())
                .collect();
            return Err(Error::Usage {
                what: format!("\"{name}\" may be several tracks"),
                hint: Hint::NameByPath { paths: names },
            });
        }
        found.pop().ok_or_else(|| Error::UnknownName {
            kind: "track",
            name: name.into(),
            known: Vec::new(),
        })
    }

    /// A track with its analysis. Fails with `UnknownName` when it was removed meanwhile.
    pub fn full(&self, id: &str) -> Result<CatalogTrack> {
        let gone = || Error::UnknownName {
            kind: "track",
            name: id.into(),
            known: Vec::new(),
        };
        let entry = self.entry(id)?.ok_or_else(gone)?;
        let (_, stamp) = self.content_at(&entry.path)?.ok_or_else(gone)?;
        let (mut analysis, words_vector): (Analysis, Vec<i8>) = self
            .database
            .read(|ask| {
                ask.prepare_cached(
                    "SELECT analysis, words_vector FROM analyses JOIN tracks USING (blake3)
                    WHERE blake3 = ?1",
                )?
                .query_row([id], |row| {
                    let vector = entry::numbers(row.get_ref(1)?.as_blob()?);
                    Ok((entry::from_json(row, 0)?, vector))
                })
                .optional()
            })?
            .ok_or_else(gone)?;
        analysis.file.path = entry.path.display().to_string();
        Ok(CatalogTrack {
            entry,
            stamp,
            analysis,
            words_vector,
        })
    }

    /// Removes a track; its files stay where they are. What a person typed about it is still remembered.
    pub fn remove(&mut self, id: &str) -> Result<bool> {
        self.database
            .write(|change| Ok(change.execute("DELETE FROM tracks WHERE blake3 = ?1", [id])? > 0))
    }

    /// Records that a track was used in a film, `now` seconds after the beginning of 1970.
    pub fn mark_used(&mut self, id: &str, now: i64) -> Result<()> {
        self.database.write(|change| {
            change.execute(
                "UPDATE tracks SET last_used = ?2 WHERE blake3 = ?1",
                params![id, now],
            )?;
            Ok(())
        })
    }

    /// Tracks that another version of the analysis wrote.
    pub fn outdated(&self) -> Result<Vec<String>> {
        self.database.read(|ask| {
            let mut statement =
                ask.prepare("SELECT blake3 FROM tracks WHERE revision <> ?1 ORDER BY blake3")?;
            let rows = statement.query_map([ANALYSIS_REVISION], |row| row.get(0))?;
            rows.collect()
        })
    }

    /// Every file with its content and its stamp, by path.
    pub fn files(&self) -> Result<Vec<(String, TrackFile)>> {
        self.database.read(|ask| {
            let mut statement =
                ask.prepare("SELECT blake3, path, bytes, modified FROM files ORDER BY path")?;
            let rows = statement.query_map([], |row| {
                let file = TrackFile {
                    path: row.get::<_, String>(1)?.into(),
                    stamp: stamp(row, 2)?,
                };
                Ok((row.get(0)?, file))
            })?;
            rows.collect()
        })
    }
}

/// Paths are Unicode when they come in, see [`TrackFile::at`].
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn stamp(row: &Row<'_>, column: usize) -> rusqlite::Result<FileStamp> {
    Ok(FileStamp {
        bytes: u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0),
        modified: row.get(column + 1)?,
    })
}

/// Writes an analysis. The times of adding and of last use stay as they are.
fn write_analysis(
    change: &Transaction<'_>,
    id: &str,
    heard: &TrackAnalysis,
    analysis: &str,
    now: i64,
) -> rusqlite::Result<()> {
    let Some(audio) = &heard.analysis.audio else {
        return Ok(());
    };
    let bpm = audio.tempo.as_ref().map(|tempo| tempo.bpm);
    let (tonic, mode) = (audio.key.as_ref()).map_or((None, None), |key| {
        (Some(key.tonic.as_str()), Some(key.mode.as_str()))
    });
    let axes = audio.axes.as_ref();
    let axis = |of: fn(&crate::analysis::Axes) -> f64| axes.map(of);
    change.execute(
        "INSERT INTO tracks (blake3, title, artist, album, license, duration, bpm, tonic, mode, vocals, energy, valence,
            danceability, acousticness, density, brightness, words, words_vector, embedding, revision, added)
        VALUES (?1, '', '', '', '{}', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        ON CONFLICT (blake3) DO UPDATE SET duration = ?2, bpm = ?3, tonic = ?4, mode = ?5, vocals = ?6, energy = ?7,
            valence = ?8, danceability = ?9, acousticness = ?10, density = ?11, brightness = ?12, words = ?13,
            words_vector = ?14, embedding = ?15, revision = ?16",
        params![
            id,
            audio.duration,
            bpm,
            tonic,
            mode,
            entry::vocal_share(audio),
            axis(|axes| axes.energy),
            axis(|axes| axes.valence),
            axis(|axes| axes.danceability),
            axis(|axes| axes.acousticness),
            axis(|axes| axes.density),
            axis(|axes| axes.brightness),
            mood_and_tags(audio).unwrap_or_default(),
            entry::bytes(&heard.words_vector),
            entry::bytes(&audio.embedding),
            ANALYSIS_REVISION,
            now
        ],
    )?;
    change.execute(
        "INSERT INTO analyses (blake3, analysis) VALUES (?1, ?2) ON CONFLICT (blake3) DO UPDATE SET analysis = ?2",
        [id, analysis],
    )?;
    Ok(())
}
