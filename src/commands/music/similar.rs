//! `tastemaker music similar`: tracks that sound like one.

use anyhow::Result;

use super::allowed::allowed;
use super::arguments::MusicSimilar;
use super::document::print;
use crate::commands::Outcome;
use crate::commands::output::Printer;
use crate::error::Error;
use crate::music::catalog::{Catalog, Filters, cosine};

pub fn run(verb: &MusicSimilar, catalog: &Catalog, printer: &Printer) -> Result<Outcome> {
    let track = catalog.find(&verb.track)?;
    let all = catalog.embeddings()?;
    let own = all.iter().find(|(id, _)| *id == track.id);
    let Some((_, own)) = own.filter(|(_, numbers)| !numbers.is_empty()) else {
        return Err(Error::Nothing {
            what: format!("no music was heard in {}", track.title),
            hint: "name a track with music".into(),
        }
        .into());
    };
    let ids = allowed(catalog, &Filters::default(), verb.usage.as_deref(), printer)?;
    let mut alike: Vec<(&String, f64)> = all
        .iter()
        .filter(|(id, _)| *id != track.id && ids.as_ref().is_none_or(|ids| ids.contains(id)))
        .filter_map(|(id, numbers)| Some((id, cosine(own, numbers)?)))
        .collect();
    alike.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut tracks = Vec::new();
    for (id, likeness) in alike.into_iter().take(verb.count) {
        if let Some(entry) = catalog.entry(id)? {
            tracks.push((entry, Some(likeness)));
        }
    }
    print(&tracks, verb.json, printer)?;
    Ok(Outcome::Done)
}
