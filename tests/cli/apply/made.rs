//! A home with photos, runs of the verb in it, and what they left.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tastemaker::geometry::Size;
use tastemaker::media::{Limits, Metadata, Still, StillFormat, decode_still, encode_still};
use tastemaker::picture::{ColorSpace, Picture, Pixels, Rgb, Rgb8, Rgb16};
use tempfile::TempDir;

use crate::support::{media, program};

/// A folder of its own for one test.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Copies of sample photos under new names, which may have folders.
    pub fn photos(&self, folder: &str, names: &[(&str, &str)]) -> PathBuf {
        let folder = self.path(folder);
        for (name, photo) in names {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::copy(media(&format!("photos/{photo}.jpg")), path).unwrap();
        }
        folder
    }

    /// The program with `apply`, ready for its arguments.
    pub fn apply(&self) -> std::process::Command {
        let mut command = program(self.folder.path());
        command.arg("apply").current_dir(self.folder.path());
        command
    }

    /// `apply` with arguments as they are typed.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run(self.apply().args(arguments).output().unwrap())
    }
}

/// How a run ended.
pub struct Run(pub Output);

impl Run {
    pub fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    pub fn told(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    pub fn data(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    /// Whether a table on either stream has a row with this count and these words.
    pub fn counts(&self, row: &str) -> bool {
        format!("{}{}", self.data(), self.told())
            .lines()
            .any(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words.join(" ").starts_with(row)
            })
    }

    pub fn json(&self) -> Vec<Value> {
        self.data()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Fails the test unless the run ended with `code`.
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "{}{}", self.data(), self.told());
        self
    }
}

/// All files below a folder, hidden ones too, by name from there.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy();
                // A run that is still going may have renamed it meanwhile.
                match fs::read(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    bytes => {
                        found.insert(name.into_owned(), bytes.unwrap());
                    }
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// The results below a folder: all files but the record.
pub fn results(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = contents(folder);
    found.remove(".tastemaker.journal");
    found
}

pub fn decode(path: &Path) -> Still {
    decode_still(path, &Limits::default())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a picture with these blocks, as they are.
pub fn write(path: &Path, picture: &Picture, format: StillFormat, metadata: &Metadata) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    encode_still(path, picture, format, metadata).unwrap();
}

fn samples<T: Copy + Default>(size: Size, value: impl Fn(u32) -> T) -> Rgb<T> {
    let count = size.width * size.height * 3;
    Rgb::new(size, (0..count).map(value).collect()).unwrap()
}

/// An 8-bit picture in which neighbors differ and every channel reaches far.
pub fn eight(size: Size) -> Picture {
    let pixels: Rgb8 = samples(size, |at| (at.wrapping_mul(2_654_435_761) >> 24) as u8);
    Picture {
        pixels: Pixels::Eight(pixels),
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

/// The same with 16 bits, low bits in use.
pub fn sixteen(size: Size) -> Picture {
    let pixels: Rgb16 = samples(size, |at| (at.wrapping_mul(2_654_435_761) >> 16) as u16);
    Picture {
        pixels: Pixels::Sixteen(pixels),
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

/// Display P3, as a profile.
pub fn wide_profile() -> Vec<u8> {
    moxcms::ColorProfile::new_display_p3().encode().unwrap()
}

/// An EXIF block with this orientation and a GPS directory that holds one reference ("N").
pub fn located_exif(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\x00\x2a\x00\x00\x00\x08\x00\x02".to_vec();
    block.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    block.extend(b"\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x26");
    block.extend(b"\x00\x00\x00\x00");
    block.extend(b"\x00\x01\x00\x01\x00\x02\x00\x00\x00\x02N\x00\x00\x00\x00\x00\x00\x00");
    block
}
