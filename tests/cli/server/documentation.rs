//! The commands of `docs/http.md` do what the page says.

use std::fs;
use std::process::Command;

use crate::support::{Home, Service, media, root, skip};

/// The commands of the page that begin with `curl`.
fn commands() -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/http.md")).unwrap();
    let lines = page.lines().filter(|line| line.starts_with("curl "));
    lines.map(str::to_owned).collect()
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
