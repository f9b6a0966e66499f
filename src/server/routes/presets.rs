//! `/v1/ingest-presets`: what can be done with an upload.

use std::sync::Arc;

use axum::extract::State;
use axum::{Json, routing};
use schemars::JsonSchema;
use serde::Serialize;

use super::operation::{Operation, Route, document, schema_of};
use crate::analysis::FileKind;
use crate::jobs::IngestPreset;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// The presets, `tastemaker.ingest-presets/1`.
#[derive(Debug, Serialize, JsonSchema)]
struct PresetList {
    schema: &'static str,
    presets: Vec<ListedPreset>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ListedPreset {
    /// What an upload names it by.
    name: String,
    /// BLAKE3 of its text.
    version: String,
    /// The name for people.
    title: String,
    /// One sentence.
    summary: String,
    /// Kinds of files that it takes.
    takes: Vec<FileKind>,
    /// What is made of each file that is not blocked.
    renditions: Vec<String>,
}

/// `GET /v1/ingest-presets`.
pub fn list() -> Route {
    Route {
        operation: Operation {
            id: "listIngestPresets",
            method: "get",
            path: "/v1/ingest-presets",
            summary: "List what can be done with an upload",
            parameters: &[],
            body: None,
            answers: vec![document("The presets", schema_of::<PresetList>)],
            scope: Some(Scope::Read),
        },
        handler: routing::get(presets),
    }
}

async fn presets(State(service): State<Arc<Service>>) -> Json<PresetList> {
    let listed = |preset: &IngestPreset| ListedPreset {
        name: preset.id.clone(),
        version: preset.version.clone(),
        title: preset.name.clone(),
        summary: preset.summary.clone(),
        takes: preset.takes.clone(),
        renditions: preset.renditions.iter().map(|it| it.name.clone()).collect(),
    };
    Json(PresetList {
        schema: "tastemaker.ingest-presets/1",
        presets: service.presets().map(listed).collect(),
    })
}
