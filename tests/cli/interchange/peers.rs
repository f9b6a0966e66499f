//! Timelines that other programs made hold what OpenTimelineIO 0.18.1 counts in them.

use std::fs;
use std::path::Path;

use tastemaker::interchange::{LossBook, read_sequence};

use crate::support::{corpus, root};

/// `name clips gaps transitions`, or `name refused`.
#[test]
fn timelines_of_the_corpus_hold_what_opentimelineio_counts() {
    let Some(corpus) = corpus() else { return };
    let table = root().join("tests/cli/interchange/counts.txt");
    let mut wrong = Vec::new();
    for line in fs::read_to_string(table).unwrap().lines() {
        let (name, wanted) = line.split_once(' ').unwrap();
        let path = corpus.join("timeline").join(name);
        let text = fs::read_to_string(&path).unwrap();
        let read = read_sequence(&text, Path::new(name), &mut LossBook::default());
        let found = match &read {
            Err(_) => "refused".to_owned(),
            Ok((_, sequence)) => {
                let counts = sequence.counts();
                format!("{} {} {}", counts.clips, counts.gaps, counts.transitions)
            }
        };
        if found != wanted {
            wrong.push(format!("{name}: {found}, not {wanted} {:?}", read.err()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
