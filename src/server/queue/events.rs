//! What is told of a job: its verdict and its end, each once.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde_json::Value;

use super::table::Queue;
use crate::error::Result;

/// The schema of what is told, as an event and as a webhook.
const SCHEMA: &str = "tastemaker.job-event/1";

/// What happened to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Its verdict is known.
    Screened,
    /// Its results are there.
    Done,
    /// It cannot be done.
    Failed,
    /// It was called off.
    Canceled,
}

impl EventKind {
    /// Its word in JSON and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Screened => "screened",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

/// Something that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// From 1, in the order in which it happened.
    pub number: i64,
    /// A word such as `screened`.
    pub kind: String,
    /// A JSON document.
    pub body: String,
}

impl Event {
    /// True where nothing more will be told.
    pub fn is_last(&self) -> bool {
        self.kind != EventKind::Screened.name()
    }
}

impl Queue {
    /// What is told of a job after the event `after`, in order.
    pub fn events(&self, id: &str, after: i64) -> Result<Vec<Event>> {
        self.records.read(|ask| {
            let query = "SELECT number, kind, body FROM events WHERE job = ?1 AND number > ?2 ORDER BY number";
            let mut rows = ask.prepare_cached(query)?;
            let events = rows.query_map(params![id, after], |row| {
                Ok(Event {
                    number: row.get(0)?,
                    kind: row.get(1)?,
                    body: row.get(2)?,
                })
            })?;
            events.collect()
        })
    }
}

/// Notes what happened, unless it was noted before; gives its number where it is new.
pub(super) fn tell(
    change: &Transaction<'_>,
    job: &str,
    kind: EventKind,
    facts: Value,
    now: i64,
) -> rusqlite::Result<Option<i64>> {
    let row = change.query_row(
        "SELECT creator, preset FROM jobs WHERE id = ?1",
        [job],
        |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?)),
    );
    let Some((creator, preset)) = row.optional()? else {
        return Ok(None);
    };
    let time = Timestamp::from_millisecond(now).unwrap_or_default();
    let mut body = serde_json::json!({
        "schema": SCHEMA, "type": kind.name(), "timestamp": time, "job": job,
    });
    if let Some(body) = body.as_object_mut() {
        if !preset.is_empty() {
            body.insert("preset".into(), preset.into());
        }
        if let Some(creator) = creator {
            body.insert("creator".into(), creator.into());
        }
        if let Value::Object(facts) = facts {
            body.extend(facts);
        }
    }
    let query = "INSERT INTO events (job, number, kind, body) \
         SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3 FROM events WHERE job = ?1 \
         ON CONFLICT (job, kind) DO NOTHING RETURNING number";
    let number = change.query_row(query, params![job, kind.name(), body.to_string()], |row| {
        row.get(0)
    });
    number.optional()
}
