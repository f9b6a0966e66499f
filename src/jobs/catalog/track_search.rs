//! Tracks of a catalog: all that may be used, those that words describe, those that sound like one.

use std::collections::BTreeSet;

use super::track_document::TrackDocument;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::{Workshop, film_use, not_permitted};
use crate::music::catalog::{Catalog, CatalogEntry, Filters, Query, search, track_id, vector_id};
use crate::notice::Notice;
use crate::store::VectorId;
use crate::suggest::permitted;
use crate::task::Task;

/// Which tracks are looked for.
pub struct TrackQuery<'a> {
    /// Words that describe them, or the track that they are to sound like.
    pub text: &'a str,
    /// Most tracks to return.
    pub count: usize,
    /// What the music is for; tracks that may not be used for that are left out.
    pub usage: Option<&'a str>,
}

/// A track and how well it fits.
pub struct ScoredTrack {
    /// The track.
    pub entry: CatalogEntry,
    /// 0..1, of similar tracks the cosine; `None` in a plain list.
    pub score: Option<f64>,
}

impl ScoredTrack {
    /// For machines.
    pub fn document(&self) -> TrackDocument<'_> {
        TrackDocument::of(&self.entry).scored(self.score)
    }
}

/// The ids of the tracks that pass `filters` and whose license permits `usage`; gives notice of those that it does not
/// permit. `None` where no use is named: then all may be shown.
pub fn permitted_tracks(
    catalog: &Catalog,
    filters: &Filters,
    usage: Option<&str>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<BTreeSet<String>>> {
    let Some(usage) = film_use(usage, None)? else {
        return Ok(None);
    };
    let licenses = catalog.licenses(filters)?;
    let (kept, left_out) = permitted(
        &licenses,
        |(_, license)| license,
        Some(&usage),
        workshop.today(),
    );
    for left_out in &left_out {
        task.notice(not_permitted(left_out));
    }
    Ok(Some(kept.into_iter().map(|(id, _)| id.clone()).collect()))
}

/// All tracks that may be used, by title.
pub fn list_tracks(
    catalog: &Catalog,
    usage: Option<&str>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<ScoredTrack>> {
    let filters = Filters::default();
    let ids = permitted_tracks(catalog, &filters, usage, workshop, task)?;
    let tracks = catalog.list(&filters)?.into_iter();
    Ok(tracks
        .filter(|entry| ids.as_ref().is_none_or(|ids| ids.contains(&entry.id)))
        .map(|entry| ScoredTrack { entry, score: None })
        .collect())
}

/// The tracks that fit the words best, best first: filters first, then by meaning. Gives notice of the filters, and of
/// a search in which no track passes them.
pub fn search_tracks(
    catalog: &Catalog,
    wanted: &TrackQuery<'_>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<ScoredTrack>> {
    let query = Query::parse(wanted.text);
    let mut rows = catalog.search_rows(&query.filters)?;
    if let Some(ids) = permitted_tracks(catalog, &query.filters, wanted.usage, workshop, task)? {
        rows.retain(|row| ids.contains(&row.id));
    }
    let filters = query.filters.descriptions();
    if !filters.is_empty() {
        task.notice(Notice::SearchNarrowed { filters });
    }
    if rows.is_empty() {
        let tracks = catalog.len()?;
        task.notice(Notice::NoTrackFits { tracks });
    }
    let mut tracks = Vec::new();
    for hit in search(workshop.models()?, &query.words, &rows)?
        .into_iter()
        .take(wanted.count)
    {
        // Another process may have removed it meanwhile.
        if let Some(entry) = catalog.entry(&hit.id)? {
            let score = Some(hit.score);
            tracks.push(ScoredTrack { entry, score });
        }
    }
    Ok(tracks)
}

/// The tracks that sound most like the one called `wanted.text`, itself left out.
pub fn similar_tracks(
    catalog: &Catalog,
    wanted: &TrackQuery<'_>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<ScoredTrack>> {
    let track = catalog.find(wanted.text)?;
    let embedding = catalog.embedding(&track.id)?;
    if embedding.is_empty() {
        return Err(Error::Nothing {
            what: format!("no music was heard in {}", track.title),
            hint: Hint::NameMusicalTrack,
        });
    }
    let allowed = permitted_tracks(catalog, &Filters::default(), wanted.usage, workshop, task)?;
    let allowed: Option<BTreeSet<VectorId>> =
        allowed.map(|ids| ids.iter().filter_map(|id| vector_id(id)).collect());
    let itself = vector_id(&track.id);
    let vectors = catalog.vectors(embedding.len())?;
    let query: Vec<f32> = embedding.into_iter().map(f32::from).collect();
    let nearest = vectors.nearest(&query, wanted.count, |row| {
        let id = vectors.id(row);
        id != itself
            && match (&allowed, id) {
                (Some(allowed), Some(id)) => allowed.contains(&id),
                _ => true,
            }
    });
    let mut tracks = Vec::new();
    for near in nearest {
        // Another process may have removed it meanwhile.
        if let Some(id) = vectors.id(near.row)
            && let Some(entry) = catalog.entry(&track_id(id))?
        {
            let score = Some(f64::from(near.cosine));
            tracks.push(ScoredTrack { entry, score });
        }
    }
    Ok(tracks)
}
