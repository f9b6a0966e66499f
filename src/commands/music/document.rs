//! A track for machines and people.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::Analysis;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::jobs::ScoredTrack;
use crate::music::catalog::CatalogEntry;
use crate::time::rounded;

/// The schema of [`TrackDocument`].
pub const TRACK_SCHEMA: &str = "tastemaker.track/1";

/// Tags that are shown of a track in a table.
const TAGS: usize = 4;

/// A track of a catalog.
#[derive(Serialize, JsonSchema)]
pub struct TrackDocument<'a> {
    schema: &'static str,
    #[serde(flatten)]
    entry: &'a CatalogEntry,
    /// How well it fits what was asked for, 0..1; of similar tracks the cosine, -1..1.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    /// What `music add` or `music remove` did: `added`, `changed`, `moved`, `copy`, `heard_again`, `touched`,
    /// `unchanged`, `removed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    /// All that was heard; only from `music show` and `music export`.
    #[serde(skip_serializing_if = "Option::is_none")]
    analysis: Option<&'a Analysis>,
}

impl<'a> TrackDocument<'a> {
    pub fn of(entry: &'a CatalogEntry) -> Self {
        Self {
            schema: TRACK_SCHEMA,
            entry,
            score: None,
            state: None,
            analysis: None,
        }
    }

    pub fn scored(self, score: f64) -> Self {
        Self {
            score: Some(rounded(score)),
            ..self
        }
    }

    pub fn in_state(self, state: &'a str) -> Self {
        Self {
            state: Some(state),
            ..self
        }
    }

    pub fn with(self, analysis: &'a Analysis) -> Self {
        Self {
            analysis: Some(analysis),
            ..self
        }
    }
}

/// Prints tracks, with scores where there are some, as a table or a line each.
pub fn print(tracks: &[ScoredTrack], json: bool, printer: &Printer) -> anyhow::Result<()> {
    if json {
        for ScoredTrack { entry, score } in tracks {
            let document = TrackDocument::of(entry);
            printer.json(&match score {
                Some(score) => document.scored(*score),
                None => document,
            })?;
        }
        return Ok(());
    }
    let mut table = table(&[
        "id",
        "title",
        "artist",
        "length",
        "bpm",
        "key",
        "sounds like",
        "license",
        "fits",
    ]);
    for ScoredTrack { entry, score } in tracks {
        let words: Vec<&str> = entry.words.split(", ").take(TAGS).collect();
        table.add_row([
            short(&entry.id),
            entry.title.clone(),
            entry.artist.clone(),
            clock(entry.duration),
            entry.bpm.map_or(String::new(), |bpm| format!("{bpm:.0}")),
            entry.key.clone().unwrap_or_default(),
            words.join(", "),
            entry.license.id.clone(),
            score.map_or(String::new(), |score| format!("{score:.2}")),
        ]);
    }
    printer.data(&format!("{table}\n"))
}

/// Enough of a hash to name a track by.
pub fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

/// `3:05`.
pub fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}
