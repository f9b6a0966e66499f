//! The catalog of music: requests, what it remembers, and that no process can damage it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use serde_json::{Value, json};

use tastemaker::media::{Channels, Limits, SoundReader, SoundRequest};
use tastemaker::music::catalog::{Catalog, Filters, Query, Range};

use crate::support::{Tastemaker, ffmpeg, media, root, tastemaker};

/// What `music` prints with `--json`, but for notices.
fn lines(home: &Path, words: &[&str], code: i32) -> Vec<Value> {
    music(home, words).exits(code).answers()
}

/// `music` with `--json`, on the catalog `music.catalog` in `home`.
fn music(home: &Path, words: &[&str]) -> Tastemaker {
    tastemaker(home)
        .args(["music", "--catalog", "music.catalog"])
        .args(words)
        .arg("--json")
}

fn texts<'a>(documents: &'a [Value], key: &str) -> Vec<&'a str> {
    documents
        .iter()
        .map(|document| document[key].as_str().unwrap())
        .collect()
}

/// A folder with some of the sample tracks and the notes about them.
fn samples(home: &Path, names: &[&str]) -> PathBuf {
    let folder = home.join("tracks");
    fs::create_dir_all(&folder).unwrap();
    for name in names.iter().chain(&["tracks.toml"]) {
        fs::copy(media(&format!("music/{name}")), folder.join(name)).unwrap();
    }
    folder
}

/// Samples between -1 and 1, mono, as a 16-bit WAVE file.
fn write_wave(path: &Path, rate: u32, samples: &[f32]) {
    let size = u32::try_from(samples.len() * 2).unwrap();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + size).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * 2).to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend(size.to_le_bytes());
    for sample in samples {
        bytes.extend(((sample * 32_000.0) as i16).to_le_bytes());
    }
    fs::write(path, bytes).unwrap();
}

/// Two seconds of a broken chord; each `number` has its own.
fn write_tone(path: &Path, number: u32) {
    let rate = 16_000;
    let base = 110.0 * 2_f64.powf(f64::from(number) / 12.0);
    let samples: Vec<f32> = (0..rate * 2)
        .map(|at| {
            let time = f64::from(at) / f64::from(rate);
            let step = [1.0, 1.25, 1.5, 2.0][(time * 4.0) as usize % 4];
            let fade = 1.0 - (time * 4.0).fract() * 0.8;
            ((time * base * step * std::f64::consts::TAU).sin() * fade * 0.5) as f32
        })
        .collect();
    write_wave(path, rate, &samples);
}

/// The same sound in another file: decoded, and 3 dB quieter.
fn write_recoded(from: &Path, to: &Path) {
    let request = SoundRequest {
        rate: Some(44_100),
        channels: Channels::Mono,
    };
    let mut reader = SoundReader::open(from, &Limits::default(), request).unwrap();
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        samples.extend(block.samples.iter().map(|sample| sample * 0.708));
    }
    write_wave(to, 44_100, &samples);
}

fn range(text: &str) -> Range {
    let side = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    match text.split_once("..") {
        Some((least, most)) => Range {
            least: side(least),
            most: side(most),
        },
        None => Range::default(),
    }
}

#[test]
fn of_a_large_catalog_the_nearest_tracks_are_compared() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    write_tone(&home.join("tone.wav"), 3);
    let id = lines(home, &["add", "tone.wav"], 0)[0]["id"].clone();
    let id = id.as_str().unwrap();
    // The same file by other spellings of its path, each as a track that is more or less lively.
    let catalog = rusqlite::Connection::open(home.join("music.catalog")).unwrap();
    for number in 1..400 {
        let other = format!("{number:064x}");
        let path = home.join("./".repeat(number) + "tone.wav");
        let license = if number < 350 { "MIT" } else { "CC-BY-NC-4.0" };
        catalog
            .execute_batch(&format!(
                "INSERT INTO tracks SELECT '{other}', 'Made {number}', '', '', '{{\"id\":\"{license}\"}}', duration,
                    bpm, tonic, mode, vocals, {number} / 400.0, valence, danceability, acousticness, density,
                    brightness, words, words_vector, embedding, revision, added, last_used FROM tracks WHERE blake3 = '{id}';
                INSERT INTO analyses SELECT '{other}', replace(analysis, '{id}', '{other}') FROM analyses
                    WHERE blake3 = '{id}';
                INSERT INTO files SELECT '{}', '{other}', bytes, modified FROM files WHERE blake3 = '{id}';",
                path.display()
            ))
            .unwrap();
    }
    drop(catalog);
    let words = [
        "suggest",
        "--json",
        "--words",
        "calm and quiet",
        "--music",
        "music.catalog",
    ];
    let run = tastemaker(home)
        .args([&words[..], &["--use", "commercial"]].concat())
        .exits(0);
    let (told, said) = (run.last_document(), run.stderr());
    assert!(
        said.contains("of 349 tracks, the 300 that seem to fit best are compared"),
        "{said}"
    );
    let left_out: u64 = told["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left_out| left_out["tracks"].as_u64().unwrap())
        .sum();
    assert_eq!(left_out, 51);
    for music in told["music"].as_array().unwrap() {
        assert_eq!(music["license"], "MIT");
    }
}

#[test]
fn tags_and_artwork_are_read_wherever_files_carry_them() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    write_tone(&home.join("tone.wav"), 5);
    let gold = image::RgbImage::from_pixel(64, 48, image::Rgb([250, 180, 20]));
    gold.save(home.join("cover.png")).unwrap();
    for (name, codec) in [
        ("tagged.mp3", "libmp3lame"),
        ("tagged.flac", "flac"),
        ("tagged.m4a", "aac"),
        ("tagged.wav", "pcm_s16le"),
        ("tagged.aiff", "pcm_s16be"),
    ] {
        let carries = !name.ends_with("wav");
        let mut tagging = ffmpeg().args(["-i", "tone.wav"]);
        if carries {
            tagging = tagging
                .words("-i cover.png -map 0:a -map 1:v -c:v copy -disposition:v attached_pic")
                .args([
                    "-metadata:s:v",
                    "comment=Cover (front)",
                    "-write_id3v2",
                    "1",
                ]);
        }
        tagging
            .words("-metadata title=Gold -metadata artist=Ada -c:a")
            .args([codec, name])
            .current_dir(home)
            .run();

        let added = lines(home, &["add", name], 0);
        assert_eq!(
            (added[0]["title"].as_str(), added[0]["artist"].as_str()),
            (Some("Gold"), Some("Ada")),
            "{name}"
        );
        let show = ["music", "--catalog", "music.catalog", "show", name];
        let artwork = |code| {
            let words = [&show[..], &["--artwork", "artwork.png", "--force"]].concat();
            tastemaker(home).args(&words).exits(code).stderr()
        };
        if !carries {
            assert!(artwork(2).contains("there is no artwork in its tags"));
            continue;
        }
        artwork(0);
        assert_eq!(
            fs::read(home.join("artwork.png")).unwrap(),
            fs::read(home.join("cover.png")).unwrap(),
            "{name}"
        );
        let words = [&show[..], &["--picture", "picture.png", "--force"]].concat();
        tastemaker(home).args(&words).exits(0);
        let picture = image::open(home.join("picture.png")).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (1500, 300), "{name}");
        assert_eq!(picture.get_pixel(150, 150).0, [250, 180, 20], "{name}");
    }

    // Damaged artwork costs the picture its cover, and nothing else.
    let mut flac = fs::read(home.join("tagged.flac")).unwrap();
    let header = flac.windows(4).position(|four| four == b"IHDR").unwrap();
    flac[header] = b'X';
    fs::write(home.join("bent.flac"), flac).unwrap();
    lines(home, &["add", "bent.flac"], 0);
    let show = ["music", "--catalog", "music.catalog", "show", "bent.flac"];
    let words = [&show[..], &["--picture", "bent.png"]].concat();
    let said = tastemaker(home).args(&words).exits(0).stderr();
    assert!(said.contains("its artwork is not in the picture"), "{said}");
    let picture = image::open(home.join("bent.png")).unwrap();
    assert_eq!((picture.width(), picture.height()), (1200, 300));
}

#[test]
fn queries_are_understood_as_people_mean_them() {
    let table = fs::read_to_string(root().join("tests/music/queries.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let [text, bpm, duration, key, vocals, words] = cells[..] else {
            panic!("{row:?} has {} cells", cells.len());
        };
        let query = Query::parse(text);
        let near = |found: Range, wanted: Range| {
            [(found.least, wanted.least), (found.most, wanted.most)]
                .into_iter()
                .all(|(found, wanted)| match (found, wanted) {
                    (Some(found), Some(wanted)) => (found - wanted).abs() < 0.5,
                    (found, wanted) => found == wanted,
                })
        };
        assert!(
            near(query.filters.bpm, range(bpm)),
            "{text}: {:?}",
            query.filters.bpm
        );
        assert!(
            near(query.filters.duration, range(duration)),
            "{text}: {:?}",
            query.filters.duration
        );
        let found = [query.filters.tonic, query.filters.mode];
        let found: Vec<&str> = found.into_iter().flatten().collect();
        assert_eq!(found.join(" "), key, "{text}");
        let voice = match query.filters.vocals {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        assert_eq!(voice, vocals, "{text}");
        assert_eq!(query.words, words, "{text}");
        count += 1;
    }
    assert!(count >= 50);
}

/// Parts of requests that people type, and ones that break parsers.
const PIECES: [&str; 36] = [
    "under",
    "over",
    "between",
    "and",
    "no",
    "not",
    "with",
    "without",
    "in",
    "key",
    "of",
    "a",
    "A",
    "minor",
    "major",
    "F#",
    "flat",
    "bpm",
    "90",
    "110",
    "90-110",
    "1:30",
    "1m30s",
    "2.5.3",
    "9999999999999999999999",
    "-",
    "–",
    ",",
    "<",
    "vocals",
    "instrumental",
    "minutes",
    "é",
    "♭",
    "\u{0}",
    "'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_query_is_too_much(
        text in any::<String>(),
        pieces in prop::collection::vec(0..PIECES.len(), 0..14),
        glued in any::<u16>(),
    ) {
        Query::parse(&text);
        let mut typed = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            typed.push_str(PIECES[*piece]);
            if glued & (1 << (at % 16)) == 0 {
                typed.push(' ');
            }
        }
        let query = Query::parse(&typed);
        for range in [query.filters.bpm, query.filters.duration] {
            prop_assert!(range.least.into_iter().chain(range.most).all(|end| end.is_finite() && end >= 0.0), "{typed}");
        }
        // The rest consists of what was typed, and nothing else.
        let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).count();
        prop_assert!(letters(&query.words) <= letters(&typed) + typed.matches('♭').count(), "{typed}");
    }
}

/// Words search the catalog of the sample tracks by meaning, tags, key, tempo and length.
fn assert_searches_find(home: &Path) {
    let piano = lines(home, &["search", "calm piano, no vocals, under 90 bpm"], 0);
    assert_eq!(piano[0]["title"], "night");
    assert!(
        piano
            .iter()
            .all(|track| track["bpm"].as_f64().unwrap() <= 90.0)
    );
    let techno = lines(home, &["search", "energetic techno", "-n", "2"], 0);
    assert_eq!(
        (techno[0]["title"].as_str(), techno.len()),
        (Some("chipdisko"), 2)
    );
    assert_eq!(
        texts(
            &lines(home, &["search", "aggressive rock in E minor"], 0),
            "title"
        ),
        ["rock"]
    );
    assert!(lines(home, &["search", "longer than 10 minutes"], 0).is_empty());
}

/// The track `rock`, whose content has the hash `id`, is shown by path, title and hash, as JSON, table and picture.
fn assert_rock_is_shown(home: &Path, id: &str) {
    for name in ["tracks/rock.ogg", "ROCK", &id[..10]] {
        let shown = lines(home, &["show", name], 0);
        assert_eq!(shown[0]["id"], id, "{name}");
        assert_eq!(shown[0]["analysis"]["file"]["blake3"], id);
    }
    let said = tastemaker(home)
        .args(["music", "--catalog", "music.catalog", "show", "polka"])
        .exits(2)
        .stderr();
    assert!(said.contains("there is no track named polka"), "{said}");
    let table = tastemaker(home)
        .args([
            "music",
            "--catalog",
            "music.catalog",
            "show",
            "rock",
            "--picture",
            "rock.png",
        ])
        .exits(0)
        .stdout();
    assert!(
        table.contains("E minor") && table.contains("GPL-2.0-only"),
        "{table}"
    );
    let picture = image::open(home.join("rock.png")).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (1200, 300));
    let has = |color: [u8; 3]| picture.pixels().any(|pixel| pixel.0 == color);
    // Waveform, energy, beats and downbeats are drawn.
    for color in [[70, 110, 150], [210, 90, 40], [170, 170, 170], [60, 60, 60]] {
        assert!(has(color), "{color:?}");
    }
}

#[test]
fn tracks_are_found_by_words_by_sound_and_by_name() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = samples(home, &["night.ogg", "chipdisko.ogg", "rock.ogg"]);
    fs::copy(media("photos/dogs.jpg"), folder.join("cover.jpg")).unwrap();
    fs::write(folder.join("notes.txt"), "buy milk").unwrap();
    write_recoded(&folder.join("night.ogg"), &folder.join("other.wav"));

    let added = lines(home, &["add", "tracks"], 0);
    assert_eq!(texts(&added, "state"), ["added"; 4]);
    assert!(
        texts(&added, "schema")
            .iter()
            .all(|schema| *schema == "tastemaker.track/1")
    );
    let again = lines(home, &["add", "tracks"], 0);
    assert_eq!(texts(&again, "state"), ["unchanged"; 4]);

    let listed = lines(home, &["list"], 0);
    assert_eq!(
        texts(&listed, "title"),
        ["chipdisko", "night", "other", "rock"]
    );
    assert_eq!(listed[0]["artist"], "SuperTux developers");
    assert_eq!(listed[0]["license"]["id"], "GPL-2.0-or-later");
    assert_eq!(listed[2]["license"]["id"], "unknown");

    assert_searches_find(home);

    let alike = lines(home, &["similar", "night"], 0);
    assert_eq!(alike[0]["title"], "other");
    assert!(alike[0]["score"].as_f64().unwrap() > 0.8 && alike[1]["score"].as_f64().unwrap() < 0.6);
    let found = lines(home, &["check"], 1);
    assert_eq!(texts(&found, "kind"), ["duplicate"]);

    assert_rock_is_shown(home, listed[3]["id"].as_str().unwrap());

    let exported = tastemaker(home)
        .args(["music", "--catalog", "music.catalog", "export"])
        .exits(0)
        .stdout();
    assert_eq!(exported.lines().count(), 4);
    let removed = lines(home, &["remove", "other", "tracks/rock.ogg"], 0);
    assert_eq!(texts(&removed, "title"), ["other", "rock"]);
    assert_eq!(lines(home, &["list"], 0).len(), 2);
    assert!(folder.join("rock.ogg").exists());
    assert!(lines(home, &["check"], 0).is_empty());
}

#[test]
fn counts_and_filters_are_notices() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    fs::create_dir(home.join("tones")).unwrap();
    write_tone(&home.join("tones/0.wav"), 0);
    let notices = |words: &[&str]| {
        let run = music(home, words).exits(0);
        let mut documents = run.documents();
        documents.retain(|document| document["schema"] == "tastemaker.notice/1");
        for notice in &documents {
            let note = format!("note: {}", notice["message"].as_str().unwrap());
            assert!(run.stderr().contains(&note), "{run}");
        }
        documents
    };
    for state in ["added", "unchanged"] {
        let told = notices(&["add", "tones"]);
        assert_eq!(told[0]["code"], "tracks_added");
        assert_eq!(told[0]["counts"], json!({ state: 1 }));
    }
    let told = notices(&["search", "longer than 10 minutes"]);
    assert_eq!(texts(&told, "code"), ["search_narrowed", "no_track_fits"]);
    assert_eq!(told[1]["tracks"], 1);
}

#[test]
fn moved_copied_and_changed_files_are_known() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = home.join("tones");
    fs::create_dir_all(&folder).unwrap();
    for number in 0..3 {
        write_tone(&folder.join(format!("{number}.wav")), number);
    }
    let license = ["--license", "CC BY 4.0", "--artist", "Ada"];
    let mut words = vec!["add", "tones/0.wav", "--title", "First"];
    words.extend(license);
    assert_eq!(texts(&lines(home, &words, 0), "state"), ["added"]);
    assert_eq!(texts(&lines(home, &["add", "tones"], 0), "state").len(), 3);

    fs::create_dir(home.join("elsewhere")).unwrap();
    fs::rename(folder.join("0.wav"), home.join("elsewhere/zero.wav")).unwrap();
    let found = lines(home, &["check"], 1);
    assert_eq!(texts(&found, "kind"), ["missing"]);
    let moved = lines(home, &["add", "elsewhere"], 0);
    assert_eq!(texts(&moved, "state"), ["moved"]);
    // What a person typed is remembered by the content of the file.
    assert_eq!(moved[0]["title"], "First");
    assert_eq!(moved[0]["artist"], "Ada");
    assert_eq!(moved[0]["license"]["id"], "CC-BY-4.0");
    assert!(
        moved[0]["path"]
            .as_str()
            .unwrap()
            .ends_with("elsewhere/zero.wav")
    );
    assert_eq!(lines(home, &["list"], 0).len(), 3);

    fs::copy(folder.join("1.wav"), home.join("elsewhere/one.wav")).unwrap();
    let copied = lines(home, &["add", "elsewhere"], 0);
    let mut states = texts(&copied, "state");
    states.sort_unstable();
    assert_eq!(states, ["copy", "unchanged"]);
    assert_eq!(lines(home, &["list"], 0).len(), 3);

    let before = lines(home, &["show", "tones/2.wav"], 0);
    write_tone(&folder.join("2.wav"), 9);
    assert_eq!(texts(&lines(home, &["check"], 1), "kind"), ["changed"]);
    let changed = lines(home, &["add", "tones"], 0);
    let mut states = texts(&changed, "state");
    states.sort_unstable();
    assert_eq!(states, ["changed", "unchanged"]);
    let after = lines(home, &["show", "tones/2.wav"], 0);
    assert_ne!(before[0]["id"], after[0]["id"]);
    assert_eq!(lines(home, &["list"], 0).len(), 3);
}

#[test]
fn touched_and_removed_tracks_are_not_analyzed_again() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = home.join("tones");
    fs::create_dir_all(&folder).unwrap();
    for number in 0..2 {
        write_tone(&folder.join(format!("{number}.wav")), number);
    }
    let mut words = vec!["add", "tones/0.wav", "--title", "First"];
    words.extend(["--license", "CC BY 4.0", "--artist", "Ada"]);
    lines(home, &words, 0);
    lines(home, &["add", "tones/1.wav"], 0);

    // A new time with the same content is recorded once, without another analysis.
    let content = fs::read(folder.join("1.wav")).unwrap();
    fs::write(folder.join("1.wav"), content).unwrap();
    assert!(lines(home, &["check"], 0).is_empty());
    let states = |state: &str| {
        let added = lines(home, &["add", "tones/1.wav"], 0);
        assert_eq!(texts(&added, "state"), [state]);
    };
    states("touched");
    states("unchanged");
    // Notes that were written in the meantime are applied.
    fs::write(
        folder.join("tracks.toml"),
        "[[track]]\nfile = \"1.wav\"\ntitle = \"Second\"\n",
    )
    .unwrap();
    states("unchanged");
    assert_eq!(lines(home, &["show", "Second"], 0).len(), 1);

    // A removed track that comes back keeps what a person typed.
    lines(home, &["remove", "First"], 0);
    let back = lines(home, &["add", "tones/0.wav"], 0);
    assert_eq!(
        (back[0]["state"].as_str(), back[0]["artist"].as_str()),
        (Some("added"), Some("Ada"))
    );
    let said = tastemaker(home)
        .args([
            "music",
            "--catalog",
            "music.catalog",
            "add",
            "tones",
            "--title",
            "all",
        ])
        .exits(2)
        .stderr();
    assert!(said.contains("hint:"), "{said}");
    let said = tastemaker(home)
        .args(["music", "--catalog", "music.catalog", "add", "nowhere.ogg"])
        .exits(1)
        .stderr();
    assert!(said.contains("nowhere.ogg"), "{said}");
}

#[test]
fn films_take_their_music_from_a_catalog_and_what_was_used_is_put_back() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = samples(home, &["night.ogg", "chipdisko.ogg"]);
    lines(home, &["add", "tracks"], 0);
    let photo = media("photos/dogs.jpg");
    let photo = photo.to_str().unwrap();
    let suggested = |place: &str| -> Value {
        tastemaker(home)
            .args(["suggest", photo, "--music", place, "--json"])
            .exits(0)
            .last_document()
    };
    let place = folder.canonicalize().unwrap();
    let (ours, theirs) = (
        suggested("music.catalog"),
        suggested(place.to_str().unwrap()),
    );
    assert_eq!(ours["music"].as_array().unwrap().len(), 2);
    assert_eq!(ours["music"], theirs["music"]);

    let words = [
        "edit",
        photo,
        "--music",
        "music.catalog",
        "--length",
        "3s",
        "-o",
        "film.mp4",
    ];
    tastemaker(home).args(words).exits(0);
    let first = ours["music"][0]["title"].as_str().unwrap();
    let listed = lines(home, &["list"], 0);
    for track in &listed {
        let is_used = track["last_used"].is_i64();
        assert_eq!(is_used, track["title"] == first, "{track}");
    }
    let after = suggested("music.catalog");
    let fresh = |document: &Value| {
        let music = document["music"].as_array().unwrap();
        let track = music.iter().find(|music| music["title"] == first).unwrap();
        track["features"]["fresh"].as_f64()
    };
    assert!(
        fresh(&after).is_some_and(|fresh| fresh < 0.1),
        "{:?}",
        fresh(&after)
    );

    fs::remove_file(folder.join("night.ogg")).unwrap();
    let words = ["suggest", photo, "--music", "music.catalog", "--json"];
    let run = tastemaker(home).args(words).exits(0);
    let (left, said) = (run.last_document(), run.stderr());
    assert!(said.contains("night.ogg is missing and left out"), "{said}");
    assert_eq!(left["music"].as_array().unwrap().len(), 1);
}

/// SQLite finds no damage in the file.
fn assert_intact(catalog: &Path) {
    let connection = rusqlite::Connection::open(catalog).unwrap();
    let answer: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(answer, "ok");
}

/// The catalog's tracks by path, without the times of adding.
fn exported_tracks(home: &Path) -> Vec<Value> {
    let out = tastemaker(home)
        .args(["music", "--catalog", "music.catalog", "export"])
        .exits(0)
        .stdout();
    let mut tracks: Vec<Value> = out
        .lines()
        .map(|line| {
            let mut track: Value = serde_json::from_str(line).unwrap();
            track.as_object_mut().unwrap().remove("added");
            track
        })
        .collect();
    tracks.sort_by_key(|track| track["path"].to_string());
    tracks
}

#[test]
fn two_add_while_one_searches_and_one_is_killed() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = home.join("tones");
    fs::create_dir_all(&folder).unwrap();
    let names: Vec<String> = (0..18)
        .map(|number| format!("tones/{number:02}.wav"))
        .collect();
    for (number, name) in (0..).zip(&names) {
        write_tone(&home.join(name), number);
    }
    lines(home, &["add", &names[17]], 0);
    let catalog = home.join("music.catalog");
    let count = || Catalog::open(&catalog).unwrap().len().unwrap();
    // Some files are added by both at a time; none is in a cache.
    let adding = |names: &[String]| {
        tastemaker(home)
            .args([
                "music",
                "--catalog",
                "music.catalog",
                "-j1",
                "--no-cache",
                "add",
            ])
            .args(names)
            .spawn()
    };
    let over = AtomicBool::new(false);
    let searches = std::thread::scope(|scope| {
        let searching = scope.spawn(|| {
            let mut searches = 0;
            while !over.load(Ordering::Relaxed) {
                assert!(!lines(home, &["search", "calm"], 0).is_empty());
                searches += 1;
            }
            searches
        });
        let mut first = adding(&names[..12]);
        let mut second = adding(&names[6..]);
        while count() < 4 {
            assert!(
                first.try_wait().unwrap().is_none(),
                "it was to be killed while it works"
            );
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        first.kill().unwrap();
        assert_eq!(first.wait().unwrap().code(), None);
        assert_eq!(second.wait().unwrap().code(), Some(0));
        assert!((12..18).contains(&count()), "{}", count());
        let mut first = adding(&names[..12]);
        assert_eq!(first.wait().unwrap().code(), Some(0));
        over.store(true, Ordering::Relaxed);
        searching.join().unwrap()
    });
    assert!(searches > 0);

    let found = exported_tracks(home);
    assert_eq!(found.len(), names.len());
    let files = Catalog::open(&catalog).unwrap().files().unwrap();
    assert_eq!(files.len(), names.len());
    assert!(
        lines(home, &["add", "tones"], 0)
            .iter()
            .all(|track| track["state"] == "unchanged")
    );
    assert_intact(&catalog);
    // The result is the same as from a single run.
    fs::remove_file(&catalog).unwrap();
    lines(home, &["add", "tones"], 0);
    assert_eq!(exported_tracks(home), found);
    let filters = Query::parse("under 1 bpm").filters;
    assert_ne!(filters, Filters::default());
    assert!(
        Catalog::open(&catalog)
            .unwrap()
            .list(&filters)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn what_is_no_catalog_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let said = tastemaker(home)
        .args(["music", "--catalog", "none.catalog", "list"])
        .exits(2)
        .stderr();
    assert!(said.contains("tastemaker music add"), "{said}");
    assert!(!home.join("none.catalog").exists());
    fs::write(home.join("text"), "no catalog ".repeat(500)).unwrap();
    let other = rusqlite::Connection::open(home.join("other")).unwrap();
    other.execute_batch("CREATE TABLE mail (x)").unwrap();
    let newer = rusqlite::Connection::open(home.join("newer")).unwrap();
    newer
        .execute_batch(
            "PRAGMA application_id = 1416449397; PRAGMA user_version = 99; CREATE TABLE t (x)",
        )
        .unwrap();
    drop((other, newer));
    for (name, what) in [
        ("text", "is damaged"),
        ("other", "is not a catalog of music"),
        ("newer", "newer than this program"),
    ] {
        let said = tastemaker(home)
            .args(["music", "--catalog", name, "list"])
            .exits(2)
            .stderr();
        assert!(
            said.contains(what) && said.contains("hint:"),
            "{name}: {said}"
        );
    }
    // A truncated or overwritten catalog gives at most an error, never a crash.
    write_tone(&home.join("tone.wav"), 4);
    lines(home, &["add", "tone.wav"], 0);
    let whole = fs::read(home.join("music.catalog")).unwrap();
    for at in (100..whole.len()).step_by(whole.len() / 24) {
        let mut broken = whole.clone();
        let end = (at + 300).min(broken.len());
        broken[at..end].fill(0xa5);
        fs::write(home.join("broken"), &broken).unwrap();
        fs::write(home.join("short"), &whole[..at]).unwrap();
        for name in ["broken", "short"] {
            let path = home.join(name);
            if let Ok(catalog) = Catalog::open(&path) {
                let tracks = catalog.list(&Filters::default()).unwrap_or_default();
                for track in tracks {
                    let _ = catalog.full(&track.id);
                }
                let _ = catalog.embeddings();
                let _ = catalog.files();
            }
        }
    }
}

#[test]
fn beats_that_a_person_decided_are_remembered_by_content() {
    let home = tempfile::tempdir().unwrap();
    let folder = samples(home.path(), &["theme.ogg"]);
    let song = folder.join("theme.ogg");
    let song = song.to_str().unwrap();
    let bpm = |words: &[&str]| {
        let told = lines(home.path(), words, 0);
        (
            told[0]["state"].as_str().unwrap().to_owned(),
            told[0]["bpm"].as_f64().unwrap(),
        )
    };
    let (state, heard) = bpm(&["add", song]);
    assert_eq!(state, "added");
    let wanted = if heard > 100.0 {
        heard / 2.0
    } else {
        heard * 2.0
    };
    let (state, decided) = bpm(&["add", song, "--tempo", &wanted.to_string()]);
    assert_eq!(state, "heard_again");
    assert!((decided / wanted - 1.0).abs() <= 0.04, "{decided} {wanted}");
    // It stays so, also for a track that is taken out and comes back from another place.
    assert_eq!(bpm(&["add", song]), ("unchanged".to_owned(), decided));
    lines(home.path(), &["remove", song], 0);
    let moved = home.path().join("elsewhere.ogg");
    fs::rename(song, &moved).unwrap();
    let moved = moved.to_str().unwrap();
    assert_eq!(bpm(&["add", moved]), ("added".to_owned(), decided));
    let problem = tastemaker(home.path())
        .args(["music", "--catalog", "c", "add", moved, "--tempo", "900"])
        .exits(2)
        .stderr();
    assert!(problem.contains("hint:"), "{problem}");
}

#[test]
fn tracks_that_may_not_be_used_as_asked_are_not_found() {
    let home = tempfile::tempdir().unwrap();
    let folder = samples(home.path(), &["night.ogg", "theme.ogg"]);
    fs::remove_file(folder.join("tracks.toml")).unwrap();
    fs::write(
        folder.join("LICENSES.tsv"),
        "file\tlicense\nnight.ogg\tCC-BY-NC-4.0\ntheme.ogg\tCC-BY-4.0\n",
    )
    .unwrap();
    let added = lines(home.path(), &["add", folder.to_str().unwrap()], 0);
    assert_eq!(added.len(), 2);
    let found = |words: &[&str]| {
        let mut documents = music(home.path(), words).exits(0).documents();
        let is_limited = words.contains(&"--use");
        assert_eq!(
            documents
                .iter()
                .any(|line| line["code"] == "tracks_not_permitted"),
            is_limited,
            "{documents:?}"
        );
        documents.retain(|line| line["schema"] == "tastemaker.track/1");
        let mut titles: Vec<String> = texts(&documents, "title")
            .into_iter()
            .map(str::to_owned)
            .collect();
        titles.sort();
        titles
    };
    assert_eq!(found(&["list"]), ["night", "theme"]);
    assert_eq!(found(&["list", "--use", "commercial"]), ["theme"]);
    assert_eq!(
        found(&["search", "piano", "--use", "commercial"]),
        ["theme"]
    );
    assert_eq!(found(&["similar", "night"]), ["theme"]);
    assert!(found(&["similar", "theme", "--use", "commercial"]).is_empty());
    let words = [
        "music",
        "--catalog",
        "music.catalog",
        "list",
        "--use",
        "commercial",
    ];
    let told = tastemaker(home.path()).args(words).exits(0).stderr();
    assert!(
        told.contains("1 track whose license forbids commercial use was left out."),
        "{told}"
    );

    // An error in a file beside a track is reported with its line, and the others continue.
    fs::write(
        folder.join("night.ogg.license"),
        "SPDX-License-Identifier:\n",
    )
    .unwrap();
    let again = lines(home.path(), &["add", folder.to_str().unwrap()], 1);
    assert!(
        again
            .iter()
            .any(|line| line["schema"] == "tastemaker.error/1"),
        "{again:?}"
    );
    assert!(
        again.iter().any(|line| line["title"] == "theme"),
        "{again:?}"
    );
}

#[test]
fn the_file_of_vectors_follows_the_catalog() {
    let home = tempfile::tempdir().unwrap();
    let folder = samples(home.path(), &["night.ogg", "theme.ogg", "rock.ogg"]);
    let track = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let like_night = || {
        let found = lines(home.path(), &["similar", "night"], 0);
        let mut titles: Vec<String> = texts(&found, "title")
            .into_iter()
            .map(str::to_owned)
            .collect();
        titles.sort();
        titles
    };
    lines(
        home.path(),
        &["add", &track("night.ogg"), &track("theme.ogg")],
        0,
    );
    assert_eq!(like_night(), ["theme"]);
    let vectors = home.path().join("music.catalog.vectors");
    let before = fs::read(&vectors).unwrap();
    // Nothing changed: the file is read as it is.
    assert_eq!(like_night(), ["theme"]);
    assert_eq!(fs::read(&vectors).unwrap(), before);
    lines(home.path(), &["add", &track("rock.ogg")], 0);
    assert_eq!(like_night(), ["rock", "theme"]);
    lines(home.path(), &["remove", "theme"], 0);
    assert_eq!(like_night(), ["rock"]);
    fs::write(&vectors, "spoiled").unwrap();
    assert_eq!(like_night(), ["rock"]);
}
