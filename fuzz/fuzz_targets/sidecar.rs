//! Tags, sidecars, license tables, notes and uses of tracks: any bytes are either parsed or refused, without a panic.
#![no_main]

use std::io::Cursor;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use tastemaker::media::SoundTags;
use tastemaker::music::rights::{LicenseTable, parse_sidecar};
use tastemaker::music::{Date, TrackNotes, Usage};

fuzz_target!(|data: &[u8]| {
    let tags = SoundTags::from_bytes(Cursor::new(data));
    assert!(!tags.title.contains(char::is_control));
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let usage = Usage::parse(text, &["tiktok", "youtube"]).unwrap_or_default();
    if let Ok(license) = parse_sidecar(text, Path::new("x.license")) {
        let _ = license.permits(&usage, Date::from_unix(0));
        let _ = license.credit("title", "artist");
    }
    if let Ok(table) = LicenseTable::parse(text, Path::new("LICENSES.tsv")) {
        let _ = table.find("folder/song.ogg");
    }
    let _ = TrackNotes::parse(text, Path::new("tracks.toml"));
});
