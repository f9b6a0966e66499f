//! Files that are named in a store instead of being sent.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{Answer, Home, Part, Service, media, skip};

fn named(service: &Service<'_>, key: &str, object: &str, more: &[(&str, &str)]) -> Answer {
    let mut parts = vec![Part::text("object", object)];
    parts.extend(more.iter().map(|(field, text)| Part::text(field, text)));
    if !more.iter().any(|(field, _)| *field == "preset") {
        parts.push(Part::text("preset", "any-media"));
    }
    service.form("POST /v1/uploads", key, &parts, &[])
}

/// The end of a job whose file was named.
fn done(service: &Service<'_>, key: &str, object: &str) -> serde_json::Value {
    let answer = named(service, key, object, &[]);
    assert_eq!(answer.status, 202, "{}", answer.head);
    let job = answer.json()["job"].as_str().unwrap().to_owned();
    let ended = service.ended(&job, key);
    assert_eq!(ended["state"], "done", "{ended}");
    service
        .get(&format!("/v1/results/{job}/ingested.json"), key)
        .json()
}

#[test]
fn a_file_in_a_folder_of_the_tenant_is_named_instead_of_sent() {
    let home = Home::new();
    let store = home.as_ref().join("store");
    fs::create_dir_all(store.join("acme/2026")).unwrap();
    let photo = media("photos/dogs.jpg");
    fs::copy(&photo, store.join("acme/2026/dogs and more.jpg")).unwrap();
    fs::copy(&photo, store.join("secret.jpg")).unwrap();
    fs::write(store.join("acme/empty.jpg"), "").unwrap();
    fs::write(store.join("acme/long.jpg"), vec![7; 3_000_000]).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.jpg", store.join("acme/link.jpg")).unwrap();
    let place = format!("acme=file://{}", store.join("acme").display());
    let service = Service::start(&home, &["--max-bytes", "2000000", "--objects", &place]);
    let (key, _) = service.key("acme");

    let ingested = done(&service, &key, "2026/dogs and more.jpg");
    let sum = blake3::hash(&fs::read(&photo).unwrap())
        .to_hex()
        .to_string();
    assert_eq!(ingested["blake3"], sum.as_str());
    assert_eq!(ingested["file"], "dogs_and_more.jpg");

    for (object, status, code) in [
        ("nothing.jpg", 422, "object_missing"),
        ("2026", 422, "object_missing"),
        ("link.jpg", 422, "object_missing"),
        ("../secret.jpg", 422, "usage"),
        ("2026/../../secret.jpg", 422, "usage"),
        ("2026//dogs and more.jpg", 422, "usage"),
        ("/", 422, "usage"),
        ("empty.jpg", 422, "usage"),
        ("long.jpg", 413, "limit"),
    ] {
        let answer = named(&service, &key, object, &[]);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, code),
            "{object}"
        );
    }
    let other = "0".repeat(64);
    let answer = named(
        &service,
        &key,
        "2026/dogs and more.jpg",
        &[("blake3", &other)],
    );
    assert_eq!((answer.status, answer.problem().as_str()), (422, "changed"));
    let both = [
        Part::text("preset", "any-media"),
        Part::text("object", "2026/dogs and more.jpg"),
        Part {
            field: "file",
            name: Some("a.jpg"),
            content: b"x".to_vec(),
        },
    ];
    let answer = service.form("POST /v1/uploads", &key, &both, &[]);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "usage"));
    // Nothing of what was refused is kept.
    let uploads = home.as_ref().join("service/uploads");
    service.until("no upload waits", |_| {
        fs::read_dir(&uploads).unwrap().count() == 0
    });

    let (stranger, _) = service.key("other");
    let answer = named(&service, &stranger, "2026/dogs and more.jpg", &[]);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (422, "no_store")
    );
}

/// A server of the S3 protocol, ended when it goes.
struct Bucket(Child);

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_file_in_a_bucket_is_named_instead_of_sent() {
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let started = Command::new("moto_server")
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(server) = started else {
        return skip("moto_server is not installed: no bucket is read");
    };
    let bucket = Bucket(server);
    let endpoint = format!("http://127.0.0.1:{port}");
    let photo = media("photos/dogs.jpg");
    put(&endpoint, "/uploads", None);
    put(&endpoint, "/uploads/acme/dogs.jpg", Some(&photo));
    put(&endpoint, "/uploads/secret.jpg", Some(&photo));

    let home = Home::new();
    let variables = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT", endpoint.as_str()),
    ];
    let places = [
        "--objects",
        "acme=s3://uploads/acme",
        "--objects",
        "away=s3://nowhere",
    ];
    let service = Service::start_with(&home, &places, &variables);
    let (key, _) = service.key("acme");
    let ingested = done(&service, &key, "dogs.jpg");
    let sum = blake3::hash(&fs::read(&photo).unwrap())
        .to_hex()
        .to_string();
    assert_eq!(ingested["blake3"], sum.as_str());
    let answer = named(&service, &key, "secret.jpg", &[]);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (422, "object_missing")
    );
    drop(bucket);
    let answer = named(&service, &key, "dogs.jpg", &[]);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (502, "store_unreachable")
    );
}

/// Makes a bucket, or a file in it. The server needs a moment to start.
fn put(endpoint: &str, path: &str, file: Option<&Path>) {
    let mut command = Command::new("curl");
    command.args(["--silent", "--fail", "--output", "/dev/null", "-X", "PUT"]);
    command.args(["-H", "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"]);
    if let Some(file) = file {
        command.arg("--upload-file").arg(file);
    }
    command.arg(format!("{endpoint}{path}"));
    for _ in 0..300 {
        if command.status().unwrap().success() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{path} cannot be stored");
}
