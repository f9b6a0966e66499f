//! What uploads are recognized as, and results that are there already.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Home, Service, ffmpeg, media};

/// The document of an upload that is done.
fn ingested(service: &Service<'_>, key: &str, file: &[u8]) -> (Value, Value) {
    let job = service.job(key, file, &[("preset", "any-media")]);
    let ended = service.ended(&job, key);
    assert_eq!(ended["state"], "done", "{ended}");
    let result = ended["result"].as_str().unwrap();
    (ended.clone(), service.get(result, key).json())
}

#[test]
fn the_same_file_costs_nothing_the_second_time_and_tells_nobody_else() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    let (first, made) = ingested(&service, &ada, &photo);
    let (again, same) = ingested(&service, &ada, &photo);
    assert_eq!(
        (&first["reused"], &again["reused"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(same["renditions"], made["renditions"]);
    assert_eq!(
        same["screening"]["evidence"][0]["of"], first["id"],
        "{same}"
    );
    let (theirs, _) = ingested(&service, &bob, &photo);
    assert_eq!(theirs["reused"], Value::Null, "{theirs}");
    // Each has results of its own.
    let path = |job: &Value, name: &str| format!("/v1/{name}/{}", job["id"].as_str().unwrap());
    assert_eq!(service.delete(&path(&first, "jobs"), &ada).status, 204);
    let preview = format!("{}/preview.jpg", path(&again, "results"));
    assert_eq!(service.get(&preview, &ada).status, 200);
    let metrics = String::from_utf8(service.get("/metrics", "").body).unwrap();
    assert!(
        metrics.contains("tastemaker_results_reused_total 1"),
        "{metrics}"
    );
}

#[test]
fn copies_of_what_is_listed_are_blocked_for_who_listed_it() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    let (first, _) = ingested(&service, &ada, &photo);
    let wish = json!({"entries": [{"job": first["id"], "note": "not here"}]}).to_string();
    assert_eq!(
        service.post("/v1/blocklists", &bob, &wish).problem(),
        "unknown_name"
    );
    let listed = service.post("/v1/blocklists", &ada, &wish).json();
    assert_eq!(listed["ids"].as_array().unwrap().len(), 3, "{listed}");
    let smaller = ffmpeg()
        .input(media("photos/dogs.jpg"))
        .args(["-vf", "scale=500:-2", "-q:v", "12"])
        .writes(home.path("copy.jpg"));
    let copy = fs::read(smaller).unwrap();
    let (blocked, document) = ingested(&service, &ada, &copy);
    assert_eq!(blocked["verdict"], "block", "{document}");
    let evidence = &document["screening"]["evidence"][0];
    assert_eq!(
        (&evidence["kind"], &evidence["by"]),
        (&json!("listed"), &json!("pdq"))
    );
    assert_eq!(evidence["text"], "not here");
    assert!(evidence["distance"].as_u64().unwrap() <= 31);
    assert_eq!(document["renditions"], json!([]));
    // The same bytes again are looked at anew, for they are listed.
    let (again, _) = ingested(&service, &ada, &photo);
    assert_eq!(
        (&again["verdict"], &again["reused"]),
        (&json!("block"), &Value::Null)
    );
    let (theirs, _) = ingested(&service, &bob, &copy);
    assert_eq!(theirs["verdict"], "pass");
    let page = service.get("/v1/blocklists?count=2", &ada).json();
    assert_eq!(page["entries"].as_array().unwrap().len(), 2);
    let rest = service
        .get(&format!("/v1/blocklists?after={}", page["next"]), &ada)
        .json();
    assert_eq!(
        (rest["entries"].as_array().unwrap().len(), &rest["next"]),
        (1, &Value::Null)
    );
    for id in listed["ids"].as_array().unwrap() {
        let path = format!("/v1/blocklists/{}", id.as_str().unwrap());
        assert_eq!(service.delete(&path, &bob).problem(), "not_found");
        assert_eq!(service.delete(&path, &ada).status, 204);
    }
    let (passed, document) = ingested(&service, &ada, &copy);
    assert_eq!(passed["verdict"], "pass", "{document}");
    assert_eq!(
        document["screening"]["evidence"][0]["kind"],
        "near_duplicate"
    );
}

#[test]
fn what_is_no_entry_is_refused() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    for wrong in [
        "{}",
        "{\"entries\": []}",
        "{\"entries\": [{}]}",
        "{\"entries\": [{\"pdq\": \"12\"}]}",
        "{\"entries\": [{\"dct\": \"00112233445566zz\"}]}",
        "{\"entries\": [{\"chromaprint\": \"no fingerprint\"}]}",
        // Ten items of the same value.
        "{\"entries\": [{\"chromaprint\": \"AQAACgEAAAAA\"}]}",
        "{\"entries\": [{\"dct\": \"0011223344556677\", \"job\": \"x\"}]}",
        "{\"entries\": [{\"dct\": \"0011223344556677\", \"verdict\": \"no\"}]}",
    ] {
        let answer = service.post("/v1/blocklists", &key, wrong);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (422, "usage"),
            "{wrong}"
        );
    }
    let added = service
        .post(
            "/v1/blocklists",
            &key,
            "{\"entries\": [{\"dct\": \"0011223344556677\"}]}",
        )
        .json();
    let twice = service
        .post(
            "/v1/blocklists",
            &key,
            "{\"entries\": [{\"dct\": \"0011223344556677\"}]}",
        )
        .json();
    assert_eq!(added["ids"], twice["ids"]);
}

#[test]
fn listed_sounds_are_recognized_in_copies_and_in_clips() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let theme = fs::read(media("music/theme.ogg")).unwrap();
    let (first, _) = ingested(&service, &ada, &theme);
    let wish = json!({"entries": [{"job": first["id"], "note": "not ours"}]}).to_string();
    let listed = service.post("/v1/blocklists", &ada, &wish).json();
    assert_eq!(listed["ids"].as_array().unwrap().len(), 2, "{listed}");
    let by_sound = |document: &Value| {
        let evidence = document["screening"]["evidence"].as_array().unwrap();
        let mut found = evidence.iter().filter(|it| it["by"] == "sound");
        found.next().cloned().unwrap_or_default()
    };
    let copy = ffmpeg()
        .input(media("music/theme.ogg"))
        .words("-af volume=-6dB -b:a 64k")
        .writes(home.path("copy.mp3"));
    let copy = fs::read(copy).unwrap();
    let (blocked, document) = ingested(&service, &ada, &copy);
    assert_eq!(
        (&blocked["verdict"], &blocked["reasons"]),
        (&json!("block"), &json!(["listed"])),
        "{document}"
    );
    let evidence = by_sound(&document);
    assert_eq!(
        (&evidence["kind"], &evidence["text"]),
        (&json!("listed"), &json!("not ours"))
    );
    assert!(evidence["at"].as_f64().unwrap() < 2.0, "{evidence}");
    assert!(evidence["end"].as_f64().unwrap() > 42.0, "{evidence}");
    assert!(evidence["score"].as_f64().unwrap() > 0.9, "{evidence}");
    // Fifteen seconds from the middle, after five of another one, under a picture.
    let clip = ffmpeg()
        .source("testsrc2=size=320x240:rate=10:duration=20")
        .input(media("music/night.ogg"))
        .input(media("music/theme.ogg"))
        .arg("-filter_complex")
        .arg("[1:a]atrim=0:5[a];[2:a]atrim=20:35,asetpts=PTS-STARTPTS[b];[a][b]concat=n=2:v=0:a=1[s]")
        .words("-map 0:v -map [s] -c:a aac -b:a 96k")
        .writes(home.path("clip.mp4"));
    let clip = fs::read(clip).unwrap();
    let (blocked, document) = ingested(&service, &ada, &clip);
    assert_eq!(blocked["verdict"], "block", "{document}");
    let evidence = by_sound(&document);
    let seconds = |key: &str| evidence[key].as_f64().unwrap();
    // It is told from where half of a window is the same.
    assert!((1.5..8.0).contains(&seconds("at")), "{evidence}");
    assert!((17.0..20.5).contains(&seconds("end")), "{evidence}");
    let (theirs, document) = ingested(&service, &bob, &clip);
    assert_eq!(theirs["verdict"], "pass", "{document}");
    // The list as another one gets it.
    let page = service.get("/v1/blocklists", &ada).json();
    let entries = page["entries"].as_array().unwrap();
    let sound = entries.iter().find(|it| it["kind"] == "sound").unwrap();
    let wish = json!({"entries": [{"chromaprint": sound["hash"], "verdict": "review"}]});
    let added = service.post("/v1/blocklists", &bob, &wish.to_string());
    assert_eq!(added.json()["ids"].as_array().unwrap().len(), 1);
    let (theirs, document) = ingested(&service, &bob, &copy);
    assert_eq!(theirs["verdict"], "review", "{document}");
    assert_eq!(by_sound(&document)["kind"], "listed");
    for id in listed["ids"].as_array().unwrap() {
        let path = format!("/v1/blocklists/{}", id.as_str().unwrap());
        assert_eq!(service.delete(&path, &ada).status, 204);
    }
    // The same song makes a sound a copy, and a clip not.
    let (passed, document) = ingested(&service, &ada, &copy);
    assert_eq!(passed["verdict"], "pass", "{document}");
    let again = ffmpeg()
        .input(home.path("copy.mp3"))
        .words("-ss 7 -t 20 -c:a flac")
        .writes(home.path("again.flac"));
    let (_, document) = ingested(&service, &ada, &fs::read(again).unwrap());
    assert_eq!(by_sound(&document)["kind"], "near_duplicate", "{document}");
    let (_, document) = ingested(&service, &ada, &clip);
    let evidence = document["screening"]["evidence"].as_array().unwrap();
    assert!(evidence.iter().all(|it| it["by"] != "sound"), "{document}");
}

#[test]
fn silence_noise_and_hums_are_nobodys_copies() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    let sounds = [
        "anullsrc=d=15",
        "anullsrc=d=20",
        "anoisesrc=d=15:seed=1:a=0.2",
        "anoisesrc=d=15:seed=2:a=0.2",
        "anoisesrc=d=15:c=pink:seed=3:a=0.2",
        "anoisesrc=d=15:c=pink:seed=4:a=0.2",
        "sine=f=100:d=15",
        "sine=f=100:d=20",
        "aevalsrc=0.3*sin(2*PI*50*t)+0.1*sin(2*PI*150*t)+0.01*random(1):d=15",
        "aevalsrc=0.2*sin(2*PI*50*t)+0.1*sin(2*PI*150*t)+0.01*random(2):d=16",
    ];
    let path = home.path("sound.flac");
    for (number, source) in sounds.iter().enumerate() {
        let sound = ffmpeg().source(source).arg("-y").writes(&path);
        let (ended, document) = ingested(&service, &key, &fs::read(sound).unwrap());
        let evidence = document["screening"]["evidence"].as_array().unwrap();
        assert!(evidence.iter().all(|it| it["by"] != "sound"), "{document}");
        if number == 0 {
            // Its bytes alone are listed.
            let wish = json!({"entries": [{"job": ended["id"]}]}).to_string();
            let listed = service.post("/v1/blocklists", &key, &wish).json();
            assert_eq!(listed["ids"].as_array().unwrap().len(), 1);
        }
    }
}
