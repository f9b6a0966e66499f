//! Spans for a collector of OpenTelemetry.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::support::{Home, Service, media};

/// A collector: what was posted to it, each with the first line of the request.
struct Collector {
    url: String,
    posted: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Collector {
    fn start(listener: TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let posted: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let kept = posted.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let mut head = Vec::new();
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).unwrap();
                    match line.trim() {
                        "" => break,
                        line => head.push(line.to_lowercase()),
                    }
                }
                let length = head
                    .iter()
                    .find_map(|it| it.strip_prefix("content-length: "));
                let mut body = vec![0; length.unwrap().parse().unwrap()];
                stream.read_exact(&mut body).unwrap();
                assert!(
                    head.contains(&"content-type: application/json".to_owned()),
                    "{head:?}"
                );
                let document = serde_json::from_slice(&body).unwrap();
                // Before the answer: the service says at once that it was heard.
                kept.lock().unwrap().push((head[0].clone(), document));
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                stream.get_mut().write_all(answer).unwrap();
            }
        });
        Self { url, posted }
    }

    /// All spans so far.
    fn spans(&self) -> Vec<Value> {
        let posted = self.posted.lock().unwrap();
        let spans = posted.iter().flat_map(|(line, document)| {
            assert_eq!(line, "post /v1/traces http/1.1");
            let resource = &document["resourceSpans"][0];
            let name = &resource["resource"]["attributes"][0];
            assert_eq!(name["value"]["stringValue"], "tastemaker", "{resource}");
            resource["scopeSpans"][0]["spans"]
                .as_array()
                .unwrap()
                .clone()
        });
        spans.collect()
    }
}

fn attribute<'a>(span: &'a Value, key: &str) -> &'a Value {
    let attributes = span["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|it| it["key"] == key);
    found.map_or(&Value::Null, |it| &it["value"])
}

fn time(span: &Value, key: &str) -> u64 {
    span[key].as_str().unwrap().parse().unwrap()
}

#[test]
fn requests_and_jobs_are_traced_by_the_ids_of_the_log() {
    let home = Home::new();
    let collector = Collector::start(TcpListener::bind("127.0.0.1:0").unwrap());
    let service = Service::start(&home, &["--otlp", &collector.url]);
    let (key, _) = service.key("ada");
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    let answer = service.upload(&key, &photo, &[("preset", "any-media")], &[]);
    let job = answer.json()["job"].as_str().unwrap().to_owned();
    service.ended(&job, &key);
    let caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    service.request("GET /v1/looks", &key, &[("traceparent", caller)], b"");
    service.until("all spans came", |_| {
        let spans = collector.spans();
        let has = |name: &str| spans.iter().any(|it| it["name"] == name);
        has("ingest") && has("GET /v1/looks")
    });
    let spans = collector.spans();
    let named = |name: &str| spans.iter().find(|it| it["name"] == name).unwrap();
    // The job, and its parts one after the other.
    let whole = named("ingest");
    assert_eq!(
        (&whole["traceId"], &whole["parentSpanId"]),
        (&job.as_str().into(), &Value::Null)
    );
    assert_eq!(attribute(whole, "tastemaker.state")["stringValue"], "done");
    assert_eq!(attribute(whole, "tastemaker.tenant")["stringValue"], "ada");
    let mut before = time(whole, "startTimeUnixNano");
    for name in ["queued", "screening", "renditions"] {
        let part = named(name);
        assert_eq!(
            (&part["traceId"], &part["parentSpanId"]),
            (&whole["traceId"], &whole["spanId"])
        );
        assert_eq!(time(part, "startTimeUnixNano"), before, "{name}");
        before = time(part, "endTimeUnixNano");
    }
    assert_eq!(before, time(whole, "endTimeUnixNano"));
    assert!(before > time(whole, "startTimeUnixNano"));
    // The request that brought it, by the id of its answer.
    let upload = named("POST /v1/uploads");
    let id = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix("x-request-id: "));
    assert_eq!(upload["traceId"], id.unwrap().trim());
    assert!(service.log().contains(id.unwrap().trim()));
    let link = &upload["links"][0];
    assert_eq!(
        (&link["traceId"], &link["spanId"]),
        (&whole["traceId"], &whole["spanId"])
    );
    assert_eq!(
        attribute(upload, "http.response.status_code")["intValue"],
        "202"
    );
    assert_eq!(upload["kind"], 2);
    // A caller's own trace goes on.
    let looks = named("GET /v1/looks");
    assert_eq!(looks["traceId"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(looks["parentSpanId"], "b7ad6b7169203331");
    let ids: Vec<&Value> = spans.iter().map(|span| &span["spanId"]).collect();
    let mut unlike: Vec<String> = ids.iter().map(ToString::to_string).collect();
    unlike.sort();
    unlike.dedup();
    assert_eq!(unlike.len(), ids.len());
}

#[test]
fn a_collector_that_is_away_is_told_once_and_stops_nothing() {
    let home = Home::new();
    // An address of its own, so that no other test is given the port while the collector is away.
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    fs::write(
        home.path("service.toml"),
        format!("otlp = \"http://{address}\"\n"),
    )
    .unwrap();
    let settings = home.path("service.toml");
    let service = Service::start(&home, &["--settings", settings.to_str().unwrap()]);
    let (key, _) = service.key("ada");
    let is_away = |service: &Service<'_>| service.log().matches("is away").count();
    service.until("its absence is told", |service| is_away(service) == 1);
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    let job = service.job(&key, &photo, &[("preset", "any-media")]);
    assert_eq!(service.ended(&job, &key)["state"], "done");
    // Longer than spans are held back.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert_eq!(is_away(&service), 1, "{}", service.log());
    let collector = Collector::start(TcpListener::bind(address).unwrap());
    service.until("it is back", |service| {
        service.get("/healthz", "");
        service.log().contains("is back")
    });
    assert!(!collector.spans().is_empty());
    assert_eq!(is_away(&service), 1, "{}", service.log());
}
