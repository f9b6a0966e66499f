//! The embeddings of a catalog in a memory-mapped file beside it (`NAME.vectors`), for searches over a million tracks.
//!
//! The file is a copy: it is rebuilt whenever it is missing, cannot be read, or was made from other embeddings.

use std::path::PathBuf;

use super::{Catalog, entry};
use crate::error::Result;
use crate::store::{VectorFile, VectorId, VectorStamp, VectorWriter};

impl Catalog {
    /// The embeddings of `dimension` numbers. Fails with `Write` where the file cannot be made.
    pub fn vectors(&self, dimension: usize) -> Result<VectorFile> {
        let path = self.vectors_path();
        let state = self.embeddings_state()?;
        if let Ok(file) = VectorFile::open(&path)
            && file.stamp() == state
            && file.dimension() == dimension
        {
            return Ok(file);
        }
        let writer = self.database.read(|ask| {
            // One transaction, so that the state belongs to the rows.
            let ask = ask.unchecked_transaction()?;
            let state = ask.query_row("SELECT state FROM embeddings", [], |row| row.get(0))?;
            let mut writer = VectorWriter::new(dimension, state);
            let mut statement =
                ask.prepare("SELECT blake3, embedding FROM tracks ORDER BY blake3")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let numbers = entry::numbers(row.get_ref(1)?.as_blob()?);
                let vector: Vec<f32> = numbers.into_iter().map(f32::from).collect();
                if let Some(id) = vector_id(row.get_ref(0)?.as_str()?) {
                    // Tracks without music have no vector.
                    writer.push(id, &vector);
                }
            }
            Ok(writer)
        })?;
        writer.write(&path)?;
        VectorFile::open(&path)
    }

    /// The embedding of one track; empty for tracks without music and for unknown ids.
    pub fn embedding(&self, id: &str) -> Result<Vec<i8>> {
        self.database.read(|ask| {
            let mut statement = ask.prepare("SELECT embedding FROM tracks WHERE blake3 = ?1")?;
            let mut rows = statement.query([id])?;
            match rows.next()? {
                Some(row) => Ok(entry::numbers(row.get_ref(0)?.as_blob()?)),
                None => Ok(Vec::new()),
            }
        })
    }

    fn vectors_path(&self) -> PathBuf {
        let mut name = self.database.path().as_os_str().to_owned();
        name.push(".vectors");
        name.into()
    }

    fn embeddings_state(&self) -> Result<VectorStamp> {
        self.database
            .read(|ask| ask.query_row("SELECT state FROM embeddings", [], |row| row.get(0)))
    }
}

/// A hash as vector files store it; `None` for text that is not a hash.
pub fn vector_id(id: &str) -> Option<VectorId> {
    blake3::Hash::from_hex(id).ok().map(|hash| *hash.as_bytes())
}

/// A hash as catalogs store it.
pub fn track_id(id: VectorId) -> String {
    blake3::Hash::from_bytes(id).to_hex().to_string()
}
