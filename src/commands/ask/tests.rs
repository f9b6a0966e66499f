//! The table of phrasings: what each stands for, and that the parser of the command line takes every command.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use clap::Parser as _;

use super::command::{CommandPlaces, argv, shell_words};
use crate::analysis::Language;
use crate::ask::{AskedFiles, AskedPlan, AskedRequest, AskedStretch, Reading, read};
use crate::commands::arguments::Arguments;
use crate::error::Result;
use crate::jobs::{ConfigPlace, ReadRequest, Workshop, WorkshopSettings, ask_vocabulary};
use crate::media::Limits;
use crate::models::ModelsOptions;

fn workshop() -> Workshop {
    let checkout = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let library = std::env::var_os("ORT_DYLIB_PATH").map_or_else(
        || checkout.join("target/onnxruntime/1.26.0/libonnxruntime.so.1.26.0"),
        PathBuf::from,
    );
    Workshop::new(WorkshopSettings {
        models: ModelsOptions {
            folder: checkout.join("models"),
            runtime: vec![library],
        },
        looks: None,
        profiles: None,
        catalog: None,
        config: ConfigPlace::default(),
        cache: None,
        limits: Limits::default(),
        workers: NonZero::new(1),
        language: Language("en".into()),
        clock: Box::new(|| 0),
        stopwatch: || Duration::ZERO,
    })
}

/// The files that the table calls `kind`.
fn files(kind: &str) -> AskedFiles {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let facts = match kind {
        "clips" => AskedFiles {
            names: names(&["a.mp4", "b.mp4", "c.jpg"]),
            stills: 1,
            clips: 2,
            ..AskedFiles::default()
        },
        "silent" => AskedFiles {
            names: names(&["a.mp4", "b.mp4"]),
            clips: 2,
            ..AskedFiles::default()
        },
        "photos" => AskedFiles {
            names: names(&["p.jpg", "q.jpg"]),
            stills: 2,
            ..AskedFiles::default()
        },
        "talk" => AskedFiles {
            names: names(&["talk.mp4"]),
            clips: 1,
            ..AskedFiles::default()
        },
        "sound" => AskedFiles {
            names: names(&["talk.wav"]),
            sounds: 1,
            ..AskedFiles::default()
        },
        "plan" => AskedFiles {
            names: names(&["reel.mp4.plan.json"]),
            plan: Some(AskedPlan {
                segments: 9,
                lengths: vec![2.0, 2.0, 3.0, 2.0, 2.0, 3.0, 2.0, 2.0, 2.0],
                look: Some("golden-hour".into()),
                seed: 0,
            }),
            ..AskedFiles::default()
        },
        _ => panic!("no files are called {kind}"),
    };
    AskedFiles {
        music: kind != "silent",
        ..facts
    }
}

/// The vectors of `texts`; those of looks and moods are asked for again and again.
fn remembered(texts: &[&str], workshop: &Workshop) -> Result<Vec<Vec<f32>>> {
    static KNOWN: Mutex<BTreeMap<String, Vec<f32>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap();
    let mut new: Vec<&str> = texts.to_vec();
    new.retain(|text| !known.contains_key(*text));
    let vectors = workshop.models()?.embed_sentences(&new)?;
    known.extend(new.into_iter().map(str::to_owned).zip(vectors));
    Ok(texts.iter().map(|text| known[*text].clone()).collect())
}

/// Command, what was not understood and what cannot be done, as the table has them.
fn read_row(kind: &str, text: &str, workshop: &Workshop) -> [String; 3] {
    let facts = files(kind);
    let embed = |texts: &[&str]| remembered(texts, workshop);
    let reading = read(text, &facts, &ask_vocabulary(workshop).unwrap(), &embed).unwrap();
    let left_out = &reading.request.left_out;
    let mut files: Vec<PathBuf> = vec!["FILES".into()];
    if !left_out.is_empty() {
        let kept = facts.names.iter().filter(|name| !left_out.contains(name));
        files = kept.map(PathBuf::from).collect();
    }
    let read = ReadRequest {
        reading,
        files,
        track: None,
    };
    let output = PathBuf::from("OUT");
    let places = CommandPlaces {
        output: Some(&output),
        music: None,
        profile: None,
        force: false,
        json: false,
    };
    let command = argv(&read, &places);
    if let Err(problem) = Arguments::try_parse_from(&command) {
        panic!("{text}: {problem}");
    }
    let shown = shell_words(&command[1..]).replace(" -o OUT", "");
    let refused: Vec<&str> = read
        .reading
        .cannot
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    [
        shown,
        read.reading.not_understood.join("; "),
        refused.join("; "),
    ]
}

#[test]
fn phrasings_stand_for_the_commands_of_the_table() {
    let read = |path: &str| {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::read_to_string(path).unwrap()
    };
    let table = read("tests/ask/phrasings.tsv");
    let workshop = workshop();
    let (mut wrong, mut marks) = (Vec::new(), BTreeMap::new());
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let mut columns = row.split('\t');
        let mut column = || columns.next().unwrap_or_default().to_owned();
        let (mark, kind, text) = (column(), column(), column());
        let wanted = [column(), column(), column()];
        let got = read_row(&kind, &text, &workshop);
        let ending = match (got == wanted, got[0] == wanted[0]) {
            (true, _) => "",
            (_, true) => "-rest",
            _ => "-wrong",
        };
        let written = mark.strip_prefix("known").or(mark.strip_prefix("fresh"));
        if written != Some(ending) {
            wrong.push(format!(
                "{mark} {text}\n  wanted {wanted:?}\n  got    {got:?}"
            ));
        }
        *marks.entry(mark).or_insert(0) += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let count = |mark: &str| marks.get(mark).copied().unwrap_or(0);
    let (right, rest) = (count("fresh"), count("fresh-rest"));
    assert!(count("known") >= 100, "{marks:?}");
    assert_eq!(right + rest + count("fresh-wrong"), 50);
    // The page says how many of those are right that were written when the parser was final.
    let page = read("docs/ask.md");
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for claim in [
        format!("Of these 50, {} give the right command", right + rest),
        format!("{right} are read rightly as a whole"),
    ] {
        assert!(page.contains(&claim), "{claim}");
    }
}

#[test]
fn commands_are_quoted_as_a_shell_reads_them() {
    let words = ["a b", "it's", "x.mp4", ""].map(std::ffi::OsString::from);
    assert_eq!(shell_words(&words), r"'a b' 'it'\''s' x.mp4 ''");
}

#[test]
fn control_characters_are_written_in_bytes() {
    let words = ["a\u{1b}[2J.mp4", "it's\n\\", "\u{9b}é"].map(std::ffi::OsString::from);
    assert_eq!(
        shell_words(&words),
        r"$'a\x1b[2J.mp4' $'it\'s\x0a\\' $'\xc2\x9bé'"
    );
}

#[test]
fn names_that_look_like_flags_are_names() {
    let output = PathBuf::from("-o.mp4");
    let music = PathBuf::from("--tracks");
    let places = CommandPlaces {
        output: Some(&output),
        music: Some(&music),
        profile: Some("-me"),
        force: false,
        json: false,
    };
    let mut request = AskedRequest::default();
    request.must.push(AskedStretch {
        file: "-x.mp4".into(),
        start: 1.0,
        end: 2.0,
    });
    let read = ReadRequest {
        reading: Reading {
            understood: Vec::new(),
            not_understood: Vec::new(),
            cannot: Vec::new(),
            request,
        },
        files: vec!["--force".into(), "-x.mp4".into()],
        track: None,
    };
    let command = argv(&read, &places);
    assert_eq!(
        shell_words(&command[1..]),
        "edit ./--force ./-x.mp4 --must=-x.mp4@1-2 --music ./--tracks --profile=-me -o ./-o.mp4"
    );
    Arguments::try_parse_from(&command).unwrap();
}

#[test]
fn hostile_texts_are_read_too() {
    let workshop = workshop();
    for text in [
        "",
        " ",
        "\u{0}",
        "é".repeat(5000).as_str(),
        "20 20 20 s s s 1:99 0s",
        "no no no",
        "%%%",
        "'\"'",
    ] {
        for kind in ["clips", "plan", "photos"] {
            read_row(kind, text, &workshop);
        }
    }
}
