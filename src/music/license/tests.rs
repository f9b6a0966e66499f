//! Licenses by their table of cases, `tests/music/licenses.tsv`.

#![allow(clippy::unwrap_used)]

use super::*;

const CASES: &str = include_str!("../../../tests/music/licenses.tsv");
const PLATFORMS: [&str; 4] = ["tiktok", "youtube", "youtube-shorts", "instagram-reels"];

#[test]
fn every_case_has_its_answer() {
    let mut rows = CASES.lines().filter(|line| !line.starts_with('#'));
    assert!(rows.next().unwrap().starts_with("id\t"));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let [
            id,
            commercial,
            edits,
            platforms,
            territory,
            expires,
            usage,
            today,
            answer,
        ] = cells[..]
        else {
            panic!("{} cells in {row:?}", cells.len());
        };
        let yes_no = |cell: &str| (!cell.is_empty()).then_some(cell == "yes");
        let license = License {
            commercial: yes_no(commercial),
            edits: yes_no(edits),
            platforms: if platforms.is_empty() {
                None
            } else {
                read_platforms(platforms).unwrap()
            },
            territory: if territory.is_empty() {
                None
            } else {
                read_territory(territory).unwrap()
            },
            expires: (!expires.is_empty()).then(|| expires.parse().unwrap()),
            ..License::named(id)
        };
        let usage = if usage.is_empty() {
            Usage::default()
        } else {
            Usage::parse(usage, &PLATFORMS).unwrap()
        };
        let said = match license.permits(&usage, today.parse().unwrap()) {
            Ok(()) => "yes",
            Err(refusal) => {
                assert!(refusal.text.ends_with('.'), "{}", refusal.text);
                refusal.code.name()
            }
        };
        assert_eq!(said, answer, "{row:?}");
        count += 1;
    }
    assert!(count >= 40, "only {count} cases were read");
}

#[test]
fn a_stronger_source_completes_the_same_license_and_replaces_another() {
    let row = License {
        holder: "Acme".into(),
        attribution: "Song by Jane".into(),
        territory: Some(vec!["DE".into()]),
        ..License::named("CC-BY-4.0")
    };
    let deny = License {
        commercial: Some(false),
        ..License::default()
    };
    let joined = deny.clone().or(row.clone());
    assert_eq!(
        (
            joined.id.as_str(),
            joined.commercial,
            joined.attribution.as_str()
        ),
        ("CC-BY-4.0", Some(false), "Song by Jane")
    );
    let other = License::named("MIT").or(row.clone());
    assert_eq!((other.id.as_str(), other.holder.as_str()), ("MIT", "Acme"));
    assert_eq!((other.territory, other.attribution.as_str()), (None, ""));
    assert_eq!(row.clone().or(License::default()), row);
    assert!(License::default() != deny);
}

#[test]
fn credit_is_made_where_the_license_asks_for_it() {
    let credit = |id: &str| License::named(id).credit("Song", "Jane");
    assert_eq!(
        credit("CC-BY-NC-4.0").unwrap(),
        "\"Song\" by Jane, licensed under CC-BY-NC-4.0 (https://creativecommons.org/licenses/by-nc/4.0/)"
    );
    assert_eq!(
        credit("CC-BY").unwrap(),
        "\"Song\" by Jane, licensed under CC-BY"
    );
    assert_eq!(credit("CC0-1.0"), None);
    assert_eq!(credit("unknown"), None);
    assert_eq!(credit("CC-BY-4.0 OR GPL-2.0-only"), None);
    let written = License {
        attribution: "As I say".into(),
        ..License::named("MIT")
    };
    assert_eq!(written.credit("Song", "Jane").unwrap(), "As I say");
    let held = License {
        holder: "Acme".into(),
        ..License::named("CC-BY-4.0")
    };
    assert!(
        held.credit("Song", " ")
            .unwrap()
            .starts_with("\"Song\" by Acme, ")
    );
}

#[test]
fn licenses_go_through_json() {
    let license = License {
        platforms: Some(vec!["tiktok".into()]),
        expires: Date::new(2027, 1, 31),
        ..License::named("Acme")
    };
    let text = serde_json::to_string(&license).unwrap();
    assert_eq!(
        text,
        r#"{"id":"Acme","platforms":["tiktok"],"expires":"2027-01-31"}"#
    );
    assert_eq!(serde_json::from_str::<License>(&text).unwrap(), license);
}
