//! What profiles learn from beside single verdicts: plans, pairs, tables; and how they explain, blend and show themselves.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{ffmpeg, media, tastemaker};

fn profile(home: &Path, arguments: &[&str]) {
    tastemaker(home).arg("profile").args(arguments).exits(0);
}

fn stored(home: &Path, name: &str) -> Vec<Value> {
    let run = tastemaker(home).args(["profile", "privacy", name, "--json"]);
    run.exits(0).document()["stored"]
        .as_array()
        .unwrap()
        .clone()
}

/// The choice of a kind in a piece of evidence.
fn choice(piece: &Value, kind: &str) -> Option<Value> {
    let choices = piece["choices"].as_array().unwrap().iter();
    choices
        .into_iter()
        .find(|choice| choice["kind"] == kind)
        .cloned()
}

/// A plan of one photo, and the same with another look.
fn plans(home: &Path) -> [PathBuf; 2] {
    let [plan, changed] =
        ["reel-1.mp4.plan.json", "reel-2.mp4.plan.json"].map(|name| home.join(name));
    tastemaker(home)
        .args([
            "edit",
            "--plan-only",
            "--length",
            "3s",
            "--look",
            "film-warm",
            "-o",
        ])
        .arg(&plan)
        .arg(media("photos/dogs.jpg"))
        .exits(0);
    let mut document: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    for segment in document["picture"].as_array_mut().unwrap() {
        segment["look"] = json!("noir");
        segment["effects"] = json!([]);
    }
    fs::write(&changed, document.to_string()).unwrap();
    [plan, changed]
}

#[test]
fn what_was_changed_in_a_plan_and_which_film_was_kept_is_learned() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let [before, after] = plans(home);
    let (before, after) = (before.to_str().unwrap(), after.to_str().unwrap());
    profile(
        home,
        &["feedback", "me", "--before", before, "--after", after],
    );
    let kept = home.join("reel-2.mp4");
    let kept = kept.to_str().unwrap();
    profile(home, &["feedback", "other", "--kept", kept]);
    for name in ["me", "other"] {
        let evidence = stored(home, name);
        assert_eq!(evidence.len(), 1);
        let piece = &evidence[0];
        let look = choice(piece, "look").unwrap();
        assert_eq!(look["taken"]["choice"], "noir");
        assert_eq!(look["passed"][0]["choice"], "film-warm");
        assert!(choice(piece, "effect").is_some(), "{piece}");
        // What is the same in both says nothing.
        assert!(choice(piece, "framing").is_none(), "{piece}");
    }
    let same = [
        "profile", "feedback", "me", "--before", before, "--after", before,
    ];
    let talk = tastemaker(home).args(same).exits(2).stderr();
    assert!(talk.contains("differ in nothing"), "{talk}");
    assert_eq!(stored(home, "me").len(), 1);
}

/// A film of three photos, cut hard after half a second, and again after two.
fn cut_film(target: &Path) {
    let photos = ["dogs.jpg", "coffee.jpg", "storm.jpg"].map(|name| media("photos").join(name));
    let scale = |number| format!("[{number}]scale=320:240,setsar=1[v{number}]");
    let joined = format!(
        "{};{};{};[v0][v1][v2]concat=n=3",
        scale(0),
        scale(1),
        scale(2)
    );
    let seconds = ["0.48", "2.2", "2.2"];
    let shots = photos.iter().zip(seconds);
    shots
        .fold(ffmpeg(), |run, (photo, seconds)| {
            let run = run.words("-loop 1 -framerate 25 -t").arg(seconds);
            run.input(photo)
        })
        .args(["-filter_complex", &joined])
        .words("-pix_fmt yuv420p")
        .writes(target);
}

#[test]
fn single_cuts_and_colors_of_posts_are_drawn_and_forgotten_to_the_byte() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let (film, page) = (home.join("film.mp4"), home.join("me.html"));
    cut_film(&film);
    let file = |name: &str| fs::read(home.join(format!("data/tastemaker/profiles/{name}.json")));
    profile(home, &["new", "me"]);
    let before = file("me").unwrap();
    profile(home, &["learn", "me", "--posts", film.to_str().unwrap()]);
    let piece = &stored(home, "me")[0];
    let counts: Vec<u64> = serde_json::from_value(piece["shots"].clone()).unwrap();
    // One shot of 0.35 to 0.5 seconds, two of 2 to 2.8.
    assert_eq!(
        (counts.len(), counts[2], counts[7]),
        (16, 1, 2),
        "{counts:?}"
    );
    profile(home, &["show", "me", "--html", page.to_str().unwrap()]);
    let text = fs::read_to_string(&page).unwrap();
    for piece in [
        "Lengths of the 3 shots of 1 film",
        "Colors of 1 post",
        "Tones of 1 post",
    ] {
        assert!(text.contains(piece), "{piece}: {text}");
    }
    assert!(!text.contains("earlier version"));
    let id = piece["id"].as_str().unwrap();
    profile(home, &["forget", "me", "--post", id]);
    assert_eq!(file("me").unwrap(), before);
}

#[test]
fn posts_that_worked_count_more_and_tracks_are_learned_from_lists() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let posts = home.join("posts");
    fs::create_dir(&posts).unwrap();
    for (name, photo) in [("good.jpg", "dogs.jpg"), ("bad.jpg", "coffee.jpg")] {
        let bytes = fs::read(media("photos").join(photo)).unwrap();
        fs::write(posts.join(name), bytes).unwrap();
    }
    let table = home.join("posts.csv");
    fs::write(
        &table,
        "file,views,likes\ngood.jpg,10000,900\nbad.jpg,100,1\n",
    )
    .unwrap();
    let (posts, table) = (posts.to_str().unwrap(), table.to_str().unwrap());
    profile(home, &["learn", "me", "--posts", posts]);
    assert!(
        stored(home, "me")
            .iter()
            .all(|piece| piece.get("weight").is_none())
    );
    profile(
        home,
        &["learn", "me", "--posts", posts, "--engagement", table],
    );
    let mut weights: Vec<f64> = stored(home, "me")
        .iter()
        .map(|piece| piece["weight"].as_f64().unwrap())
        .collect();
    weights.sort_by(f64::total_cmp);
    assert!(weights[0] < 0.8 && weights[1] > 1.2, "{weights:?}");

    let (list, track) = (home.join("liked.m3u"), media("music/night.ogg"));
    fs::write(&list, format!("#EXTM3U\n{}\n", track.display())).unwrap();
    profile(home, &["learn", "me", "--tracks", list.to_str().unwrap()]);
    let evidence = stored(home, "me");
    let music = choice(&evidence[2], "music").unwrap();
    assert!(
        music["taken"]["features"]["is_energetic"].is_number(),
        "{music}"
    );
}

#[test]
fn a_profile_explains_blends_and_shows_itself() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let explain = || tastemaker(home).args(["profile", "explain", "me", "silver", "--json"]);
    profile(home, &["feedback", "me", "--accept", "noir"]);
    explain().exits(2);
    let rejected = [
        "golden-hour",
        "landscape-vivid",
        "sun-bleached",
        "film-warm",
    ];
    for look in rejected {
        profile(home, &["feedback", "me", "--reject", look]);
    }
    let explained = explain().exits(0).document();
    assert_eq!(
        (&explained["kind"], &explained["suggestion"]),
        (&json!("look"), &json!("silver"))
    );
    assert!(explained["shift"].as_f64().unwrap() > 0.0, "{explained}");
    let parts = explained["parts"].as_array().unwrap();
    assert!(
        parts[0]["feature"].as_str().unwrap().starts_with("does_"),
        "{explained}"
    );

    profile(home, &["feedback", "other", "--accept", "golden-hour"]);
    profile(
        home,
        &[
            "blend",
            "me",
            "other",
            "--weights",
            "0.75,0.25",
            "--name",
            "both",
        ],
    );
    let both = stored(home, "both");
    assert_eq!(both.len(), 6);
    let weights: Vec<f64> = both
        .iter()
        .map(|piece| piece["weight"].as_f64().unwrap())
        .collect();
    assert_eq!(
        weights.iter().filter(|weight| **weight == 1.5).count(),
        5,
        "{weights:?}"
    );
    tastemaker(home)
        .args(["profile", "blend", "me", "other", "--name", "both"])
        .exits(2);

    let page = home.join("me.html");
    profile(home, &["show", "me", "--html", page.to_str().unwrap()]);
    let text = fs::read_to_string(&page).unwrap();
    assert!(
        text.contains("What is known of me") && !text.contains("<script"),
        "{text}"
    );
}

#[test]
fn pairs_are_asked_about_on_a_page_and_the_answers_are_learned() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let (photo, page) = (media("photos/dogs.jpg"), home.join("pairs.html"));
    let compare = |rest: &[&str]| {
        let run = tastemaker(home)
            .args(["profile", "compare", "me"])
            .arg(&photo);
        run.args(rest.iter().copied())
    };
    compare(&["--page", page.to_str().unwrap()]).exits(0);
    let text = fs::read_to_string(&page).unwrap();
    assert_eq!(text.matches("<h2>").count(), 20);
    assert_eq!(text.matches("data:image/jpeg").count(), 40);
    compare(&["--answers", "abx"]).exits(2);
    compare(&["--answers", "ab-a"]).exits(0);
    let evidence = stored(home, "me");
    assert_eq!(evidence.len(), 3);
    let first = choice(&evidence[0], "look").unwrap();
    let (taken, passed) = (
        first["taken"]["choice"].as_str().unwrap(),
        first["passed"][0]["choice"].as_str().unwrap(),
    );
    let place = |name: &str| text.find(&format!("</b> {name}<")).unwrap();
    assert!(place(taken) < place(passed));
}

#[test]
fn a_film_of_too_few_shots_does_not_say_what_kept_people_watching() {
    let home = tempfile::tempdir().unwrap();
    let table = home.path().join("watching.csv");
    fs::write(&table, "time,share\n0,1\n3,0.8\n6,0.5\n").unwrap();
    let run = tastemaker(home.path())
        .args(["profile", "learn", "me", "--retention"])
        .arg(&table)
        .arg("--posts")
        .arg(media("clips/carphone.mp4"))
        .exits(2);
    assert!(
        run.stderr().contains("fewer than 4 shots"),
        "{}",
        run.stderr()
    );
    // Nothing of it is kept.
    let listed = tastemaker(home.path()).args(["profile", "list"]).exits(0);
    assert_eq!(listed.stdout(), "");
}
