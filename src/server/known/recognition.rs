//! Recognizes uploads: as what is listed, and as what was uploaded before.
//!
//! A file is listed by its bytes, by its pictures or by its sound (`sounds.rs`). PDQ decides as the entry says; the DCT
//! hash has a quarter of the bits and errs more, so it never does more than ask a person. Hashes of a tenant are read
//! into memory at the first search, and what was added since at each further one; what was removed is forgotten when it
//! is found.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::params;

use super::hash::{HashKind, KnownHash, TimedHash, hashes_of};
use crate::error::Result;
use crate::jobs::{Evidence, EvidenceKind, Fingerprints, Verdict};
use crate::server::records::Records;
use crate::store::{HashIndex, NearHash, SoundIndex};

/// Evidence of one kind on one file: nobody reads more.
const MOST_EVIDENCE: usize = 100;

/// What is known of the media of all tenants.
pub struct Known {
    records: Arc<Records>,
    /// Each with a lock of its own: no tenant waits for the search of another.
    tenants: Mutex<BTreeMap<String, Arc<Mutex<TenantIndexes>>>>,
}

/// The hashes of one tenant.
#[derive(Default)]
pub(super) struct TenantIndexes {
    pub listed: TableIndex,
    pub seen: TableIndex,
}

/// The hashes of one table that are searched for near ones.
#[derive(Default)]
pub(super) struct TableIndex {
    pdq: HashIndex<4>,
    dct: HashIndex<1>,
    pub sounds: SoundIndex,
    /// Rows up to this one were read.
    through: i64,
}

/// An upload that is compared.
pub(super) struct Comparison<'a> {
    pub known: &'a Known,
    pub tenant: &'a str,
    pub job: &'a str,
    /// True where its pictures say something.
    pub has_pictures: bool,
    /// Of entries that were looked up, by number; `None` where one is gone.
    verdicts: BTreeMap<i64, Option<Verdict>>,
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
    /// well; `None` where there are none any more, so that nothing can be compared.
    pub fn recognize_again(
        &self,
        tenant: &str,
        earlier: &str,
        job: &str,
    ) -> Result<Option<Vec<Evidence>>> {
        let hashes = self.hashes(tenant, earlier)?;
        if hashes.is_empty() {
            return Ok(None);
        }
        let evidence = self.recognize_hashes(tenant, job, &hashes)?;
        self.remember_hashes(job, &hashes)?;
        Ok(Some(evidence))
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
            has_pictures: hashes.iter().any(|it| it.hash.kind == HashKind::Pdq),
            verdicts: BTreeMap::new(),
            evidence: Vec::new(),
        };
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let indexes = tenants.entry(tenant.to_owned()).or_default().clone();
        drop(tenants);
        let mut indexes = indexes.lock().unwrap_or_else(PoisonError::into_inner);
        indexes.listed.catch_up(&self.records, "listed", tenant)?;
        indexes.seen.catch_up(&self.records, "seen", tenant)?;
        for hash in hashes {
            comparison.compare(hash, &mut indexes)?;
        }
        Ok(comparison.evidence)
    }
}

impl TableIndex {
    /// Reads what was added to the table since the last time.
    fn catch_up(&mut self, records: &Records, table: &str, tenant: &str) -> Result<()> {
        records.read(|ask| {
            let query = format!(
                "SELECT number, kind, hash, sound FROM {table} WHERE tenant = ?1 AND number > ?2 ORDER BY number"
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
                    HashKind::Sound => self.sounds.add(&hash.items(), self.through),
                    HashKind::Blake3 => {}
                }
            }
            Ok(())
        })
    }

    /// The rows whose hash is near, nearest first.
    fn near(&mut self, hash: &KnownHash) -> Vec<NearHash> {
        match hash.kind {
            HashKind::Pdq => hash.words().map_or_else(Vec::new, |it| self.pdq.near(&it)),
            HashKind::Dct => hash.words().map_or_else(Vec::new, |it| self.dct.near(&it)),
            HashKind::Blake3 | HashKind::Sound => Vec::new(),
        }
    }

    /// Forgets a row that is gone.
    fn forget(&mut self, kind: HashKind, number: i64) {
        match kind {
            HashKind::Pdq => self.pdq.remove(number),
            HashKind::Dct => self.dct.remove(number),
            HashKind::Sound => self.sounds.remove(number),
            HashKind::Blake3 => {}
        }
    }
}

impl Comparison<'_> {
    fn compare(&mut self, hash: &TimedHash, indexes: &mut TenantIndexes) -> Result<()> {
        let (known, tenant) = (self.known, self.tenant);
        if hash.hash.kind == HashKind::Blake3 {
            if let Some(number) = known.listed(tenant, &hash.hash)? {
                self.listed(
                    hash,
                    &[NearHash {
                        number,
                        distance: 0,
                    }],
                )?;
            }
            if let Some(job) = known.seen_file(tenant, self.job, &hash.hash)? {
                self.duplicate(near_duplicate(hash, job, 0));
            }
            return Ok(());
        }
        let kind = hash.hash.kind;
        if kind == HashKind::Sound {
            return self.compare_sound(&hash.hash, indexes);
        }
        for gone in self.listed(hash, &indexes.listed.near(&hash.hash))? {
            indexes.listed.forget(kind, gone);
        }
        for near in indexes.seen.near(&hash.hash) {
            match known.seen(tenant, near.number)? {
                None => indexes.seen.forget(kind, near.number),
                Some(job) if job == self.job => {}
                Some(job) => {
                    self.duplicate(near_duplicate(hash, job, near.distance));
                    break;
                }
            }
        }
        Ok(())
    }

    /// Notes the strictest of the entries that were found, and of equally strict ones the nearest. Gives those that are
    /// gone.
    fn listed(&mut self, hash: &TimedHash, near: &[NearHash]) -> Result<Vec<i64>> {
        let strictest_of_kind = match hash.hash.kind {
            HashKind::Dct => Verdict::Review,
            HashKind::Blake3 | HashKind::Pdq | HashKind::Sound => Verdict::Block,
        };
        let mut gone = Vec::new();
        loop {
            let mut strictest: Option<(Verdict, NearHash)> = None;
            for near in near {
                let Some(verdict) = self.verdict(near.number)? else {
                    gone.push(near.number);
                    continue;
                };
                let verdict = verdict.min(strictest_of_kind);
                if strictest.is_none_or(|(before, _)| verdict > before) {
                    strictest = Some((verdict, *near));
                }
                if verdict == strictest_of_kind {
                    break;
                }
            }
            let Some((verdict, near)) = strictest else {
                return Ok(gone);
            };
            let Some(entry) = self.known.entry(self.tenant, near.number)? else {
                // It was taken off just now: another one may be as strict.
                self.verdicts.insert(near.number, None);
                continue;
            };
            self.push(Evidence {
                at: hash.at,
                text: entry.note,
                of: Some(entry.id),
                by: Some(hash.hash.kind.name().into()),
                distance: Some(near.distance),
                ..Evidence::new(EvidenceKind::Listed, verdict)
            });
            return Ok(gone);
        }
    }

    /// The verdict of an entry, looked up once for each upload.
    pub fn verdict(&mut self, number: i64) -> Result<Option<Verdict>> {
        if let Some(verdict) = self.verdicts.get(&number) {
            return Ok(*verdict);
        }
        let verdict = self.known.verdict(self.tenant, number)?;
        self.verdicts.insert(number, verdict);
        Ok(verdict)
    }

    /// Notes an earlier job, once.
    pub fn duplicate(&mut self, evidence: Evidence) {
        let is_same = |it: &Evidence| it.kind == evidence.kind && it.of == evidence.of;
        if !self.evidence.iter().any(is_same) {
            self.push(evidence);
        }
    }

    /// Keeps evidence, so much of each kind; beyond that what is stricter takes the place of what is milder.
    pub fn push(&mut self, evidence: Evidence) {
        let kind = evidence.kind;
        let is_alike = |it: &&mut Evidence| it.kind == kind;
        let alike = self.evidence.iter_mut().filter(is_alike);
        if alike.count() < MOST_EVIDENCE {
            self.evidence.push(evidence);
            return;
        }
        let alike = self.evidence.iter_mut().filter(is_alike);
        let mildest = alike.min_by_key(|it| it.verdict);
        if let Some(mildest) = mildest.filter(|it| it.verdict < evidence.verdict) {
            *mildest = evidence;
        }
    }
}

/// An earlier job that has nearly the same hash.
fn near_duplicate(hash: &TimedHash, job: String, distance: u32) -> Evidence {
    Evidence {
        at: hash.at,
        of: Some(job),
        by: Some(hash.hash.kind.name().into()),
        distance: Some(distance),
        ..Evidence::new(EvidenceKind::NearDuplicate, Verdict::Pass)
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
            sound: None,
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

    /// A store with the job `first` of the tenant `ada`, and what is known by it.
    fn known() -> (tempfile::TempDir, Known) {
        let folder = tempfile::tempdir().unwrap();
        let records = Arc::new(Records::open(folder.path()).unwrap());
        job(&records, "first", "ada");
        (folder, Known::new(records))
    }

    fn pdq(text: &str, verdict: Verdict) -> NewEntry {
        NewEntry {
            hash: KnownHash::parse(HashKind::Pdq, text).unwrap(),
            verdict,
            note: None,
        }
    }

    #[test]
    fn the_strictest_of_near_entries_counts_and_not_the_nearest() {
        let (_folder, known) = known();
        let picture = "1234".repeat(16);
        let farther = picture.replacen("1234", "1235", 2);
        let entries = [
            pdq(&picture, Verdict::Pass),
            pdq(&picture.replacen("1234", "1235", 1), Verdict::Review),
            pdq(&farther, Verdict::Block),
        ];
        let ids = known.list("ada", &entries, 5).unwrap();
        let found = || {
            let found = known.recognize("ada", "new", &prints(1, "1234")).unwrap();
            let facts = |it: &Evidence| (it.verdict, it.distance.unwrap());
            found.iter().map(facts).collect::<Vec<_>>()
        };
        assert_eq!(found(), [(Verdict::Block, 2)]);
        assert!(known.unlist("ada", &ids[2]).unwrap());
        assert_eq!(found(), [(Verdict::Review, 1)]);
        assert!(known.unlist("ada", &ids[1]).unwrap());
        assert_eq!(found(), [(Verdict::Pass, 0)]);
    }

    #[test]
    fn many_mild_and_removed_entries_hide_no_strict_one() {
        let (_folder, known) = known();
        // Two hashes that are far from each other.
        let mild = PictureFingerprint {
            at: Some(1.0),
            ..prints(1, "1234").pictures.remove(0)
        };
        let strict = PictureFingerprint {
            at: Some(2.0),
            ..prints(1, "edcb").pictures.remove(0)
        };
        let entries = [
            pdq(&mild.pdq.hash, Verdict::Pass),
            pdq(&strict.pdq.hash, Verdict::Review),
        ];
        known.list("ada", &entries, 5).unwrap();
        // More pictures than are kept, and the one that is listed is not among the kept.
        let mut pictures = vec![mild; 1001];
        pictures.insert(700, strict.clone());
        let film = Fingerprints {
            blake3: "01".repeat(32),
            pictures,
            sound: None,
        };
        let found = known.recognize("ada", "new", &film).unwrap();
        assert_eq!(found.len(), MOST_EVIDENCE);
        let strictest = found.iter().max_by_key(|it| it.verdict).unwrap();
        assert_eq!(
            (strictest.verdict, strictest.at),
            (Verdict::Review, Some(2.0))
        );
        known.remember("first", &film).unwrap();
        assert!(known.hashes("ada", "first").unwrap().len() <= 1001);
        // Many nearer ones come before one that blocks, and go again.
        let same = "1234".repeat(15);
        let mut near: Vec<NewEntry> = (0..1500)
            .map(|number| pdq(&format!("{number:04x}{same}"), Verdict::Review))
            .collect();
        near.push(pdq(&format!("{same}edcb"), Verdict::Block));
        let ids = known.list("ada", &near, 6).unwrap();
        let block = Some((Verdict::Block, Some(16)));
        let strictest = || {
            let found = known.recognize("ada", "new", &prints(1, "1234")).unwrap();
            let strictest = found.iter().max_by_key(|it| it.verdict);
            strictest.map(|it| (it.verdict, it.distance))
        };
        assert_eq!(strictest(), block);
        let query = "DELETE FROM listed WHERE made_at = 6 AND verdict = 'review'";
        let gone = known.records.write(|change| change.execute(query, []));
        assert_eq!(gone.unwrap(), 1500);
        assert_eq!(strictest(), block);
        let tenants = known.tenants.lock().unwrap();
        assert_eq!(tenants["ada"].lock().unwrap().listed.pdq.len(), 3);
        drop(tenants);
        assert!(known.unlist("ada", &ids[1500]).unwrap());
        assert_eq!(strictest(), Some((Verdict::Pass, Some(0))));
        let tenants = known.tenants.lock().unwrap();
        assert_eq!(tenants["ada"].lock().unwrap().listed.pdq.len(), 2);
    }

    #[test]
    fn where_hashes_are_gone_nothing_is_recognized_again() {
        let (_folder, known) = known();
        assert_eq!(known.recognize_again("ada", "first", "new").unwrap(), None);
        known.remember("first", &prints(1, "1234")).unwrap();
        let found = known.recognize_again("ada", "first", "new").unwrap();
        assert_eq!(found.unwrap().len(), 1);
    }
}
