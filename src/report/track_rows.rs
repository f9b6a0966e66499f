//! Tracks of a catalog as rows of a table, and all that is known of one.

use crate::analysis::AudioReport;
use crate::music::Date;
use crate::music::catalog::{CatalogEntry, CatalogTrack};

/// Tags that are shown of a track.
const TAGS: usize = 4;
/// Digits of a hash that are enough to name a track by.
const SHORT_ID: usize = 8;

/// The columns of [`track_row`].
pub const TRACK_COLUMNS: [&str; 9] = [
    "id",
    "title",
    "artist",
    "length",
    "bpm",
    "key",
    "sounds like",
    "license",
    "fits",
];

/// A track and how well it fits what was asked for.
pub fn track_row(entry: &CatalogEntry, score: Option<f64>) -> [String; 9] {
    let words: Vec<&str> = entry.words.split(", ").take(TAGS).collect();
    [
        entry.id.chars().take(SHORT_ID).collect(),
        entry.title.clone(),
        entry.artist.clone(),
        clock(entry.duration),
        entry.bpm.map_or(String::new(), |bpm| format!("{bpm:.0}")),
        entry.key.clone().unwrap_or_default(),
        words.join(", "),
        entry.license.id.clone(),
        score.map_or(String::new(), |score| format!("{score:.2}")),
    ]
}

/// All that is known of a track, each with its name; what is unknown is left out.
pub fn track_details(track: &CatalogTrack, audio: &AudioReport) -> Vec<[String; 2]> {
    let entry = &track.entry;
    let license = &entry.license;
    let mut rows = vec![
        ("title", entry.title.clone()),
        ("artist", entry.artist.clone()),
        ("album", entry.album.clone()),
        ("file", entry.path.display().to_string()),
        ("id", entry.id.clone()),
        ("license", license.id.clone()),
        ("holder", license.holder.clone()),
    ];
    let credit = license.credit(&entry.title, &entry.artist);
    rows.push(("credit", credit.unwrap_or_default()));
    rows.push(("length", clock(entry.duration)));
    rows.extend(sound(entry, audio));
    rows.push(("sounds like", entry.words.clone()));
    let sections = audio.sections.iter();
    let sections: Vec<String> = sections
        .map(|section| format!("{} {:?}", clock(section.start), section.kind).to_lowercase())
        .collect();
    rows.push(("sections", sections.join(", ")));
    rows.push(("added", Date::from_unix(entry.added).to_string()));
    if let Some(used) = entry.last_used {
        rows.push(("last used", Date::from_unix(used).to_string()));
    }
    let known = rows.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(name, value)| [name.into(), value]).collect()
}

/// What was measured of its sound.
fn sound(entry: &CatalogEntry, audio: &AudioReport) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(tempo) = &audio.tempo {
        let meter = tempo.meter;
        let meter = meter.map_or(String::new(), |meter| format!(", {meter} beats a bar"));
        rows.push(("tempo", format!("{:.1} bpm{meter}", tempo.bpm)));
    }
    rows.push(("key", entry.key.clone().unwrap_or_default()));
    if let Some(loudness) = audio.loudness.integrated_lufs {
        rows.push(("loudness", format!("{loudness:.1} LUFS")));
    }
    if let Some(sung) = entry.vocals {
        rows.push(("sung", format!("{:.0} %", sung * 100.0)));
    }
    if let Some(axes) = &entry.axes {
        let axes = [
            ("energy", axes.energy),
            ("valence", axes.valence),
            ("danceability", axes.danceability),
            ("acousticness", axes.acousticness),
            ("density", axes.density),
            ("brightness", axes.brightness),
        ];
        rows.extend(axes.map(|(name, value)| (name, format!("{value:.2}"))));
    }
    rows
}

/// `3:05`.
fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}
