//! `tastemaker music similar`: tracks that sound like one.

use std::collections::BTreeSet;

use anyhow::Result;
use clap::Args;

use super::allowed::allowed;
use super::document::print;
use crate::commands::options::JsonOption;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::error::Error;
use crate::music::catalog::{Catalog, Filters, track_id, vector_id};
use crate::store::VectorId;

/// Find tracks that sound like one
#[derive(Debug, Args)]
pub struct MusicSimilar {
    /// Its path, its title, or the beginning of its id
    #[arg(value_name = "TRACK")]
    pub track: String,
    /// Most tracks to name
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub count: usize,
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &MusicSimilar, catalog: &Catalog, printer: &Printer) -> Result<Outcome> {
    let track = catalog.find(&verb.track)?;
    let own = catalog.embedding(&track.id)?;
    if own.is_empty() {
        return Err(Error::Nothing {
            what: format!("no music was heard in {}", track.title),
            hint: "name a track with music".into(),
        }
        .into());
    }
    let allowed = allowed(catalog, &Filters::default(), verb.usage.as_deref(), printer)?;
    let allowed: Option<BTreeSet<VectorId>> =
        allowed.map(|ids| ids.iter().filter_map(|id| vector_id(id)).collect());
    let itself = vector_id(&track.id);
    let vectors = catalog.vectors(own.len())?;
    let query: Vec<f32> = own.into_iter().map(f32::from).collect();
    let alike = vectors.nearest(&query, verb.count, |row| {
        let id = vectors.id(row);
        id != itself
            && match (&allowed, id) {
                (Some(allowed), Some(id)) => allowed.contains(&id),
                _ => true,
            }
    });
    let mut tracks = Vec::new();
    for near in alike {
        // One that another process has removed meanwhile is none.
        if let Some(id) = vectors.id(near.row)
            && let Some(entry) = catalog.entry(&track_id(id))?
        {
            tracks.push((entry, Some(f64::from(near.cosine))));
        }
    }
    print(&tracks, verb.print.json, printer)?;
    Ok(Outcome::Done)
}
