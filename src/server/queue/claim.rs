//! Whose turn it is, and what becomes of work that was not finished.

use rusqlite::{OptionalExtension as _, params};

use super::finish::{JobFailure, end};
use super::job::{JobState, JobWork};
use super::table::Queue;
use crate::error::Result;

/// Children that one job may cost before it is put away.
const MOST_STRIKES: i64 = 3;
/// Times that one job may be begun. A service that is restarted often begins innocent jobs anew, so this is far above
/// [`MOST_STRIKES`]; it is for a file that ends the service itself.
const MOST_STARTS: i64 = 50;
/// Milliseconds before the first retry; each further one waits four times as long.
const FIRST_PAUSE: i64 = 500;

/// A job that is this process's to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// Whose upload it is, as the platform calls them.
    pub creator: Option<String>,
    /// What is done in it.
    pub work: JobWork,
    /// Id of the preset; empty where there is none.
    pub preset: String,
    /// What is asked for beside the preset, as JSON.
    pub wish: Option<String>,
    /// Of the first file.
    pub name: String,
    /// Of the file.
    pub blake3: String,
    /// When it was accepted.
    pub made_at: i64,
    /// When it was begun, the last time.
    pub begun_at: i64,
}

/// The job that is due and whose tenant has waited longest for a turn.
const NEXT: &str = "SELECT id, tenant, preset, name, made_at, creator, work, wish, blake3 FROM jobs \
     WHERE state = 'queued' AND due_at <= ?1 \
     ORDER BY (SELECT coalesce(max(other.begun_at), 0) FROM jobs AS other WHERE other.tenant = jobs.tenant), \
     made_at, id LIMIT 1";

impl Queue {
    /// Begins the next job, where one is due. Tenants take turns, whoever has sent more.
    pub fn claim(&self, now: i64) -> Result<Option<ClaimedJob>> {
        self.records.write(|change| {
            let next = change.query_row(NEXT, [now], |row| {
                Ok(ClaimedJob {
                    id: row.get(0)?,
                    tenant: row.get(1)?,
                    preset: row.get(2)?,
                    name: row.get(3)?,
                    made_at: row.get(4)?,
                    creator: row.get(5)?,
                    work: JobWork::of(&row.get::<_, String>(6)?),
                    wish: row.get(7)?,
                    blake3: row.get(8)?,
                    begun_at: now,
                })
            });
            let Some(job) = next.optional()? else {
                return Ok(None);
            };
            change.execute(
                "UPDATE jobs SET state = 'running', begun_at = ?2, starts = starts + 1 WHERE id = ?1",
                params![job.id, now],
            )?;
            Ok(Some(job))
        })
    }

    /// Gives back what an earlier process had begun. What was begun too often is put away.
    pub fn take_over(&self, now: i64) -> Result<()> {
        self.records.write(|change| {
            let mut rows = change.prepare("SELECT id, starts FROM jobs WHERE state = 'running'")?;
            let found = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let found: Vec<(String, i64)> = found.collect::<rusqlite::Result<_>>()?;
            for (id, starts) in found {
                if starts >= MOST_STARTS {
                    end(change, &id, JobState::Quarantined, &put_away(), now)?;
                    continue;
                }
                change.execute(
                    "UPDATE jobs SET state = 'queued', due_at = ?2 WHERE id = ?1",
                    params![id, now],
                )?;
            }
            Ok(())
        })
    }

    /// Gives back a job that this process leaves undone, because it stops.
    pub fn give_back(&self, id: &str, now: i64) -> Result<()> {
        self.records.write(|change| {
            change.execute(
                "UPDATE jobs SET state = 'queued', due_at = ?2 WHERE id = ?1 AND state = 'running'",
                params![id, now],
            )
        })?;
        Ok(())
    }

    /// Notes that the child died over a job. It is tried again after a pause, or put away.
    pub fn strike(&self, id: &str, now: i64) -> Result<JobState> {
        self.records.write(|change| {
            let query = "UPDATE jobs SET strikes = strikes + 1 WHERE id = ?1 AND state = 'running' RETURNING strikes";
            let strikes: Option<i64> = change.query_row(query, [id], |row| row.get(0)).optional()?;
            match strikes {
                None => Ok(JobState::Canceled),
                Some(strikes) if strikes >= MOST_STRIKES => {
                    end(change, id, JobState::Quarantined, &put_away(), now)?;
                    Ok(JobState::Quarantined)
                }
                Some(strikes) => {
                    let exponent = u32::try_from(strikes.saturating_sub(1)).unwrap_or(0);
                    let pause = FIRST_PAUSE.saturating_mul(4_i64.saturating_pow(exponent));
                    change.execute(
                        "UPDATE jobs SET state = 'queued', due_at = ?2 WHERE id = ?1",
                        params![id, now.saturating_add(pause)],
                    )?;
                    Ok(JobState::Queued)
                }
            }
        })
    }
}

fn put_away() -> JobFailure {
    JobFailure {
        code: "crashed".into(),
        message: "work on the file ended the process that did it, again and again".into(),
    }
}
