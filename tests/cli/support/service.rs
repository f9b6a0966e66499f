//! A service under test, on a free port of this machine, and the requests that are made to it.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Home, tastemaker};

const BOUNDARY: &str = "a-boundary-of-tests";
/// A job of a test takes a second; a machine under load may take long.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running service. Dropping it kills it.
pub struct Service<'a> {
    home: &'a Home,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    process: Child,
    port: u16,
    log: Arc<Mutex<String>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of a problem document, which has to be one.
    #[track_caller]
    pub fn problem(&self) -> String {
        let kind = "content-type: application/problem+json";
        assert!(self.head.to_lowercase().contains(kind), "{self:?}");
        let document = self.json();
        assert_eq!(document["status"], self.status, "{document}");
        document["code"].as_str().expect("a code").to_owned()
    }
}

/// A field of a form.
pub struct Part<'a> {
    pub field: &'a str,
    /// Of a file.
    pub name: Option<&'a str>,
    pub content: Vec<u8>,
}

impl<'a> Part<'a> {
    pub fn text(field: &'a str, text: &str) -> Self {
        Self {
            field,
            name: None,
            content: text.into(),
        }
    }
}

fn form_of(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        let field = part.field;
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"");
        let name = part.name.map(|name| format!("; filename=\"{name}\""));
        body.extend(
            [head, name.unwrap_or_default(), "\r\n\r\n".into()]
                .concat()
                .bytes(),
        );
        body.extend(&part.content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

/// The body of an upload: fields, then the file.
pub fn form(file: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let texts = fields.iter().map(|(name, value)| Part::text(name, value));
    let mut parts: Vec<Part<'_>> = texts.collect();
    parts.push(Part {
        field: "file",
        name: Some("photo.jpg"),
        content: file.into(),
    });
    form_of(&parts)
}

/// Makes a key for a tenant of the service in `home`.
fn key(home: &Home, tenant: &str) -> Value {
    let arguments = [
        "serve", "keys", "add", tenant, "--data", "service", "--json",
    ];
    tastemaker(home).args(arguments).exits(0).document()
}

impl<'a> Service<'a> {
    /// Starts it with its data in `home`, and waits until it can do jobs.
    pub fn start(home: &'a Home, arguments: &[&str]) -> Self {
        Self::start_with(home, arguments, &[])
    }

    /// Starts it with these variables of the environment.
    pub fn start_with(home: &'a Home, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables: Vec<(String, String)> = variables.iter().map(owned).collect();
        let (process, port, log) = spawn(home, &arguments, &variables);
        let service = Self {
            home,
            arguments,
            variables,
            process,
            port,
            log,
        };
        service.until("it is ready", |service| {
            service.get("/readyz", "").status == 200
        });
        service
    }

    /// A key of `tenant`, and the secret of its webhooks.
    pub fn key(&self, tenant: &str) -> (String, String) {
        let document = key(self.home, tenant);
        let word = |name: &str| document[name].as_str().expect("a word").to_owned();
        (word("key"), word("webhook_secret"))
    }

    /// Kills it as a power cut would, and starts it again.
    pub fn kill_and_start(&mut self) {
        self.process.kill().expect("it ran");
        self.process.wait().expect("it ended");
        let (process, port, log) = spawn(self.home, &self.arguments, &self.variables);
        (self.process, self.port, self.log) = (process, port, log);
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What it said on stderr so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub fn get(&self, path: &str, key: &str) -> Answer {
        self.request(&format!("GET {path}"), key, &[], b"")
    }

    pub fn delete(&self, path: &str, key: &str) -> Answer {
        self.request(&format!("DELETE {path}"), key, &[], b"")
    }

    pub fn post(&self, path: &str, key: &str, document: &str) -> Answer {
        let kind = [("Content-Type", "application/json")];
        self.request(&format!("POST {path}"), key, &kind, document.as_bytes())
    }

    /// Posts a file.
    pub fn upload(
        &self,
        key: &str,
        file: &[u8],
        fields: &[(&str, &str)],
        more: &[(&str, &str)],
    ) -> Answer {
        self.multipart("POST /v1/uploads", key, more, &form(file, fields))
    }

    /// Posts a form of several files.
    pub fn form(&self, line: &str, key: &str, parts: &[Part<'_>], more: &[(&str, &str)]) -> Answer {
        self.multipart(line, key, more, &form_of(parts))
    }

    fn multipart(&self, line: &str, key: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [&[("Content-Type", kind.as_str())], more].concat();
        self.request(line, key, &headers, body)
    }

    /// Posts a file that is taken; gives its job.
    #[track_caller]
    pub fn job(&self, key: &str, file: &[u8], fields: &[(&str, &str)]) -> String {
        let answer = self.upload(key, file, fields, &[]);
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.json()["job"].as_str().expect("a job").to_owned()
    }

    /// Waits until a job has ended; gives its document.
    pub fn ended(&self, job: &str, key: &str) -> Value {
        let path = format!("/v1/jobs/{job}");
        self.until("the job ended", |service| {
            let state = service.get(&path, key).json()["state"].clone();
            state != "queued" && state != "running"
        });
        self.get(&path, key).json()
    }

    /// `line` is a method and a path.
    pub fn request(&self, line: &str, key: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if !key.is_empty() {
            write!(head, "Authorization: Bearer {key}\r\n").unwrap();
        }
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(head, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// Sends these bytes, and reads to the end. A status of 0: it was closed without a word.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // It may answer and close before all is sent.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let split = answer.windows(4).position(|it| it == b"\r\n\r\n");
        let split = split.map_or(answer.len(), |at| at + 4);
        let head = String::from_utf8_lossy(&answer[..split]).into_owned();
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        let is_chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        let body = &answer[split..];
        Answer {
            status: status.unwrap_or(0),
            body: if is_chunked {
                dechunked(body)
            } else {
                body.to_vec()
            },
            head,
        }
    }

    /// Waits until `holds`; fails the test where it does not come to that.
    #[track_caller]
    pub fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < end, "not in time: {what}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Service<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(
    home: &Home,
    arguments: &[String],
    variables: &[(String, String)],
) -> (Child, u16, Arc<Mutex<String>>) {
    let mut program = tastemaker(home);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    let is_told = arguments.iter().any(|argument| argument == "--listen");
    let here = ["--listen", "127.0.0.1:0"];
    let mut process = program
        .args(["serve", "--data", "service", "--jobs", "1"])
        .args(here.iter().filter(|_| !is_told))
        .args(arguments)
        .spawn_talking();
    let mut lines = BufReader::new(process.stderr.take().expect("stderr")).lines();
    let log = Arc::new(Mutex::new(String::new()));
    let port = loop {
        let line = lines
            .next()
            .expect("it says where it listens")
            .expect("text");
        let document: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        if document["message"] == "listening" {
            let address = document["address"].as_str().expect("an address");
            break address.rsplit(':').next().unwrap().parse().expect("a port");
        }
    };
    let kept = log.clone();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let mut log = kept.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
    (process, port, log)
}

fn dechunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|it| it == b"\r\n") {
        let size = std::str::from_utf8(&body[..end]).unwrap_or_default();
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        let Some(chunk) = body
            .get(end + 2..end + 2 + size)
            .filter(|it| !it.is_empty())
        else {
            break;
        };
        whole.extend_from_slice(chunk);
        body = body.get(end + 4 + size..).unwrap_or_default();
    }
    whole
}
