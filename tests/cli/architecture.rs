//! The floors of the house, and who may do what: read from the sources, so that no arrow can go the wrong way unseen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::root;

/// A room may import rooms on lower floors, and its own. Rooms of floor 0 know only the plain data.
const FLOORS: &[(&str, u8)] = &[
    ("error", 0),
    ("time", 0),
    ("geometry", 0),
    ("picture", 0),
    ("sound", 0),
    ("choice", 0),
    ("task", 0),
    ("notice", 0),
    ("hint", 0),
    ("media", 1),
    ("models", 1),
    ("store", 1),
    ("analysis", 2),
    ("looks", 2),
    ("music", 3),
    ("profile", 3),
    ("suggest", 4),
    ("edit", 5),
    ("render", 6),
    ("batch", 6),
    ("report", 6),
    ("jobs", 7),
    ("commands", 8),
];

fn sources() -> Vec<(String, PathBuf, String)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    let folder = root().join("src");
    let mut files = Vec::new();
    walk(&folder, &mut files);
    files.sort();
    files
        .into_iter()
        .filter_map(|path| {
            let inside = path.strip_prefix(&folder).unwrap();
            let room = inside
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy()
                .trim_end_matches(".rs")
                .to_owned();
            let text = fs::read_to_string(&path).unwrap();
            // Whole files that only tests are built from.
            if ["golden.rs", "tests.rs"]
                .iter()
                .any(|name| path.to_string_lossy().ends_with(name))
            {
                return None;
            }
            (room != "lib" && room != "main").then_some((room, path, text))
        })
        .collect()
}

/// The part of a source before its tests.
fn production(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Lines of code, without comments.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Names after `crate::` in a line, also inside `use crate::{a::x, b}`.
fn imported_rooms(line: &str) -> Vec<&str> {
    let mut rooms = Vec::new();
    for part in line.split("crate::").skip(1) {
        let name = part
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
            .next()
            .unwrap_or("");
        if !name.is_empty() {
            rooms.push(name);
        }
    }
    rooms
}

#[test]
fn rooms_import_only_lower_floors() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        let Some(floor) = floors.get(room.as_str()) else {
            panic!(
                "{} is in a room without a floor: add {room} to FLOORS",
                path.display()
            );
        };
        assert!(
            !text.contains("use crate::{"),
            "{}: one `use crate::room::…` a room",
            path.display()
        );
        for (number, line) in code_lines(&text) {
            for other in imported_rooms(line) {
                let Some(theirs) = floors.get(other) else {
                    continue;
                };
                if other != room && theirs >= floor && !(*theirs == 0 && *floor == 0) {
                    wrong.push(format!(
                        "{}:{number}: {room} imports {other}",
                        path.display()
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows that go up or sideways:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn each_foreign_thing_has_one_room() {
    // What is written in code, and the rooms it may be written in. Encoders write into the path they are handed.
    let rules: &[(&str, &[&str])] = &[
        ("ffmpeg_next", &["media"]),
        ("symphonia", &["media"]),
        ("turbojpeg", &["media"]),
        ("lofty", &["media"]),
        ("ort::", &["models"]),
        ("println!", &[]),
        ("eprintln!", &[]),
        ("std::env", &["commands"]),
        ("rusqlite", &["store", "music"]),
        ("SystemTime", &["store", "commands"]),
        ("Instant", &["commands"]),
        ("fs::rename", &["store"]),
        ("fs::write", &["store", "media"]),
        ("fs::remove_file", &["store"]),
        ("fs::create_dir", &["store"]),
    ];
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        for (number, line) in code_lines(production(&text)) {
            for (word, rooms) in rules {
                if contains_word(line, word) && !rooms.contains(&room.as_str()) {
                    wrong.push(format!(
                        "{}:{number}: {word} belongs to {rooms:?}",
                        path.display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "out of place:\n{}", wrong.join("\n"));
}

/// `word` in `line`, not as the tail of a longer name.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
    })
}

#[test]
fn unsafe_stays_in_the_wrapper_and_says_why() {
    for (_, path, text) in sources() {
        let place = path.to_string_lossy().replace('\\', "/");
        let at_home = place.contains("/media/ffmpeg") || place.ends_with("/store/vectors.rs");
        for (number, line) in code_lines(&text) {
            if contains_word(line, "unsafe {")
                || contains_word(line, "unsafe fn")
                || contains_word(line, "unsafe impl")
            {
                assert!(
                    at_home,
                    "{}:{number}: unsafe outside the FFmpeg wrapper and the map of vectors",
                    path.display()
                );
                let before: Vec<&str> = text.lines().take(number).collect();
                let told = before
                    .iter()
                    .rev()
                    .take(8)
                    .any(|line| line.contains("SAFETY") || line.contains("# Safety"));
                assert!(told, "{}:{number}: no SAFETY comment", path.display());
            }
        }
    }
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    let mut files = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    let mut folders: Vec<PathBuf> = ["src", "tests/cli", "docs", "scripts", "presets"]
        .iter()
        .map(|folder| root().join(folder))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 200);
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        // Written in two halves, so that this file does not name them.
        for place in [
            ["/tm", "p/"],
            ["/wor", "k/"],
            ["/hom", "e/"],
            ["/roo", "t/"],
        ] {
            let place = place.concat();
            assert!(!text.contains(&place), "{} names {place}", path.display());
        }
    }
}

#[test]
fn sample_media_has_its_sources() {
    use sha2::{Digest as _, Sha256};
    let folder = root().join("tests/media");
    let rows = fs::read_to_string(folder.join("SOURCES.tsv")).unwrap();
    let mut total = 0;
    for kind in ["clips", "photos", "music", "speech"] {
        for entry in fs::read_dir(folder.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{kind}/{}", path.file_name().unwrap().to_string_lossy());
            if name == "music/tracks.toml" {
                continue;
            }
            let row = rows
                .lines()
                .find(|row| row.split('\t').next() == Some(&name));
            let row = row.unwrap_or_else(|| panic!("{name} has no row in SOURCES.tsv"));
            let bytes = fs::read(&path).unwrap();
            total += bytes.len();
            let digest: String = Sha256::digest(&bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert!(row.ends_with(&digest), "{name} is not the file of its row");
        }
    }
    assert!(total < 15_000_000, "sample media takes {total} bytes");
}
