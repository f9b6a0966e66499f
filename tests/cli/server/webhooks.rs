//! Webhooks: signed, in order, tried again with the same id, and never to where a redirect leads.

use std::fs;
use std::io::{BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::support::{Home, Service, media};

/// What a receiver was sent.
pub(super) struct Message {
    path: String,
    pub(super) id: String,
    pub(super) timestamp: String,
    pub(super) signature: String,
    pub(super) body: String,
}

/// Takes messages on this machine. The first one on `/fails` is answered with 500, those on `/moved` with a redirect.
pub(super) fn receiver() -> (String, mpsc::Receiver<Message>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut failed = false;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let message = read(&mut BufReader::new(&stream));
            let status = match message.path.as_str() {
                "/fails" if !failed => {
                    failed = true;
                    "500 No"
                }
                "/moved" => "302 Found\r\nLocation: /elsewhere",
                _ => "200 OK",
            };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    (url, receiver)
}

fn read(stream: &mut impl std::io::BufRead) -> Message {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let prefix = format!("{name}: ");
        let value = lines.iter().find_map(|line| line.strip_prefix(&prefix));
        value.unwrap_or_default().to_owned()
    };
    let mut body = vec![0; header("content-length").parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    Message {
        path: lines[0].split(' ').nth(1).unwrap().to_owned(),
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: String::from_utf8(body).unwrap(),
    }
}

fn is_signed(message: &Message, secret: &str) -> bool {
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{}", message.id, message.timestamp, message.body).as_bytes());
    message.signature == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[test]
fn webhooks_are_signed_come_in_order_and_come_again_after_a_failure() {
    let home = Home::new();
    let service = Service::start(&home, &["--webhook-allow", "127.0.0.0/8"]);
    let ((key, secret), (_, other)) = (service.key("ada"), service.key("bob"));
    let (url, received) = receiver();
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    let post = |path: &str| {
        let hook = format!("{url}{path}");
        service.job(&key, &photo, &[("preset", "any-media"), ("webhook", &hook)])
    };
    let next = || received.recv_timeout(Duration::from_secs(120)).unwrap();
    let kind = |message: &Message| {
        let body: Value = serde_json::from_str(&message.body).unwrap();
        body["type"].as_str().unwrap().to_owned()
    };
    // The verdict is refused once, and comes again with the same id before the end is told.
    let job = post("/fails");
    let messages = [next(), next(), next()];
    assert_eq!(
        messages.each_ref().map(kind),
        ["screened", "screened", "done"]
    );
    assert_eq!(messages[0].id, messages[1].id);
    assert_ne!(messages[1].id, messages[2].id);
    for message in &messages {
        assert!(is_signed(message, &secret) && !is_signed(message, &other));
        assert!(message.body.contains(&job));
    }
    service.until("the delivery is noted", |service| {
        service.get(&format!("/v1/jobs/{job}"), &key).json()["webhook"]["state"] == "delivered"
    });
    let moved = post("/moved");
    assert_eq!(next().path, "/moved");
    service.ended(&moved, &key);
    // Nothing followed it: the next message is the second attempt.
    assert_eq!(next().path, "/moved");
}

#[test]
fn a_preset_calls_back_where_an_upload_names_nobody() {
    let home = Home::new();
    let (url, received) = receiver();
    let text = format!(
        "schema = \"tastemaker.ingest/1\"\nname = \"Own\"\nsummary = \"Own\"\ntakes = [\"image\"]\n\
         analyses = [\"shots\"]\nwebhook = \"{url}/preset\"\n[screening]\nreview = 0.2\nblock = 0.8\n"
    );
    fs::write(home.path("own.toml"), text).unwrap();
    let service = Service::start(
        &home,
        &["--preset", "own.toml", "--webhook-allow", "127.0.0.0/8"],
    );
    let (key, secret) = service.key("ada");
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    let hook = format!("{url}/upload");
    let next = || received.recv_timeout(Duration::from_secs(120)).unwrap();
    let told = |fields: &[(&str, &str)]| {
        service.job(&key, &photo, fields);
        let messages = [next(), next()];
        assert!(messages.iter().all(|message| is_signed(message, &secret)));
        messages.map(|message| message.path)
    };
    assert_eq!(told(&[("preset", "own")]), ["/preset", "/preset"]);
    let named = [("preset", "own"), ("webhook", hook.as_str())];
    assert_eq!(told(&named), ["/upload", "/upload"]);
}
