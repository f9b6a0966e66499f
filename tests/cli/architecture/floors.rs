//! The floors: one table in the documentation of `lib.rs`, which `docs/architecture.md` repeats.

use std::collections::BTreeMap;
use std::fs;

use crate::support::root;

/// The floor of each room.
pub type Floors = BTreeMap<String, u8>;

/// The table that the crate's documentation begins with.
pub fn of_the_crate() -> Floors {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("//! "));
    table(lines)
}

pub fn of_the_docs() -> Floors {
    let text = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    table(text.lines())
}

/// Rows such as `| 6 | [`render`], [`batch`] | what they give |`.
fn table<'a>(lines: impl Iterator<Item = &'a str>) -> Floors {
    let mut floors = Floors::new();
    for line in lines {
        let cells: Vec<&str> = line
            .trim_start_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        let [floor, rooms, ..] = cells.as_slice() else {
            continue;
        };
        let Ok(floor) = floor.parse() else {
            continue;
        };
        for room in rooms.split('`').skip(1).step_by(2) {
            let twice = floors.insert(room.to_owned(), floor);
            assert_eq!(twice, None, "{room} stands twice");
        }
    }
    floors
}
