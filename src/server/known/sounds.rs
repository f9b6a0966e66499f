//! Recognizes uploads by their sound.
//!
//! A listed sound is recognized in sounds and in clips, also where only a part of it is used, and decides as its entry
//! says. For its sound alone, an upload is nearly what was uploaded before only where it has no pictures and most of it
//! is the same: the same song in two clips makes them no duplicates.

use std::cmp::Reverse;

use rusqlite::{OptionalExtension as _, params};

use super::hash::{HashKind, KnownHash};
use super::recognition::{Comparison, Known, TenantIndexes};
use super::same_sound::{SameSound, same_sound};
use crate::analysis::Chromaprint;
use crate::error::Result;
use crate::jobs::{Evidence, EvidenceKind, Verdict};

/// Listed sounds of one upload that are told, the strictest.
const MOST_TOLD: usize = 10;
/// Earlier uploads that are compared, those that are likest.
const MOST_TRIED: usize = 50;
/// An upload is a duplicate where so much of it, as a fraction, was in an earlier one.
const DUPLICATE: f64 = 0.5;

impl Known {
    /// The sound of a row, where it is still there.
    fn sound(&self, table: &str, tenant: &str, number: i64) -> Result<Option<KnownHash>> {
        let query =
            format!("SELECT kind, hash, sound FROM {table} WHERE number = ?1 AND tenant = ?2");
        self.records().read(|ask| {
            let row = params![number, tenant];
            let found = ask.query_row(&query, row, |row| KnownHash::read(row, 0));
            Ok(found.optional()?.flatten())
        })
    }
}

impl Comparison<'_> {
    pub fn compare_sound(&mut self, heard: &KnownHash, indexes: &mut TenantIndexes) -> Result<()> {
        let items = heard.items();
        self.listed_sounds(&items, indexes)?;
        match self.has_pictures {
            true => Ok(()),
            false => self.seen_sound(&items, indexes),
        }
    }

    fn listed_sounds(&mut self, items: &[u32], indexes: &mut TenantIndexes) -> Result<()> {
        let mut candidates = Vec::new();
        for candidate in indexes.listed.sounds.search(items) {
            match self.verdict(candidate.number)? {
                Some(verdict) => candidates.push((verdict, candidate)),
                None => indexes.listed.sounds.remove(candidate.number),
            }
        }
        // In a stable order: of equally strict ones that with the most votes first.
        candidates.sort_by_key(|(verdict, _)| Reverse(*verdict));
        let mut told = Vec::new();
        for (verdict, candidate) in candidates {
            let number = candidate.number;
            if told.len() >= MOST_TOLD {
                break;
            }
            if told.contains(&number) {
                continue;
            }
            let Some(known) = self.known.sound("listed", self.tenant, number)? else {
                continue;
            };
            let Some(same) = same_sound(items, &known.items(), candidate.shift) else {
                continue;
            };
            if let Some(entry) = self.known.entry(self.tenant, number)? {
                told.push(number);
                self.push(Evidence {
                    text: entry.note,
                    ..evidence(EvidenceKind::Listed, verdict, entry.id, same)
                });
            }
        }
        Ok(())
    }

    fn seen_sound(&mut self, items: &[u32], indexes: &mut TenantIndexes) -> Result<()> {
        let all = items.len() as f64 * Chromaprint::item_seconds();
        let candidates = indexes.seen.sounds.search(items);
        for candidate in candidates.into_iter().take(MOST_TRIED) {
            let job = match self.known.seen(self.tenant, candidate.number)? {
                None => {
                    indexes.seen.sounds.remove(candidate.number);
                    continue;
                }
                Some(job) if job == self.job => continue,
                Some(job) => job,
            };
            let known = self.known.sound("seen", self.tenant, candidate.number)?;
            let same = known.and_then(|known| same_sound(items, &known.items(), candidate.shift));
            if let Some(same) = same.filter(|same| same.end - same.start >= DUPLICATE * all) {
                self.duplicate(evidence(
                    EvidenceKind::NearDuplicate,
                    Verdict::Pass,
                    job,
                    same,
                ));
                break;
            }
        }
        Ok(())
    }
}

/// Evidence by the part of a sound that is the same.
fn evidence(kind: EvidenceKind, verdict: Verdict, of: String, same: SameSound) -> Evidence {
    let rounded = |seconds: f64| (seconds * 100.0).round() / 100.0;
    Evidence {
        at: Some(rounded(same.start)),
        end: Some(rounded(same.end)),
        score: Some(rounded(same.agreement)),
        of: Some(of),
        by: Some(HashKind::Sound.name().into()),
        ..Evidence::new(kind, verdict)
    }
}
