//! Broken input, the same in every run: a short, deterministic stand-in for the targets in `fuzz/`.

use std::time::{Duration, Instant};

/// Mutations of each seed. `TASTEMAKER_MUTATIONS` sets another number, for a longer run by hand.
const ROUNDS: u32 = 60;
/// The longest that one input may take on a slow, busy machine.
const LONGEST: Duration = Duration::from_secs(20);

/// A reproducible random number generator (Knuth's MMIX).
pub struct Dice(pub u64);

impl Dice {
    /// 0 to `sides` - 1.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// Mutations: other bytes, missing and doubled pieces, and `words` in their place.
fn mutated(seed: &[u8], words: &[&str], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len());
        let end = (at + dice.roll(40)).min(bytes.len());
        match dice.roll(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => drop(bytes.splice(at..end, words[dice.roll(words.len())].bytes())),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.roll(256) as u8;
                }
            }
        }
    }
    bytes
}

/// Hands mutations of each seed to `read`, which may neither panic nor take long.
pub fn for_each_mutation<'a>(
    seeds: impl IntoIterator<Item = &'a [u8]>,
    words: &[&str],
    mut read: impl FnMut(&[u8]),
) {
    let rounds = std::env::var("TASTEMAKER_MUTATIONS").ok();
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut count = 0;
    for (number, seed) in seeds.into_iter().enumerate() {
        let mut dice = Dice(number as u64);
        for round in 0..rounds {
            let bytes = mutated(seed, words, &mut dice);
            let begun = Instant::now();
            read(&bytes);
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                begun.elapsed() < LONGEST,
                "seed {number}, mutation {round}: {text}"
            );
            count += 1;
        }
    }
    assert!(count > 0, "there is no seed");
}
