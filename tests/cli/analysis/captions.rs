//! Captions: files written by ffmpeg, the WebVTT file of the corpus, and `analyze --captions`.

use std::path::Path;

use serde_json::Value;
use tastemaker::analysis::audio::read_captions;
use tastemaker::error::Error;

use crate::support::{self, ffmpeg, media, tastemaker};

/// Styled text with a line break, commas, an ampersand and two cues at once.
const WRITTEN: &str = "1\n00:00:00,250 --> 00:00:01,500\n<i>He was</i> not\nan ill-disposed\n\n\
                       2\n00:00:01,500 --> 00:00:02,900\n<font color=\"#ff0000\">\
                       young</font> man, <b>Fish & chips</b>\n";

/// Has ffmpeg write `from` as another format.
fn convert(from: &Path, to: &Path, codec: &str) {
    ffmpeg().input(from).args(["-c:s", codec]).writes(to);
}

#[test]
fn files_that_ffmpeg_writes_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("written.srt");
    std::fs::write(&written, WRITTEN).unwrap();
    let wanted = read_captions(&written, "en").unwrap();
    let texts: Vec<&str> = wanted.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(
        texts.join(" "),
        "He was not an ill-disposed young man, Fish & chips"
    );
    assert_eq!(wanted.words[0].start, 0.25);
    assert_eq!(wanted.words[5].start, 1.5);
    assert_eq!(wanted.words.last().unwrap().end, 2.9);
    for (name, codec) in [
        ("again.srt", "srt"),
        ("plain.srt", "subrip"),
        ("web.vtt", "webvtt"),
    ] {
        let path = folder.path().join(name);
        convert(&written, &path, codec);
        assert_eq!(read_captions(&path, "en").unwrap(), wanted, "{name}");
    }
    // Over SubStation Alpha, with its hundredths of a second.
    let (styled, back) = (folder.path().join("a.ass"), folder.path().join("back.srt"));
    convert(&written, &styled, "ass");
    convert(&styled, &back, "srt");
    let found = read_captions(&back, "en").unwrap();
    assert_eq!(found, wanted);
}

#[test]
fn the_captions_of_a_real_film_are_read() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let captions = read_captions(&corpus.join("video/clips/mdn_friday.vtt"), "en").unwrap();
    let text: Vec<&str> = captions
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(
        text.join(" "),
        "Hildy! How are you? Tell me, is the lord of the universe in? Yes, he's in - in a bad humor Somebody must've \
         stolen the crown jewels"
    );
    assert!(
        captions
            .words
            .windows(2)
            .all(|pair| pair[0].end <= pair[1].start)
    );
    assert_eq!(captions.words.last().unwrap().end, 6.0);
}

#[test]
fn analyze_takes_captions_instead_of_hearing_the_words() {
    let home = tempfile::tempdir().unwrap();
    let sound = media("speech/austen.flac");
    let captions = home.path().join("talk.srt");
    std::fs::write(&captions, WRITTEN.replace("00:00:02,900", "00:59:00,000")).unwrap();
    let run = |file: &Path| {
        tastemaker(home.path())
            .own_cache(home.path())
            .args(["analyze", "--json", "--language", "de", "--captions"])
            .args([file, sound.as_path()])
            .run()
    };
    let told = run(&captions).exited(0);
    let document: Value = told.document();
    let audio = &document["audio"];
    assert_eq!(audio["transcript"]["language"], "de");
    assert!(audio["no_transcript"].is_null());
    let words = audio["transcript"]["words"].as_array().unwrap();
    assert_eq!(words[0]["text"], "He");
    // Captions after the end of the sound are left out.
    let duration = audio["duration"].as_f64().unwrap();
    assert!(words.len() < 10);
    for word in words {
        assert!(word["end"].as_f64().unwrap() <= duration, "{word}");
    }
    // Different captions for the same file give a different result, in spite of the cache.
    std::fs::write(&captions, "00:00,000 --> 00:01,000\nElsewhere\n").unwrap();
    let document: Value = run(&captions).document();
    assert_eq!(
        document["audio"]["transcript"]["words"][0]["text"],
        "Elsewhere"
    );

    std::fs::write(&captions, "1\n00:00:01,000 -> 00:00:02,000\nHi\n").unwrap();
    let wrong = run(&captions).exited(2);
    let said = wrong.stderr();
    assert!(
        said.contains("talk.srt:2:") && said.contains("hint:"),
        "{said}"
    );
}

#[test]
fn captions_are_for_one_file() {
    let home = tempfile::tempdir().unwrap();
    let captions = home.path().join("talk.srt");
    std::fs::write(&captions, WRITTEN).unwrap();
    let run = tastemaker(home.path())
        .args(["analyze", "--captions"])
        .arg(&captions)
        .args([media("speech/austen.flac"), media("clips/carphone.mp4")])
        .exits(2);
    let said = run.stderr();
    assert!(said.contains("captions are for one file"), "{said}");
    assert!(
        said.contains("hint: analyze the file that --captions belong to alone"),
        "{said}"
    );

    let missing = read_captions(Path::new("/no/such/file.vtt"), "en");
    assert!(matches!(missing, Err(Error::Read { .. })));
}
