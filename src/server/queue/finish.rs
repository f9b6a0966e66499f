//! How a job ends, and what is told of it: all in one transaction.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::deliveries::enqueue;
use super::events::{EventKind, tell};
use super::job::{JobState, JobWork};
use super::table::Queue;
use crate::error::Result;
use crate::jobs::Screening;

/// Why a job could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailure {
    /// As in `tastemaker.error/1`.
    pub code: String,
    /// One sentence.
    pub message: String,
}

/// How a job is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobEnd {
    /// What its results depend on.
    pub reuse_key: Option<String>,
    /// The job whose results it has.
    pub reused_from: Option<String>,
}

impl Queue {
    /// The job of `tenant` that was done last with this key.
    pub fn done_with(&self, tenant: &str, key: &str) -> Result<Option<String>> {
        let query = "SELECT id FROM jobs WHERE tenant = ?1 AND reuse_key = ?2 AND state = 'done' \
             ORDER BY ended_at DESC, id LIMIT 1";
        self.records.read(|ask| {
            let row = params![tenant, key];
            ask.query_row(query, row, |row| row.get(0)).optional()
        })
    }

    /// Notes the verdict, once: a job that is begun anew does not tell it again.
    pub fn screened(&self, id: &str, screening: &Screening, now: i64) -> Result<()> {
        self.records.write(|change| {
            let verdict = screening.verdict.name();
            let reasons = serde_json::json!(screening.reasons());
            let changed = change.execute(
                "UPDATE jobs SET verdict = ?2, reasons = ?3 WHERE id = ?1 AND state = 'running'",
                params![id, verdict, reasons.to_string()],
            )?;
            if changed == 0 {
                return Ok(());
            }
            let facts = serde_json::json!({
                "verdict": verdict, "scores": screening.scores, "reasons": reasons,
            });
            let number = tell(change, id, EventKind::Screened, facts, now)?;
            enqueue(change, id, number, now)
        })
    }

    /// Ends a job whose results are on the disk; false where it was called off meanwhile. Jobs of its tenant with the
    /// same key have the same results.
    pub fn done(&self, id: &str, end: &JobEnd, now: i64) -> Result<bool> {
        self.records.write(|change| {
            let changed = change.execute(
                "UPDATE jobs SET state = 'done', ended_at = ?2, reuse_key = ?3, reused_from = ?4 \
                 WHERE id = ?1 AND state = 'running'",
                params![id, now, end.reuse_key, end.reused_from],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            let query = "SELECT work FROM jobs WHERE id = ?1";
            let work: String = change.query_row(query, [id], |row| row.get(0))?;
            let document = JobWork::of(&work).document();
            let facts = serde_json::json!({"result": format!("/v1/results/{id}/{document}")});
            let number = tell(change, id, EventKind::Done, facts, now)?;
            enqueue(change, id, number, now)?;
            Ok(true)
        })
    }

    /// Ends a job that cannot be done.
    pub fn failed(&self, id: &str, failure: &JobFailure, now: i64) -> Result<()> {
        self.records
            .write(|change| end(change, id, JobState::Failed, failure, now))
    }
}

/// Ends a job without results, and tells it. A job that has ended stays as it is.
pub(super) fn end(
    change: &Transaction<'_>,
    id: &str,
    state: JobState,
    failure: &JobFailure,
    now: i64,
) -> rusqlite::Result<()> {
    let changed = change.execute(
        "UPDATE jobs SET state = ?2, ended_at = ?3, error_code = ?4, error_message = ?5 \
         WHERE id = ?1 AND state IN ('queued', 'running')",
        params![id, state.name(), now, failure.code, failure.message],
    )?;
    if changed == 0 {
        return Ok(());
    }
    let kind = match state {
        JobState::Canceled => EventKind::Canceled,
        _ => EventKind::Failed,
    };
    let error = serde_json::json!({"code": failure.code, "message": failure.message});
    let facts = serde_json::json!({"state": state.name(), "error": error});
    let number = tell(change, id, kind, facts, now)?;
    enqueue(change, id, number, now)
}
