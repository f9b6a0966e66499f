//! Moments are judged as the film shows them: with somebody in them, and filling its frame.

use serde_json::Value;
use tastemaker::analysis::{Analysis, PersonTrack};
use tastemaker::edit::{EditRequest, SourceFile, Style, WiderShot, plan};
use tastemaker::time::Rational;

use super::made;
use super::planning::request;
use crate::support;

/// A film of three shots of four seconds, all of them as good.
fn three_shots() -> Analysis {
    let mut film = made::film(
        "film.mp4",
        (1600, 900),
        Rational::whole(25),
        &[100, 100, 100],
    );
    let video = film.video.as_mut().unwrap();
    for (number, shot) in (0_u8..).zip(&mut video.shots) {
        let start = 4.0 * f64::from(number);
        shot.moments = vec![made::moment(start + 0.5, start + 3.5, 0.6)];
        shot.subject_path = (0..10)
            .map(|at| [start + 0.4 * f64::from(at), 0.45, 0.1, 0.1, 0.8])
            .collect();
    }
    film
}

/// Somebody who stands in the middle of a shot, as high as that share of the picture.
fn somebody(shot: usize, height: f64) -> PersonTrack {
    let start = 4.0 * shot as f64;
    let point = |time| [time, 0.48, 0.5 - height / 2.0, 0.04, height];
    let path = serde_json::json!([point(start), point(start + 4.0)]);
    let track = serde_json::json!({
        "id": 1, "kind": "person", "start": start, "end": start + 4.0, "score": 0.8, "path": path,
    });
    serde_json::from_value(track).unwrap()
}

/// The shot that opens a film of this film and a photo.
fn opening_shot(film: Analysis, wider: &[WiderShot]) -> usize {
    let photo = made::photo("photo.jpg", 1600, 900);
    let sources: Vec<SourceFile> = [film, photo].map(made::source).into();
    let outcome = plan(&EditRequest {
        style: Style::find("punchy").unwrap(),
        length: Some(3.0),
        wider: wider.to_vec(),
        ..request(&sources, None)
    });
    let plan = outcome.unwrap().plan;
    let opener = &plan.picture[0];
    assert_eq!(
        plan.sources
            .iter()
            .find(|it| it.id == opener.source)
            .unwrap()
            .path,
        "film.mp4"
    );
    (opener.start / 4.0) as usize
}

#[test]
fn a_moment_with_somebody_in_it_comes_before_as_good_ones_without() {
    for shot in 0..3 {
        let mut film = three_shots();
        let with = |film: &mut Analysis, shot: usize, height| {
            film.video.as_mut().unwrap().shots[shot].tracks = vec![somebody(shot, height)];
        };
        with(&mut film, shot, 0.6);
        assert_eq!(opening_shot(film.clone(), &[]), shot);
        // Somebody nearer, elsewhere.
        with(&mut film, shot, 0.1);
        let near = (shot + 1) % 3;
        with(&mut film, near, 0.6);
        assert_eq!(opening_shot(film, &[]), near);
    }
}

#[test]
fn a_shot_that_is_shown_wider_comes_after_as_good_ones_that_fill_the_film() {
    for fills in 0..3 {
        let strip = |shot| WiderShot {
            source: 0,
            shot,
            filled: 0.3,
        };
        let wider: Vec<WiderShot> = (0..3).filter(|shot| *shot != fills).map(strip).collect();
        assert_eq!(opening_shot(three_shots(), &wider), fills);
    }
}

/// A street without anybody, sharp and steady, and a cyclist for a second: the film shows the cyclist, and not as a strip.
#[test]
fn a_montage_of_real_clips_shows_the_cyclist_and_not_the_railing() {
    let home = support::Home::new();
    let plan = home.path("plan.json");
    support::tastemaker(&home)
        .arg("edit")
        .arg(support::media("clips/bikes.mp4"))
        .args(["fig", "meadow", "dogs"].map(|name| support::media(&format!("photos/{name}.jpg"))))
        .args(["--style", "punchy", "--length", "5s", "--music"])
        .arg(support::media("music/tropical.ogg"))
        .args(["--aspect", "9:16", "--plan-only", "-o"])
        .arg(&plan)
        .exits(0);
    let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    let segments = plan["picture"].as_array().unwrap();
    let sources = plan["sources"].as_array().unwrap();
    let is_clip = |id: &Value| {
        let source = sources.iter().find(|source| source["id"] == *id).unwrap();
        source["path"].as_str().unwrap().ends_with("bikes.mp4")
    };
    let of_clip = segments.iter().filter(|it| is_clip(&it["source"]));
    let starts: Vec<f64> = of_clip.map(|it| it["in"].as_f64().unwrap()).collect();
    assert!(
        starts.iter().any(|start| (3.04..5.48).contains(start)),
        "{starts:?}"
    );
    assert!(
        !starts.iter().any(|start| (5.48..7.48).contains(start)),
        "{starts:?}"
    );
    assert!(
        segments.iter().all(|it| it["fit"] != "blurred"),
        "{segments:?}"
    );
}

/// Some parts of these clips are too short for this style's slots: the film is not over where the first such slot is.
#[test]
fn a_film_is_about_as_long_as_its_material() {
    let home = support::Home::new();
    let plan = home.path("plan.json");
    support::tastemaker(&home)
        .arg("edit")
        .args(["bikes", "plaza"].map(|name| support::media(&format!("clips/{name}.mp4"))))
        .args(["--style", "calm", "--length", "20s", "--music", "none"])
        .args(["--plan-only", "-o"])
        .arg(&plan)
        .exits(0);
    let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    let duration = plan["output"]["duration"].as_f64().unwrap();
    assert!(duration > 13.0, "{duration}");
}
