//! Calling jobs off, and erasing what is known of them.

use rusqlite::{OptionalExtension as _, params};

use super::finish::{JobFailure, end};
use super::job::{JobState, find};
use super::table::Queue;
use crate::error::Result;

/// What became of a job that was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// It had not ended, and will not be done.
    Canceled,
    /// It had ended, and nothing is known of it any more.
    Gone,
    /// It had ended, and stays: the caller may not erase.
    Kept,
}

impl Queue {
    /// Calls a job off that has not ended, and erases one that has where the caller `may_erase`; `None` where there is
    /// no such job.
    pub fn erase(
        &self,
        tenant: &str,
        id: &str,
        may_erase: bool,
        now: i64,
    ) -> Result<Option<Erased>> {
        self.records.write(|change| {
            let Some(job) = find(change, tenant, id)? else {
                return Ok(None);
            };
            if job.state.is_final() && !may_erase {
                return Ok(Some(Erased::Kept));
            }
            if job.state.is_final() {
                change.execute("DELETE FROM jobs WHERE id = ?1", [id])?;
                return Ok(Some(Erased::Gone));
            }
            let failure = JobFailure {
                code: "interrupted".into(),
                message: "the job was called off".into(),
            };
            end(change, id, JobState::Canceled, &failure, now)?;
            Ok(Some(Erased::Canceled))
        })
    }

    /// Erases all jobs of a creator, in whatever state; gives their ids, whose files are to go as well.
    pub fn erase_creator(&self, tenant: &str, creator: &str) -> Result<Vec<String>> {
        self.records.write(|change| {
            let mut rows =
                change.prepare("SELECT id FROM jobs WHERE tenant = ?1 AND creator = ?2")?;
            let ids = rows.query_map(params![tenant, creator], |row| row.get(0))?;
            let ids: Vec<String> = ids.collect::<rusqlite::Result<_>>()?;
            change.execute(
                "DELETE FROM jobs WHERE tenant = ?1 AND creator = ?2",
                params![tenant, creator],
            )?;
            Ok(ids)
        })
    }

    /// Erases jobs that ended before `before`, at most `most`, and gives their ids.
    pub fn erase_old(&self, before: i64, most: usize) -> Result<Vec<String>> {
        self.records.write(|change| {
            let query = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE ended_at < ?1 AND NOT EXISTS \
                 (SELECT 1 FROM deliveries d WHERE d.job = jobs.id AND d.state = 'pending') LIMIT ?2) RETURNING id";
            let mut rows = change.prepare(query)?;
            let ids = rows.query_map(params![before, i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))?;
            ids.collect()
        })
    }

    /// True where the job exists, whoever's it is: a file without one is a left-over.
    pub fn exists(&self, id: &str) -> Result<bool> {
        let found = self.records.read(|ask| {
            ask.query_row("SELECT 1 FROM jobs WHERE id = ?1", [id], |_| Ok(()))
                .optional()
        })?;
        Ok(found.is_some())
    }

    /// Whose the job is.
    pub fn tenant_of(&self, id: &str) -> Result<Option<String>> {
        self.records.read(|ask| {
            let query = "SELECT tenant FROM jobs WHERE id = ?1";
            ask.query_row(query, [id], |row| row.get(0)).optional()
        })
    }

    /// True while the file of the job is still needed.
    pub fn needs_upload(&self, id: &str) -> Result<bool> {
        let found = self.records.read(|ask| {
            let query = "SELECT 1 FROM jobs WHERE id = ?1 AND state IN ('queued', 'running')";
            ask.query_row(query, [id], |_| Ok(())).optional()
        })?;
        Ok(found.is_some())
    }
}
