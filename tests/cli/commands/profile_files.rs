//! Profiles as files: round trips, exact forgetting, nothing private inside, hostile imports, several processes at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{contents, media, root, tastemaker};

fn profile(home: &Path, arguments: &[&str]) {
    tastemaker(home).arg("profile").args(arguments).exits(0);
}

fn exported(home: &Path, name: &str) -> Vec<u8> {
    let target = home.join("exported.json");
    profile(
        home,
        &["export", name, "--force", "-o", target.to_str().unwrap()],
    );
    fs::read(target).unwrap()
}

/// The ids of all evidence.
fn ids(home: &Path) -> BTreeSet<String> {
    let run = tastemaker(home).args(["profile", "privacy", "me", "--json"]);
    let document = run.exits(0).document();
    let stored = document["stored"].as_array().unwrap();
    stored
        .iter()
        .map(|piece| piece["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Judgements of looks.
fn judged(home: &Path) -> Value {
    let run = tastemaker(home).args(["profile", "show", "me", "--json"]);
    run.exits(0).document()["kinds"][0]["judgements"].clone()
}

#[test]
fn a_profile_travels_byte_for_byte_and_replaces_none_unasked() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (here, there) = (here.path(), there.path());
    profile(here, &["new", "me"]);
    tastemaker(here).args(["profile", "new", "me"]).exits(2);
    profile(
        here,
        &[
            "feedback",
            "me",
            "--accept",
            "noir",
            "--swap",
            "silver",
            "for",
            "film-cool",
        ],
    );
    let file = exported(here, "me");
    assert_eq!(exported(here, "me"), file);
    let document: Value = serde_json::from_slice(&file).unwrap();
    assert_eq!(document["schema"], "tastemaker.profile/2");
    assert_eq!(
        document["evidence"][1]["choices"][0]["taken"]["choice"],
        "film-cool"
    );
    let path = here.join("exported.json");
    let path = path.to_str().unwrap();
    profile(there, &["import", path, "--name", "me"]);
    assert_eq!(exported(there, "me"), file);
    profile(there, &["feedback", "me", "--reject", "film-warm"]);
    let later = exported(there, "me");
    let refused = tastemaker(there).args(["profile", "import", path, "--name", "me"]);
    refused.exits(2);
    assert_eq!(exported(there, "me"), later);
    profile(there, &["import", path, "--name", "me", "--force"]);
    assert_eq!(exported(there, "me"), file);
    for name in ["", ".", "..", "a/b", "a.json"] {
        let refused = tastemaker(there).args(["profile", "import", path, "--name", name]);
        refused.exits(2);
    }
    // Version 1 comes in with all that it says.
    let old = json!({"schema": "tastemaker.profile/1", "judgements": [
        {"kind": "look", "id": "noir", "verdict": "accept", "features": {"does_grain": 0.3}},
        {"kind": "look", "id": "silver", "verdict": "reject", "features": {"does_grain": 0.1}},
    ]});
    fs::write(path, old.to_string()).unwrap();
    profile(there, &["import", path, "--name", "me", "--force"]);
    assert_eq!(judged(there), 2);
}

#[test]
fn what_is_forgotten_leaves_no_trace() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let posts = home.join("Holiday with Ottokar");
    fs::create_dir(&posts).unwrap();
    fs::copy(media("photos/dogs.jpg"), posts.join("quokka.jpg")).unwrap();
    let learn = ["learn", "me", "--posts", posts.to_str().unwrap()];
    profile(
        home,
        &["feedback", "me", "--accept", "noir", "--reject", "silver"],
    );
    let (before, known) = (exported(home, "me"), ids(home));
    profile(home, &learn);
    let after = exported(home, "me");
    assert_ne!(after, before);
    let text = String::from_utf8(after.clone()).unwrap().to_lowercase();
    assert!(
        text.contains("\"grade\":{\"palette\":[{\"hex\":\"#"),
        "{text}"
    );
    for word in ["ottokar", "quokka", "holiday", ".jpg", "/"] {
        let inside = text.replace("tastemaker.profile/2", "");
        assert!(!inside.contains(word), "{word} in {text}");
    }
    profile(home, &learn);
    assert_eq!(exported(home, "me"), after, "a known post changes nothing");
    let new: Vec<String> = ids(home).difference(&known).cloned().collect();
    assert_eq!(new.len(), 1);
    profile(home, &["forget", "me", "--post", &new[0]]);
    assert_eq!(exported(home, "me"), before);
    let unknown = tastemaker(home).args(["profile", "forget", "me", "--post", &new[0]]);
    unknown.exits(2);
    profile(home, &["forget", "me", "--since", "2999-01-01"]);
    assert_eq!(exported(home, "me"), before);
    profile(home, &["forget", "me", "--since", "2020-01-01"]);
    assert!(ids(home).is_empty());
    // A whole profile goes only with a yes.
    tastemaker(home).args(["profile", "forget", "me"]).exits(2);
    profile(home, &["forget", "me", "--yes"]);
    tastemaker(home).args(["profile", "show", "me"]).exits(2);
    assert!(contents(&home.join("data")).is_empty());
}

#[test]
fn hostile_files_are_refused_by_name_and_leave_nothing() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    profile(home, &["feedback", "me", "--accept", "noir"]);
    let before = contents(&home.join("data"));
    let folder = root().join("tests/cli/commands/hostile_profiles");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let run = tastemaker(home)
            .args(["profile", "import", "--name", "other"])
            .arg(&path)
            .exits(2);
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(run.stderr().contains(name), "{name}: {}", run.stderr());
        assert_eq!(contents(&home.join("data")), before, "{name}");
        count += 1;
    }
    assert!(count >= 12, "{count}");
}

#[test]
fn of_eight_at_once_each_is_counted() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let looks = [
        "noir",
        "silver",
        "film-warm",
        "film-cool",
        "golden-hour",
        "beach-day",
        "food-fresh",
        "night-neon",
    ];
    std::thread::scope(|scope| {
        for look in looks {
            scope.spawn(move || profile(home, &["feedback", "me", "--accept", look]));
        }
    });
    assert_eq!(judged(home), 8);
}
