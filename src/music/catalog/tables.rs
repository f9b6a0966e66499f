//! The tables, version by version.
//!
//! A track is its content: the hash is its key, and files point to it, so that a file may move or exist twice and is
//! still one track. What a person typed has a table of its own (`said`), so that it survives the removal of the track.
//! `embeddings.state` changes whenever an embedding does; a vector file made from them compares it to know whether it
//! is up to date. Analyses have a table of their own, since they are larger than everything else and lists skip them.

use crate::store::DatabaseKind;

/// What a catalog of music is to SQLite.
pub(super) const KIND: DatabaseKind = DatabaseKind {
    // "TmMu"
    application: 0x546d_4d75,
    name: "catalog of music",
    migrations: &["
CREATE TABLE tracks (
    blake3 TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    album TEXT NOT NULL,
    license TEXT NOT NULL,
    duration REAL NOT NULL,
    bpm REAL,
    tonic TEXT,
    mode TEXT,
    vocals REAL,
    energy REAL,
    valence REAL,
    danceability REAL,
    acousticness REAL,
    density REAL,
    brightness REAL,
    words TEXT NOT NULL,
    words_vector BLOB NOT NULL,
    embedding BLOB NOT NULL,
    revision INTEGER NOT NULL,
    added INTEGER NOT NULL,
    last_used INTEGER,
    analysis TEXT NOT NULL
) STRICT;
CREATE INDEX tracks_by_bpm ON tracks (bpm);
CREATE INDEX tracks_by_title ON tracks (title COLLATE NOCASE);
CREATE TABLE files (
    path TEXT PRIMARY KEY NOT NULL,
    blake3 TEXT NOT NULL REFERENCES tracks (blake3) ON DELETE CASCADE,
    bytes INTEGER NOT NULL,
    modified INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_track ON files (blake3);
CREATE TABLE embeddings (state BLOB NOT NULL) STRICT;
INSERT INTO embeddings VALUES (randomblob(16));
CREATE TRIGGER embedding_added AFTER INSERT ON tracks BEGIN UPDATE embeddings SET state = randomblob(16); END;
CREATE TRIGGER embedding_changed AFTER UPDATE OF embedding ON tracks \
    BEGIN UPDATE embeddings SET state = randomblob(16); END;
CREATE TRIGGER embedding_removed AFTER DELETE ON tracks BEGIN UPDATE embeddings SET state = randomblob(16); END;
CREATE TABLE said (
    blake3 TEXT PRIMARY KEY NOT NULL,
    title TEXT,
    artist TEXT,
    license TEXT NOT NULL,
    tempo REAL,
    nudge REAL
) STRICT, WITHOUT ROWID;
", "
CREATE TABLE analyses (
    blake3 TEXT PRIMARY KEY NOT NULL REFERENCES tracks (blake3) ON DELETE CASCADE,
    analysis TEXT NOT NULL
) STRICT;
INSERT INTO analyses SELECT blake3, analysis FROM tracks;
ALTER TABLE tracks DROP COLUMN analysis;
"],
};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::KIND;
    use crate::store::{Database, DatabaseKind};

    #[test]
    fn analyses_of_the_first_version_are_kept_and_go_with_their_tracks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("music.catalog");
        let first = DatabaseKind {
            migrations: &KIND.migrations[..1],
            ..KIND
        };
        Database::create(&path, &first)
            .unwrap()
            .write(|change| {
                change.execute_batch(
                    "INSERT INTO tracks (blake3, title, artist, album, license, duration, words, words_vector,
                        embedding, revision, added, analysis)
                    VALUES ('ab', 'Rain', '', '', '{}', 3.0, '', x'', x'', 9, 1, 'heard'),
                        ('cd', 'Snow', '', '', '{}', 3.0, '', x'', x'', 9, 1, 'too');
                    INSERT INTO files VALUES ('/rain.ogg', 'ab', 1, 1);",
                )
            })
            .unwrap();
        let mut now = Database::open(&path, &KIND).unwrap();
        now.write(|change| change.execute("DELETE FROM tracks WHERE title = 'Snow'", []))
            .unwrap();
        let rows: Vec<(String, String, String)> = now
            .read(|ask| {
                let mut statement = ask.prepare(
                    "SELECT title, analysis, path FROM analyses JOIN tracks USING (blake3) JOIN files USING (blake3)",
                )?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
                rows.collect()
            })
            .unwrap();
        assert_eq!(rows, [("Rain".into(), "heard".into(), "/rain.ogg".into())]);
        let count: i64 = now
            .read(|ask| ask.query_row("SELECT count(*) FROM analyses", [], |row| row.get(0)))
            .unwrap();
        assert_eq!(count, 1);
    }
}
