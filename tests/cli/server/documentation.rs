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
    let service = Service::start(&home, &[]);
    let (key, _) = service.key("acme");
    fs::copy(media("photos/dogs.jpg"), home.path("photo.jpg")).unwrap();
    let mut job = String::new();
    let commands = commands();
    assert_eq!(commands.len(), 5, "{commands:?}");
    for command in commands {
        let line = command
            .replace("127.0.0.1:8080", &service.address())
            .replace("5f0c…", &job)
            .replacen("curl ", "curl -sS --fail-with-body ", 1);
        let run = Command::new("bash")
            .args(["-c", &line])
            .current_dir(home.path("."))
            .env("KEY", &key)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{command}: {text}");
        if job.is_empty() {
            let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
            job = answer["job"].as_str().expect("a job").to_owned();
            service.ended(&job, &key);
        }
    }
    assert!(fs::metadata(home.path("preview.jpg")).unwrap().len() > 1000);
}
