//! Checks the architecture from the sources: which module may import which, and which may print, write or use the
//! clock.

mod floors;
mod modules;
mod sources;

use std::collections::BTreeSet;
use std::fs;

use crate::support::root;
use modules::Uses;
use sources::{Source, files_below, from_root, sources};

/// Fails with the offenders, a line each.
#[track_caller]
fn none(what: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{what}:\n{}", offenders.join("\n"));
}

#[test]
fn circles_are_found_through_reexports_and_tests_make_none() {
    let circles = |files: &[(&str, &str)]| {
        let sources: Vec<Source> = files
            .iter()
            .map(|(file, text)| Source::new(format!("src/{file}"), (*text).to_owned()))
            .collect();
        Uses::read(&sources).circles()
    };
    let parent = (
        "room/mod.rs",
        "mod a;\nmod b;\npub use a::{A, f as g};\npub use b::B;\n",
    );
    let a = (
        "room/a.rs",
        "use super::b;\npub struct A(b::B);\npub fn f() {}\n",
    );
    assert_eq!(
        circles(&[
            parent,
            a,
            ("room/b.rs", "pub struct B;\nfn h() { crate::room::g() }\n")
        ]),
        ["src/room/a.rs uses B of src/room/b.rs uses f of src/room/a.rs"]
    );
    let innocent = "// crate::room::A\npub struct B;\nconst C: &str = \"crate::room::A\";\n\
                    #[cfg(test)]\nmod tests {\n    use crate::room::A;\n}\npub fn after(b: B) {}\n";
    assert_eq!(circles(&[parent, a, ("room/b.rs", innocent)]), [""; 0]);
    let read = Source::new("src/room/b.rs".to_owned(), innocent.to_owned());
    assert_eq!(read.strings, [(3, "crate::room::A".to_owned())]);
    // Code behind the tests is read, too.
    let behind = format!("{innocent}fn h() {{ super::A }}\n");
    assert_eq!(circles(&[parent, a, ("room/b.rs", &behind)]).len(), 1);
}

#[test]
fn the_docs_name_the_same_floors_as_the_crate_and_every_room_has_one() {
    let floors = floors::of_the_crate();
    assert_eq!(
        floors,
        floors::of_the_docs(),
        "left: lib.rs, right: docs/architecture.md"
    );
    let rooms: BTreeSet<String> = sources()
        .iter()
        .map(|source| source.room().to_owned())
        .collect();
    let rooms: Vec<&String> = rooms.iter().filter(|room| !room.is_empty()).collect();
    assert_eq!(
        floors.keys().collect::<Vec<_>>(),
        rooms,
        "left: rooms in the table of lib.rs, right: rooms in src"
    );
}

#[test]
fn rooms_import_only_lower_floors() {
    let floors = floors::of_the_crate();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(floor) = floors.get(source.room()) else {
            continue;
        };
        for (at, path) in source.code_and_tests.match_indices("crate::") {
            let rest = &source.code_and_tests[at + path.len()..];
            assert!(
                !rest.starts_with('{'),
                "{}: one `use crate::room::…` a room",
                source.at(at)
            );
            let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            let other = &rest[..end.unwrap_or(rest.len())];
            let Some(theirs) = floors.get(other) else {
                continue;
            };
            // Plain data may know plain data.
            let allowed = other == source.room() || theirs < floor || (*theirs == 0 && *floor == 0);
            if !allowed {
                wrong.push(format!(
                    "{}: {} imports {other}",
                    source.at(at),
                    source.room()
                ));
            }
        }
    }
    none("arrows that go up or sideways", &wrong);
}

#[test]
fn no_two_files_use_each_other() {
    let sources = sources();
    none("circles", &Uses::read(&sources).circles());
}

#[test]
fn rooms_below_the_terminal_name_neither_flags_nor_verbs() {
    let verbs: Vec<String> = files_below(&root().join("src/commands"))
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .map(|verb| format!("tastemaker {verb}"))
        .collect();
    let mut wrong = Vec::new();
    for source in sources() {
        // Styles of pages have variables that are written like flags.
        if ["commands", "report"].contains(&source.room()) {
            continue;
        }
        for (line, string) in &source.strings {
            if names_a_flag(string) || verbs.iter().any(|verb| string.contains(verb)) {
                wrong.push(format!("{}:{line}: {string}", source.file));
            }
        }
    }
    none("flags and verbs", &wrong);
}

fn names_a_flag(string: &str) -> bool {
    string.match_indices("--").any(|(at, _)| {
        let begins =
            !string[..at].ends_with(|letter: char| letter == '-' || letter.is_alphanumeric());
        begins && string[at + 2..].starts_with(|letter: char| letter.is_ascii_lowercase())
    })
}

#[test]
fn each_foreign_thing_has_one_room() {
    // Code that is restricted, and the rooms that may contain it. Encoders write into the path that they are given.
    let rules: &[(&str, &[&str])] = &[
        ("ffmpeg_next", &["media"]),
        ("symphonia", &["media"]),
        ("turbojpeg", &["media"]),
        ("ort::", &["models"]),
        ("println!", &[]),
        ("eprintln!", &[]),
        ("std::env", &["commands"]),
        ("rusqlite", &["store", "music", "server"]),
        ("SystemTime", &["store", "commands", "server"]),
        ("Instant", &["commands", "server"]),
        ("fs::rename", &["store"]),
        ("fs::write", &["store", "media"]),
        ("fs::remove_file", &["store"]),
        ("fs::create_dir", &["store"]),
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        for (word, rooms) in rules {
            for at in words(&source.code, word) {
                if !rooms.contains(&source.room()) {
                    wrong.push(format!("{}: {word} belongs to {rooms:?}", source.at(at)));
                }
            }
        }
    }
    none("out of place", &wrong);
}

/// Where `word` stands in `code`, not as the tail of a longer name.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(|at| {
        !code[..*at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
    })
}

#[test]
fn unsafe_stays_in_the_wrapper_and_the_file_map_and_says_why() {
    let mut wrong = Vec::new();
    for source in sources() {
        let at_home = source.file.starts_with("src/media/ffmpeg")
            || source.file == "src/store/vector_file.rs";
        for word in ["unsafe {", "unsafe fn", "unsafe impl"] {
            for at in words(&source.code_and_tests, word) {
                if !at_home {
                    wrong.push(format!(
                        "{}: unsafe outside the FFmpeg wrapper and the file map",
                        source.at(at)
                    ));
                }
                let lines: Vec<&str> = source.text[..at].lines().collect();
                let reason = lines.iter().rev().take(8);
                if !reason
                    .clone()
                    .any(|line| line.contains("SAFETY") || line.contains("# Safety"))
                {
                    wrong.push(format!("{}: no SAFETY comment", source.at(at)));
                }
            }
        }
    }
    none("unsafe", &wrong);
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    let mut files = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    for folder in ["src", "tests/cli", "docs", "scripts", "presets"] {
        files.extend(files_below(&root().join(folder)));
    }
    assert!(files.len() > 200);
    let mut wrong = Vec::new();
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
            if text.contains(&place) {
                wrong.push(format!("{} names {place}", from_root(&path)));
            }
        }
    }
    none("paths of a machine", &wrong);
}

#[test]
fn sample_media_has_its_sources() {
    use sha2::{Digest as _, Sha256};
    let folder = root().join("tests/media");
    let rows = fs::read_to_string(folder.join("SOURCES.tsv")).unwrap();
    let mut total = 0;
    for kind in ["clips", "photos", "music", "profiles", "speech"] {
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
