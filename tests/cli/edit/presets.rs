//! Styles, platforms, and what people write about their music.

use std::path::Path;

use tastemaker::Error;
use tastemaker::edit::{Platform, Style};
use tastemaker::music::{TrackNotes, find_tracks, read_track_notes};

#[test]
fn styles_and_platforms_are_all_there() {
    let styles: Vec<&str> = Style::all()
        .unwrap()
        .iter()
        .map(|style| style.id.as_str())
        .collect();
    assert_eq!(
        styles,
        [
            "calm",
            "product",
            "punchy",
            "slideshow",
            "sport",
            "steady",
            "story",
            "talk",
            "trailer",
            "travel",
            "vlog",
            "whole"
        ]
    );
    let platforms: Vec<&str> = Platform::all()
        .unwrap()
        .iter()
        .map(|platform| platform.id.as_str())
        .collect();
    assert_eq!(
        platforms,
        [
            "instagram-reels",
            "square-feed",
            "tiktok",
            "youtube",
            "youtube-shorts"
        ]
    );
    for platform in Platform::all().unwrap() {
        assert_eq!(
            (platform.loudness_lufs, platform.true_peak_dbtp),
            (-14.0, -1.0)
        );
    }
    let Err(Error::UnknownName { known, .. }) = Style::find("wild") else {
        panic!("there is no such style");
    };
    assert_eq!(known, styles);
    assert!(Platform::find("tiktok").is_ok());
}

#[test]
fn notes_about_tracks_are_read_strictly() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    assert!(read_track_notes(folder.path()).unwrap().notes().is_empty());
    write("b/song.ogg", "");
    write("a.flac", "");
    write(".hidden.ogg", "");
    write(
        "tracks.toml",
        "[[track]]\nfile = \"b/song.ogg\"\ntitle = \"Song\"\nlicense = \"CC0-1.0\"\n",
    );
    let notes = read_track_notes(folder.path()).unwrap();
    let found = find_tracks(folder.path()).unwrap();
    assert_eq!(
        found,
        [
            folder.path().join("a.flac"),
            folder.path().join("b/song.ogg")
        ]
    );
    assert_eq!(
        notes.find(&found[1]).unwrap().title.as_deref(),
        Some("Song")
    );
    assert!(notes.find(&found[0]).is_none());
    assert_eq!(find_tracks(&found[0]).unwrap(), found[..1]);
    assert_eq!(
        find_tracks(&folder.path().join("none")).unwrap_err().code(),
        "not_found"
    );
}

#[test]
fn wrong_notes_name_the_line() {
    for (text, expected) in [
        (
            "[[track]]\nfile = \"a\"\nlicence = \"CC0\"\n",
            "tracks.toml:3:1: unknown field `licence`",
        ),
        ("[[track]]\nfile = 3\n", "tracks.toml:2:8: invalid type"),
        (
            "[[track]]\ntitle = \"a\"\n",
            "tracks.toml:1:1: missing field `file`",
        ),
        (
            "[[track]]\nfile = \"a\"\n\n[[track]]\nfile = \"a\"\n",
            "tracks.toml:4:1: track.file \"a\" is there twice",
        ),
        ("[[track\n", "tracks.toml:1:8: "),
    ] {
        let error = TrackNotes::parse(text, Path::new("tracks.toml"))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}
