//! `tastemaker suggest`: ranked choices with reasons.

use crate::support::{media, tastemaker};

#[test]
fn suggest_ranks_with_reasons() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["suggest", "--json"])
        .args([
            media("photos/sunset.jpg"),
            media("photos/mountains.jpg"),
            media("clips/bikes.mp4"),
        ])
        .arg("--music")
        .arg(media("music"))
        .exits(0);
    let document = &run.documents()[0];
    assert_eq!(document["schema"], "tastemaker.suggestions/1");
    let music = document["music"].as_array().unwrap();
    assert_eq!(music.len(), 8, "every track is ranked");
    for kind in ["music", "looks", "effects"] {
        let choices = document[kind].as_array().unwrap();
        assert!(!choices.is_empty(), "{kind}");
        let scores: Vec<f64> = choices
            .iter()
            .map(|choice| choice["score"].as_f64().unwrap())
            .collect();
        assert!(
            // Tracks that are as good as equal may change places, as the seed decides.
            scores
                .windows(2)
                .all(|pair| pair[0] >= pair[1] - if kind == "music" { 0.0101 } else { 0.0 }),
            "{kind} {scores:?}"
        );
        for choice in choices {
            assert!(
                !choice["reasons"].as_array().unwrap().is_empty(),
                "{kind} {choice}"
            );
            assert!(
                (0.0..=1.0).contains(&choice["confidence"].as_f64().unwrap()),
                "{kind} {choice}"
            );
        }
    }
    assert!(music.iter().all(|track| track["license"] != "unknown"));
}

#[test]
fn a_file_that_fails_has_its_error_line_and_the_others_go_on() {
    let home = tempfile::tempdir().unwrap();
    let broken = home.path().join("broken.jpg");
    std::fs::write(&broken, "no picture").unwrap();
    let run = tastemaker(home.path())
        .args(["suggest", "--json"])
        .args([&media("photos/dogs.jpg"), &broken])
        .exits(1);
    let documents = run.documents();
    assert_eq!(documents[0]["schema"], "tastemaker.error/1");
    assert_eq!(documents[0]["file"], broken.to_str().unwrap());
    assert_eq!(documents[1]["schema"], "tastemaker.suggestions/1");
}

#[test]
fn what_is_worth_knowing_comes_as_a_notice_before_its_document() {
    let home = tempfile::tempdir().unwrap();
    tastemaker(home.path())
        .args(["profile", "learn", "me", "--accept", "film-warm"])
        .exits(0);
    let run = tastemaker(home.path())
        .args(["suggest", "--json", "--profile", "me"])
        .arg(media("photos/dogs.jpg"))
        .exits(0);
    let documents = run.documents();
    let (last, notices) = documents.split_last().unwrap();
    assert_eq!(last["schema"], "tastemaker.suggestions/1");
    assert!(!notices.is_empty());
    for notice in notices {
        assert_eq!(notice["schema"], "tastemaker.notice/1");
        assert_eq!(notice["code"], "taste_unsure");
        assert_eq!(notice["profile"], "me");
        // No music was asked for.
        assert_eq!(notice["kind"], "look");
        assert!(run.stderr().contains(notice["message"].as_str().unwrap()));
    }
}
