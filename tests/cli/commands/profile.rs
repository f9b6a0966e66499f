//! Taste: learned by `profile learn`, used by `suggest` and `edit`, also as the default in the configuration.

use std::fs;

use serde_json::{Value, json};

use crate::support::{media, tastemaker};

fn suggested(home: &std::path::Path, arguments: &[&str]) -> Value {
    tastemaker(home)
        .args(["suggest", "--json"])
        .args(arguments)
        .arg(media("photos/dogs.jpg"))
        .exits(0)
        .last_document()
}

fn looks(document: &Value) -> Vec<&str> {
    let looks = document["looks"].as_array().unwrap();
    looks
        .iter()
        .map(|look| look["id"].as_str().unwrap())
        .collect()
}

#[test]
fn what_was_taken_and_turned_down_moves_the_next_suggestions() {
    let home = tempfile::tempdir().unwrap();
    let before = suggested(home.path(), &[]);
    let best = looks(&before)[0].to_owned();
    // Whatever was best is turned down, together with others; black and white is taken.
    let mut refused = vec![best.as_str()];
    let others = [
        "landscape-vivid",
        "cross-process",
        "sun-bleached",
        "retro-video",
    ];
    refused.extend(others.into_iter().filter(|name| *name != best).take(3));
    let run = tastemaker(home.path())
        .args(["profile", "learn", "me", "--json"])
        .args(["--accept", "noir", "--accept", "silver"])
        .args(refused.iter().flat_map(|name| ["--reject", name]))
        .exits(0);
    let learned: Value = run.document();
    assert_eq!(learned["schema"], "tastemaker.taste/1");
    assert_eq!(learned["kinds"][0]["kind"], "look");
    assert_eq!(learned["kinds"][0]["judgements"], 6);
    assert!(learned["kinds"][0]["foretold"].is_number());
    assert!(
        home.path()
            .join("data/tastemaker/profiles/me.json")
            .is_file()
    );

    let after = suggested(home.path(), &["--profile", "me"]);
    assert_ne!(looks(&after)[0], best);
    let told = after["looks"].as_array().unwrap().iter().any(|look| {
        let reasons = look["reasons"].as_array().unwrap();
        look["features"]["taste"].is_number()
            && reasons.iter().any(|reason| reason["code"] == "taste")
    });
    assert!(told, "{:?}", after["looks"]);

    // The same as the default of the configuration; a flag wins over it.
    let config = home.path().join("config/tastemaker");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("config.toml"), "profile = \"me\"\n").unwrap();
    assert_eq!(suggested(home.path(), &[]), after);
    assert_eq!(suggested(home.path(), &["--profile", "none"]), before);
    let plan = home.path().join("plan.json");
    tastemaker(home.path())
        .args(["edit", "--plan-only", "--length", "3s", "-o"])
        .arg(&plan)
        .arg(media("photos/dogs.jpg"))
        .exits(0);
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    assert_ne!(plan["picture"][0]["look"]["name"], Value::String(best));
}

#[test]
fn tracks_are_judged_by_title_from_what_was_suggested() {
    let home = tempfile::tempdir().unwrap();
    let list = home.path().join("suggestions.json");
    tastemaker(home.path())
        .args(["suggest", "--music"])
        .arg(media("music"))
        .arg("-o")
        .arg(&list)
        .arg(media("photos/dogs.jpg"))
        .exits(0);
    let before: Value = serde_json::from_slice(&fs::read(&list).unwrap()).unwrap();
    let music = before["music"].as_array().unwrap();
    let titles: Vec<&str> = music
        .iter()
        .map(|track| track["title"].as_str().unwrap())
        .collect();
    assert!(titles.len() >= 5, "{titles:?}");
    let mut learn = tastemaker(home.path())
        .args(["profile", "learn", "me", "--suggestions"])
        .arg(&list);
    for (place, title) in titles.iter().enumerate() {
        learn = learn.args([if place == 0 { "--reject" } else { "--accept" }, title]);
    }
    learn.exits(0);
    let run = tastemaker(home.path())
        .args(["suggest", "--json", "--profile", "me", "--music"])
        .arg(media("music"))
        .arg(media("photos/dogs.jpg"))
        .run();
    let after: Value = run.last_document();
    assert_ne!(after["music"][0]["title"], titles[0]);
    let first = after["music"]
        .as_array()
        .unwrap()
        .iter()
        .find(|track| track["title"] == titles[0]);
    if let Some(first) = first {
        let reasons = first["reasons"].as_array().unwrap();
        assert!(
            reasons
                .iter()
                .any(|reason| reason["text"] == "You turned it down before."),
            "{reasons:?}"
        );
    }
}

#[test]
fn mistakes_are_told() {
    let home = tempfile::tempdir().unwrap();
    let fails = |arguments: &[&str], what: &str| {
        let run = tastemaker(home.path()).args(arguments).exits(2);
        let talk = run.stderr();
        assert!(
            talk.contains(what) && talk.contains("hint:"),
            "{arguments:?}: {talk}"
        );
    };
    fails(&["profile", "learn", "me"], "nothing to learn");
    fails(
        &["profile", "learn", "me", "--accept", "no-such-look"],
        "no-such-look",
    );
    fails(
        &[
            "profile", "learn", "../me", "--accept", "noir", "--reject", "noir",
        ],
        "both taken and turned down",
    );
    fails(
        &["profile", "learn", "m e", "--accept", "noir"],
        "cannot be the name",
    );
    fails(&["profile", "show", "x.json"], "x.json");
    fails(
        &["suggest", "--profile", "nobody", "a.jpg"],
        "no profile named nobody",
    );
    let broken = home.path().join("broken.json");
    for text in [
        "{",
        "[]",
        "{\"schema\": \"tastemaker.profile/9\", \"judgements\": []}",
        "{\"schema\": \"tastemaker.profile/1\", \"judgements\": [\
         {\"kind\": \"look\", \"id\": \"a\", \"verdict\": \"accept\", \"features\": {\"does_x\": 1e300}}]}",
        "{\"schema\": \"tastemaker.profile/1\", \"judgements\": [\
         {\"kind\": \"soup\", \"id\": \"a\", \"verdict\": \"accept\", \"features\": {}}]}",
    ] {
        fs::write(&broken, text).unwrap();
        fails(
            &["profile", "show", broken.to_str().unwrap()],
            "broken.json:",
        );
    }
    // Dry runs write nothing.
    tastemaker(home.path())
        .args(["profile", "learn", "me", "--accept", "noir", "--dry-run"])
        .exits(0);
    assert!(
        !home
            .path()
            .join("data/tastemaker/profiles/me.json")
            .exists()
    );
    let run = tastemaker(home.path()).args(["profile", "list"]).exits(0);
    assert_eq!(run.stdout(), "");
}

#[test]
fn a_taste_says_nothing_instead_of_null_where_it_predicts_nothing() {
    let home = tempfile::tempdir().unwrap();
    tastemaker(home.path())
        .args(["profile", "learn", "me", "--accept", "noir"])
        .exits(0);
    let run = tastemaker(home.path())
        .args(["profile", "show", "me", "--json"])
        .exits(0);
    assert!(!run.stdout().contains("null"), "{}", run.stdout());
    let taste: Value = run.document();
    assert_eq!(taste["kinds"][0]["judgements"], 1);
    assert!(taste["kinds"][0].get("foretold").is_none(), "{taste}");
}

/// Twenty choices of the warmer of three looks, in which the score points elsewhere.
fn log_of_choices() -> String {
    let lines = (0..20).map(|at| {
        let warmth = |look: usize| ((at * 7 + look * 5) % 11) as f64 / 5.0 - 1.0;
        let candidates: Vec<Value> = (0..3)
            .map(|look| {
                let features = json!({"does_warmth": warmth(look), "mood_fits": 0.5});
                json!({"id": format!("{at}-{look}"), "features": features, "score": 0.5 - warmth(look) / 9.0})
            })
            .collect();
        let best = (0..3).max_by(|a, b| warmth(*a).total_cmp(&warmth(*b)));
        let chosen = format!("{at}-{}", best.unwrap());
        json!({"kind": "look", "candidates": candidates, "chosen": chosen, "context": {"scene": "beach"}}).to_string()
    });
    lines.map(|line| line + "\n").collect()
}

#[test]
fn a_log_of_choices_is_replayed_and_nothing_is_stored() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("choices.ndjson");
    fs::write(&path, log_of_choices()).unwrap();
    let replay = |json: &[&str]| {
        let run = tastemaker(home.path())
            .args(["profile", "replay"])
            .arg(&path);
        run.args(json.iter().copied()).exits(0)
    };
    let documents = replay(&["--json"]).documents();
    assert_eq!(documents.len(), 21);
    for (number, choice) in documents[..20].iter().enumerate() {
        assert_eq!(choice["schema"], "tastemaker.replay/1");
        assert_eq!(choice["choice"], number + 1);
        assert_eq!(choice["prior_rank"], 3);
        let ranked = choice["ranked"].as_array().unwrap();
        let rank = ranked
            .iter()
            .position(|id| *id == choice["chosen"])
            .unwrap()
            + 1;
        assert_eq!(choice["rank"], rank);
    }
    assert_eq!(documents[19]["rank"], 1);
    let kind = &documents[20]["kinds"][0];
    assert_eq!(
        (&kind["kind"], &kind["choices"]),
        (&json!("look"), &json!(20))
    );
    assert!(kind["top1"].as_f64() > kind["prior_top1"].as_f64());
    assert!(replay(&[]).stdout().contains("look"));
    assert!(!home.path().join("data").exists());

    for (line, what) in [
        ("{", "choices.ndjson:21"),
        (
            r#"{"kind": "look", "candidates": [], "chosen": "a"}"#,
            "candidates: 0",
        ),
        (
            r#"{"kind": "look", "candidates": [{"id": "a"}], "chosen": "b"}"#,
            "\"b\" is not among",
        ),
        (
            r#"{"kind": "look", "candidates": [{"id": "a", "score": 1e300}], "chosen": "a"}"#,
            "out of range",
        ),
    ] {
        fs::write(&path, log_of_choices() + line).unwrap();
        let run = tastemaker(home.path())
            .args(["profile", "replay"])
            .arg(&path)
            .exits(2);
        assert!(run.stderr().contains(what), "{line}: {}", run.stderr());
    }
}
