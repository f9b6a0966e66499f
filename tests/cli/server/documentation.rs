//! The commands and programs of `docs/http.md` do what the page says.

use std::fs;
use std::process::Command;
use std::time::Duration;

use super::webhooks::receiver;
use crate::support::{Home, Service, media, root, skip};

/// The commands of the page that begin with `curl`.
fn commands() -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/http.md")).unwrap();
    let lines = page.lines().filter(|line| line.starts_with("curl "));
    lines.map(str::to_owned).collect()
}

/// The programs of the page, in order.
fn programs() -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/http.md")).unwrap();
    let begun = page.split("```python\n").skip(1);
    let whole = begun.map(|rest| rest.split_once("```\n").unwrap().0);
    whole.map(str::to_owned).collect()
}

/// What a program of Python prints; `None` where there is no Python.
fn python(program: &str, home: &Home, key: &str) -> Option<String> {
    let run = Command::new("python3")
        .args(["-c", program])
        .current_dir(home.path("."))
        .env("KEY", key)
        .output();
    let Ok(run) = run else {
        skip("there is no python3");
        return None;
    };
    let problem = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{problem}");
    Some(String::from_utf8(run.stdout).unwrap())
}

#[test]
fn the_programs_of_the_page_upload_a_photo_and_know_whose_a_message_is() {
    let home = Home::new();
    let service = Service::start(&home, &["--webhook-allow", "127.0.0.0/8"]);
    let (key, secret) = service.key("acme");
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    fs::write(home.path("photo.jpg"), &photo).unwrap();
    let programs = programs();
    let upload = programs[0].replace("127.0.0.1:8080", &service.address());
    let Some(told) = python(&upload, &home, &key) else {
        return;
    };
    assert_eq!(told, "screened pass\ndone \n");
    for (made, kind) in [("feed.jpg", &b"\xff\xd8"[..]), ("thumbnail.webp", b"RIFF")] {
        let bytes = fs::read(home.path(made)).unwrap();
        assert!(bytes.starts_with(kind) && bytes.len() > 1000, "{made}");
    }
    let (url, received) = receiver();
    service.job(&key, &photo, &[("preset", "photo-feed"), ("webhook", &url)]);
    let message = received.recv_timeout(Duration::from_secs(120)).unwrap();
    let is_genuine = |body: &str, secret: &str| {
        let headers = serde_json::json!({
            "webhook-id": message.id,
            "webhook-timestamp": message.timestamp,
            "webhook-signature": message.signature,
        });
        // JSON texts are texts of Python, too.
        let text = |it: &str| serde_json::to_string(it).unwrap();
        let ask = format!(
            "print(is_genuine({headers}, {}.encode(), {}))",
            text(body),
            text(secret)
        );
        python(&format!("{}{ask}", programs[1]), &home, &key).unwrap()
    };
    assert_eq!(is_genuine(&message.body, &secret), "True\n");
    assert_eq!(
        is_genuine(&message.body.replace("pass", "block"), &secret),
        "False\n"
    );
    let (_, other) = service.key("other");
    assert_eq!(is_genuine(&message.body, &other), "False\n");
}

#[test]
fn every_command_of_the_page_is_answered() {
    if Command::new("curl").arg("--version").output().is_err() {
        skip("there is no curl");
        return;
    }
    let home = Home::new();
    let store = home.path("store");
    fs::create_dir_all(store.join("2026/11")).unwrap();
    fs::copy(media("photos/dogs.jpg"), store.join("2026/11/photo.jpg")).unwrap();
    let place = format!("acme=file://{}", store.display());
    let service = Service::start(&home, &["--objects", &place]);
    let (key, _) = service.key("acme");
    fs::copy(media("photos/dogs.jpg"), home.path("photo.jpg")).unwrap();
    fs::copy(media("photos/cat.jpg"), home.path("other.jpg")).unwrap();
    let (mut jobs, mut entry) = (Vec::<String>::new(), String::new());
    let commands = commands();
    let routes = service.get("/v1/openapi.json", "").json();
    for path in routes["paths"].as_object().unwrap().keys() {
        // What follows a parameter is in the page as it stands.
        let parts: Vec<&str> = path.split(['{', '}']).step_by(2).collect();
        let is_shown = |command: &&String| {
            parts
                .iter()
                .try_fold(command.as_str(), |rest, part| {
                    rest.find(part).map(|at| &rest[at + part.len()..])
                })
                .is_some()
        };
        assert!(
            commands.iter().find(is_shown).is_some(),
            "no example of {path}"
        );
    }
    for command in commands {
        let job = |number: usize| jobs.get(number).map_or("", String::as_str);
        let line = command
            .replace("127.0.0.1:8080", &service.address())
            .replace("5f0c…", job(0))
            .replace("77ab…", job(1))
            .replace("91de…", &entry)
            .replacen("curl ", "curl -sS --fail-with-body ", 1);
        let run = Command::new("bash")
            .args(["-c", &line])
            .current_dir(home.path("."))
            .env("KEY", &key)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{command}: {text}");
        let answer = serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default();
        if let Some(id) = answer["ids"][0].as_str() {
            entry = id.to_owned();
        }
        if let Some(job) = answer["job"]
            .as_str()
            .filter(|_| answer["state"] == "queued")
        {
            let ended = service.ended(job, &key);
            assert_eq!(ended["state"], "done", "{command}: {ended}");
            jobs.push(job.to_owned());
        }
    }
    for made in ["preview.jpg", "film.mp4"] {
        assert!(
            fs::metadata(home.path(made)).unwrap().len() > 1000,
            "{made}"
        );
    }
}
