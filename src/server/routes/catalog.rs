//! `/v1/catalog/search`: tracks of the tenant's catalog.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::{Extension, Json, routing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Tenant;
use super::operation::{Operation, Parameter, Route, document, schema_of};
use crate::error::Result;
use crate::jobs::{ScoredTrack, TrackQuery, Workshop, list_tracks, open_catalog, search_tracks};
use crate::music::License;
use crate::server::problem::Problem;
use crate::server::scope::Scope;
use crate::server::service::Service;
use crate::store::is_database;
use crate::task::Task;
use crate::time::rounded;

/// Most letters of the words.
const LONGEST_WORDS: usize = 1000;
/// Tracks where no number is given, and at most.
const COUNT: usize = 20;
const MOST_TRACKS: usize = 200;

/// What is looked for.
#[derive(Debug, Deserialize)]
struct CatalogQuery {
    q: Option<String>,
    count: Option<usize>,
    #[serde(rename = "use")]
    usage: Option<String>,
}

/// Tracks, `tastemaker.tracks/1`.
#[derive(Debug, Serialize, JsonSchema)]
struct TrackList {
    schema: &'static str,
    /// Best first; without words by title.
    tracks: Vec<ListedTrack>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ListedTrack {
    /// BLAKE3 of its content.
    id: String,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    artist: String,
    license: License,
    /// Seconds.
    duration: f64,
    /// Beats a minute; absent without a steady beat.
    #[serde(skip_serializing_if = "Option::is_none")]
    bpm: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Mood and tags, best first.
    words: String,
    /// How well it fits the words, 0..1.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

/// `GET /v1/catalog/search`.
pub fn search() -> Route {
    Route {
        operation: Operation {
            id: "searchCatalog",
            method: "get",
            path: "/v1/catalog/search",
            summary: "Find tracks of the tenant's catalog by words, such as calm piano under 90 bpm",
            parameters: &[
                Parameter {
                    name: "q",
                    place: "query",
                    text: "What the track is like; absent: all tracks",
                    kind: "string",
                },
                Parameter {
                    name: "count",
                    place: "query",
                    text: "Most tracks, 1 to 200",
                    kind: "integer",
                },
                Parameter {
                    name: "use",
                    place: "query",
                    text: "What the music is for; tracks that may not be used for that are left out",
                    kind: "string",
                },
            ],
            body: None,
            answers: vec![document("The tracks", schema_of::<TrackList>)],
            scope: Some(Scope::Read),
        },
        handler: routing::get(tracks),
    }
}

async fn tracks(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Query(query): Query<CatalogQuery>,
) -> Result<Json<TrackList>, Problem> {
    let words = query.q.as_deref().unwrap_or_default();
    if words.chars().count() > LONGEST_WORDS {
        return Err(Problem::usage("at most 1000 letters of words are taken"));
    }
    let count = query.count.unwrap_or(COUNT);
    if !(1..=MOST_TRACKS).contains(&count) {
        return Err(Problem::usage("count is 1 to 200"));
    }
    let _turn = service.ranking.acquire().await;
    let found = tokio::task::block_in_place(|| find(&query, count, &service.workshop(&tenant.0)));
    let tracks = found.map_err(Problem::of_body)?;
    Ok(Json(TrackList {
        schema: "tastemaker.tracks/1",
        tracks: tracks.into_iter().map(ListedTrack::from).collect(),
    }))
}

fn find(query: &CatalogQuery, count: usize, workshop: &Workshop) -> Result<Vec<ScoredTrack>> {
    let Some(path) = workshop.catalog().filter(|path| is_database(path)) else {
        return Ok(Vec::new());
    };
    let (catalog, task) = (open_catalog(path)?, Task::default());
    let words = query.q.as_deref().unwrap_or_default();
    let usage = query.usage.as_deref();
    if words.trim().is_empty() {
        let mut all = list_tracks(&catalog, usage, workshop, &task)?;
        all.truncate(count);
        return Ok(all);
    }
    let wanted = TrackQuery {
        text: words,
        count,
        usage,
    };
    search_tracks(&catalog, &wanted, workshop, &task)
}

impl From<ScoredTrack> for ListedTrack {
    /// All but its file: where the operator keeps it is nobody's business.
    fn from(track: ScoredTrack) -> Self {
        let entry = track.entry;
        Self {
            id: entry.id,
            title: entry.title,
            artist: entry.artist,
            license: entry.license,
            duration: entry.duration,
            bpm: entry.bpm,
            key: entry.key,
            words: entry.words,
            score: track.score.map(rounded),
        }
    }
}
