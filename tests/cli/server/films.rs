//! Suggestions, films and the catalog over HTTP: what they answer, and whose they are.

use std::fs;

use serde_json::Value;

use crate::support::{Home, Part, Service, ffmpeg, media, tastemaker};

fn file<'a>(field: &'a str, name: &'a str, path: &str) -> Part<'a> {
    Part {
        field,
        name: Some(name),
        content: fs::read(media(path)).unwrap(),
    }
}

#[test]
fn files_become_a_film_that_is_nobody_elses() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let tone = "aevalsrc=sin(440*t)*lt(mod(t\\,0.5)\\,0.1):d=4";
    let track = ffmpeg().source(tone).writes(home.path("track.wav"));
    let parts = [
        file("file", "photo.jpg", "photos/dogs.jpg"),
        file("file", "../photo.jpg", "photos/cat.jpg"),
        file("file", "notes.txt", "music/tracks.toml"),
        Part {
            field: "music",
            name: Some("track.wav"),
            content: fs::read(track).unwrap(),
        },
        Part::text("length", "2"),
        Part::text("platform", "instagram-reels"),
        Part::text("framing", "still"),
        Part::text("curious", "true"),
        Part::text("creator", "one"),
    ];
    let answer = service.form("POST /v1/edit", &ada, &parts, &[]);
    assert_eq!(answer.status, 202, "{answer:?}");
    let job = answer.json()["job"].as_str().unwrap().to_owned();
    let done = service.ended(&job, &ada);
    assert_eq!(
        (&done["state"], &done["work"]),
        (&"done".into(), &"edit".into()),
        "{done}"
    );
    let edited = service.get(done["result"].as_str().unwrap(), &ada).json();
    assert_eq!(edited["schema"], "tastemaker.edited/1");
    assert_ne!(edited["sandbox"]["posture"], "none");
    assert_eq!(edited["failed"][0]["file"], "notes.txt", "{edited}");
    let path = |name: &str| format!("/v1/results/{job}/{name}");
    let film = service.get(&path("film.mp4"), &ada);
    assert_eq!(
        film.body.len() as u64,
        edited["film"]["bytes"].as_u64().unwrap()
    );
    let plan = service.get(&path("film.mp4.plan.json"), &ada).json();
    let sources: Vec<&str> = plan["sources"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["path"].as_str())
        .collect();
    assert!(sources.contains(&"track.wav"), "{sources:?}");
    let sent = ["photo.jpg", "2-photo.jpg", "track.wav"];
    assert!(
        sources.iter().all(|name| sent.contains(name)),
        "{sources:?}"
    );
    assert_eq!(service.get(&path("film.mp4"), &bob).status, 404);
    assert_eq!(service.delete("/v1/creators/one", &ada).status, 204);
    assert_eq!(service.get(&path("film.mp4"), &ada).status, 404);
    assert_eq!(
        fs::read_dir(home.path("service/uploads")).unwrap().count(),
        0
    );
}

#[test]
fn what_cannot_be_a_film_is_refused_and_leaves_nothing() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    let photo = || file("file", "photo.jpg", "photos/dogs.jpg");
    let with = |name: &'static str, value: &'static str| vec![photo(), Part::text(name, value)];
    for (parts, code) in [
        (vec![Part::text("length", "5")], "usage"),
        (
            vec![file("file", "x.plan.json", "photos/dogs.jpg")],
            "usage",
        ),
        (with("style", "no-such"), "unknown_name"),
        (with("platform", "no-such"), "unknown_name"),
        (with("look", "../../looks/own.toml"), "unknown_name"),
        (with("captions", "no-such"), "unknown_name"),
        (with("framing", "no-such"), "unknown_name"),
        (with("curious", "maybe"), "usage"),
        (with("aspect", "9x16"), "usage"),
        (with("length", "-3"), "usage"),
        (with("length", "NaN"), "usage"),
        (with("seed", "x"), "usage"),
        (with("other", "x"), "usage"),
    ] {
        let answer = service.form("POST /v1/edit", &key, &parts, &[]);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (422, code),
            "{answer:?}"
        );
    }
    assert_eq!(
        fs::read_dir(home.path("service/uploads")).unwrap().count(),
        0
    );
}

#[test]
fn suggestions_and_tracks_come_from_what_is_the_tenants() {
    let home = Home::new();
    let add = ["music", "--catalog", "service/catalogs/ada.catalog", "add"];
    let track = media("music/night.ogg");
    tastemaker(&home).args(add).arg(&track).exits(0);
    let service = Service::start(&home, &[]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let search = "/v1/catalog/search?q=dark+electronic&count=3";
    let found = service.get(search, &ada).json();
    assert_eq!(found["tracks"].as_array().unwrap().len(), 1, "{found}");
    assert!(!found.to_string().contains("night.ogg"), "{found}");
    let none = service.get(search, &bob).json();
    assert_eq!(none["tracks"].as_array().unwrap().len(), 0, "{none}");
    for (path, code) in [
        ("/v1/catalog/search?count=0", "usage"),
        ("/v1/catalog/search?q=x&use=no-such-use", "usage"),
    ] {
        let answer = service.get(path, &ada);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (422, code),
            "{answer:?}"
        );
    }
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    let job = service.job(&ada, &photo, &[("preset", "photo-feed")]);
    service.ended(&job, &ada);
    let wish = format!(
        "{{\"jobs\": [\"{job}\"], \"words\": \"calm night\", \"creator\": \"one\", \"curious\": true, \"count\": 2}}"
    );
    let suggested = service.post("/v1/suggest", &ada, &wish);
    assert_eq!(suggested.status, 200, "{suggested:?}");
    let suggested = suggested.json();
    assert_eq!(suggested["schema"], "tastemaker.suggestions/1");
    assert_eq!(
        suggested["looks"].as_array().unwrap().len(),
        2,
        "{suggested}"
    );
    assert_eq!(suggested["music"][0]["path"], "night.ogg", "{suggested}");
    let answer = service.post("/v1/suggest", &bob, &wish);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (422, "unknown_name")
    );
    let alone = service
        .post("/v1/suggest", &bob, "{\"words\": \"calm night\"}")
        .json();
    assert_eq!(alone["music"].as_array().unwrap().len(), 0, "{alone}");
    for wrong in [
        "{}",
        "{\"words\": \"x\", \"platform\": \"no-such\"}",
        "{\"words\": \"x\", \"count\": 0}",
        "{\"words\": \"x\", \"curious\": \"often\"}",
    ] {
        assert_eq!(
            service.post("/v1/suggest", &ada, wrong).status,
            422,
            "{wrong}"
        );
    }
}

#[test]
fn a_preset_suggests_music_of_the_tenants_catalog_by_the_creators_taste() {
    let home = Home::new();
    let add = ["music", "--catalog", "service/catalogs/ada.catalog", "add"];
    tastemaker(&home)
        .args(add)
        .arg(media("music/night.ogg"))
        .exits(0);
    let text = "schema = \"tastemaker.ingest/1\"\nname = \"Own\"\nsummary = \"Own\"\ntakes = [\"image\"]\n\
                [screening]\nreview = 0.9\nblock = 0.9\n[suggestions]\nlooks = 2\nmusic = 2\n";
    fs::write(home.path("own.toml"), text).unwrap();
    let service = Service::start(&home, &["--preset", "own.toml"]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let photo = fs::read(media("photos/sunset.jpg")).unwrap();
    let ingested = |key: &str, creator: &str| {
        let job = service.job(key, &photo, &[("preset", "own"), ("creator", creator)]);
        let ended = service.ended(&job, key);
        let document = service.get(ended["result"].as_str().unwrap(), key).json();
        (ended["reused"] == true, document)
    };
    let tracks = |document: &Value| {
        let music = document["suggestions"]["music"].as_array().unwrap();
        music
            .iter()
            .map(|it| it["path"].clone())
            .collect::<Vec<_>>()
    };
    let (_, first) = ingested(&ada, "one");
    assert_eq!(tracks(&first), ["night.ogg"], "{first}");
    assert!(first["provenance"].get("profile").is_none(), "{first}");
    assert!(tracks(&ingested(&bob, "one").1).is_empty());
    // What is in the catalog meanwhile is suggested, though nothing is looked at again.
    tastemaker(&home)
        .args(add)
        .arg(media("music/theme.ogg"))
        .exits(0);
    let (reused, again) = ingested(&ada, "one");
    assert!(reused, "{again}");
    assert!(tracks(&again).contains(&"theme.ogg".into()), "{again}");
    assert_eq!(again["suggestions"]["looks"], first["suggestions"]["looks"]);
    // A taste that is known is another result, of this creator alone.
    let taste = "{\"creator\": \"one\", \"accept\": [\"noir\"], \"reject\": [\"silver\"]}";
    assert_eq!(service.post("/v1/feedback", &ada, taste).status, 200);
    let (reused, tasted) = ingested(&ada, "one");
    assert!(!reused, "{tasted}");
    let profile = fs::read(home.path("service/profiles/ada/one.json")).unwrap();
    let version = blake3::hash(&profile).to_hex().to_string();
    assert_eq!(tasted["provenance"]["profile"], version);
    assert!(
        ingested(&ada, "two").0,
        "nothing is known of the other creator"
    );
    assert!(ingested(&ada, "one").0);
}
