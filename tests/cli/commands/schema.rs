//! JSON Schemas: those in docs/schema equal what the program prints, and its documents validate against them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{ffmpeg, media, tastemaker};

const DOCUMENTS: [&str; 10] = [
    "analysis",
    "asked",
    "error",
    "ingested",
    "loss",
    "notice",
    "plan",
    "short",
    "suggestions",
    "track",
];

fn printed(home: &Path, arguments: &[&str]) -> String {
    tastemaker(home).args(arguments).exits(0).stdout()
}

/// The same schema with nothing allowed that it does not describe.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            // What stands beside alternatives is described in each of them.
            Value::Object(object) if object.contains_key("oneOf") => {
                object.insert("unevaluatedProperties".into(), json!(false));
            }
            Value::Object(object) => {
                if object.get("type") == Some(&json!("object")) && object.contains_key("properties")
                {
                    object.insert("additionalProperties".into(), json!(false));
                }
                object.values_mut().for_each(close);
            }
            Value::Array(list) => list.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

#[test]
fn the_schemas_in_docs_are_those_of_the_program() {
    let home = tempfile::tempdir().unwrap();
    let known = printed(home.path(), &["schema"]);
    let names: Vec<String> = DOCUMENTS.map(|name| format!("tastemaker.{name}/1")).into();
    assert_eq!(known.lines().collect::<Vec<_>>(), names);
    for name in DOCUMENTS {
        let made = printed(home.path(), &["schema", name]);
        let file = format!("docs/schema/{name}.json");
        let kept = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).unwrap_or_default();
        assert!(
            made.as_bytes() == kept,
            "{file} is not what the program says: `tastemaker schema {name} > {file}`"
        );
    }
    let run = tastemaker(home.path()).args(["schema", "weather"]).exits(2);
    assert!(run.stderr().contains("suggestions"));
}

/// What is said of the plan `plan.json` of `home` as it goes out to a timeline and comes back.
fn timelines(home: &Path) -> String {
    let export = ["export", "plan.json", "--to", "otio", "-o", "film.otio"];
    let import = ["import", "film.otio", "-o", "back.json"];
    printed(home, &[&export[..], &["--json"]].concat())
        + &printed(home, &[&import[..], &["--json"]].concat())
}

/// What is said of the best piece of a recording.
fn short(home: &Path) -> String {
    let long = ffmpeg()
        .source("testsrc=s=320x180:r=25")
        .input(media("speech/austen.flac"))
        .words("-shortest -c:v libx264 -preset ultrafast -c:a aac")
        .writes(home.join("long.mp4"));
    let short = ["shorts", "--count", "1", "--length", "4s", "--plan-only"];
    let target = ["--json", "-o", "shorts", long.to_str().unwrap()];
    let said = printed(home, &[&short[..], &target].concat());
    assert!(home.join("shorts/long-1.mp4.plan.json").is_file());
    assert!(!home.join("shorts/long-1.mp4").exists());
    said
}

/// What is said of a photo that arrives.
fn ingested(home: &Path) -> String {
    let photo = media("photos/coffee.jpg");
    let ingest = ["ingest", "photo-feed", photo.to_str().unwrap()];
    printed(home, &[&ingest[..], &["-o", "arrived", "--json"]].concat())
}

/// How a request in words is read; without a terminal nothing is run.
fn asked(home: &Path) -> String {
    let photo = media("photos/coffee.jpg");
    let words = "noir at 80 percent, upload it, with a quux";
    printed(home, &["ask", words, photo.to_str().unwrap(), "--json"])
}

#[test]
fn what_is_printed_holds_to_its_schema() {
    let home = tempfile::tempdir().unwrap();
    let files = [
        media("photos/coffee.jpg"),
        media("clips/carphone.mp4"),
        media("speech/austen.flac"),
        home.path().join("missing.jpg"),
    ];
    let analyses = tastemaker(home.path())
        .args(["analyze", "--json"])
        .args(&files)
        .run();
    let plan = home.path().join("plan.json");
    let clips = media("clips");
    let music = media("music");
    let arguments = [clips.to_str().unwrap(), "--music", music.to_str().unwrap()];
    let edit = ["edit", "--plan-only", "-o", plan.to_str().unwrap()];
    printed(home.path(), &[&edit[..], &arguments].concat());
    let suggestions = printed(
        home.path(),
        &[&["suggest", "--json"], &arguments[..]].concat(),
    );
    // A profile that has judged too little is worth a notice.
    let learn = ["profile", "learn", "me", "--accept", "film-warm"];
    printed(home.path(), &learn);
    let photo = media("photos/coffee.jpg");
    let notices = printed(
        home.path(),
        &[
            "suggest",
            "--json",
            "--profile",
            "me",
            photo.to_str().unwrap(),
        ],
    );
    let catalog = home.path().join("music.catalog");
    let kept = ["music", "--catalog", catalog.to_str().unwrap()];
    let night = media("music/night.ogg");
    let added = printed(
        home.path(),
        &[&kept[..], &["add", "--json", night.to_str().unwrap()]].concat(),
    );
    let shown = printed(
        home.path(),
        &[&kept[..], &["show", "--json", "night"]].concat(),
    ) + &timelines(home.path())
        + &short(home.path())
        + &ingested(home.path())
        + &asked(home.path());

    let mut documents: Vec<Value> = [&analyses.stdout(), &suggestions, &notices, &added, &shown]
        .into_iter()
        .flat_map(|text| text.lines())
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    documents.push(serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap());
    let mut seen = Vec::new();
    for document in &documents {
        let name = document["schema"].as_str().unwrap();
        let schema = serde_json::from_str(&printed(home.path(), &["schema", name])).unwrap();
        let wrong: Vec<String> = jsonschema::validator_for(&closed(schema))
            .unwrap()
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        seen.push(name);
    }
    for name in DOCUMENTS {
        assert!(
            seen.contains(&format!("tastemaker.{name}/1").as_str()),
            "{name}"
        );
    }
    let mut torn = documents[0].clone();
    torn["picture"]["luma"] = json!("bright");
    let schema = serde_json::from_str(&printed(home.path(), &["schema", "analysis"])).unwrap();
    assert!(!jsonschema::is_valid(&schema, &torn));
}
