//! Tracks without their analyses: enough to shortlist those worth comparing from a large catalog.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Catalog, entry};
use crate::analysis::Axes;
use crate::error::Result;
use crate::music::License;
use crate::task::Task;

/// A track in short.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackSketch {
    /// Hash of its content.
    pub id: String,
    /// What it may be used for.
    pub license: Arc<License>,
    /// Seconds.
    pub duration: f64,
    /// Beats a minute; `None` without a steady beat.
    pub bpm: Option<f64>,
    /// Share of it in which somebody sings, 0..1.
    pub vocals: Option<f64>,
    /// `None` without music.
    pub axes: Option<Axes>,
    /// Embedding of its mood and tags, see [`super::words_vector`]; empty where there are none.
    pub words_vector: Vec<i8>,
    /// When it was last used in a film, seconds since the beginning of 1970.
    pub last_used: Option<i64>,
}

impl Catalog {
    /// Calls `each` with every track in turn, so that a million are never in memory together.
    ///
    /// Fails with `Cancelled`, and like every reading of a catalog.
    pub fn sketches(&self, task: &Task, mut each: impl FnMut(TrackSketch)) -> Result<()> {
        // Parse each license once: many tracks share few licenses.
        let mut licenses: HashMap<String, Arc<License>> = HashMap::new();
        self.database.read(|ask| {
            let mut statement = ask.prepare(
                "SELECT blake3, license, duration, bpm, vocals, energy, valence, danceability, acousticness, density,
                    brightness, words_vector, last_used FROM tracks",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if task.check().is_err() {
                    break;
                }
                let text = row.get_ref(1)?.as_str()?;
                let license = match licenses.get(text) {
                    Some(license) => Arc::clone(license),
                    None => {
                        let license = Arc::new(entry::from_json(row, 1)?);
                        licenses.insert(text.to_owned(), Arc::clone(&license));
                        license
                    }
                };
                each(TrackSketch {
                    id: row.get(0)?,
                    license,
                    duration: row.get(2)?,
                    bpm: row.get(3)?,
                    vocals: row.get(4)?,
                    axes: entry::axes(row, 5)?,
                    words_vector: entry::numbers(row.get_ref(11)?.as_blob()?),
                    last_used: row.get(12)?,
                });
            }
            Ok(())
        })?;
        task.check()
    }
}
