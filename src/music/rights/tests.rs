//! Parsers of the files beside tracks, on tables of cases and on broken text.

#![allow(clippy::unwrap_used)]

use std::fs;

use proptest::prelude::*;

use super::*;

#[test]
fn every_sidecar_has_its_answer() {
    let cases = include_str!("../../../tests/music/sidecars.tsv");
    let rows: Vec<&str> = cases
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .collect();
    // A remark in a case begins with the mark of remarks in the table.
    let remarked = "# SPDX-FileCopyrightText";
    let rows = rows
        .into_iter()
        .chain(cases.lines().filter(|line| line.starts_with(remarked)));
    let mut count = 0;
    for row in rows {
        let [text, id, holder, credit] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row:?}");
        };
        let text = text.replace("\\r", "\r").replace("\\n", "\n");
        match parse_sidecar(&text, Path::new("a.license")) {
            Ok(license) => assert_eq!(
                (
                    license.id.as_str(),
                    license.holder.as_str(),
                    license.attribution.as_str()
                ),
                (id, holder, credit),
                "{row}"
            ),
            Err(error) => {
                let line = id
                    .strip_prefix('!')
                    .unwrap_or_else(|| panic!("{row}: {error}"));
                assert!(
                    error.to_string().starts_with(&format!("a.license:{line}:")),
                    "{row}: {error}"
                );
                assert!(error.hint().is_some());
            }
        }
        count += 1;
    }
    assert!(count >= 14, "{count}");
}

#[test]
fn the_first_row_that_stands_for_a_file_counts() {
    let text = "\u{feff}license\tfile\tcommercial\texpires\r\n# remark\r\n\r\n\
        MIT\tsong.ogg\r\nCC BY 4.0\tlive/**.ogg\tno\t2027-01-31\r\nCC0\t*.og?\r\n";
    let table = LicenseTable::parse(text, Path::new("LICENSES.tsv")).unwrap();
    let id = |place: &str| table.find(place).map(|license| license.id.as_str());
    assert_eq!(id("song.ogg"), Some("MIT"));
    assert_eq!(id("a/b/song.ogg"), Some("MIT"));
    assert_eq!(id("live/2020/x.ogg"), Some("CC-BY-4.0"));
    assert_eq!(id("other/x.ogg"), Some("CC0-1.0"));
    assert_eq!(id("x.flac"), None);
    let live = table.find("live/x.ogg").unwrap();
    assert_eq!(
        (live.commercial, live.expires.unwrap().to_string().as_str()),
        (Some(false), "2027-01-31")
    );
}

#[test]
fn wrong_tables_name_the_place() {
    for (text, expected) in [
        (
            "file\tlicence\n",
            "LICENSES.tsv:1:1: there is no column \"licence\"",
        ),
        ("license\n", "LICENSES.tsv:1:1: there is no column \"file\""),
        (
            "file\tfile\n",
            "LICENSES.tsv:1:1: the column \"file\" is there twice",
        ),
        (
            "file\tcommercial\n\na.ogg\tperhaps\n",
            "LICENSES.tsv:3:7: commercial: \"perhaps\" is neither",
        ),
        (
            "file\tterritory\na.ogg\tXX\n",
            "LICENSES.tsv:2:7: territory: there is no country \"XX\"",
        ),
        (
            "file\texpires\na.ogg\tsoon\n",
            "LICENSES.tsv:2:7: expires: \"soon\" is not a day",
        ),
        (
            "file\tlicense\n\tMIT\n",
            "LICENSES.tsv:2:1: no file is named",
        ),
        (
            "file\na.ogg\tMIT\n",
            "LICENSES.tsv:2:7: \"MIT\" is in no column",
        ),
    ] {
        let error = LicenseTable::parse(text, Path::new("LICENSES.tsv"))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn the_nearer_and_the_more_deliberate_source_counts() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("sub")).unwrap();
    let song = root.join("sub/song.ogg");
    let sound = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/media/music/night.ogg");
    fs::copy(sound, &song).unwrap();
    let id = || track_facts(&song, root).unwrap().license.id;
    assert_eq!(
        (
            id().as_str(),
            track_facts(&song, root).unwrap().title.as_str()
        ),
        ("unknown", "song")
    );
    fs::write(
        root.join("LICENSES.tsv"),
        "file\tlicense\tholder\n*\tMIT\tAcme\n",
    )
    .unwrap();
    assert_eq!(id(), "MIT");
    fs::write(
        root.join("sub/LICENSES.tsv"),
        "file\tlicense\nsong.ogg\tISC\n",
    )
    .unwrap();
    assert_eq!(id(), "ISC");
    fs::write(
        root.join("sub/song.ogg.license"),
        "SPDX-License-Identifier: CC0-1.0\n",
    )
    .unwrap();
    assert_eq!(id(), "CC0-1.0");
    fs::write(
        root.join("tracks.toml"),
        "[[track]]\nfile = \"sub/song.ogg\"\ntitle = \"Rain\"\nlicense = \"CC BY 4.0\"\n",
    )
    .unwrap();
    let facts = track_facts(&song, root).unwrap();
    assert_eq!(
        (
            facts.license.id.as_str(),
            facts.title.as_str(),
            facts.license.holder.as_str()
        ),
        ("CC-BY-4.0", "Rain", "Acme")
    );
    fs::write(root.join("sub/song.ogg.license"), [b'a', b'\n', 0xff]).unwrap();
    let error = track_facts(&song, root).unwrap_err().to_string();
    assert!(
        error.contains("song.ogg.license:2:1: it is not UTF-8"),
        "{error}"
    );
}

#[test]
fn tags_tell_a_license() {
    let tags = |license: &str, address: &str, copyright: &str| SoundTags {
        license: license.into(),
        copyright_address: address.into(),
        copyright: copyright.into(),
        ..SoundTags::default()
    };
    let id = |license, address, copyright| of_tags(&tags(license, address, copyright)).id;
    assert_eq!(
        id("http://creativecommons.org/licenses/by/3.0/", "", ""),
        "CC-BY-3.0"
    );
    assert_eq!(
        id("", "https://creativecommons.org/licenses/by-nc/4.0/", ""),
        "CC-BY-NC-4.0"
    );
    assert_eq!(
        id(
            "",
            "https://example.org/",
            "2020 Jane. Licensed to the public under http://creativecommons.org/licenses/by-sa/2.5/ verify at x"
        ),
        "CC-BY-SA-2.5"
    );
    assert_eq!(id("", "https://example.org/", "2020 Jane"), "unknown");
    assert_eq!(id("All rights reserved", "", ""), "All rights reserved");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_its_place(
        lines in proptest::collection::vec(
            "(SPDX-License-Identifier:|file\tlicense\texpires|\\*\\*/?[a-z]\t| )?[ -~\t\u{e9}\u{feff}]{0,30}",
            0..6,
        ),
        place in "[a-z/*?]{0,20}",
    ) {
        let text = lines.join("\n");
        let path = Path::new("x");
        if let Err(error) = parse_sidecar(&text, path) {
            prop_assert_eq!(error.code(), "document");
        }
        match LicenseTable::parse(&text, path) {
            Ok(table) => drop(table.find(&place)),
            Err(error) => prop_assert_eq!(error.code(), "document"),
        }
    }

    #[test]
    fn damaged_tags_break_nothing(at in 0_usize..4000, byte in any::<u8>(), length in 0_usize..6000) {
        let mut bytes = include_bytes!("../../../tests/media/music/night.ogg")[..6000].to_vec();
        bytes[at] = byte;
        bytes.truncate(length);
        let _ = SoundTags::from_bytes(std::io::Cursor::new(bytes));
    }
}
