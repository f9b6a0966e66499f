//! `tastemaker music show`: all that is known of a track, as a table or a picture, and its artwork.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::document::{TrackDocument, clock};
use crate::analysis::AudioReport;
use crate::commands::options::{ForceOption, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::error::Error;
use crate::jobs::{TrackPicturesJob, Workshop, write_track_pictures};
use crate::music::Date;
use crate::music::catalog::{Catalog, CatalogTrack};
use crate::task::Task;

/// Tell what is known of a track
#[derive(Debug, Args)]
pub struct MusicShow {
    /// Its path, its title, or the beginning of its id
    #[arg(value_name = "TRACK")]
    pub track: String,
    /// Draw its waveform, energy, beats and sections, beside its artwork
    #[arg(long, value_name = "PNG")]
    pub picture: Option<PathBuf>,
    /// Write the picture that its tags carry, as it is there
    #[arg(long, value_name = "FILE")]
    pub artwork: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub replace: ForceOption,
}

pub fn run(
    verb: &MusicShow,
    catalog: &Catalog,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let pictures = TrackPicturesJob {
        drawing: verb.picture.clone(),
        artwork: verb.artwork.clone(),
        overwrite: verb.replace.overwrite(),
    };
    pictures.refuse_conflicts()?;
    let track = catalog.full(&catalog.find(&verb.track)?.id)?;
    let Some(audio) = &track.analysis.audio else {
        return Err(Error::damaged(&track.entry.path, "nothing was heard in it").into());
    };
    write_track_pictures(&pictures, &track, workshop, task)?;
    if verb.print.json {
        printer.json(&TrackDocument::of(&track.entry).with(&track.analysis))?;
    } else {
        let mut table = table(&["", ""]);
        table.add_rows(rows(&track, audio));
        printer.data(&format!("{table}\n"))?;
    }
    Ok(Outcome::Done)
}

fn rows(track: &CatalogTrack, audio: &AudioReport) -> Vec<[String; 2]> {
    let entry = &track.entry;
    let mut rows: Vec<[String; 2]> = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            rows.push([name.to_owned(), value]);
        }
    };
    add("title", entry.title.clone());
    add("artist", entry.artist.clone());
    add("album", entry.album.clone());
    add("file", entry.path.display().to_string());
    add("id", entry.id.clone());
    add("license", entry.license.id.clone());
    add("holder", entry.license.holder.clone());
    add(
        "credit",
        entry
            .license
            .credit(&entry.title, &entry.artist)
            .unwrap_or_default(),
    );
    add("length", clock(entry.duration));
    if let Some(tempo) = &audio.tempo {
        let meter = tempo
            .meter
            .map_or(String::new(), |meter| format!(", {meter} beats a bar"));
        add("tempo", format!("{:.1} bpm{meter}", tempo.bpm));
    }
    add("key", entry.key.clone().unwrap_or_default());
    if let Some(loudness) = audio.loudness.integrated_lufs {
        add("loudness", format!("{loudness:.1} LUFS"));
    }
    if let Some(sung) = entry.vocals {
        add("sung", format!("{:.0} %", sung * 100.0));
    }
    if let Some(axes) = &entry.axes {
        for (name, value) in [
            ("energy", axes.energy),
            ("valence", axes.valence),
            ("danceability", axes.danceability),
            ("acousticness", axes.acousticness),
            ("density", axes.density),
            ("brightness", axes.brightness),
        ] {
            add(name, format!("{value:.2}"));
        }
    }
    add("sounds like", entry.words.clone());
    let sections: Vec<String> = audio
        .sections
        .iter()
        .map(|section| format!("{} {:?}", clock(section.start), section.kind).to_lowercase())
        .collect();
    add("sections", sections.join(", "));
    add("added", Date::from_unix(entry.added).to_string());
    add(
        "last used",
        entry
            .last_used
            .map_or(String::new(), |used| Date::from_unix(used).to_string()),
    );
    rows
}
