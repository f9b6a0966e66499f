//! Searches many hashes for those that differ from one in few bits.
//!
//! Each hash is cut into words of 16 bits. Where two hashes differ in at most one bit less than twice as many bits as
//! they have words, at least one of their words differs in at most one bit; so it is enough to look at the hashes that
//! share such a word (Norouzi, Punjani and Fleet, "Fast search in Hamming space with multi-index hashing", 2012). Of a million
//! random hashes of 256 bits these are a few thousand. Hashes that were added last are compared one by one until they are
//! many. What is removed stays in its place and is passed over, until that is much of all.

use std::collections::BTreeSet;

/// Bits of a word.
const WORD: usize = 16;
/// Values of a word.
const VALUES: usize = 1 << WORD;
/// Hashes of 64 bits have so many words.
const WORDS: usize = 64 / WORD;
/// Hashes that are compared one by one at most; more where that is a small part of all.
const LOOSE: usize = 4096;
/// Hashes of the index beside one that is loose.
const INDEXED_BESIDE: usize = 16;
/// Hashes beside one that was removed and still has its place.
const KEPT_BESIDE: usize = 4;

/// Hashes of `N` times 64 bits, each with a number that says what it is of.
pub struct HashIndex<const N: usize> {
    hashes: Vec<[u64; N]>,
    numbers: Vec<i64>,
    /// Where the hashes with each value of each word begin in `rows`.
    starts: Vec<u32>,
    rows: Vec<u32>,
    indexed: usize,
    /// Rows of `hashes` that were removed.
    removed: BTreeSet<u32>,
}

/// A hash that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NearHash {
    /// What it is of.
    pub number: i64,
    /// Bits that differ.
    pub distance: u32,
}

impl<const N: usize> Default for HashIndex<N> {
    fn default() -> Self {
        Self {
            hashes: Vec::new(),
            numbers: Vec::new(),
            starts: Vec::new(),
            rows: Vec::new(),
            indexed: 0,
            removed: BTreeSet::new(),
        }
    }
}

impl<const N: usize> HashIndex<N> {
    /// Most bits in which hashes that are found differ.
    pub const RADIUS: u32 = (2 * N * WORDS) as u32 - 1;

    /// Hashes in it.
    pub fn len(&self) -> usize {
        self.hashes.len().saturating_sub(self.removed.len())
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a hash; its number is above those before. What is full stays as it is: four thousand million hashes.
    pub fn add(&mut self, hash: [u64; N], number: i64) {
        if self.hashes.len() >= u32::MAX as usize {
            return;
        }
        self.hashes.push(hash);
        self.numbers.push(number);
    }

    /// Removes the hash with a number, where there is one.
    pub fn remove(&mut self, number: i64) {
        let Ok(row) = self.numbers.binary_search(&number) else {
            return;
        };
        self.removed.insert(row as u32);
        if self.removed.len() > LOOSE.max(self.hashes.len() / KEPT_BESIDE) {
            self.close_gaps();
        }
    }

    /// Takes the places of removed hashes away. The next search sorts what is left.
    fn close_gaps(&mut self) {
        let removed = std::mem::take(&mut self.removed);
        let is_kept = |row: usize| !removed.contains(&(row as u32));
        let (mut row, mut other) = (0.., 0..);
        self.hashes.retain(|_| row.next().is_some_and(is_kept));
        self.numbers.retain(|_| other.next().is_some_and(is_kept));
        self.starts = Vec::new();
        self.rows = Vec::new();
        self.indexed = 0;
    }

    /// The hashes within [`Self::RADIUS`] of `hash`, nearest first, and of equally near ones the oldest first.
    pub fn near(&mut self, hash: &[u64; N]) -> Vec<NearHash> {
        let loose = self.hashes.len().saturating_sub(self.indexed);
        if loose > LOOSE.max(self.indexed / INDEXED_BESIDE) {
            self.index();
        }
        let mut rows: Vec<u32> = Vec::new();
        if self.indexed > 0 {
            for word in 0..N * WORDS {
                let value = value(hash, word);
                rows.extend(self.rows_with(word, value));
                for bit in 0..WORD {
                    rows.extend(self.rows_with(word, value ^ 1 << bit));
                }
            }
            rows.sort_unstable();
            rows.dedup();
        }
        rows.extend((self.indexed..self.hashes.len()).map(|row| row as u32));
        let mut found: Vec<(u32, u32)> = rows
            .into_iter()
            .filter_map(|row| {
                let other = self.hashes.get(row as usize)?;
                let distance = distance(hash, other);
                let is_near = distance <= Self::RADIUS && !self.removed.contains(&row);
                is_near.then_some((distance, row))
            })
            .collect();
        found.sort_unstable();
        let near = |(distance, row): (u32, u32)| {
            let number = *self.numbers.get(row as usize)?;
            Some(NearHash { number, distance })
        };
        found.into_iter().filter_map(near).collect()
    }

    fn rows_with(&self, word: usize, value: usize) -> &[u32] {
        let at = word * VALUES + value;
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else {
            return &[];
        };
        self.rows.get(*start as usize..*end as usize).unwrap_or(&[])
    }

    /// Sorts all hashes by each of their words: counts how many have each value, then puts each in its place.
    fn index(&mut self) {
        let words = N * WORDS;
        self.starts = vec![0; words * VALUES + 1];
        self.rows = vec![0; words * self.hashes.len()];
        for hash in &self.hashes {
            for word in 0..words {
                if let Some(count) = self.starts.get_mut(word * VALUES + value(hash, word) + 1) {
                    *count += 1;
                }
            }
        }
        let mut sum = 0_u32;
        for start in &mut self.starts {
            sum = sum.saturating_add(*start);
            *start = sum;
        }
        let mut next = self.starts.clone();
        for (row, hash) in self.hashes.iter().enumerate() {
            for word in 0..words {
                let Some(place) = next.get_mut(word * VALUES + value(hash, word)) else {
                    continue;
                };
                if let Some(slot) = self.rows.get_mut(*place as usize) {
                    *slot = row as u32;
                }
                *place += 1;
            }
        }
        self.indexed = self.hashes.len();
    }
}

/// Bits in which two hashes differ.
fn distance<const N: usize>(a: &[u64; N], b: &[u64; N]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// A word of a hash.
fn value<const N: usize>(hash: &[u64; N], word: usize) -> usize {
    let part = hash.get(word / WORDS).copied().unwrap_or(0);
    (part >> (word % WORDS * WORD)) as usize % VALUES
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Numbers without a pattern (splitmix64).
    fn random(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn with_flipped(mut hash: [u64; 4], bits: u32, state: &mut u64) -> [u64; 4] {
        let original = hash;
        while distance(&original, &hash) < bits {
            let bit = random(state) % 256;
            hash[bit as usize / 64] |= 1 << (bit % 64);
            hash[bit as usize / 64] ^= original[bit as usize / 64] & 1 << (bit % 64);
        }
        hash
    }

    #[test]
    fn what_differs_in_few_bits_is_found_and_nothing_else() {
        let mut state = 7;
        let mut index = HashIndex::<4>::default();
        let hashes: Vec<[u64; 4]> = (0..20_000)
            .map(|_| std::array::from_fn(|_| random(&mut state)))
            .collect();
        for (at, hash) in hashes.iter().enumerate() {
            index.add(*hash, at as i64);
        }
        for round in 0..300 {
            let hash = with_flipped(hashes[round * 60], round as u32 % 64, &mut state);
            let mut expected: Vec<(u32, i64)> = hashes
                .iter()
                .enumerate()
                .map(|(at, other)| (distance(&hash, other), at as i64))
                .filter(|(distance, _)| *distance <= HashIndex::<4>::RADIUS)
                .collect();
            expected.sort_unstable();
            let found: Vec<(u32, i64)> = index
                .near(&hash)
                .iter()
                .map(|it| (it.distance, it.number))
                .collect();
            assert_eq!(found, expected, "{round}");
        }
        assert_eq!(HashIndex::<4>::RADIUS, 31);
        assert_eq!(HashIndex::<1>::RADIUS, 7);
        assert!(HashIndex::<1>::default().near(&[0]).is_empty());
    }

    #[test]
    fn what_is_removed_is_not_found_before_and_after_its_place_is_taken_away() {
        let mut state = 3;
        let mut index = HashIndex::<4>::default();
        let hashes: Vec<[u64; 4]> = (0..12_000)
            .map(|_| std::array::from_fn(|_| random(&mut state)))
            .collect();
        for (at, hash) in hashes.iter().enumerate() {
            index.add(*hash, 2 * at as i64);
        }
        let is_found = |index: &mut HashIndex<4>, at: usize| {
            let found = index.near(&hashes[at]);
            found.iter().any(|it| it.number == 2 * at as i64)
        };
        assert!(is_found(&mut index, 0) && is_found(&mut index, 11_999));
        index.remove(1);
        index.remove(0);
        index.remove(0);
        assert_eq!(index.len(), 11_999);
        assert!(!is_found(&mut index, 0) && is_found(&mut index, 1));
        for at in (2..12_000).step_by(2) {
            index.remove(2 * at);
        }
        assert_eq!(index.len(), 6000);
        assert!(index.hashes.len() < 12_000);
        for at in 0..100 {
            assert_eq!(is_found(&mut index, at), at % 2 == 1, "{at}");
        }
        assert!(is_found(&mut index, 11_999));
    }

    /// With `--nocapture` it tells the figures that docs/screening.md has.
    #[test]
    #[allow(clippy::print_stdout)]
    fn a_million_are_searched_in_milliseconds() {
        let mut state = 1;
        let mut index = HashIndex::<4>::default();
        let mut known = Vec::new();
        for number in 0..1_000_000 {
            let hash = std::array::from_fn(|_| random(&mut state));
            if number % 10_000 == 0 {
                known.push((number, hash));
            }
            index.add(hash, number);
        }
        let begun = Instant::now();
        assert!(index.near(&[0; 4]).is_empty());
        let building = begun.elapsed();
        let begun = Instant::now();
        for (number, hash) in &known {
            let near = with_flipped(*hash, 31, &mut state);
            let found = index.near(&near);
            assert_eq!(
                (found.len(), found[0].number, found[0].distance),
                (1, *number, 31)
            );
        }
        let each = begun.elapsed() / 100;
        println!("built in {building:?}, searched in {each:?}");
        assert!(each < Duration::from_millis(50), "{each:?}");
    }
}
