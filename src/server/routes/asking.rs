//! `/v1/ask`: what a request in plain English means. It only reads words; no file is opened, and nothing is done.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json, routing};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::gate::Tenant;
use super::json_body::read_json;
use super::operation::{Content, Operation, Route, document, schema_of};
use crate::ask::{AskedFiles, read};
use crate::error::Result;
use crate::jobs::{ReadRequest, Workshop, ask_vocabulary};
use crate::server::problem::Problem;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// Most letters of a request.
const LONGEST: usize = 2000;
/// Most files that a request is about, and most letters of a name.
const MOST_FILES: usize = 1000;
const LONGEST_NAME: usize = 255;

/// A request in plain English.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskWish {
    /// What is wanted.
    #[schemars(length(min = 1, max = LONGEST))]
    text: String,
    /// Names of the clips that it is about.
    #[serde(default)]
    clips: Vec<String>,
    /// Names of the photos that it is about.
    #[serde(default)]
    photos: Vec<String>,
    /// Whether there is music to take from.
    #[serde(default)]
    music: bool,
}

/// `POST /v1/ask`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postAsk",
            method: "post",
            path: "/v1/ask",
            summary: "Tell what a request in plain English means; nothing is done",
            parameters: &[],
            body: Some(Content {
                media: "application/json",
                schema: schema_of::<AskWish>,
            }),
            answers: vec![document("What was understood, tastemaker.asked/1", asked)],
            scope: Some(Scope::Read),
        },
        handler: routing::post(ask),
    }
}

fn asked(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["schema", "understood", "not_understood", "cannot", "request"],
        "properties": {
            "schema": {"const": "tastemaker.asked/1"},
            "understood": {"type": "array", "items": {"type": "object"}},
            "not_understood": {"type": "array", "items": {"type": "string"}},
            "cannot": {"type": "array", "items": {"type": "object"}},
            "request": {"type": "object"},
        },
    })
}

async fn ask(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    body: Body,
) -> Result<Response, Problem> {
    let wish: AskWish = read_json(body).await?;
    wish.check()?;
    let turn = service.ranking.clone().acquire_owned().await;
    let reading = service.clone();
    let read = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        understand(wish, &reading.workshop(&tenant.0))
    });
    match read.await {
        Ok(read) => {
            let read = read.map_err(Problem::of_body)?;
            Ok(Json(read.document(&[])).into_response())
        }
        Err(problem) => {
            tracing::error!("reading ended: {problem}");
            Err(Problem::of_status(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
            ))
        }
    }
}

impl AskWish {
    fn check(&self) -> Result<(), Problem> {
        let letters = self.text.chars().count();
        if self.text.trim().is_empty() || letters > LONGEST {
            return Err(Problem::usage("text has 1 to 2000 letters"));
        }
        let names = || self.clips.iter().chain(&self.photos);
        if names().count() > MOST_FILES || names().any(|name| name.len() > LONGEST_NAME) {
            return Err(Problem::usage(
                "at most 1000 files of 255 letters are named",
            ));
        }
        Ok(())
    }
}

fn understand(wish: AskWish, workshop: &Workshop) -> Result<ReadRequest> {
    let facts = AskedFiles {
        names: wish.clips.iter().chain(&wish.photos).cloned().collect(),
        stills: wish.photos.len(),
        // Where no file is named, the request is about clips that are to come.
        clips: match wish.photos.is_empty() {
            true => wish.clips.len().max(1),
            false => wish.clips.len(),
        },
        sounds: 0,
        plan: None,
        music: wish.music,
    };
    let embed = |texts: &[&str]| workshop.models()?.embed_sentences(texts);
    let reading = read(&wish.text, &facts, &ask_vocabulary(workshop)?, &embed)?;
    Ok(ReadRequest {
        reading,
        files: Vec::new(),
        track: None,
    })
}
