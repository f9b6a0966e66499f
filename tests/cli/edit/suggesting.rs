//! Suggestions with the real networks and the built-in looks.

use std::path::Path;

use tastemaker::analysis::{Analysis, AudioReport, Axes, FileKind, LabelScore, Mood, Span};
use tastemaker::looks::LookLibrary;
use tastemaker::music::catalog::{TrackSketch, mood_and_tags, words_vector};
use tastemaker::music::{Date, License, Track};
use tastemaker::suggest::{Shortlist, SuggestRequest, Suggestions, suggest};
use tastemaker::time::Rational;

use super::made;
use crate::support;

/// A day in 2001, as seconds since the beginning of 1970.
const TODAY: i64 = 1_000_000_000;

fn labels(all: &[(&str, f64)]) -> Vec<LabelScore> {
    all.iter()
        .map(|(label, score)| LabelScore {
            label: (*label).to_owned(),
            score: *score,
        })
        .collect()
}

fn photo(name: &str, scene: &[(&str, f64)], mood: (f64, f64, &[&str])) -> Analysis {
    let mut analysis = made::photo(name, 3000, 4000);
    let picture = analysis.picture.as_mut().unwrap();
    picture.scene = labels(scene);
    picture.mood = Mood {
        valence: mood.0,
        arousal: mood.1,
        words: mood.2.iter().map(|word| (*word).to_owned()).collect(),
    };
    analysis
}

fn track(name: &str, bpm: f64, mood: (f64, f64, &str), tags: &[(&str, f64)]) -> Track {
    let mut track = made::track(name, 90.0, bpm, 0.4);
    let audio = track.analysis.audio.as_mut().unwrap();
    audio.tags = labels(tags);
    audio.axes.as_mut().unwrap().energy = mood.1;
    audio.mood = Some(Mood {
        valence: mood.0,
        arousal: mood.1,
        words: vec![mood.2.to_owned()],
    });
    track
}

fn catalog() -> Vec<Track> {
    vec![
        track(
            "lullaby.ogg",
            70.0,
            (0.7, 0.15, "peaceful"),
            &[("ambient", 0.6), ("piano", 0.5), ("no vocals", 0.4)],
        ),
        track(
            "riot.ogg",
            170.0,
            (0.25, 0.95, "aggressive"),
            &[("metal", 0.8), ("loud", 0.6), ("guitar", 0.5)],
        ),
        track(
            "sunny.ogg",
            118.0,
            (0.85, 0.65, "happy"),
            &[("pop", 0.6), ("female vocal", 0.6), ("dance", 0.4)],
        ),
    ]
}

fn ask(files: &[Analysis], tracks: &[Track], seed: u64) -> Suggestions {
    let looks = LookLibrary::open(None).unwrap();
    suggest(&request(files, tracks, &looks, seed)).unwrap()
}

fn request<'a>(
    files: &'a [Analysis],
    tracks: &'a [Track],
    looks: &'a LookLibrary,
    seed: u64,
) -> SuggestRequest<'a> {
    SuggestRequest {
        files,
        tracks,
        left_out: &[],
        looks,
        taste: None,
        models: support::models(),
        target_lufs: -14.0,
        film: tastemaker::suggest::Film {
            length: Some(20.0),
            ..Default::default()
        },
        usage: None,
        today: Date::from_unix(TODAY),
        seed,
    }
}

/// A track as in a catalog.
fn sketch(track: &Track) -> TrackSketch {
    let audio = track.audio().unwrap();
    let mood = audio.mood.as_ref().unwrap();
    TrackSketch {
        id: track.id().to_owned(),
        license: track.license.clone().into(),
        duration: audio.duration,
        bpm: audio.tempo.as_ref().map(|tempo| tempo.bpm),
        vocals: Some(0.0),
        axes: audio.axes.map(|axes| Axes {
            valence: mood.valence,
            ..axes
        }),
        words_vector: words_vector(support::models(), &mood_and_tags(audio).unwrap()).unwrap(),
        last_used: None,
    }
}

#[test]
fn the_best_of_many_tracks_are_on_the_shortlist() {
    let mut tracks: Vec<Track> = (0..120)
        .map(|number| {
            let (column, row) = (number % 12, number / 12);
            let mood = (f64::from(column) / 11.0, f64::from(row) / 9.0);
            let words = if mood.0 < 0.5 { "sad" } else { "happy" };
            let tag = ["piano", "rock", "techno", "choir", "jazz"][number as usize % 5];
            let bpm = 60.0 + f64::from(row * 12);
            let name = format!("{number}.ogg");
            track(&name, bpm, (mood.0, mood.1, words), &[(tag, 0.7)])
        })
        .collect();
    // A track that would fit, but whose license has expired.
    let expired = License {
        expires: Some(Date::from_unix(0)),
        ..License::default()
    };
    let best = ask(&calm(), &tracks, 1).music[0].path.clone();
    let place = tracks
        .iter()
        .position(|track| track.path == Path::new(&best));
    let gone = tracks.remove(place.unwrap());
    tracks.push(Track {
        license: expired,
        ..gone
    });
    for files in [calm(), party()] {
        let whole = ask(&files, &tracks, 1);
        let looks = LookLibrary::open(None).unwrap();
        let request = request(&files, &[], &looks, 1);
        let mut shortlist = Shortlist::new(&request, 24, 0).unwrap();
        for track in &tracks {
            shortlist.offer(&sketch(track));
        }
        let list = shortlist.finish();
        assert_eq!((list.ids.len(), list.of), (24, 119));
        assert_eq!(list.left_out, whole.left_out);
        assert_eq!(list.left_out[0].tracks, 1);
        for music in &whole.music[..5] {
            assert!(list.ids.contains(&music.choice.id), "{}", music.path);
        }
        assert!(!list.ids.contains(&tracks[119].id().to_owned()));
    }
}

fn first(suggestions: &Suggestions) -> &str {
    &suggestions.music[0].path
}

fn calm() -> Vec<Analysis> {
    vec![photo(
        "a.jpg",
        &[("lake", 0.8), ("fog", 0.3), ("mountain", 0.7)],
        (0.65, 0.15, &["calm", "serene"]),
    )]
}

fn party() -> Vec<Analysis> {
    vec![photo(
        "b.jpg",
        &[("people", 0.9), ("beach", 0.7)],
        (0.85, 0.7, &["joyful", "vivid"]),
    )]
}

#[test]
fn music_fits_the_mood() {
    let catalog = catalog();
    let calm = ask(&calm(), &catalog, 0);
    assert_eq!(first(&calm), "lullaby.ogg");
    let party = ask(&party(), &catalog, 0);
    assert_eq!(first(&party), "sunny.ogg");
    for music in calm.music.iter().chain(&party.music) {
        assert!(!music.choice.reasons.is_empty());
        assert!(
            music
                .choice
                .reasons
                .iter()
                .all(|reason| reason.text.ends_with('.'))
        );
        assert!(music.choice.features.contains_key("mood_fits"));
        // From a downbeat past the quiet intro, brought to the loudness that was asked for.
        let audio = catalog
            .iter()
            .find(|track| track.id() == music.choice.id)
            .unwrap()
            .audio()
            .unwrap();
        assert!(
            audio
                .downbeats
                .iter()
                .any(|time| (time - music.start).abs() < 1e-3)
        );
        // It ends where a phrase or a bar does, at most a sixth early.
        let length = music.end - music.start;
        assert!(music.start >= 7.0 && (20.0 * 5.0 / 6.0 - 0.1..=20.1).contains(&length));
        assert_eq!(music.gain_db, 9.0);
    }
}

#[test]
fn a_sport_is_lively_however_small_its_players_are() {
    let tracks = vec![
        track("even.ogg", 110.0, (0.55, 0.4, "serious"), &[("rock", 0.6)]),
        track(
            "fast.ogg",
            150.0,
            (0.55, 0.8, "energetic"),
            &[("rock", 0.6)],
        ),
    ];
    let fit = |scene: &[(&str, f64)]| {
        let mut clip = made::film("court.mp4", (1280, 720), Rational::whole(25), &[200]);
        for shot in &mut clip.video.as_mut().unwrap().shots {
            shot.motion.energy = 0.35;
            shot.picture.scene = labels(scene);
            shot.picture.mood = Mood {
                valence: 0.55,
                arousal: 0.75,
                words: vec!["energetic".to_owned()],
            };
        }
        let answer = ask(&[clip], &tracks, 0);
        ["even.ogg", "fast.ogg"].map(|name| {
            let music = answer.music.iter().find(|music| music.path == name);
            music.unwrap().choice.features["energy_fits"]
        })
    };
    let [even, fast] = fit(&[("sport", 0.9)]);
    assert!(fast > even, "{even} {fast}");
    let [even, fast] = fit(&[("street", 0.9)]);
    assert!(even > fast, "{even} {fast}");
}

#[test]
fn singing_does_not_drown_speech() {
    let catalog = vec![
        track(
            "sung.ogg",
            118.0,
            (0.85, 0.65, "happy"),
            &[("vocals", 0.7), ("pop", 0.6)],
        ),
        track(
            "played.ogg",
            118.0,
            (0.8, 0.6, "happy"),
            &[("no vocals", 0.7), ("pop", 0.6)],
        ),
    ];
    let silent = party();
    let mut spoken = party();
    let mut audio = made::quiet(10.0);
    audio.speech.push(Span {
        start: 0.0,
        end: 9.0,
    });
    spoken[0].audio = Some(audio);
    spoken[0].file.kind = FileKind::Video;
    assert_eq!(first(&ask(&spoken, &catalog, 0)), "played.ogg");
    let code = |suggestions: &Suggestions| {
        suggestions
            .music
            .iter()
            .any(|music| music.choice.features.contains_key("vocals_leave_room"))
    };
    assert!(code(&ask(&spoken, &catalog, 0)));
    assert!(!code(&ask(&silent, &catalog, 0)));
}

#[test]
fn looks_fit_and_those_to_avoid_are_named() {
    let mut night = photo(
        "n.jpg",
        &[("night", 0.9), ("city", 0.8), ("dark", 0.7)],
        (0.4, 0.5, &["mysterious", "urban"]),
    );
    night.picture.as_mut().unwrap().luma = 0.14;
    let night = ask(&[night], &[], 0);
    assert_eq!(night.looks[0].id, "night-city", "{:?}", night.looks);
    assert!(
        night
            .abstained
            .iter()
            .any(|left| left.what == "look clean-bright")
    );
    assert!(night.abstained.iter().any(|left| left.what == "music"));
    let food = ask(
        &[photo(
            "f.jpg",
            &[("food", 0.9), ("indoor", 0.4)],
            (0.7, 0.4, &["fresh", "bright"]),
        )],
        &[],
        0,
    );
    assert_eq!(food.looks[0].id, "food-fresh", "{:?}", food.looks);
    assert!(
        food.looks
            .iter()
            .all(|look| look.score >= 0.5 && !look.reasons.is_empty())
    );
}

#[test]
fn the_same_request_gives_the_same_answer() {
    let mut files = calm();
    files.extend(party());
    let catalog = catalog();
    let text = |seed| serde_json::to_string(&ask(&files, &catalog, seed)).unwrap();
    assert_eq!(text(3), text(3));
    let again: Suggestions = serde_json::from_str(&text(3)).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), text(3));
}

#[test]
fn nothing_to_judge_is_no_error() {
    let nothing = ask(&[], &[], 0);
    assert!(nothing.music.is_empty() && nothing.looks.is_empty() && nothing.effects.is_empty());
    let what: Vec<&str> = nothing
        .abstained
        .iter()
        .map(|left| left.what.as_str())
        .collect();
    assert_eq!(what, ["music", "looks", "effects"]);
    // A sound recording alone still gets music, chosen by fewer terms.
    let mut recording = made::photo("voice.wav", 10, 10);
    recording.picture = None;
    recording.file.kind = FileKind::Audio;
    recording.audio = Some(made::quiet(10.0));
    let some = ask(&[recording], &catalog(), 0);
    assert!(some.music.iter().all(|music| music.choice.confidence < 0.6));
}

#[test]
fn photos_are_pushed_and_peaks_punched() {
    let mut film = made::film("clip.mp4", (1920, 1080), Rational::whole(25), &[250]);
    let shot = &mut film.video.as_mut().unwrap().shots[0];
    shot.motion.energy = 0.7;
    let mut moment = made::moment(2.0, 5.0, 0.8);
    moment.peak = Some(3.5);
    shot.moments.push(moment);
    let files = [photo("a.jpg", &[("people", 0.9)], (0.6, 0.4, &[])), film];
    let effects = ask(&files, &[], 0).effects;
    let ids: Vec<(&str, &str, Option<f64>)> = effects
        .iter()
        .map(|effect| (effect.choice.id.as_str(), effect.path.as_str(), effect.at))
        .collect();
    assert!(ids.contains(&("slow_push", "a.jpg", None)), "{ids:?}");
    assert!(
        ids.contains(&("punch_in", "clip.mp4", Some(3.5))),
        "{ids:?}"
    );
}

#[test]
fn effects_are_suggested_where_they_help_and_not_elsewhere() {
    let film = |change: fn(&mut Analysis)| {
        let mut film = made::film("clip.mp4", (1920, 1080), Rational::whole(50), &[250]);
        let shot = &mut film.video.as_mut().unwrap().shots[0];
        shot.motion.energy = 0.8;
        shot.motion.subject = 0.7;
        let mut moment = made::moment(2.0, 4.0, 0.8);
        moment.peak = Some(3.5);
        shot.moments.push(moment);
        change(&mut film);
        let effects = ask(&[film], &[], 0).effects;
        let mut ids: Vec<(String, Option<f64>)> = effects
            .into_iter()
            .filter(|effect| effect.choice.id != "punch_in")
            .inspect(|effect| assert!(!effect.choice.reasons.is_empty()))
            .map(|effect| (effect.choice.id, effect.at))
            .collect();
        ids.sort_by(|a, b| a.0.cmp(&b.0));
        ids
    };
    let slow = ("speed_ramp".to_owned(), Some(3.5));
    let blow = ("shake".to_owned(), Some(3.5));
    assert_eq!(film(|_| {}), [blow.clone(), slow.clone()]);
    // Speech must not be bent, nor shaken under.
    let spoken = film(|film| {
        let speech = vec![Span {
            start: 2.5,
            end: 3.0,
        }];
        film.audio = Some(AudioReport {
            speech,
            ..made::quiet(10.0)
        });
    });
    assert_eq!(spoken, []);
    let shaken = film(|film| film.video.as_mut().unwrap().shots[0].motion.shake = 0.8);
    assert_eq!(shaken, std::slice::from_ref(&slow));
    let lamps = film(|film| {
        let shot = &mut film.video.as_mut().unwrap().shots[0];
        (shot.picture.luma, shot.picture.clipping.high) = (0.12, 0.02);
    });
    assert_eq!(lamps, [("glow".to_owned(), Some(2.0)), blow, slow]);
    let calm = film(|film| {
        let shot = &mut film.video.as_mut().unwrap().shots[0];
        (shot.motion.energy, shot.motion.subject, shot.motion.pan) = (0.1, 0.0, 1.5);
    });
    assert_eq!(calm, [("whip".to_owned(), Some(5.0))]);
}
