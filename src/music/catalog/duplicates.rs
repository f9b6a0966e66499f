//! Similar tracks, and duplicates: files that contain the same recording in another encoding.

use std::collections::BTreeMap;

use crate::music::catalog::CatalogEntry;

/// Least cosine of two tracks of the same length and key that are one recording. On the sample tracks, copies at 96
/// kbit/s and copies at 160 kbit/s and half the level reach at least 0.87, different tracks at most 0.36.
const SAME: f64 = 0.8;
/// Lengths of one recording may differ by this many seconds plus this share of the longer one, because encoders pad.
const PADDING: (f64, f64) = (0.5, 0.005);

/// Two contents that are the same recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// Hashes of the two, the one that was added first comes first.
    pub ids: [String; 2],
    /// Cosine of their embeddings, 0.8..1.
    pub likeness: f64,
}

/// Cosine of two embeddings, -1..1; `None` where one is empty or all zero, or where they are of different models.
pub fn cosine(a: &[i8], b: &[i8]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let product = |x: &[i8], y: &[i8]| -> f64 {
        let sum: i64 = x
            .iter()
            .zip(y)
            .map(|(x, y)| i64::from(*x) * i64::from(*y))
            .sum();
        sum as f64
    };
    let size = (product(a, a) * product(b, b)).sqrt();
    (size > 0.0).then(|| product(a, b) / size)
}

/// Pairs of tracks that sound the same, are equally long and in the same key, most similar first.
pub fn duplicates(entries: &[CatalogEntry], embeddings: &[(String, Vec<i8>)]) -> Vec<Duplicate> {
    let embeddings: BTreeMap<&str, &[i8]> = embeddings
        .iter()
        .map(|(id, numbers)| (id.as_str(), numbers.as_slice()))
        .collect();
    let mut by_length: Vec<&CatalogEntry> = entries.iter().collect();
    by_length.sort_by(|a, b| {
        a.duration
            .total_cmp(&b.duration)
            .then_with(|| a.id.cmp(&b.id))
    });
    let mut found = Vec::new();
    for (at, shorter) in by_length.iter().enumerate() {
        let as_long = by_length.iter().skip(at + 1).take_while(|longer| {
            longer.duration - shorter.duration <= PADDING.0.max(longer.duration * PADDING.1)
        });
        for longer in as_long.filter(|longer| longer.key == shorter.key) {
            let vectors = embeddings
                .get(shorter.id.as_str())
                .zip(embeddings.get(longer.id.as_str()));
            let likeness = vectors.and_then(|(a, b)| cosine(a, b));
            if let Some(likeness) = likeness.filter(|likeness| *likeness >= SAME) {
                let order = |entry: &CatalogEntry| (entry.added, entry.path.clone());
                let mut pair = [shorter, longer];
                pair.sort_by_key(|entry| order(entry));
                found.push(Duplicate {
                    ids: pair.map(|entry| entry.id.clone()),
                    likeness,
                });
            }
        }
    }
    found.sort_by(|a, b| {
        b.likeness
            .total_cmp(&a.likeness)
            .then_with(|| a.ids.cmp(&b.ids))
    });
    found
}
