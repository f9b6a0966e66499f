//! Recognizes uploads: as what is listed, and as what was uploaded before.
//!
//! A file is listed by its bytes or by its pictures. PDQ decides as the entry says; the DCT hash has a quarter of the bits
//! and errs more, so it never does more than ask a person. Hashes of a tenant are read into memory at the first
//! search, and what was added since at each further one; what was removed is noticed when it is found.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::params;

use super::hash::{HashKind, KnownHash, TimedHash, hashes_of};
use crate::error::Result;
use crate::jobs::{Evidence, EvidenceKind, Fingerprints, Verdict};
use crate::server::records::Records;
use crate::store::{HashIndex, NearHash};

/// Evidence of one file: nobody reads more.
const MOST_EVIDENCE: usize = 100;
/// Rows that were found and are gone, before it is given up: those of one picture.
const MOST_GONE: usize = 1000;

/// What is known of the media of all tenants.
pub struct Known {
    records: Arc<Records>,
    tenants: Mutex<BTreeMap<String, TenantIndexes>>,
}

/// The hashes of one tenant.
#[derive(Default)]
struct TenantIndexes {
    listed: TableIndex,
    seen: TableIndex,
}

/// The hashes of one table that are searched for near ones.
#[derive(Default)]
struct TableIndex {
    pdq: HashIndex<4>,
    dct: HashIndex<1>,
    /// Rows up to this one were read.
    through: i64,
}

/// An upload that is compared.
struct Comparison<'a> {
    known: &'a Known,
    tenant: &'a str,
    job: &'a str,
    evidence: Vec<Evidence>,
}

impl Known {
    /// What is known according to `records`.
    pub fn new(records: Arc<Records>) -> Self {
        Self {
            records,
            tenants: Mutex::default(),
        }
    }

    pub(super) fn records(&self) -> &Records {
        &self.records
    }

    /// What the upload of `job` is recognized as.
    pub fn recognize(
        &self,
        tenant: &str,
        job: &str,
        prints: &Fingerprints,
    ) -> Result<Vec<Evidence>> {
        self.recognize_hashes(tenant, job, &hashes_of(prints)?)
    }

    /// What an upload with the hashes of `earlier` would be recognized as, and those hashes are now those of `job` as
    /// well.
    pub fn recognize_again(&self, tenant: &str, earlier: &str, job: &str) -> Result<Vec<Evidence>> {
        let hashes = self.hashes(tenant, earlier)?;
        let evidence = self.recognize_hashes(tenant, job, &hashes)?;
        self.remember_hashes(job, &hashes)?;
        Ok(evidence)
    }

    fn recognize_hashes(
        &self,
        tenant: &str,
        job: &str,
        hashes: &[TimedHash],
    ) -> Result<Vec<Evidence>> {
        let mut comparison = Comparison {
            known: self,
            tenant,
            job,
            evidence: Vec::new(),
        };
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let indexes = tenants.entry(tenant.to_owned()).or_default();
        indexes.listed.catch_up(&self.records, "listed", tenant)?;
        indexes.seen.catch_up(&self.records, "seen", tenant)?;
        for hash in hashes {
            comparison.compare(hash, indexes)?;
        }
        Ok(comparison.evidence)
    }
}

impl TableIndex {
    /// Reads what was added to the table since the last time.
    fn catch_up(&mut self, records: &Records, table: &str, tenant: &str) -> Result<()> {
        records.read(|ask| {
            let query = format!(
                "SELECT number, kind, hash FROM {table} WHERE tenant = ?1 AND number > ?2 ORDER BY number"
            );
            let mut rows = ask.prepare_cached(&query)?;
            let mut rows = rows.query(params![tenant, self.through])?;
            while let Some(row) = rows.next()? {
                self.through = row.get(0)?;
                let Some(hash) = KnownHash::read(row, 1)? else {
                    continue;
                };
                match hash.kind {
                    HashKind::Pdq => {
                        if let Some(words) = hash.words() {
                            self.pdq.add(words, self.through);
                        }
                    }
                    HashKind::Dct => {
                        if let Some(words) = hash.words() {
                            self.dct.add(words, self.through);
                        }
                    }
                    HashKind::Blake3 => {}
                }
            }
            Ok(())
        })
    }

    /// The rows whose hash is near, nearest first.
    fn near(&mut self, hash: &KnownHash) -> Vec<NearHash> {
        let mut near = match hash.kind {
            HashKind::Pdq => hash.words().map_or_else(Vec::new, |it| self.pdq.near(&it)),
            HashKind::Dct => hash.words().map_or_else(Vec::new, |it| self.dct.near(&it)),
            HashKind::Blake3 => Vec::new(),
        };
        near.truncate(MOST_GONE);
        near
    }
}

impl Comparison<'_> {
    fn compare(&mut self, hash: &TimedHash, indexes: &mut TenantIndexes) -> Result<()> {
        let (known, tenant) = (self.known, self.tenant);
        if hash.hash.kind == HashKind::Blake3 {
            if let Some(number) = known.listed(tenant, &hash.hash)? {
                self.listed(
                    hash,
                    NearHash {
                        number,
                        distance: 0,
                    },
                )?;
            }
            if let Some(job) = known.seen_file(tenant, self.job, &hash.hash)? {
                self.duplicate(hash, job, 0);
            }
            return Ok(());
        }
        for near in indexes.listed.near(&hash.hash) {
            if self.listed(hash, near)? {
                break;
            }
        }
        for near in indexes.seen.near(&hash.hash) {
            let job = known.seen(tenant, near.number)?;
            if let Some(job) = job.filter(|job| job != self.job) {
                self.duplicate(hash, job, near.distance);
                break;
            }
        }
        Ok(())
    }

    /// Notes the entry that was found; false where it is gone.
    fn listed(&mut self, hash: &TimedHash, near: NearHash) -> Result<bool> {
        let Some(entry) = self.known.entry(self.tenant, near.number)? else {
            return Ok(false);
        };
        let verdict = match hash.hash.kind {
            HashKind::Dct => entry.verdict.min(Verdict::Review),
            HashKind::Blake3 | HashKind::Pdq => entry.verdict,
        };
        self.push(Evidence {
            at: hash.at,
            text: entry.note,
            of: Some(entry.id),
            by: Some(hash.hash.kind.name().into()),
            distance: Some(near.distance),
            ..Evidence::new(EvidenceKind::Listed, verdict)
        });
        Ok(true)
    }

    /// Notes an earlier job, once.
    fn duplicate(&mut self, hash: &TimedHash, job: String, distance: u32) {
        let is_same =
            |it: &Evidence| it.kind == EvidenceKind::NearDuplicate && it.of.as_ref() == Some(&job);
        if self.evidence.iter().any(is_same) {
            return;
        }
        self.push(Evidence {
            at: hash.at,
            of: Some(job),
            by: Some(hash.hash.kind.name().into()),
            distance: Some(distance),
            ..Evidence::new(EvidenceKind::NearDuplicate, Verdict::Pass)
        });
    }

    /// What is strict is kept, however much there is.
    fn push(&mut self, evidence: Evidence) {
        if self.evidence.len() < MOST_EVIDENCE || evidence.verdict == Verdict::Block {
            self.evidence.push(evidence);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::PdqHash;
    use crate::jobs::PictureFingerprint;
    use crate::server::known::NewEntry;

    fn prints(file: u8, picture: &str) -> Fingerprints {
        Fingerprints {
            blake3: format!("{file:02x}").repeat(32),
            pictures: vec![PictureFingerprint {
                at: None,
                pdq: PdqHash {
                    hash: picture.repeat(16),
                    quality: 100,
                },
                dct: picture.repeat(4),
            }],
        }
    }

    fn job(records: &Records, id: &str, tenant: &str) {
        let query = "INSERT INTO jobs (id, tenant, preset, name, bytes, blake3, state, made_at, due_at) \
                     VALUES (?1, ?2, '', '', 1, '', 'done', 1, 1)";
        records
            .write(|change| change.execute(query, [id, tenant]))
            .unwrap();
    }

    #[test]
    fn copies_are_recognized_within_a_tenant_until_they_are_taken_off() {
        let folder = tempfile::tempdir().unwrap();
        let records = Arc::new(Records::open(folder.path()).unwrap());
        let known = Known::new(records.clone());
        for (id, tenant) in [("first", "ada"), ("second", "ada"), ("other", "bob")] {
            job(&records, id, tenant);
        }
        let recognized = |tenant: &str, prints: &Fingerprints| {
            let found = known.recognize(tenant, "new", prints).unwrap();
            let facts = |it: &Evidence| {
                (
                    it.kind,
                    it.verdict,
                    it.by.clone().unwrap(),
                    it.distance.unwrap(),
                )
            };
            found.iter().map(facts).collect::<Vec<_>>()
        };
        assert_eq!(recognized("ada", &prints(1, "1234")), []);
        known.remember("first", &prints(1, "1234")).unwrap();
        let entry = |kind, text: &str| NewEntry {
            hash: KnownHash::parse(kind, text).unwrap(),
            verdict: Verdict::Block,
            note: Some("not ours".into()),
        };
        let entries = [
            entry(
                HashKind::Pdq,
                &"1234".repeat(16).replacen("1234", "1235", 2),
            ),
            entry(HashKind::Dct, &"fedc".repeat(4)),
            entry(HashKind::Blake3, &"07".repeat(32)),
        ];
        let ids = known.list("ada", &entries, 5).unwrap();
        // Nearly the same bits, and what was uploaded before.
        assert_eq!(
            recognized("ada", &prints(2, "1234")),
            [
                (EvidenceKind::Listed, Verdict::Block, "pdq".into(), 2),
                (EvidenceKind::NearDuplicate, Verdict::Pass, "pdq".into(), 0),
            ]
        );
        // The shorter hash asks a person.
        assert_eq!(
            recognized("ada", &prints(2, "fedc")),
            [(EvidenceKind::Listed, Verdict::Review, "dct".into(), 0),]
        );
        assert_eq!(
            recognized("ada", &prints(7, "0f3c")),
            [(EvidenceKind::Listed, Verdict::Block, "blake3".into(), 0),]
        );
        // Another tenant has no lists and has seen nothing.
        assert_eq!(recognized("bob", &prints(7, "1234")), []);
        assert!(!known.unlist("bob", &ids[0]).unwrap());
        for id in &ids {
            assert!(known.unlist("ada", id).unwrap());
        }
        records
            .write(|change| change.execute("DELETE FROM jobs WHERE id = 'first'", []))
            .unwrap();
        assert_eq!(recognized("ada", &prints(7, "1234")), []);
        // A flat picture is nobody's copy.
        let mut flat = prints(3, "1234");
        flat.pictures[0].pdq.quality = 20;
        known.remember("second", &flat).unwrap();
        assert_eq!(recognized("ada", &prints(4, "1234")), []);
        flat.pictures[0].pdq = PdqHash {
            hash: "no hash".into(),
            quality: 90,
        };
        assert!(known.recognize("ada", "new", &flat).is_err());
    }
}
