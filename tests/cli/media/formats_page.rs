//! The tables of docs/formats.md: every cell is backed by a test that exists.

use std::collections::BTreeSet;
use std::fs;

use crate::support::root;

const COLUMNS: &str = "| read | kept | converted | told | refused |";
/// An empty cell.
const NOTHING: &str = "–";

/// Names of test functions in the sources: those that follow a line with `#[test]`, with other attributes between.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root().join("src"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                names.extend(tests_in(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    names
}

fn tests_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
        } else if let Some(rest) = line.strip_prefix("fn ") {
            let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            if is_test {
                names.push(rest[..end.unwrap_or(rest.len())].to_owned());
            }
            is_test = false;
        }
    }
    names
}

/// Names in backticks that are written as those of tests are.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let in_backticks = text.split('`').skip(1).step_by(2);
    in_backticks.filter(|name| {
        let letters =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        name.matches('_').count() >= 2 && name.chars().all(letters)
    })
}

#[test]
fn every_cell_of_the_formats_is_backed_by_a_test_that_exists() {
    let page = fs::read_to_string(root().join("docs/formats.md")).unwrap();
    let tests = tests();
    let missing: BTreeSet<&str> = page
        .lines()
        .flat_map(named)
        .filter(|name| !tests.contains(*name))
        .collect();
    assert!(missing.is_empty(), "no test has these names: {missing:#?}");

    let mut tables = 0;
    let mut in_table = false;
    for line in page.lines() {
        if line.ends_with(COLUMNS) {
            in_table = true;
            tables += 1;
            continue;
        }
        in_table &= line.starts_with('|');
        if !in_table || line.starts_with("|---") {
            continue;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 6, "{line}");
        for cell in &cells[1..] {
            let backed = *cell == NOTHING || named(cell).next().is_some();
            assert!(backed, "{}: no test backs \"{cell}\"", cells[0]);
        }
    }
    assert!(tables >= 4, "{tables} tables");
}

#[test]
fn names_of_tests_are_found_and_others_are_none() {
    let source = "#[test]\n#[ignore]\nfn a_test_of_this() {\nfn no_test_at_all() {}\n";
    assert_eq!(tests_in(source), ["a_test_of_this"]);
    let text =
        "`INFO`, `left_out` and `METADATA_BLOCK_PICTURE` (`a_test_of_this`, `another_of_these`)";
    let found: Vec<&str> = named(text).collect();
    assert_eq!(found, ["a_test_of_this", "another_of_these"]);
}
