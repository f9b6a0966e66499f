//! A short, deterministic version of the targets in `fuzz/`: the parsers of looks, cubes and Hald images neither panic
//! nor hang on broken input.

use std::fs;
use std::path::Path;

use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, Look, Lut};
use tastemaker::picture::{Pixels, Rgb8};

use crate::support::{self, Dice, for_each_mutation};

/// What readers stumble over.
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

fn for_each_text(files: &[std::path::PathBuf], mut read: impl FnMut(&str)) {
    let seeds: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap()).collect();
    let seeds = seeds.iter().map(Vec::as_slice);
    for_each_mutation(seeds, &WORDS, |bytes| read(&String::from_utf8_lossy(bytes)));
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
    for_each_text(&seeds, |text| {
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
    for_each_text(&seeds, |text| {
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
