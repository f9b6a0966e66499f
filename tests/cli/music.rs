//! Parts of tracks for films: phrases, repeats, fixed cuts.

use serde_json::json;

use tastemaker::analysis::AudioReport;
use tastemaker::music::{Arc, Edge, WindowRequest, best_window};
use tastemaker::suggest::MUSIC_WEIGHTS;

/// A track of `duration` seconds with `bpm` beats a minute, four to a bar and eight bars to a phrase, from second 0.2 on.
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
        (12.0, Arc::Rise),
        (20.0, Arc::Steady),
        (33.0, Arc::Rise),
        (47.0, Arc::Steady),
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
        exact: true,
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
    let docs =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/music.md")).unwrap();
    for (name, weight) in MUSIC_WEIGHTS {
        assert!(
            docs.contains(&format!("| `{name}` | {weight} |")),
            "docs/music.md: `{name}` weighs {weight}"
        );
    }
    assert_eq!(docs.matches("\n| `").count(), MUSIC_WEIGHTS.len());
}
