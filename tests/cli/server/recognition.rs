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
