//! Entries of a tenant's lists.

use rusqlite::{OptionalExtension as _, params};

use super::hash::KnownHash;
use super::recognition::Known;
use crate::error::Result;
use crate::jobs::Verdict;
use crate::server::identifiers::random_id;

/// Entries of one answer whose hashes together have more bytes are told in several: a sound may have 200 KB.
const LONGEST_PAGE: usize = 4 << 20;

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

/// True where there may be more entries than these, of which `most` were asked for.
pub fn is_full_page(entries: &[ListedEntry], most: usize) -> bool {
    let bytes: usize = entries.iter().map(|entry| entry.hash.bytes.len()).sum();
    entries.len() >= most || bytes >= LONGEST_PAGE
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
            let query = "INSERT INTO listed (id, tenant, kind, hash, verdict, note, made_at, sound) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (tenant, kind, hash) DO UPDATE \
                 SET verdict = excluded.verdict, note = excluded.note RETURNING id";
            let mut insert = change.prepare_cached(query)?;
            let mut listed = Vec::with_capacity(entries.len());
            for (entry, id) in entries.iter().zip(&ids) {
                let (hash, verdict) = (&entry.hash, entry.verdict.name());
                let row = params![
                    id,
                    tenant,
                    hash.kind.name(),
                    hash.key(),
                    verdict,
                    entry.note,
                    now,
                    hash.sound()
                ];
                listed.push(insert.query_row(row, |row| row.get(0))?);
            }
            Ok(listed)
        })
    }

    /// Entries of `tenant` after the entry with the number `after`, in order: `most`, or fewer long ones.
    pub fn entries(&self, tenant: &str, after: i64, most: usize) -> Result<Vec<ListedEntry>> {
        self.records().read(|ask| {
            let query = "SELECT number, id, verdict, note, kind, hash, sound FROM listed \
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
            let mut entries = Vec::new();
            for entry in found.filter_map(rusqlite::Result::transpose) {
                entries.push(entry?);
                if is_full_page(&entries, usize::MAX) {
                    break;
                }
            }
            Ok(entries)
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
            let row = params![tenant, hash.kind.name(), hash.key()];
            ask.query_row(query, row, |row| row.get(0)).optional()
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::server::known::HashKind;
    use crate::server::records::Records;

    #[test]
    fn long_sounds_are_told_in_several_pages() {
        let folder = tempfile::tempdir().unwrap();
        let known = Known::new(Arc::new(Records::open(folder.path()).unwrap()));
        let sound = |number: u32| {
            let items = (0..50_000).flat_map(|at: u32| (at ^ number << 20).to_le_bytes());
            NewEntry {
                hash: KnownHash {
                    kind: HashKind::Sound,
                    bytes: items.collect(),
                },
                verdict: Verdict::Block,
                note: None,
            }
        };
        let sounds: Vec<NewEntry> = (0..30).map(sound).collect();
        known.list("ada", &sounds, 1).unwrap();
        let first = known.entries("ada", 0, 100).unwrap();
        assert_eq!(first.len(), 21);
        assert!(is_full_page(&first, 100));
        let rest = known.entries("ada", first[20].number, 100).unwrap();
        assert_eq!(rest.len(), 9);
        assert!(!is_full_page(&rest, 100));
        assert_eq!(rest[8].hash, sounds[29].hash);
    }
}
