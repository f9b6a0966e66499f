//! By what the uploads of a tenant that are done are recognized.

use rusqlite::{OptionalExtension as _, params};

use super::hash::{KnownHash, TimedHash, kept_hashes_of};
use super::recognition::Known;
use crate::error::Result;
use crate::jobs::Fingerprints;

impl Known {
    /// Keeps by what the upload of a job is recognized, for as long as the job is known.
    pub fn remember(&self, job: &str, prints: &Fingerprints) -> Result<()> {
        let hashes = kept_hashes_of(prints)?;
        self.remember_hashes(job, &hashes)
    }

    /// Like [`Self::remember`].
    pub(super) fn remember_hashes(&self, job: &str, hashes: &[TimedHash]) -> Result<()> {
        self.records().write(|change| {
            change.execute("DELETE FROM seen WHERE job = ?1", [job])?;
            // The job may have been erased meanwhile.
            let query = "INSERT INTO seen (job, tenant, kind, hash, at, sound) \
                 SELECT id, tenant, ?2, ?3, ?4, ?5 FROM jobs WHERE id = ?1";
            let mut insert = change.prepare_cached(query)?;
            for TimedHash { hash, at } in hashes {
                insert.execute(params![job, hash.kind.name(), hash.key(), at, hash.sound()])?;
            }
            Ok(())
        })
    }

    /// By what the upload of a job is recognized.
    pub fn hashes(&self, tenant: &str, job: &str) -> Result<Vec<TimedHash>> {
        self.records().read(|ask| {
            let query =
                "SELECT at, kind, hash, sound FROM seen WHERE job = ?1 AND tenant = ?2 ORDER BY number";
            let mut rows = ask.prepare_cached(query)?;
            let found = rows.query_map(params![job, tenant], |row| {
                let (at, hash) = (row.get(0)?, KnownHash::read(row, 1)?);
                Ok(hash.map(|hash| TimedHash { hash, at }))
            })?;
            found.filter_map(rusqlite::Result::transpose).collect()
        })
    }

    /// The job of a row, where it is still there.
    pub(super) fn seen(&self, tenant: &str, number: i64) -> Result<Option<String>> {
        let query = "SELECT job FROM seen WHERE number = ?1 AND tenant = ?2";
        self.records().read(|ask| {
            let row = params![number, tenant];
            ask.query_row(query, row, |row| row.get(0)).optional()
        })
    }

    /// The first job other than `job` whose file has just this hash.
    pub(super) fn seen_file(
        &self,
        tenant: &str,
        job: &str,
        hash: &KnownHash,
    ) -> Result<Option<String>> {
        let query = "SELECT job FROM seen WHERE tenant = ?1 AND kind = ?2 AND hash = ?3 AND job <> ?4 \
             ORDER BY number LIMIT 1";
        self.records().read(|ask| {
            let row = params![tenant, hash.kind.name(), hash.key(), job];
            ask.query_row(query, row, |row| row.get(0)).optional()
        })
    }
}
