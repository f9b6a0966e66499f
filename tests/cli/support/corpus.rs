//! The corpus that some tests need, and a record of the tests that were skipped without it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use super::root;

/// Names the file that gets a line for each skipped test: nextest hides what a passing test prints.
const RECORD: &str = "TASTEMAKER_SKIPPED";

/// The corpus, or `None` where it is absent: then the test is on record as skipped.
pub fn corpus() -> Option<PathBuf> {
    let beside = root().join("../shared/corpus");
    let path = std::env::var_os("TASTEMAKER_CORPUS").map_or_else(|| beside.clone(), PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none() || !beside.is_dir(),
        "no corpus at {}, but one lies beside the checkout",
        path.display()
    );
    skip("no corpus");
    None
}

/// Prints and records that the running test, or a part of it, is skipped.
pub fn skip(reason: &str) {
    let test = std::env::var("NEXTEST_TEST_NAME")
        .ok()
        .or_else(|| std::thread::current().name().map(str::to_owned))
        .unwrap_or_default();
    eprintln!("skipped: {test}: {reason}");
    if let Some(record) = std::env::var_os(RECORD) {
        let mut record = OpenOptions::new()
            .create(true)
            .append(true)
            .open(record)
            .expect("the record of skipped tests can be written");
        record
            .write_all(format!("{reason}\t{test}\n").as_bytes())
            .expect("the record of skipped tests can be written");
    }
}

#[test]
fn a_test_that_misses_the_corpus_is_on_record() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("skipped");
    let test = "media::stills::every_orientation_comes_out_upright";
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env("TASTEMAKER_CORPUS", folder.path().join("nothing"))
        .env(RECORD, &record)
        .env("NEXTEST_TEST_NAME", test)
        .env_remove("CI")
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let record = std::fs::read_to_string(record).unwrap();
    assert_eq!(record, format!("no corpus\t{test}\n"));
}
