//! Taking a job in: once for each idempotency key, and no more than the queue holds.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::job::JobWork;
use super::table::Queue;
use crate::error::Result;

/// A job that is to be taken in. Its file is on the disk.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Also the name of its file.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// Whose upload it is, as the platform calls them.
    pub creator: Option<String>,
    /// What is done in it.
    pub work: JobWork,
    /// Id of the ingest preset; empty where there is none.
    pub preset: String,
    /// What is asked for beside the preset, as JSON.
    pub wish: Option<String>,
    /// Of the first file, made safe.
    pub name: String,
    /// Size of all files.
    pub bytes: u64,
    /// Of the file; of several, of their hashes.
    pub blake3: String,
    /// Where its events are sent.
    pub webhook: Option<String>,
    /// The same key is the same job.
    pub idempotency: Option<String>,
}

/// How many jobs may wait.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    /// Of all tenants.
    pub queued: u64,
    /// Of one.
    pub of_tenant: u64,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// It is in the queue.
    New,
    /// This job was made by an earlier request with the same key.
    Known(String),
    /// An earlier request with the same key was another one.
    OtherRequest,
    /// The queue is full.
    Full,
}

impl NewJob {
    /// What has to be the same for a request to be the same.
    fn fingerprint(&self) -> String {
        let parts = [
            Some(&self.blake3),
            Some(&self.preset),
            self.creator.as_ref(),
            self.webhook.as_ref(),
        ];
        let mut hasher = blake3::Hasher::new();
        // Uploads had no wish in an earlier version, and their fingerprints still hold.
        let wish = self.wish.as_ref().map(Some);
        for part in parts.into_iter().chain(wish) {
            let text = part.map_or("", String::as_str);
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
}

impl Queue {
    /// Takes `job` in, or says why not. Whatever this returns is on the disk.
    pub fn accept(&self, job: &NewJob, quota: Quota, now: i64) -> Result<Accepted> {
        let fingerprint = job.fingerprint();
        self.records.write(|change| {
            if let Some(key) = &job.idempotency
                && let Some((known, id)) = earlier(change, &job.tenant, key)?
            {
                return Ok(match known == fingerprint {
                    true => Accepted::Known(id),
                    false => Accepted::OtherRequest,
                });
            }
            if is_full(change, &job.tenant, quota)? {
                return Ok(Accepted::Full);
            }
            insert(change, job, now)?;
            if let Some(key) = &job.idempotency {
                change.execute(
                    "INSERT INTO idempotency (tenant, key, fingerprint, job) VALUES (?1, ?2, ?3, ?4)",
                    params![job.tenant, key, fingerprint, job.id],
                )?;
            }
            Ok(Accepted::New)
        })
    }

    /// True where `tenant` would be refused: asked before a file is received. A key that is known is never refused.
    pub fn would_refuse(&self, tenant: &str, key: Option<&str>, quota: Quota) -> Result<bool> {
        self.records.read(|ask| {
            let known = match key {
                Some(key) => earlier(ask, tenant, key)?.is_some(),
                None => false,
            };
            Ok(!known && is_full(ask, tenant, quota)?)
        })
    }
}

fn earlier(
    ask: &rusqlite::Connection,
    tenant: &str,
    key: &str,
) -> rusqlite::Result<Option<(String, String)>> {
    let query = "SELECT fingerprint, job FROM idempotency WHERE tenant = ?1 AND key = ?2";
    let row = ask.query_row(query, params![tenant, key], |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    row.optional()
}

fn is_full(ask: &rusqlite::Connection, tenant: &str, quota: Quota) -> rusqlite::Result<bool> {
    let query = "SELECT count(*), count(*) FILTER (WHERE tenant = ?1) FROM jobs WHERE state IN ('queued', 'running')";
    let (all, own): (i64, i64) =
        ask.query_row(query, [tenant], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let reaches = |count: i64, most: u64| u64::try_from(count).unwrap_or(0) >= most;
    Ok(reaches(all, quota.queued) || reaches(own, quota.of_tenant))
}

fn insert(change: &Transaction<'_>, job: &NewJob, now: i64) -> rusqlite::Result<()> {
    change.execute(
        "INSERT INTO jobs (id, tenant, creator, preset, name, bytes, blake3, webhook, state, made_at, due_at, work, wish) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', ?9, ?9, ?10, ?11)",
        params![
            job.id,
            job.tenant,
            job.creator,
            job.preset,
            job.name,
            i64::try_from(job.bytes).unwrap_or(i64::MAX),
            job.blake3,
            job.webhook,
            now,
            job.work.name(),
            job.wish
        ],
    )?;
    Ok(())
}
