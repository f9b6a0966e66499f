//! Help, manual, completions and lists.

use std::fs;

use crate::support::{media, tastemaker};

#[test]
fn help_is_the_same_for_people_machines_and_the_manual() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path()).args(["help", "--json"]).run();
    let document = &run.documents()[0];
    let verbs: Vec<_> = document["verbs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|verb| verb["name"].as_str().unwrap().to_owned())
        .collect();
    for verb in &verbs {
        tastemaker(home.path())
            .args([verb.as_str(), "--help"])
            .exits(0);
    }
    for shell in ["bash", "zsh", "fish"] {
        let run = tastemaker(home.path()).args(["completions", shell]).run();
        let script = run.stdout();
        assert!(
            verbs.iter().all(|verb| script.contains(verb.as_str())),
            "{shell}"
        );
    }
    let pages = home.path().join("man");
    tastemaker(home.path())
        .args(["man", "-o"])
        .arg(&pages)
        .exits(0);
    for verb in &verbs {
        let page = fs::read_to_string(pages.join(format!("tastemaker-{verb}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{verb}");
    }
    insta::assert_snapshot!("help", tastemaker(home.path()).arg("--help").run().stdout());
    let edit = tastemaker(home.path()).args(["edit", "--help"]).run();
    insta::assert_snapshot!("help_edit", edit.stdout());
}

#[test]
fn lists_name_what_can_be_named() {
    let home = tempfile::tempdir().unwrap();
    for (what, least, one) in [
        ("looks", 10, "noir"),
        ("styles", 3, "calm"),
        ("platforms", 5, "tiktok"),
        ("captions", 6, "karaoke"),
    ] {
        let run = tastemaker(home.path()).args(["list", what, "--json"]).run();
        let ids: Vec<_> = run
            .documents()
            .iter()
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect();
        assert!(
            ids.len() >= least && ids.contains(&one.to_owned()),
            "{what}: {ids:?}"
        );
    }
    let run = tastemaker(home.path())
        .arg("edit")
        .arg(media("photos/dogs.jpg"))
        .args(["--platform", "myspace", "-o"])
        .arg(home.path().join("x.mp4"))
        .exits(2);
    assert!(run.stderr().contains("instagram-reels"));
}
