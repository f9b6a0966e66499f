//! Entries of a tenant's lists.

use rusqlite::{OptionalExtension as _, params};

use super::hash::KnownHash;
use super::recognition::Known;
use crate::error::Result;
use crate::jobs::Verdict;
use crate::server::identifiers::random_id;

/// An entry that is to be added.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// What is not wanted.
    pub hash: KnownHash,
    /// What becomes of uploads that are recognized.
    pub verdict: Verdict,
    /// Why it is listed.
    pub note: Option<String>,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedEntry {
    /// In the order in which they were added.
    pub number: i64,
    /// By which it is removed.
    pub id: String,
    /// What is not wanted.
    pub hash: KnownHash,
    /// What becomes of uploads that are recognized.
    pub verdict: Verdict,
    /// Why it is listed.
    pub note: Option<String>,
}

/// A word of the table; anything else blocks.
fn verdict(name: &str) -> Verdict {
    match name {
        "pass" => Verdict::Pass,
        "review" => Verdict::Review,
        _ => Verdict::Block,
    }
}

impl Known {
    /// Adds entries to the lists of `tenant`; one that is there takes the new verdict and note. Gives their ids.
    pub fn list(&self, tenant: &str, entries: &[NewEntry], now: i64) -> Result<Vec<String>> {
        let mut ids = Vec::with_capacity(entries.len());
        for _ in entries {
            ids.push(random_id()?);
        }
        self.records().write(|change| {
            let query = "INSERT INTO listed (id, tenant, kind, hash, verdict, note, made_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (tenant, kind, hash) DO UPDATE \
                 SET verdict = excluded.verdict, note = excluded.note RETURNING id";
            let mut insert = change.prepare_cached(query)?;
            let mut listed = Vec::with_capacity(entries.len());
            for (entry, id) in entries.iter().zip(&ids) {
                let (hash, verdict) = (&entry.hash, entry.verdict.name());
                let row = params![
                    id,
                    tenant,
                    hash.kind.name(),
                    hash.bytes,
                    verdict,
                    entry.note,
                    now
                ];
                listed.push(insert.query_row(row, |row| row.get(0))?);
            }
            Ok(listed)
        })
    }

    /// Entries of `tenant` after the entry with the number `after`, in order.
    pub fn entries(&self, tenant: &str, after: i64, most: usize) -> Result<Vec<ListedEntry>> {
        self.records().read(|ask| {
            let query = "SELECT number, id, verdict, note, kind, hash FROM listed \
                 WHERE tenant = ?1 AND number > ?2 ORDER BY number LIMIT ?3";
            let mut rows = ask.prepare_cached(query)?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let found = rows.query_map(params![tenant, after, most], |row| {
                let Some(hash) = KnownHash::read(row, 4)? else {
                    return Ok(None);
                };
                Ok(Some(ListedEntry {
                    number: row.get(0)?,
                    id: row.get(1)?,
                    hash,
                    verdict: verdict(&row.get::<_, String>(2)?),
                    note: row.get(3)?,
                }))
            })?;
            found.filter_map(rusqlite::Result::transpose).collect()
        })
    }

    /// Removes an entry; false where the tenant has none of that id.
    pub fn unlist(&self, tenant: &str, id: &str) -> Result<bool> {
        let query = "DELETE FROM listed WHERE tenant = ?1 AND id = ?2";
        let removed = self
            .records()
            .write(|change| change.execute(query, params![tenant, id]))?;
        Ok(removed > 0)
    }

    /// The entry with a number, where it is still there.
    pub(super) fn entry(&self, tenant: &str, number: i64) -> Result<Option<ListedEntry>> {
        let entries = self.entries(tenant, number.saturating_sub(1), 1)?;
        Ok(entries.into_iter().find(|entry| entry.number == number))
    }

    /// The verdict of the entry with a number, where it is still there.
    pub(super) fn verdict(&self, tenant: &str, number: i64) -> Result<Option<Verdict>> {
        let query = "SELECT verdict FROM listed WHERE number = ?1 AND tenant = ?2";
        self.records().read(|ask| {
            let mut rows = ask.prepare_cached(query)?;
            let found = rows.query_row(params![number, tenant], |row| row.get::<_, String>(0));
            Ok(found.optional()?.map(|name| verdict(&name)))
        })
    }

    /// The number of the entry with just this hash.
    pub(super) fn listed(&self, tenant: &str, hash: &KnownHash) -> Result<Option<i64>> {
        let query = "SELECT number FROM listed WHERE tenant = ?1 AND kind = ?2 AND hash = ?3";
        self.records().read(|ask| {
            let row = params![tenant, hash.kind.name(), hash.bytes];
            ask.query_row(query, row, |row| row.get(0)).optional()
        })
    }
}
