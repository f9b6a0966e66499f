//! `/v1/feedback` and `/v1/profiles/{creator}`: what a creator took and turned down, and what was learned from it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json, routing};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::gate::Tenant;
use super::json_body::read_json;
use super::operation::{CREATOR, Content, Operation, Route, document, schema_of};
use crate::jobs::{TeachJob, show_profile, teach_profile};
use crate::server::identifiers::is_name;
use crate::server::problem::Problem;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// Most looks that one request names.
const MOST_LOOKS: usize = 200;

/// What a creator took and what they turned down.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Feedback {
    /// As the platform calls them: letters, digits, - and _.
    #[schemars(regex(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
    creator: String,
    /// Looks that were taken, by id.
    #[serde(default)]
    accept: Vec<String>,
    /// Looks that were turned down, by id.
    #[serde(default)]
    reject: Vec<String>,
}

/// `POST /v1/feedback`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postFeedback",
            method: "post",
            path: "/v1/feedback",
            summary: "Note which looks a creator took and turned down; their profile learns from it",
            parameters: &[],
            body: Some(Content {
                media: "application/json",
                schema: schema_of::<Feedback>,
            }),
            answers: vec![document(
                "What the profile has learned, tastemaker.taste/1",
                taste,
            )],
            scope: Some(Scope::Upload),
        },
        handler: routing::post(learn),
    }
}

/// `GET /v1/profiles/{creator}`.
pub fn profile() -> Route {
    Route {
        operation: Operation {
            id: "getProfile",
            method: "get",
            path: "/v1/profiles/{creator}",
            summary: "Tell what the profile of a creator has learned",
            parameters: &[CREATOR],
            body: None,
            answers: vec![document(
                "What the profile has learned, tastemaker.taste/1",
                taste,
            )],
            scope: Some(Scope::Read),
        },
        handler: routing::get(show),
    }
}

fn taste(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["schema", "name", "kinds"],
        "properties": {
            "schema": {"const": "tastemaker.taste/1"},
            "name": {"type": "string"},
            "kinds": {"type": "array", "items": {"type": "object"}},
        },
    })
}

async fn learn(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    body: Body,
) -> Result<Response, Problem> {
    let feedback: Feedback = read_json(body).await?;
    if !is_name(&feedback.creator) {
        return Err(Problem::usage(
            "a creator is named by letters, digits, - and _",
        ));
    }
    if feedback.accept.len().saturating_add(feedback.reject.len()) > MOST_LOOKS {
        return Err(Problem::usage("at most 200 looks are taken at a time"));
    }
    let job = TeachJob {
        profile: feedback.creator,
        accepted: feedback.accept,
        rejected: feedback.reject,
        swapped: Vec::new(),
        suggestions: None,
        write: true,
    };
    tokio::task::block_in_place(|| {
        let report = teach_profile(&job, &service.workshop(&tenant.0)).map_err(Problem::of_body)?;
        Ok(Json(report.document()).into_response())
    })
}

async fn show(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path(creator): Path<String>,
) -> Result<Response, Problem> {
    if !is_name(&creator) {
        return Err(Problem::not_found("profile"));
    }
    tokio::task::block_in_place(|| {
        let report = show_profile(&creator, &service.workshop(&tenant.0))?;
        Ok(Json(report.document()).into_response())
    })
}
