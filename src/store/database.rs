//! SQLite files, opened so that several processes may share one and none can leave it half written.
//!
//! Changes go to a write-ahead log and are synced on commit, so a killed process loses only what it had not committed,
//! and readers never wait for a writer. A file from elsewhere may hold anything: its schema is not trusted, and
//! anything wrong in it is an error, never a crash.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Error, Result};

/// How long one process waits for the change of another.
const PATIENCE: Duration = Duration::from_secs(20);
/// Pause between attempts to switch to the write-ahead log, for which SQLite itself does not wait.
const PAUSE: Duration = Duration::from_millis(20);
const ATTEMPTS: u32 = 500;
/// The first bytes of every SQLite file.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// A kind of database.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseKind {
    /// Application id in the header of the file, which distinguishes it from files of other programs.
    pub application: i32,
    /// Name for messages, such as `catalog of music`.
    pub name: &'static str,
    /// SQL that leads from one version to the next; the first makes version 1 of an empty file. Only ever appended to.
    pub migrations: &'static [&'static str],
}

impl DatabaseKind {
    /// The version that the last migration leads to.
    fn newest(&self) -> u32 {
        u32::try_from(self.migrations.len()).unwrap_or(u32::MAX)
    }
}

/// An open database.
pub struct Database {
    connection: Connection,
    path: PathBuf,
}

impl Database {
    /// Opens the file, or creates it and its folder, and migrates it to the newest version.
    ///
    /// Fails with `Newer` for a file of a later version of this program, with `Unsupported` for a file of another
    /// program, with `Damaged`, `Read`, `Write`, and with `Busy` while another process keeps it locked.
    pub fn create(path: &Path, kind: &DatabaseKind) -> Result<Self> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|problem| Error::write(folder, problem))?;
        }
        Self::connect(path, kind, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Like [`Self::create`], but fails with `Read` if the file does not exist.
    pub fn open(path: &Path, kind: &DatabaseKind) -> Result<Self> {
        std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
        Self::connect(path, kind, OpenFlags::empty())
    }

    fn connect(path: &Path, kind: &DatabaseKind, more: OpenFlags) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let told = |problem| explained(path, &problem);
        let connection = Connection::open_with_flags(path, flags).map_err(told)?;
        let mut database = Self {
            connection,
            path: path.to_owned(),
        };
        database.configure().map_err(told)?;
        database.log_ahead()?;
        database.migrate(kind)?;
        Ok(database)
    }

    fn configure(&self) -> rusqlite::Result<()> {
        let connection = &self.connection;
        connection.busy_timeout(PATIENCE)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "FULL")
    }

    fn log_ahead(&self) -> Result<()> {
        let mut attempt = 0;
        loop {
            let answer =
                self.connection
                    .pragma_update_and_check(None, "journal_mode", "WAL", |row| {
                        row.get::<_, String>(0)
                    });
            match answer {
                Ok(_) => return Ok(()),
                Err(problem) if is_busy(&problem) && attempt < ATTEMPTS => {
                    attempt += 1;
                    std::thread::sleep(PAUSE);
                }
                Err(problem) => return Err(explained(&self.path, &problem)),
            }
        }
    }

    fn migrate(&mut self, kind: &DatabaseKind) -> Result<()> {
        let newest = kind.newest();
        if self.version(kind)? == newest {
            return Ok(());
        }
        self.write(|transaction| {
            // Another process may have migrated it in the meantime.
            let done: u32 =
                transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
            for step in kind.migrations.iter().skip(done as usize) {
                transaction.execute_batch(step)?;
            }
            if done < newest {
                transaction.pragma_update(None, "application_id", kind.application)?;
                transaction.pragma_update(None, "user_version", newest)?;
            }
            Ok(())
        })
    }

    /// The version; 0 for an empty file. Fails for files of another kind or of a later version.
    fn version(&self, kind: &DatabaseKind) -> Result<u32> {
        let (application, version, tables): (i32, i64, i64) = self.read(|connection| {
            let pragma =
                |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let tables =
                connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            let application = i32::try_from(pragma("application_id")?).unwrap_or(-1);
            Ok((application, pragma("user_version")?, tables))
        })?;
        let empty = application == 0 && version == 0 && tables == 0;
        if application != kind.application && !empty {
            let what = format!("it is not a {}", kind.name);
            return Err(Error::unsupported(&self.path, what));
        }
        match u32::try_from(version) {
            Ok(version) if version <= kind.newest() => Ok(version),
            Ok(version) => Err(Error::Newer {
                path: self.path.clone(),
                found: version,
                known: kind.newest(),
            }),
            Err(_) => Err(Error::damaged(&self.path, "its version is below zero")),
        }
    }

    /// Runs queries.
    pub fn read<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        ask(&self.connection).map_err(|problem| explained(&self.path, &problem))
    }

    /// Runs `change` in a transaction: if it fails or the process ends, nothing is changed.
    pub fn write<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let told = |problem| explained(&self.path, &problem);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(told)?;
        let answer = change(&transaction).map_err(told)?;
        transaction.commit().map_err(told)?;
        Ok(answer)
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// True for a file that begins as SQLite's do.
pub fn is_database(path: &Path) -> bool {
    use std::io::Read as _;
    let mut head = [0; HEADER.len()];
    path.is_file()
        && std::fs::File::open(path)
            .and_then(|mut file| file.read_exact(&mut head))
            .is_ok()
        && head == *HEADER
}

fn is_busy(problem: &rusqlite::Error) -> bool {
    matches!(
        problem.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// Converts an error of SQLite.
fn explained(path: &Path, problem: &rusqlite::Error) -> Error {
    let write = |kind: io::ErrorKind| Error::write(path, io::Error::from(kind));
    match problem.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Error::Busy { path: path.into() }
        }
        Some(ErrorCode::DiskFull) => write(io::ErrorKind::StorageFull),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            write(io::ErrorKind::PermissionDenied)
        }
        Some(ErrorCode::CannotOpen) => Error::read(path, io::Error::other("SQLite cannot open it")),
        Some(ErrorCode::SystemIoFailure) => {
            Error::write(path, io::Error::other(problem.to_string()))
        }
        _ => Error::damaged(path, problem),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const KIND: DatabaseKind = DatabaseKind {
        application: 77,
        name: "test",
        migrations: &["CREATE TABLE a (x INTEGER NOT NULL);"],
    };
    const LATER: DatabaseKind = DatabaseKind {
        migrations: &[
            KIND.migrations[0],
            "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'new';",
        ],
        ..KIND
    };

    #[test]
    fn an_older_file_is_brought_up_and_a_newer_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/file");
        assert_eq!(
            Database::open(&path, &KIND).err().unwrap().code(),
            "not_found"
        );
        let mut first = Database::create(&path, &KIND).unwrap();
        first
            .write(|change| change.execute("INSERT INTO a VALUES (5)", []))
            .unwrap();
        let second = Database::open(&path, &LATER).unwrap();
        let row: (i64, String) = second
            .read(|ask| {
                ask.query_row("SELECT x, y FROM a", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
            })
            .unwrap();
        assert_eq!(row, (5, "new".to_owned()));
        assert!(is_database(&path));
        assert_eq!(Database::open(&path, &KIND).err().unwrap().code(), "newer");
    }

    #[test]
    fn what_fails_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::create(&folder.path().join("file"), &KIND).unwrap();
        let wrong = database.write(|change| {
            change.execute("INSERT INTO a VALUES (1)", [])?;
            change.execute("INSERT INTO nowhere VALUES (1)", [])
        });
        assert!(wrong.is_err());
        let count: i64 = database
            .read(|ask| ask.query_row("SELECT count(*) FROM a", [], |row| row.get(0)))
            .unwrap();
        assert_eq!(count, 0);
    }

    #[test]
    fn other_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        Database::create(
            &other,
            &DatabaseKind {
                application: 78,
                ..KIND
            },
        )
        .unwrap();
        assert_eq!(
            Database::open(&other, &KIND).err().unwrap().code(),
            "unsupported"
        );
        let text = folder.path().join("text");
        std::fs::write(&text, "no database at all, ".repeat(100)).unwrap();
        assert_eq!(
            Database::open(&text, &KIND).err().unwrap().code(),
            "damaged"
        );
        assert!(!is_database(&text) && !is_database(folder.path()));
        let cut = folder.path().join("cut");
        let whole = std::fs::read(&other).unwrap();
        std::fs::write(&cut, &whole[..whole.len().min(700)]).unwrap();
        assert!(Database::open(&cut, &KIND).is_err());
    }
}
