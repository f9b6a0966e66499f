//! Parts of tracks for films: phrases, repeats, fixed cuts.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use tastemaker::analysis::AudioReport;
use tastemaker::music::{Edge, Ending, EnergyArc, WindowRequest, best_window};
use tastemaker::suggest::MusicTerm;

use crate::support::{media, tastemaker};

/// A track of `duration` seconds with `bpm` beats a minute, four to a bar and eight bars to a phrase, from second 0.2
/// on.
fn track(duration: f64, bpm: f64) -> AudioReport {
    let beat = 60.0 / bpm;
    let beats: Vec<f64> = (0..)
        .map(|number| 0.2 + f64::from(number) * beat)
        .take_while(|time| *time < duration)
        .collect();
    let every = |count: usize| beats.iter().copied().step_by(count).collect::<Vec<f64>>();
    let seconds = duration.ceil() as usize;
    serde_json::from_value(json!({
        "duration": duration, "sample_rate": 44100, "channels": 2, "loudness": {}, "speech": [], "music": [],
        "beats": beats, "downbeats": every(4), "phrases": every(32), "tags": [],
        "energy_curve": (0..seconds).map(|second| second as f64 / seconds as f64).collect::<Vec<_>>(),
        "loudness_curve": vec![-14.0; seconds],
    }))
    .unwrap()
}

fn is_one_of(times: &[f64], time: f64) -> bool {
    times.iter().any(|other| (other - time).abs() < 1e-6)
}

#[test]
fn a_part_begins_on_a_phrase_and_ends_with_a_bar() {
    let track = track(150.0, 120.0);
    for (length, arc) in [
        (12.0, EnergyArc::Rise),
        (20.0, EnergyArc::Steady),
        (33.0, EnergyArc::Rise),
        (47.0, EnergyArc::Steady),
    ] {
        let window = best_window(
            &track,
            &WindowRequest {
                length,
                arc,
                ..Default::default()
            },
        );
        assert_eq!(window.begins, Edge::Phrase, "{length}");
        assert!(window.ends >= Edge::Downbeat, "{length}: {:?}", window.ends);
        let got = window.arrangement.length();
        assert!(
            (length * 5.0 / 6.0 - 0.01..=length + 0.06).contains(&got),
            "{got} of {length}"
        );
        assert!(window.joins.is_none() && !window.too_short);
    }
}

#[test]
fn a_length_that_was_asked_for_is_met_to_a_bar() {
    // A bar lasts 2 s and a phrase 16.
    let track = track(150.0, 120.0);
    for length in [12.0, 20.0, 30.0, 33.0, 47.0] {
        let window = best_window(
            &track,
            &WindowRequest {
                length,
                ending: Ending::Bar,
                ..Default::default()
            },
        );
        assert!(window.ends >= Edge::Downbeat, "{length}: {:?}", window.ends);
        let got = window.arrangement.length();
        assert!(
            (length - 2.01..=length + 0.06).contains(&got),
            "{got} of {length}"
        );
    }
}

#[test]
fn a_short_track_is_repeated_from_phrase_to_phrase() {
    let track = track(40.0, 128.0);
    for length in [60.0, 95.0, 300.0] {
        let window = best_window(
            &track,
            &WindowRequest {
                length,
                ..Default::default()
            },
        );
        let parts = &window.arrangement.parts;
        assert!(parts.len() > 1, "{length}");
        for pair in parts.windows(2) {
            assert!(
                is_one_of(&track.downbeats, pair[0].end),
                "{length}: leaves at {}",
                pair[0].end
            );
            assert!(
                is_one_of(&track.downbeats, pair[1].start),
                "{length}: enters at {}",
                pair[1].start
            );
        }
        assert!(
            window.arrangement.length() >= length * 5.0 / 6.0 - 0.01,
            "{length}"
        );
        assert!(!window.too_short);
    }
}

#[test]
fn without_bars_a_short_track_is_not_repeated_but_said_to_be_short() {
    let mut track = track(20.0, 100.0);
    (track.beats, track.downbeats, track.phrases) = Default::default();
    let window = best_window(
        &track,
        &WindowRequest {
            length: 60.0,
            ..Default::default()
        },
    );
    assert_eq!(window.arrangement.parts.len(), 1);
    assert!(window.too_short);
}

#[test]
fn a_fixed_cut_finds_its_second_in_the_track_it_was_cut_to() {
    let (own, other) = (track(150.0, 118.0), track(150.0, 131.0));
    // Cut to second 31.7 and on, on every third beat.
    let start = 31.7;
    let cuts: Vec<f64> = own
        .beats
        .iter()
        .filter(|beat| **beat > start + 0.5 && **beat < start + 24.0)
        .step_by(3)
        .map(|beat| beat - start)
        .collect();
    let request = WindowRequest {
        length: 25.0,
        ending: Ending::Exact,
        cuts: &cuts,
        ..Default::default()
    };
    let fit = |track| best_window(track, &request).cuts.unwrap();
    assert!(
        fit(&own).misfit < 0.02 && fit(&own).on_beat > 0.99,
        "{:?}",
        fit(&own)
    );
    assert!(fit(&other).misfit > 0.15, "{:?}", fit(&other));
}

#[test]
fn a_track_that_may_be_played_faster_meets_a_cut_of_another_tempo() {
    let slower = track(150.0, 118.0);
    // A cut every two beats of 121 a minute: 2.5 % faster than the track.
    let cuts: Vec<f64> = (1..12).map(|cut| f64::from(cut) * 120.0 / 121.0).collect();
    let with = |stretch| {
        let request = WindowRequest {
            length: 12.0,
            ending: Ending::Exact,
            cuts: &cuts,
            stretch,
            ..Default::default()
        };
        let window = best_window(&slower, &request);
        (window.arrangement.speed, window.cuts.unwrap().misfit)
    };
    let ((plain, off), (speed, misfit)) = (with(0.0), with(0.04));
    assert_eq!(plain, 1.0);
    assert!((speed - 121.0 / 118.0).abs() < 0.006, "{speed}");
    assert!(misfit < 0.5 * off && off > 0.1, "{misfit} {off}");
    assert!((with(0.01).0 - 1.0).abs() < 0.0101);
}

#[test]
fn speech_is_left_alone_where_the_track_sings() {
    let mut track = track(150.0, 120.0);
    track.energy_curve = vec![0.5; 150];
    track.singing = vec![tastemaker::analysis::Span {
        start: 0.0,
        end: 70.0,
    }];
    let speech = [tastemaker::analysis::Span {
        start: 1.0,
        end: 19.0,
    }];
    let window = best_window(
        &track,
        &WindowRequest {
            length: 20.0,
            speech: &speech,
            ..Default::default()
        },
    );
    assert!(
        window.arrangement.start() >= 69.0 && window.sung_over < 0.05,
        "{window:?}"
    );
}

#[test]
fn nonsense_breaks_nothing() {
    let mut track = track(30.0, 120.0);
    track.beats.push(f64::NAN);
    track.phrases = vec![f64::INFINITY, -5.0];
    track.energy_curve = vec![f64::NAN; 3];
    track.loudness_curve = vec![f64::NEG_INFINITY; 7];
    for duration in [30.0, 0.0, f64::NAN, -1.0] {
        track.duration = duration;
        for length in [0.0, 1e9, f64::NAN, -4.0, 10.0] {
            let window = best_window(
                &track,
                &WindowRequest {
                    length,
                    stretch: f64::NAN,
                    ..Default::default()
                },
            );
            assert!((0.0..=1.0).contains(&window.fit));
        }
    }
}

#[test]
fn the_weights_in_the_docs_are_those_of_the_program() {
    let docs = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/music.md")).unwrap();
    for term in MusicTerm::ALL {
        let (name, weight) = (term.name(), term.weight());
        assert!(
            docs.contains(&format!("| `{name}` | {weight} |")),
            "docs/music.md: `{name}` weighs {weight}"
        );
    }
    assert_eq!(docs.matches("\n| `").count(), MusicTerm::ALL.len());
}

/// Three real tracks: one without a license, one not for commercial use, one whose license has expired.
fn licensed(home: &Path) -> PathBuf {
    let folder = home.join("tracks");
    fs::create_dir_all(&folder).unwrap();
    for name in ["theme.ogg", "night.ogg", "rock.ogg"] {
        fs::copy(media(&format!("music/{name}")), folder.join(name)).unwrap();
    }
    let notes = "[[track]]\nfile = \"night.ogg\"\nlicense = \"CC BY-NC 4.0\"\n\n\
        [[track]]\nfile = \"rock.ogg\"\nlicense = \"Acme sync 12\"\nexpires = \"2020-01-31\"\n";
    fs::write(folder.join("tracks.toml"), notes).unwrap();
    folder
}

/// What was suggested and left out, and what was printed.
fn suggested(home: &Path, words: &[&str]) -> (Vec<String>, Vec<(String, u64)>, Value, String) {
    let photo = media("photos/sunset.jpg");
    let mut all = vec![
        "suggest",
        "--json",
        photo.to_str().unwrap(),
        "--music",
        "tracks",
    ];
    all.extend(words);
    let run = tastemaker(home).args(&all).exits(0);
    let (answer, talk) = (run.last_document(), run.stderr());
    let mut tracks: Vec<String> = answer["music"]
        .as_array()
        .unwrap()
        .iter()
        .map(|music| {
            Path::new(music["path"].as_str().unwrap())
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    tracks.sort();
    let left_out = answer["left_out"].as_array().map_or_else(Vec::new, |rows| {
        rows.iter()
            .map(|row| {
                (
                    row["code"].as_str().unwrap().to_owned(),
                    row["tracks"].as_u64().unwrap(),
                )
            })
            .collect()
    });
    (tracks, left_out, answer, talk)
}

#[test]
fn a_track_that_forbids_the_use_is_never_suggested() {
    let home = tempfile::tempdir().unwrap();
    licensed(home.path());
    let row = |code: &str| (code.to_owned(), 1);

    let (tracks, left_out, _, talk) = suggested(home.path(), &[]);
    assert_eq!(tracks, ["night.ogg", "theme.ogg"], "{talk}");
    assert_eq!(left_out, [row("expired")]);
    assert!(
        talk.contains("1 track whose license has ended was left out."),
        "{talk}"
    );

    let (tracks, left_out, _, _) = suggested(home.path(), &["--use", "tiktok,DE"]);
    assert_eq!(tracks, ["night.ogg"]);
    assert_eq!(left_out, [row("unknown_license"), row("expired")]);

    let (tracks, left_out, answer, talk) = suggested(home.path(), &["--use", "commercial"]);
    assert!(tracks.is_empty());
    assert_eq!(
        left_out,
        [
            row("unknown_license"),
            row("expired"),
            row("not_commercial")
        ]
    );
    let why = "None of the 3 tracks may be used for commercial,edits.";
    assert!(
        answer["abstained"]
            .as_array()
            .unwrap()
            .iter()
            .any(|abstained| abstained["why"] == why),
        "{answer}"
    );
    assert!(talk.contains("forbids commercial use"), "{talk}");

    // The film keeps the clips' own sound.
    let photo = media("photos/sunset.jpg");
    let edit = [
        "edit",
        photo.to_str().unwrap(),
        "--music",
        "tracks",
        "--use",
        "commercial,tiktok,DE",
        "--plan-only",
        "-o",
        "film.plan.json",
    ];
    let talk = tastemaker(home.path()).args(edit).exits(0).stderr();
    assert!(
        talk.contains("no music: None of the 3 tracks may be used for commercial,edits,tiktok,DE."),
        "{talk}"
    );
    let plan: Value =
        serde_json::from_slice(&fs::read(home.path().join("film.plan.json")).unwrap()).unwrap();
    assert!(
        plan["sources"]
            .as_array()
            .unwrap()
            .iter()
            .all(|source| source["kind"] != "audio")
    );

    let talk = tastemaker(home.path())
        .args([
            "suggest",
            "--words",
            "rain",
            "--music",
            "tracks",
            "--use",
            "comercial",
        ])
        .exits(2)
        .stderr();
    assert!(talk.contains("did you mean commercial?"), "{talk}");
}

#[test]
fn a_wrong_sidecar_leaves_its_track_out_and_the_others_go_on() {
    let home = tempfile::tempdir().unwrap();
    let tracks = home.path().join("tracks");
    fs::create_dir(&tracks).unwrap();
    for name in ["night.ogg", "theme.ogg"] {
        fs::copy(media(&format!("music/{name}")), tracks.join(name)).unwrap();
    }
    fs::write(
        tracks.join("night.ogg.license"),
        "SPDX-License-Identifier:\n",
    )
    .unwrap();
    let photo = media("photos/sunset.jpg");
    let words = [
        "suggest",
        "--json",
        photo.to_str().unwrap(),
        "--music",
        "tracks",
    ];
    let run = tastemaker(home.path()).args(words).exits(1);
    let (found, talk) = (run.last_document()["music"].to_string(), run.stderr());
    assert!(talk.contains("night.ogg.license:1:"), "{talk}");
    assert!(talk.contains("hint:"), "{talk}");
    assert!(found.contains("theme.ogg") && !found.contains("night.ogg"));
    let failed = &run.documents()[0];
    assert_eq!(failed["schema"], "tastemaker.error/1");
    assert!(failed["file"].as_str().unwrap().ends_with("night.ogg"));

    // A wrong table affects all of them.
    fs::write(tracks.join("LICENSES.tsv"), "nothing\n").unwrap();
    let talk = tastemaker(home.path()).args(words).exits(2).stderr();
    assert!(talk.contains("LICENSES.tsv:1:"), "{talk}");
}
