//! Searches many fingerprints of sound for those that have a part in common with one.
//!
//! A fingerprint is a row of items of 32 bits (`Chromaprint`). The bits of an item that are steadiest are its key:
//! copies differ in few of them. A fourth of all keys, chosen by their value, is kept with its place, in the order of
//! the keys. A fingerprint is searched by its keys and by those that differ from them in one bit. Each place that is
//! found is a vote for the sound that it is in and for how far that is shifted (Wang, "An industrial-strength audio
//! search algorithm", 2003). Sounds with three votes for nearly the same shift are candidates; whether they are the
//! same, all of their items must tell.
//!
//! A sound of three minutes takes about 3 KB.

use std::collections::BTreeMap;
use std::ops::Range;

/// The 24 bits that differ least between a sound and its copies at low bit rates, with other tones or cut elsewhere:
/// measured on 43 pieces of music. With these, a sound of minutes among 100 000 finds few places by chance.
const KEY_BITS: u32 = 0xfebe_cbee;
/// Of all keys one in so many is kept.
const KEPT: u32 = 4;
/// Most items that are searched at a time: two minutes.
const PIECE: usize = 1024;
/// Most votes of a piece. What is rarest is counted first.
const MOST_VOTES: usize = 1 << 19;
/// Fewest votes of a candidate.
const LEAST_VOTES: u32 = 3;
/// Most shifts of one sound.
const MOST_SHIFTS: usize = 4;
/// Sounds that are removed in the end at once, or a fourth of all where that is more.
const KEPT_REMOVED: usize = 256;

/// Parts of fingerprints, each of a sound with a number.
#[derive(Default)]
pub struct SoundIndex {
    /// In the order of their numbers and of the places of their items.
    sounds: Vec<IndexedSound>,
    /// Keys and places of items, each run in order and less than half as long as the one before it.
    runs: Vec<Vec<u64>>,
    /// Those that are in no run yet.
    loose: Vec<u64>,
    /// The place of the next item.
    end: u32,
    removed: usize,
}

#[derive(Clone, Copy)]
struct IndexedSound {
    number: i64,
    first: u32,
    is_removed: bool,
}

/// A sound that may have a part in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundCandidate {
    /// What it is of.
    pub number: i64,
    /// Its item that is like the first one that was searched for; it may lie before its own first.
    pub shift: i64,
    /// How many places say so.
    pub votes: u32,
}

/// Places with one key.
struct Places {
    run: usize,
    range: Range<usize>,
    /// The item that was searched for.
    item: usize,
}

impl SoundIndex {
    /// Adds a sound; its number is above those before. What is full stays as it is: sixteen years of sound.
    pub fn add(&mut self, items: &[u32], number: i64) {
        let Some(end) = u32::try_from(items.len())
            .ok()
            .and_then(|count| self.end.checked_add(count))
        else {
            return;
        };
        self.sounds.push(IndexedSound {
            number,
            first: self.end,
            is_removed: false,
        });
        let places = (self.end..end).zip(keys(items));
        let kept = places
            .filter_map(|(place, key)| key.filter(|key| is_kept(*key)).map(|key| (key, place)));
        self.loose
            .extend(kept.map(|(key, place)| entry(key, place)));
        self.end = end;
    }

    /// Removes the sound with a number, where there is one.
    pub fn remove(&mut self, number: i64) {
        let Ok(row) = self
            .sounds
            .binary_search_by_key(&number, |sound| sound.number)
        else {
            return;
        };
        if let Some(sound) = self.sounds.get_mut(row).filter(|sound| !sound.is_removed) {
            sound.is_removed = true;
            self.removed += 1;
        }
        if self.removed > KEPT_REMOVED.max(self.sounds.len() / 4) {
            self.close_gaps();
        }
    }

    /// Sounds in it.
    pub fn len(&self) -> usize {
        self.sounds.len() - self.removed
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sounds that may have a part in common with `items`, those with the most votes first and of these the oldest.
    pub fn search(&mut self, items: &[u32]) -> Vec<SoundCandidate> {
        self.settle();
        let mut tally: BTreeMap<(usize, i64), u32> = BTreeMap::new();
        let keys: Vec<(usize, u32)> = keys(items)
            .enumerate()
            .filter_map(|(item, key)| Some((item, key?)))
            .collect();
        for piece in keys.chunks(PIECE) {
            for (row, shift) in self.votes(piece) {
                *tally.entry((row, shift)).or_default() += 1;
            }
        }
        let at = |row, shift| tally.get(&(row, shift)).copied().unwrap_or(0);
        let mut found: Vec<(u32, usize, i64)> = tally
            .iter()
            .filter_map(|(&(row, shift), &votes)| {
                let (before, after) = (at(row, shift - 1), at(row, shift + 1));
                let is_peak = votes > before && votes >= after;
                let votes = votes + before + after;
                (is_peak && votes >= LEAST_VOTES).then_some((votes, row, shift))
            })
            .collect();
        found.sort_unstable_by_key(|(votes, row, shift)| (u32::MAX - votes, *row, *shift));
        let mut shifts: BTreeMap<usize, usize> = BTreeMap::new();
        found.retain(|(_, row, _)| {
            let count = shifts.entry(*row).or_default();
            *count += 1;
            *count <= MOST_SHIFTS
        });
        let candidate = |(votes, row, shift): (u32, usize, i64)| {
            let sound = self.sounds.get(row).filter(|sound| !sound.is_removed)?;
            Some(SoundCandidate {
                number: sound.number,
                shift,
                votes,
            })
        };
        found.into_iter().filter_map(candidate).collect()
    }

    /// Sounds and shifts for which some of `keys` speak, where at least so many speak for nearly the same.
    fn votes(&self, keys: &[(usize, u32)]) -> Vec<(usize, i64)> {
        let mut places: Vec<Places> = Vec::new();
        for (item, key) in keys {
            let near = (0..u32::BITS)
                .map(|bit| 1 << bit)
                .filter(|bit| KEY_BITS & bit != 0);
            let near = near.map(|bit| key ^ bit).chain([*key]);
            for key in near.filter(|key| is_kept(*key)) {
                self.find(key, *item, &mut places);
            }
        }
        places.sort_by_key(|places| places.range.len());
        // Shifts between places, so that they tell sounds apart, too.
        let mut votes: Vec<(i64, u32)> = Vec::new();
        for Places { run, range, item } in places {
            if votes.len() + range.len() > MOST_VOTES {
                break;
            }
            let entries = self
                .runs
                .get(run)
                .and_then(|run| run.get(range))
                .unwrap_or(&[]);
            votes.extend(entries.iter().map(|entry| {
                let place = *entry as u32;
                (i64::from(place) - item as i64, place)
            }));
        }
        votes.sort_unstable();
        let least = LEAST_VOTES as usize;
        let mut kept = Vec::new();
        let mut kept_to = 0;
        for (at, window) in votes.windows(least).enumerate() {
            let (Some((first, _)), Some((last, _))) = (window.first(), window.last()) else {
                continue;
            };
            if last - first <= 2 {
                let new = votes.get(kept_to.max(at)..at + least).unwrap_or(&[]);
                kept.extend(new.iter().filter_map(|(shift, place)| {
                    let (row, first) = self.sound_at(*place)?;
                    Some((row, shift - i64::from(first)))
                }));
                kept_to = at + least;
            }
        }
        kept
    }

    /// The places with a key.
    fn find(&self, key: u32, item: usize, places: &mut Vec<Places>) {
        let (low, high) = (entry(key, 0), entry(key, u32::MAX));
        for (run, entries) in self.runs.iter().enumerate() {
            let first = entries.partition_point(|entry| *entry < low);
            let rest = entries.get(first..).unwrap_or(&[]);
            let count = rest.iter().take_while(|entry| **entry <= high).count();
            if count > 0 {
                places.push(Places {
                    run,
                    range: first..first + count,
                    item,
                });
            }
        }
    }

    /// The sound that a place is in: its row and the place of its first item.
    fn sound_at(&self, place: u32) -> Option<(usize, u32)> {
        let after = self.sounds.partition_point(|sound| sound.first <= place);
        let row = after.checked_sub(1)?;
        Some((row, self.sounds.get(row)?.first))
    }

    /// Puts what is loose into runs. Each entry moves as often as the number of its run's length doubles.
    fn settle(&mut self) {
        if self.loose.is_empty() {
            return;
        }
        let mut run = std::mem::take(&mut self.loose);
        run.sort_unstable();
        while let Some(before) = self.runs.pop_if(|before| before.len() < 2 * run.len()) {
            run = merged(&before, &run);
        }
        run.shrink_to_fit();
        self.runs.push(run);
    }

    /// Takes the places of removed sounds away. What is left stays in order.
    fn close_gaps(&mut self) {
        self.settle();
        let ends = self
            .sounds
            .iter()
            .skip(1)
            .map(|sound| sound.first)
            .chain([self.end]);
        let mut moved = Vec::with_capacity(self.sounds.len());
        let mut end = 0;
        for (sound, next) in self.sounds.iter().zip(ends) {
            moved.push(end);
            end += if sound.is_removed {
                0
            } else {
                next - sound.first
            };
        }
        let mut runs = std::mem::take(&mut self.runs);
        for run in &mut runs {
            let kept = run.iter().filter_map(|entry| {
                let place = *entry as u32;
                let (row, first) = self.sound_at(place)?;
                let sound = self.sounds.get(row).filter(|sound| !sound.is_removed);
                sound?;
                Some(*entry & !u64::from(u32::MAX) | u64::from(place - first + moved.get(row)?))
            });
            *run = kept.collect();
        }
        self.runs = runs;
        self.end = end;
        let firsts = self.sounds.iter_mut().zip(moved);
        firsts.for_each(|(sound, first)| sound.first = first);
        self.sounds.retain(|sound| !sound.is_removed);
        self.removed = 0;
    }
}

/// The key of each item; `None` where it is that of the item before, as in a tone that lasts.
fn keys(items: &[u32]) -> impl Iterator<Item = Option<u32>> {
    let mut before = None;
    items.iter().map(move |item| {
        let key = Some(item & KEY_BITS);
        let is_new = key != before;
        before = key;
        key.filter(|_| is_new)
    })
}

/// True for the keys that are kept. Multiplied by the golden ratio, neighboring numbers lie far apart (Knuth).
fn is_kept(key: u32) -> bool {
    (key.wrapping_mul(0x9e37_79b1) >> 16).is_multiple_of(KEPT)
}

/// Entries are in the order of keys, then places.
fn entry(key: u32, place: u32) -> u64 {
    u64::from(key) << 32 | u64::from(place)
}

/// Two runs in one.
fn merged(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x <= y => a.next(),
            (_, Some(_)) => b.next(),
            _ => a.next(),
        };
        match next {
            Some(entry) => all.push(*entry),
            None => return all,
        }
    }
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

    /// Items that change slowly, as those of music do: each bit once in ten items.
    fn sound(count: usize, state: &mut u64) -> Vec<u32> {
        let mut item = random(state) as u32;
        let mut next = || {
            for _ in 0..3 {
                item ^= 1 << (random(state) % 32);
            }
            item
        };
        (0..count).map(|_| next()).collect()
    }

    /// A part of a sound with each bit wrong once in twenty items.
    fn copy(items: &[u32], state: &mut u64) -> Vec<u32> {
        let wrong = |state: &mut u64| {
            (0..32).fold(0, |bits, bit| {
                bits | u32::from(random(state).is_multiple_of(20)) << bit
            })
        };
        items.iter().map(|item| item ^ wrong(state)).collect()
    }

    #[test]
    fn parts_of_sounds_are_found_until_they_are_removed() {
        let mut state = 3;
        let mut index = SoundIndex::default();
        let sounds: Vec<Vec<u32>> = (0..1000).map(|_| sound(600, &mut state)).collect();
        for (number, items) in sounds.iter().enumerate() {
            index.add(items, 2 * number as i64);
            if number % 100 == 0 {
                assert_eq!(index.search(&sound(100, &mut state)), []);
            }
        }
        let mut found = |index: &mut SoundIndex, at: usize| {
            let part = copy(&sounds[at][300..420], &mut state);
            let found = index.search(&part);
            found.first().map(|first| (first.number, first.shift))
        };
        for at in (0..1000).step_by(37) {
            assert_eq!(found(&mut index, at), Some((2 * at as i64, 300)), "{at}");
        }
        assert_eq!(index.len(), 1000);
        index.remove(1);
        for at in 0..900 {
            index.remove(2 * at);
            index.remove(2 * at);
        }
        assert_eq!(index.len(), 100);
        assert!(index.sounds.len() < 500);
        assert_eq!(found(&mut index, 899), None);
        assert_eq!(found(&mut index, 900), Some((1800, 300)));
        index.add(&sounds[5], 3000);
        assert_eq!(found(&mut index, 5), Some((3000, 300)));
    }

    #[test]
    fn what_lasts_or_repeats_takes_little() {
        let mut index = SoundIndex::default();
        index.add(&[7; 50_000], 1);
        index.settle();
        assert!(index.runs.iter().map(Vec::len).sum::<usize>() <= 1);
        let beat: Vec<u32> = (0..50_000)
            .map(|at| [11, 0xffff_0000, 0x1234_5678][at % 3])
            .collect();
        index.add(&beat, 2);
        assert!(index.search(&beat).len() <= MOST_SHIFTS);
        assert!(index.search(&[]).is_empty() && !index.is_empty());
    }

    /// With `--nocapture` it tells the figures that docs/screening.md has.
    #[test]
    #[ignore = "takes half a gigabyte, and long where it is not optimized"]
    #[allow(clippy::print_stdout)]
    fn a_hundred_thousand_sounds_are_searched_in_milliseconds() {
        let mut state = 1;
        let mut index = SoundIndex::default();
        let mut known = Vec::new();
        for number in 0..100_000 {
            let items = sound(1454, &mut state);
            if number % 1000 == 0 {
                known.push((number, items.clone()));
            }
            index.add(&items, number);
        }
        let begun = Instant::now();
        index.settle();
        let building = begun.elapsed();
        let bytes: usize = index.runs.iter().map(|run| run.capacity() * 8).sum();
        let mut search = |from: usize, to: usize| {
            let begun = Instant::now();
            for (number, items) in &known {
                let found = index.search(&copy(&items[from..to], &mut state));
                let first = found.first().map(|it| (it.number, it.shift));
                assert_eq!(first, Some((*number, from as i64)));
            }
            begun.elapsed() / known.len() as u32
        };
        let (part, whole) = (search(600, 700), search(0, 1454));
        println!(
            "{} MB, sorted in {building:?}; 15 s in {part:?}, 3 min in {whole:?}",
            bytes >> 20
        );
        assert!(whole < Duration::from_millis(100), "{whole:?}");
    }
}
