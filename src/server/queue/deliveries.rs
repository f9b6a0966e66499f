//! Webhooks that are to be sent. Those of one job go out in order: an end never overtakes the verdict.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::table::Queue;
use crate::error::Result;
use crate::server::identifiers::random_id;

/// Milliseconds before the first retry; each further one waits three times as long.
const FIRST_PAUSE: i64 = 1_000;
/// The pauses grow up to a day; with this many attempts a receiver may be away for four days.
const LONGEST_PAUSE: i64 = 24 * 3600 * 1000;
const MOST_ATTEMPTS: i64 = 14;

/// A message that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The same at every attempt.
    pub id: String,
    /// Whose job it is about.
    pub tenant: String,
    /// Where it goes.
    pub url: String,
    /// What it says.
    pub body: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryEnd {
    /// The receiver took it.
    Delivered,
    /// It may be tried again.
    Failed(&'static str),
    /// Its address may not be reached.
    Refused(&'static str),
}

impl Queue {
    /// The messages that are due: of each job the first that is not delivered.
    pub fn due_deliveries(&self, now: i64, most: usize) -> Result<Vec<Delivery>> {
        self.records.read(|ask| {
            let query = "SELECT d.id, j.tenant, j.webhook, e.body FROM deliveries d \
                 JOIN jobs j ON j.id = d.job JOIN events e ON e.job = d.job AND e.number = d.number \
                 WHERE d.state = 'pending' AND d.due_at <= ?1 AND NOT EXISTS \
                 (SELECT 1 FROM deliveries b WHERE b.job = d.job AND b.number < d.number AND b.state = 'pending') \
                 ORDER BY d.due_at, d.id LIMIT ?2";
            let mut rows = ask.prepare_cached(query)?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let found = rows.query_map(params![now, most], |row| {
                Ok(Delivery { id: row.get(0)?, tenant: row.get(1)?, url: row.get(2)?, body: row.get(3)? })
            })?;
            found.collect()
        })
    }

    /// Notes how an attempt ended.
    pub fn delivery_ended(&self, id: &str, end: DeliveryEnd, now: i64) -> Result<()> {
        self.records.write(|change| match end {
            DeliveryEnd::Delivered => settle(change, id, "delivered", None),
            DeliveryEnd::Refused(code) => settle(change, id, "refused", Some(code)),
            DeliveryEnd::Failed(code) => {
                let query =
                    "UPDATE deliveries SET attempts = attempts + 1, code = ?2 WHERE id = ?1 RETURNING attempts";
                let attempts = change.query_row(query, params![id, code], |row| row.get(0));
                // Its job may have been erased meanwhile.
                let Some(attempts) = attempts.optional()? else {
                    return Ok(());
                };
                let attempts: i64 = attempts;
                if attempts >= MOST_ATTEMPTS {
                    return settle(change, id, "given_up", Some(code));
                }
                let exponent = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0);
                let pause = FIRST_PAUSE.saturating_mul(3_i64.saturating_pow(exponent)).min(LONGEST_PAUSE);
                change.execute(
                    "UPDATE deliveries SET due_at = ?2 WHERE id = ?1",
                    params![id, now.saturating_add(pause)],
                )?;
                Ok(())
            }
        })
    }
}

fn settle(
    change: &Transaction<'_>,
    id: &str,
    state: &str,
    code: Option<&str>,
) -> rusqlite::Result<()> {
    change.execute(
        "UPDATE deliveries SET state = ?2, code = ?3 WHERE id = ?1",
        params![id, state, code],
    )?;
    Ok(())
}

/// Queues the event `number` of a job for its webhook, where it has one.
pub(super) fn enqueue(
    change: &Transaction<'_>,
    job: &str,
    number: Option<i64>,
    now: i64,
) -> rusqlite::Result<()> {
    let Some(number) = number else { return Ok(()) };
    let id = random_id()
        .map_err(|problem| rusqlite::Error::ToSqlConversionFailure(Box::new(problem)))?;
    change.execute(
        "INSERT INTO deliveries (id, job, number, due_at, state) \
         SELECT ?1, id, ?3, ?4, 'pending' FROM jobs WHERE id = ?2 AND webhook IS NOT NULL",
        params![format!("msg_{id}"), job, number, now],
    )?;
    Ok(())
}
