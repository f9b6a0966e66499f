//! Requests that cannot be met: each is told why, and nothing of it is kept.

use std::fs;

use crate::support::{Home, Service, form, tastemaker};

#[test]
fn without_a_key_that_opens_nothing_is_answered() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    for path in ["/v1/looks", "/v1/jobs/x", "/v1/nothing", "/nothing"] {
        for wrong in ["", "x", &key[..key.len() - 1]] {
            let answer = service.get(path, wrong);
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (401, "unauthorized"),
                "{path}"
            );
            let head = answer.head.to_lowercase();
            assert!(head.contains("www-authenticate: bearer"), "{head}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_request_is_told_as_a_problem() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    let (deep, long) = ("[".repeat(5000), [b' '; 70_000]);
    let elsewhere = b"{\"creator\": \"../x\", \"accept\": [\"noir\"]}";
    for (line, body, status, code) in [
        ("GET /v1/nothing", &b""[..], 404, "not_found"),
        ("PUT /v1/uploads", b"", 405, "method_not_allowed"),
        ("POST /v1/uploads", b"{}", 400, "usage"),
        ("GET /v1/jobs/%ff", b"", 400, "usage"),
        ("GET /v1/jobs/..%2f..%2fservice.db", b"", 404, "not_found"),
        (
            "GET /v1/results/x/..%2f..%2fservice.db",
            b"",
            404,
            "not_found",
        ),
        ("POST /v1/feedback", b"", 400, "usage"),
        ("POST /v1/feedback", b"{\"creator\": ", 400, "usage"),
        ("POST /v1/feedback", deep.as_bytes(), 422, "usage"),
        ("POST /v1/feedback", b"{\"creator\": 7}", 422, "usage"),
        ("POST /v1/feedback", elsewhere, 422, "usage"),
        ("POST /v1/feedback", &long, 413, "limit"),
    ] {
        let answer = service.request(line, &key, &[("Content-Type", "application/json")], body);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, code),
            "{line}"
        );
    }
}

#[test]
fn an_upload_that_is_refused_leaves_nothing() {
    let home = Home::new();
    let service = Service::start(&home, &["--max-bytes", "3M"]);
    let (key, _) = service.key("ada");
    let (preset, large) = (("preset", "any-media"), vec![0; 3_500_000]);
    let (long, hash) = ("x".repeat(5000), "0".repeat(64));
    for (file, fields, status, code) in [
        (&b"x"[..], vec![], 422, "usage"),
        (b"", vec![preset], 422, "usage"),
        (b"x", vec![("preset", "no-such")], 422, "unknown_name"),
        (
            b"x",
            vec![("preset", "../any-media.toml")],
            422,
            "unknown_name",
        ),
        (b"x", vec![("preset", &long)], 413, "limit"),
        (b"x", vec![("preset", "a\0b")], 422, "usage"),
        (b"x", vec![preset, ("creator", "a/b")], 422, "usage"),
        (b"x", vec![preset, ("blake3", &hash)], 422, "changed"),
        (b"x", vec![preset, ("other", "x")], 422, "usage"),
        (
            b"x",
            vec![preset, ("webhook", "http://127.0.0.1:1/")],
            422,
            "webhook_not_public",
        ),
        (&large, vec![preset], 413, "limit"),
    ] {
        let answer = service.upload(&key, file, &fields, &[]);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, code),
            "{fields:?}"
        );
    }
    let answer = service.upload(&key, b"x", &[preset], &[("Idempotency-Key", &long)]);
    assert_eq!((answer.status, answer.problem().as_str()), (400, "usage"));
    let head = |length: usize| {
        format!(
            "POST /v1/uploads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: multipart/form-data; boundary=a-boundary-of-tests\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    // Refused by what is declared, before any of it was sent.
    assert_eq!(service.raw(head(1 << 40).as_bytes()).status, 413);
    let body = form(b"x", &[preset]);
    let longer = [head(body.len() / 2).as_bytes(), &body].concat();
    assert_eq!(
        service.raw(&longer).status,
        400,
        "more came than was declared"
    );
    let left = fs::read_dir(home.path("service/uploads")).unwrap().count();
    assert_eq!(left, 0, "files of uploads that were refused");
}

#[test]
fn a_full_queue_says_when_to_come_again() {
    let home = Home::new();
    let service = Service::start(&home, &["--max-queued", "2"]);
    let (key, _) = service.key("ada");
    let photo = fs::read(crate::support::media("photos/dogs.jpg")).unwrap();
    let answers: Vec<_> = (0..6)
        .map(|_| service.upload(&key, &photo, &[("preset", "any-media")], &[]))
        .collect();
    let shed = answers
        .iter()
        .find(|it| it.status == 429)
        .expect("more than it holds");
    assert_eq!(shed.problem(), "queue_full");
    assert!(
        shed.head.to_lowercase().contains("retry-after: "),
        "{shed:?}"
    );
    for taken in answers.iter().filter(|it| it.status == 202) {
        let job = taken.json()["job"].as_str().unwrap().to_owned();
        assert_eq!(service.ended(&job, &key)["state"], "done");
    }
    assert_eq!(
        service
            .upload(&key, &photo, &[("preset", "any-media")], &[])
            .status,
        202
    );
}

#[test]
fn the_document_describes_every_route_that_answers() {
    let home = Home::new();
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("ada");
    let document = service.get("/v1/openapi.json", "").json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 12);
    for (path, methods) in paths {
        let address = path
            .replace("{job}", "x")
            .replace("{file}", "x")
            .replace("{creator}", "x");
        for method in methods.as_object().unwrap().keys() {
            let answer = service.request(
                &format!("{} {address}", method.to_uppercase()),
                &key,
                &[],
                b"",
            );
            let is_there = answer.status != 405 && answer.status < 500;
            assert!(is_there, "{method} {path}: {answer:?}");
        }
    }
    // What is left out where it says nothing is not promised.
    let schemas = &document["components"]["schemas"];
    for (name, left_out) in [
        ("JobDocument", "preset"),
        ("JobDocument", "reused"),
        ("ListedTrack", "artist"),
    ] {
        let required = schemas[name]["required"].as_array().unwrap();
        assert!(!required.contains(&left_out.into()), "{name}: {left_out}");
    }
    let metrics = service.get("/metrics", "");
    let text = String::from_utf8(metrics.body).unwrap();
    assert!(text.contains("tastemaker_http_requests_total{"), "{text}");
    assert!(!text.contains(&key));
    let ready = service.get("/readyz", "").json();
    assert!(
        ready["models"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["intact"] == true)
    );
    let df = std::process::Command::new("df")
        .args(["--block-size=1", "--output=avail"])
        .arg(home.path("service"))
        .output();
    if let Ok(df) = df {
        let text = String::from_utf8(df.stdout).unwrap();
        let free: u64 = text.lines().last().unwrap().trim().parse().unwrap();
        let told = ready["disk_free"].as_u64().unwrap();
        // Other tests write meanwhile.
        assert!(told.abs_diff(free) < 4 << 30, "{told} and {free}");
    }
}

#[test]
fn a_service_that_others_reach_has_a_key_and_a_folder_of_its_own() {
    let home = Home::new();
    let open = ["serve", "--listen", "0.0.0.0:0", "--data", "service"];
    let run = tastemaker(&home).args(open).exits(2);
    assert!(run.stderr().contains("serve keys add"), "{}", run.stderr());
    let service = Service::start(&home, &[]);
    let second = ["serve", "--listen", "127.0.0.1:0", "--data", "service"];
    let run = tastemaker(&home).args(second).exits(2);
    assert!(run.stderr().contains("locked"), "{}", run.stderr());
    let (key, _) = service.key("ada");
    assert_eq!(service.get("/v1/looks", &key).status, 200);
    assert!(!service.log().contains("TLS"), "{}", service.log());
    let list = ["serve", "keys", "list", "--data", "service", "--json"];
    let entry = tastemaker(&home).args(list).exits(0).document();
    assert_eq!(entry["tenant"], "ada");
    let id = entry["id"].as_str().unwrap();
    let revoke = ["serve", "keys", "revoke", id, "--data", "service"];
    tastemaker(&home).args(revoke).exits(0);
    assert_eq!(service.get("/v1/looks", &key).status, 401);
    service.key("bob");
    drop(service);
    let service = Service::start(&home, &["--listen", "0.0.0.0:0"]);
    service.until("it says what is missing", |it| it.log().contains("TLS"));
}

#[test]
fn a_key_allows_what_its_scopes_say_and_a_link_one_file() {
    let home = Home::new();
    fs::write(
        home.path("own.toml"),
        "data = \"service\"\nmax_queued = 7\n",
    )
    .unwrap();
    let service = Service::start(&home, &["--settings", "own.toml"]);
    let (key, _) = service.key("ada");
    let words = "serve keys add ada --scope read --settings own.toml --json";
    let reader = tastemaker(&home).args(words.split(' ')).exits(0).document();
    assert_eq!(reader["scopes"][0], "read");
    let reader = reader["key"].as_str().unwrap();
    let photo = fs::read(crate::support::media("photos/dogs.jpg")).unwrap();
    let fields = [("preset", "any-media")];
    assert_eq!(
        service.upload(reader, &photo, &fields, &[]).problem(),
        "forbidden"
    );
    assert_eq!(
        service.delete("/v1/creators/one", reader).problem(),
        "forbidden"
    );
    assert_eq!(service.get("/v1/blocklists", reader).problem(), "forbidden");
    let job = service.job(&key, &photo, &fields);
    service.ended(&job, &key);
    assert_eq!(service.get(&format!("/v1/jobs/{job}"), reader).status, 200);
    let links = format!("/v1/jobs/{job}/links");
    let made = service
        .post(
            &links,
            reader,
            "{\"file\": \"preview.jpg\", \"seconds\": 1}",
        )
        .json();
    let url = made["url"].as_str().unwrap().to_owned();
    assert_eq!(service.get(&url, "").status, 200);
    assert_eq!(
        service
            .get(&url.replace("preview.jpg", "ingested.json"), "")
            .status,
        401
    );
    service.until("the link ended", |service| {
        service.get(&url, "").status == 403
    });
    assert_eq!(service.get(&url, "").problem(), "link_expired");
    for wrong in [
        "{\"file\": \"../service.db\"}",
        "{\"file\": \"preview.jpg\", \"seconds\": 0}",
    ] {
        assert_eq!(service.post(&links, &key, wrong).status, 422, "{wrong}");
    }
    // What is wrong in a file of settings is told with its line.
    fs::write(
        home.path("wrong.toml"),
        "data = \"service\"\ndeadline = 0\n",
    )
    .unwrap();
    let run = tastemaker(&home)
        .args(["serve", "--settings", "wrong.toml"])
        .exits(2);
    assert!(run.stderr().contains("wrong.toml:2"), "{}", run.stderr());
}
