//! A short, deterministic version of the targets in `fuzz/`: the parsers of looks, cubes and Hald images neither panic
//! nor hang on broken input.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, Look, Lut};
use tastemaker::picture::{Pixels, Rgb8};

use crate::support;

/// Mutations of each seed.
const ROUNDS: u32 = 60;
/// The longest that one parse may take on a slow, busy machine.
const LONGEST: Duration = Duration::from_secs(20);

/// A reproducible random number generator (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// Mutations: other bytes, missing and doubled pieces, and extreme words and numbers.
fn mutated(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    const WORDS: [&str; 14] = [
        "-1",
        "1e39",
        "NaN",
        "-inf",
        "999999999999",
        "0.0",
        "\r",
        "\"",
        "[[step]]\n",
        "LUT_3D_SIZE 256\n",
        "LUT_1D_SIZE 65536\n",
        "DOMAIN_MAX 0 0 0\n",
        "\u{feff}",
        "kind = \"lut\"\n",
    ];
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
            3 => drop(bytes.splice(at..end, WORDS[dice.roll(WORDS.len())].bytes())),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.roll(256) as u8;
                }
            }
        }
    }
    bytes
}

fn for_each_mutation(files: &[std::path::PathBuf], mut read: impl FnMut(&str)) {
    assert!(!files.is_empty());
    for (number, path) in files.iter().enumerate() {
        let seed = fs::read(path).unwrap();
        let mut dice = Dice(number as u64);
        for round in 0..ROUNDS {
            let bytes = mutated(&seed, &mut dice);
            let begun = Instant::now();
            read(&String::from_utf8_lossy(&bytes));
            assert!(begun.elapsed() < LONGEST, "{path:?}, mutation {round}");
        }
    }
}

fn files(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    files
}

#[test]
fn broken_looks_are_read_or_refused_with_a_place() {
    let mut seeds = files(&support::root().join("presets/looks"), "toml");
    seeds.extend(files(&support::root().join("tests/looks/bad"), "toml"));
    let mut read = 0;
    for_each_mutation(&seeds, |text| {
        match Look::parse("x", Path::new("x.toml"), text) {
            Ok(look) => {
                read += 1;
                let again =
                    Look::parse("x", Path::new("x.toml"), &look.to_toml().unwrap()).unwrap();
                assert_eq!(again, look);
                if read % 50 == 0 {
                    let _ = CompiledLook::new(&look, 1.0);
                }
            }
            Err(problem) => assert_eq!(problem.code(), "document"),
        }
    });
    assert!(read > 100, "{read}");
}

#[test]
fn broken_cubes_are_read_or_refused_with_a_place() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let seeds = files(&corpus.join("images/luts/colour_science"), "cube");
    for_each_mutation(&seeds, |text| {
        match Lut::parse_cube(Path::new("x.cube"), text) {
            Ok(lut) => assert!(
                lut.evaluate([0.3, 0.6, 1.0])
                    .iter()
                    .all(|value| !value.is_nan())
            ),
            Err(problem) => assert_eq!(problem.code(), "document"),
        }
    });
}

#[test]
fn pictures_of_any_size_are_hald_images_or_are_refused() {
    let mut dice = Dice(1);
    for side in 1..=70_u32 {
        for (width, height) in [(side, side), (side, side + 1)] {
            let size = Size::new(width, height);
            let samples = (0..3 * size.pixels())
                .map(|_| dice.roll(256) as u8)
                .collect();
            let pixels = Pixels::Eight(Rgb8::new(size, samples).unwrap());
            let read = Lut::from_hald(Path::new("x.png"), &pixels);
            assert_eq!(
                read.is_ok(),
                width == height && [8, 27, 64].contains(&side),
                "{size:?}"
            );
            if let Ok(lut) = read {
                assert!(
                    lut.evaluate([0.3, 0.6, 1.0])
                        .iter()
                        .all(|value| (0.0..=1.0).contains(value))
                );
            }
        }
    }
}
