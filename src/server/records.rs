//! The database of the service: keys, jobs, what is told of them, and webhooks that are to be sent.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction};

use crate::error::Result;
use crate::store::{Database, DatabaseKind, make_private_folder};

const KIND: DatabaseKind = DatabaseKind {
    application: 0x746d_7376,
    name: "database of the service",
    migrations: &[
        include_str!("schema.sql"),
        include_str!("edits.sql"),
        include_str!("known.sql"),
        include_str!("scopes.sql"),
        include_str!("sounds.sql"),
        include_str!("reasons.sql"),
    ],
};

/// The database, shared by all threads. Each call takes milliseconds: no row is large, and nothing is decoded here.
pub struct Records {
    database: Mutex<Database>,
}

impl Records {
    /// Opens or makes the database in the folder `data`.
    pub fn open(data: &Path) -> Result<Self> {
        make_private_folder(data)?;
        let database = Database::create(&data.join("service.db"), &KIND)?;
        Ok(Self {
            database: Mutex::new(database),
        })
    }

    /// Runs queries.
    pub fn read<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.lock().read(ask)
    }

    /// Runs `change` in a transaction, which is on the disk when this returns.
    pub fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.lock().write(change)
    }

    fn lock(&self) -> MutexGuard<'_, Database> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
