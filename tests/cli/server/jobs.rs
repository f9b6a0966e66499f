//! Jobs: what becomes of an upload, whose it is, and that none is lost.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Home, Service, media};

fn photo() -> Vec<u8> {
    fs::read(media("photos/dogs.jpg")).unwrap()
}

/// The kinds of events of a job that has ended.
fn events(service: &Service<'_>, job: &str, key: &str) -> Vec<String> {
    let answer = service.get(&format!("/v1/jobs/{job}/events"), key);
    assert!(answer.head.contains("text/event-stream"), "{answer:?}");
    let text = String::from_utf8(answer.body).unwrap();
    let kinds = text.lines().filter_map(|line| line.strip_prefix("event: "));
    kinds.map(str::to_owned).collect()
}

/// Checks that the events of a job are what the OpenAPI document says of them.
fn check_events(service: &Service<'_>, job: &str, key: &str) {
    let document = service.get("/v1/openapi.json", key).json();
    let content = &document["paths"]["/v1/jobs/{job}/events"]["get"]["responses"]["200"]["content"];
    let schema = &content["text/event-stream"]["schema"];
    let text = service.get(&format!("/v1/jobs/{job}/events"), key).body;
    let text = String::from_utf8(text).unwrap();
    let blocks = text.split("\n\n").filter(|block| block.contains("data: "));
    for block in blocks {
        let fields = block.lines().filter_map(|line| line.split_once(": "));
        let event: BTreeMap<&str, &str> = fields.collect();
        let event = serde_json::json!(event);
        assert!(jsonschema::is_valid(schema, &event), "{event} {schema}");
        let told: serde_json::Value =
            serde_json::from_str(event["data"].as_str().unwrap()).unwrap();
        assert_eq!(
            (&told["type"], &told["job"]),
            (&event["event"], &job.into()),
            "{told}"
        );
    }
}

#[test]
fn an_upload_is_done_and_told_of_and_nobody_else_learns_of_it() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let fields = [("preset", "any-media"), ("creator", "one")];
    let job = service.job(&ada, &photo(), &fields);
    let done = service.ended(&job, &ada);
    assert_eq!(
        (&done["state"], &done["verdict"]),
        (&"done".into(), &"pass".into()),
        "{done}"
    );
    assert_eq!(events(&service, &job, &ada), ["screened", "done"]);
    check_events(&service, &job, &ada);
    let result = format!("/v1/results/{job}/ingested.json");
    let ingested = service.get(&result, &ada).json();
    assert_eq!(ingested["schema"], "tastemaker.ingested/1");
    assert_eq!(ingested["file"], "photo.jpg");
    assert_eq!(
        ingested["blake3"],
        blake3::hash(&photo()).to_hex().to_string()
    );
    assert_ne!(ingested["sandbox"]["posture"], "none");
    let preview = format!("/v1/results/{job}/preview.jpg");
    let whole = service.get(&preview, &ada);
    assert_eq!(
        whole.body.len() as u64,
        ingested["renditions"][0]["bytes"].as_u64().unwrap()
    );
    let part = service.request(
        &format!("GET {preview}"),
        &ada,
        &[("Range", "bytes=2-5")],
        b"",
    );
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[2..6]));
    let metrics = String::from_utf8(service.get("/metrics", "").body).unwrap();
    for counted in [
        "tastemaker_step_seconds_count{step=\"analysis\"} 1",
        "tastemaker_step_seconds_count{step=\"renditions\"} 1",
        "tastemaker_network_seconds_total{network=\"open-nsfw\"} 0.",
    ] {
        assert!(metrics.contains(counted), "{counted}: {metrics}");
    }
    // Another tenant, with the same file, has a job of its own and none of this one.
    for path in [
        format!("/v1/jobs/{job}"),
        format!("/v1/jobs/{job}/events"),
        result.clone(),
        preview,
    ] {
        assert_eq!(service.get(&path, &bob).problem(), "not_found", "{path}");
    }
    let decision = format!("/v1/jobs/{job}/decision");
    let overruling = "{\"verdict\": \"block\", \"reason\": \"not ours\"}";
    assert_eq!(service.post(&decision, &bob, overruling).status, 404);
    assert_eq!(service.delete(&format!("/v1/jobs/{job}"), &bob).status, 404);
    let theirs = service.job(&bob, &photo(), &fields);
    assert_ne!(theirs, job);
    service.ended(&theirs, &bob);
    // Erasing their creator leaves the other's, who has the same name.
    assert_eq!(service.delete("/v1/creators/one", &bob).status, 204);
    assert_eq!(service.get(&format!("/v1/jobs/{theirs}"), &bob).status, 404);
    let decided = service.post(&decision, &ada, overruling).json();
    assert_eq!(decided["decision"]["verdict"], "block");
    assert_eq!(service.delete(&format!("/v1/jobs/{job}"), &ada).status, 204);
    assert_eq!(service.get(&result, &ada).status, 404);
    // Nothing of either is left on the disk, and no key is anywhere.
    for folder in ["uploads", "results"] {
        let left = fs::read_dir(home.path("service").join(folder))
            .unwrap()
            .count();
        assert_eq!(left, 0, "{folder}");
    }
    // Nor is anything of it left with the processes that did the work.
    for process in fs::read_dir(home.path("service/scratch")).unwrap() {
        for folder in ["in", "out"] {
            let left = fs::read_dir(process.as_ref().unwrap().path().join(folder)).unwrap();
            assert_eq!(left.count(), 0, "{folder}");
        }
    }
    assert!(!service.log().contains(&ada), "{}", service.log());
}

#[test]
fn a_preset_of_ones_own_is_known_by_its_name() {
    let home = Home::new();
    let text = "schema = \"tastemaker.ingest/1\"\nname = \"Own\"\nsummary = \"Own\"\ntakes = [\"image\"]\n\
                analyses = [\"shots\"]\n[screening]\nreview = 0.2\nblock = 0.8\n[[renditions]]\nname = \"tiny\"\nlong_side = 64\n";
    fs::write(home.path("own.toml"), text).unwrap();
    let service = Service::start(&home, &["--preset", "own.toml"]);
    let (key, _) = service.key("ada");
    let listed = service.get("/v1/ingest-presets", &key).json();
    let version = blake3::hash(text.as_bytes()).to_hex().to_string();
    let own = listed["presets"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] == "own");
    assert_eq!(own.unwrap()["version"], version);
    let job = service.job(&key, &photo(), &[("preset", "own")]);
    assert_eq!(service.ended(&job, &key)["state"], "done");
    let tiny = service.get(&format!("/v1/results/{job}/tiny.jpg"), &key);
    assert_eq!(tiny.status, 200);
}

#[test]
fn a_job_that_a_person_has_to_look_at_says_why() {
    let home = Home::new();
    let text = "schema = \"tastemaker.ingest/1\"\nname = \"Strict\"\nsummary = \"Strict\"\ntakes = [\"image\"]\n\
                analyses = [\"shots\"]\n[screening]\nreview = 0.0\nblock = 1.0\n";
    fs::write(home.path("strict.toml"), text).unwrap();
    let service = Service::start(&home, &["--preset", "strict.toml"]);
    let (key, _) = service.key("ada");
    let reasons = |preset: &str| {
        let job = service.job(&key, &photo(), &[("preset", preset)]);
        let ended = service.ended(&job, &key);
        let told = service.get(&format!("/v1/jobs/{job}/events"), &key).body;
        let told = String::from_utf8(told).unwrap();
        let mut documents = told.lines().filter_map(|line| line.strip_prefix("data: "));
        let screened: serde_json::Value = serde_json::from_str(documents.next().unwrap()).unwrap();
        let of_the_job = ended.get("reasons").cloned();
        (of_the_job, screened["reasons"].clone())
    };
    let nudity = serde_json::json!(["nudity"]);
    assert_eq!(reasons("strict"), (Some(nudity.clone()), nudity.clone()));
    // Its results are those of the first.
    assert_eq!(reasons("strict"), (Some(nudity.clone()), nudity));
    assert_eq!(reasons("any-media"), (None, serde_json::json!([])));
}

#[test]
fn what_a_creator_liked_is_theirs_until_it_is_erased() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let ((ada, _), (bob, _)) = (service.key("ada"), service.key("bob"));
    let feedback = "{\"creator\": \"one\", \"accept\": [\"noir\"], \"reject\": [\"silver\"]}";
    let taste = service.post("/v1/feedback", &ada, feedback);
    assert_eq!(taste.json()["schema"], "tastemaker.taste/1");
    assert_eq!(service.get("/v1/profiles/one", &ada).json(), taste.json());
    assert_eq!(service.get("/v1/profiles/one", &bob).problem(), "nothing");
    let unknown = feedback.replace("noir", "no-such-look");
    let answer = service.post("/v1/feedback", &ada, &unknown);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (422, "unknown_name")
    );
    assert_eq!(service.delete("/v1/creators/one", &ada).status, 204);
    assert_eq!(service.get("/v1/profiles/one", &ada).status, 404);
}

#[test]
fn a_killed_service_loses_no_job_and_ends_none_twice() {
    let home = Home::new();
    let mut service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    let fields = [("preset", "any-media")];
    // Each is another file, so that each is worked on.
    let jobs: Vec<String> = (0..3_u8)
        .map(|number| service.job(&key, &[photo(), vec![number]].concat(), &fields))
        .collect();
    let again = [("Idempotency-Key", "fourth")];
    let fourth = service.upload(&key, &photo(), &fields, &again).json();
    service.until("work has begun", |service| {
        service.get(&format!("/v1/jobs/{}", jobs[0]), &key).json()["state"] != "queued"
    });
    service.kill_and_start();
    // Who got no answer asks again, and gets the same job.
    assert_eq!(
        service.upload(&key, &photo(), &fields, &again).json()["job"],
        fourth["job"]
    );
    let other = service.upload(&key, b"another file", &fields, &again);
    assert_eq!((other.status, other.problem().as_str()), (409, "conflict"));
    for job in &jobs {
        assert_eq!(service.ended(job, &key)["state"], "done");
        assert_eq!(events(&service, job, &key), ["screened", "done"]);
    }
    service.ended(fourth["job"].as_str().unwrap(), &key);
    // They go once the end is on record, so a moment after it is told.
    service.until("files of jobs that have ended are gone", |_| {
        let left = fs::read_dir(home.path("service/uploads")).unwrap();
        left.count() == 0
    });
}

#[test]
fn a_file_that_cannot_be_done_fails_with_a_code_and_the_next_is_done() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    for (file, preset, code) in [
        (&b"no picture at all"[..], "any-media", "unsupported"),
        (&photo()[..40], "any-media", "damaged"),
        (&photo()[..], "voice-note", "unsupported"),
    ] {
        let job = service.job(&key, file, &[("preset", preset)]);
        let failed = service.ended(&job, &key);
        assert_eq!(failed["state"], "failed", "{failed}");
        assert_eq!(failed["error"]["code"], code, "{failed}");
        assert_eq!(events(&service, &job, &key).last().unwrap(), "failed");
    }
    let job = service.job(&key, &photo(), &[("preset", "any-media")]);
    assert_eq!(service.ended(&job, &key)["state"], "done");
}
