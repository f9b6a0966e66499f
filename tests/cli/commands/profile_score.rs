//! How well a profile foretells, how two differ, and what has been learned by way of examples.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{corpus, media, tastemaker};

/// A number from 0 to 1 that looks random.
fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 29)) >> 40) as f64 / (1_u64 << 24) as f64
}

/// A profile of fifty choices among six looks each, by `liking`.
fn choices(home: &Path, name: &str, liking: impl Fn(usize, f64, f64) -> f64) {
    let evidence: Vec<Value> = (0..50)
        .map(|at| {
            let look = |look: usize| {
                let seed = at * 97 + look * 7;
                let (warmth, grain) = (noise(seed) - 0.5, noise(seed + 1));
                let features = json!({"does_warmth": warmth, "does_grain": grain});
                let thing = json!({"choice": format!("look-{at}-{look}"), "features": features, "score": noise(seed + 2)});
                (liking(seed, warmth, grain), thing)
            };
            let mut looks: Vec<(f64, Value)> = (0..6).map(look).collect();
            looks.sort_by(|a, b| b.0.total_cmp(&a.0));
            let mut looks = looks.into_iter().map(|(_, look)| look);
            let taken = looks.next().unwrap();
            let choice = json!({"kind": "look", "taken": taken, "passed": looks.collect::<Vec<_>>()});
            json!({"id": format!("{at:016x}"), "at": "2027-01-01T00:00:00Z", "source": "feedback", "choices": [choice]})
        })
        .collect();
    let path = home.join(format!("{name}-to-import.json"));
    let profile = json!({"schema": "tastemaker.profile/2", "evidence": evidence});
    fs::write(&path, profile.to_string()).unwrap();
    let import = ["profile", "import", path.to_str().unwrap(), "--name", name];
    tastemaker(home).args(import).exits(0);
}

fn scored(home: &Path, name: &str) -> Value {
    let run = tastemaker(home).args(["profile", "score", name, "--json"]);
    let document = run.exits(0).document();
    assert_eq!(document["schema"], "tastemaker.profile-score/1");
    document
}

#[test]
fn a_profile_is_better_than_the_prior_only_where_it_has_learned_something() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    choices(home, "warm", |_, warmth, grain| warmth - 0.5 * grain);
    choices(home, "random", |seed, _, _| noise(seed + 5));
    for (name, better) in [("warm", true), ("random", false)] {
        let look = &scored(home, name)["kinds"][0];
        assert_eq!(
            (&look["kind"], &look["choices"]),
            (&json!("look"), &json!(50))
        );
        assert_eq!(look["readiness"], "active");
        assert_eq!(look["better_than_prior"], better, "{look}");
        let (low, high) = (&look["interval"]["low"], &look["interval"]["high"]);
        assert_eq!(low.as_f64().unwrap() > 0.0, better, "{look}");
        assert!(low.as_f64() < high.as_f64());
        assert_eq!(look["left_out"]["better_than_prior"], better, "{look}");
        let table = tastemaker(home).args(["profile", "score", name]).exits(0);
        assert_eq!(
            table.stdout().contains("not better than the prior"),
            !better
        );
    }
    // Nothing known is said to be nothing.
    let music = &scored(home, "warm")["kinds"][1];
    assert_eq!(
        (&music["readiness"], &music["choices"]),
        (&json!("prior"), &json!(0))
    );
    assert!(music.get("top1").is_none());
}

#[test]
fn two_profiles_differ_most_in_what_they_like_most_differently() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    choices(home, "warm", |_, warmth, grain| 3.0 * warmth + 0.2 * grain);
    choices(home, "cold", |_, warmth, grain| 0.2 * grain - 3.0 * warmth);
    let run = tastemaker(home).args(["profile", "diff", "warm", "cold", "--json"]);
    let document = run.exits(0).document();
    let first = &document["kinds"][0]["features"][0];
    assert_eq!(first["feature"], "does_warmth");
    assert!(
        first["a"].as_f64().unwrap() > 0.5 && first["b"].as_f64().unwrap() < -0.5,
        "{first}"
    );
    let table = tastemaker(home)
        .args(["profile", "diff", "warm", "cold"])
        .exits(0);
    assert!(table.stdout().contains("does_warmth"));
    tastemaker(home)
        .args(["profile", "diff", "warm", "nobody"])
        .exits(2);
}

#[test]
fn readiness_rises_with_the_choices() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let readiness = || {
        let run = tastemaker(home).args(["profile", "show", "me", "--json"]);
        let look = run.exits(0).document()["kinds"][0].clone();
        (look["readiness"].clone(), look["missing"].clone())
    };
    tastemaker(home).args(["profile", "new", "me"]).exits(0);
    assert_eq!(readiness(), (json!("prior"), json!(5)));
    let looks = ["noir", "silver", "film-warm", "film-cool", "golden-hour"];
    let accepted = looks.iter().flat_map(|look| ["--accept", look]);
    tastemaker(home)
        .args(["profile", "feedback", "me"])
        .args(accepted)
        .exits(0);
    assert_eq!(readiness(), (json!("building"), json!(25)));
}

/// Before and after of the corpus, whose finished pictures are by one person.
fn pairs() -> Option<Vec<[String; 2]>> {
    let images = corpus()?.join("images");
    let list = fs::read(images.join("pairs.json")).unwrap();
    let list: Value = serde_json::from_slice(&list).unwrap();
    let path = |side: &Value| {
        images
            .join(side.as_str().unwrap())
            .to_str()
            .unwrap()
            .to_owned()
    };
    let pairs = list["pairs"].as_array().unwrap().iter();
    Some(pairs.map(|pair| [path(&pair[0]), path(&pair[1])]).collect())
}

#[test]
fn edits_of_ones_own_become_the_look_that_is_chosen() {
    let Some(pairs) = pairs() else { return };
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let given = pairs[..4]
        .iter()
        .flat_map(|[before, after]| ["--before", before, "--after", after]);
    tastemaker(home)
        .args(["profile", "learn", "me"])
        .args(given)
        .exits(0);
    let score = scored(home, "me");
    let edits = &score["edits"];
    assert_eq!(edits["pairs"], 4);
    assert!(
        edits["difference"].as_f64() < edits["difference_before"].as_f64(),
        "{edits}"
    );
    let applied = tastemaker(home)
        .args(["apply", "auto", "--profile", "me", "--json", "-o"])
        .arg(home.join("out"))
        .arg(&pairs[5][0])
        .exits(0)
        .document();
    assert_eq!(applied["look"], "own");
    // Forgotten pairs leave no trace.
    let file = home.join("data/tastemaker/profiles/me.json");
    let before = fs::read(&file).unwrap();
    let [first, after] = &pairs[6];
    let learn = [
        "profile", "learn", "me", "--before", first, "--after", after,
    ];
    tastemaker(home).args(learn).exits(0);
    let text = String::from_utf8(fs::read(&file).unwrap()).unwrap();
    assert!(!text.contains("fivek") && !text.contains(".jpg"), "{text}");
    let kept: Value = serde_json::from_str(&text).unwrap();
    let id = kept["evidence"][4]["id"].as_str().unwrap();
    tastemaker(home)
        .args(["profile", "forget", "me", "--post", id])
        .exits(0);
    assert_eq!(fs::read(&file).unwrap(), before);
    // Pictures that do not pair up are told.
    let odd = [
        "profile", "learn", "me", "--before", first, first, "--after", after,
    ];
    tastemaker(home).args(odd).exits(2);
}

#[test]
fn a_page_shows_the_course_and_posts_are_scored_without_being_learned() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    choices(home, "warm", |_, warmth, grain| warmth - 0.5 * grain);
    let page = home.join("score.html");
    let score = || tastemaker(home).args(["profile", "score", "warm"]);
    score().arg("--html").arg(&page).exits(0);
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.contains("class=learned") && text.contains("better than the prior"));
    // A page that is there stays.
    score().arg("--html").arg(&page).exits(2);
    let posts = ["dune.jpg", "sunset.jpg"].map(|name| media("photos").join(name));
    let run = score().args(["--json", "--posts"]).args(&posts).exits(0);
    let documents = run.documents();
    let schema = json!("tastemaker.post-score/1");
    let scores: Vec<&Value> = documents
        .iter()
        .filter(|it| it["schema"] == schema)
        .collect();
    assert_eq!(scores.len(), 2);
    let liking = |score: &Value| {
        assert_eq!(score["kinds"][0]["kind"], "look");
        score["kinds"][0]["liking"].as_f64().unwrap()
    };
    // The sand is warmer than the evening.
    assert!(liking(scores[0]) > liking(scores[1]), "{scores:?}");
    let choices = scored(home, "warm")["kinds"][0]["choices"].clone();
    assert_eq!(choices, 50);
    // Who knows nothing has no taste.
    tastemaker(home).args(["profile", "new", "nobody"]).exits(0);
    let unknown = tastemaker(home).args(["profile", "score", "nobody", "--posts"]);
    unknown.args(&posts).exits(2);
}
