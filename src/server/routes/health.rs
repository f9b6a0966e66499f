//! `/healthz`, `/readyz` and `/metrics`: for those who run the service.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, routing};
use schemars::JsonSchema;
use serde::Serialize;

use super::operation::{Answer, Content, Operation, Route, document, schema_of};
use crate::jobs::SandboxReport;
use crate::server::disk::free_bytes;
use crate::server::problem::Problem;
use crate::server::service::{ModelFacts, Service};

/// What Prometheus asks for.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Bytes below which an upload may not find room: a few renditions of a clip.
const LEAST_FREE: u64 = 256 << 20;

/// That the service answers.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    status: &'static str,
}

/// What jobs are done with, `tastemaker.ready/1`.
#[derive(Debug, Serialize, JsonSchema)]
struct Readiness {
    schema: &'static str,
    status: &'static str,
    /// Version of this program.
    version: &'static str,
    /// Version of ONNX Runtime.
    runtime: String,
    /// On what networks run.
    provider: &'static str,
    /// The networks, each compared with its pin when the service started.
    models: Vec<ModelFacts>,
    /// How far work on files is kept apart.
    sandbox: SandboxReport,
    /// Jobs in each state.
    jobs: BTreeMap<String, u64>,
    /// Bytes that are free on the disk for uploads and results; absent where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    disk_free: Option<u64>,
}

/// The three of them.
pub fn all() -> [Route; 3] {
    let operation = |id, path, summary, answers| Operation {
        id,
        method: "get",
        path,
        summary,
        parameters: &[],
        body: None,
        answers,
        scope: None,
    };
    let health = vec![document("It answers", schema_of::<Health>)];
    let ready_answers = vec![document("It can do jobs", schema_of::<Readiness>)];
    let counted = vec![Answer {
        status: 200,
        text: "What was counted",
        content: Some(Content {
            media: "application/openmetrics-text",
            schema: schema_of::<String>,
        }),
    }];
    [
        Route {
            operation: operation(
                "getHealth",
                "/healthz",
                "Tell whether the service answers",
                health,
            ),
            handler: routing::get(|| async { Json(Health { status: "ok" }) }),
        },
        Route {
            operation: operation(
                "getReadiness",
                "/readyz",
                "Tell whether the service can do jobs, and with what",
                ready_answers,
            ),
            handler: routing::get(ready),
        },
        Route {
            operation: operation(
                "getMetrics",
                "/metrics",
                "Tell what was counted, for Prometheus",
                counted,
            ),
            handler: routing::get(metrics),
        },
    ]
}

async fn ready(State(service): State<Arc<Service>>) -> Result<Json<Readiness>, Problem> {
    let not_ready =
        |detail: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail);
    let child = service.child();
    let child = child.ok_or_else(|| not_ready("no process for the work on files has started"))?;
    let models = service
        .models()
        .ok_or_else(|| not_ready("the networks are being checked"))?;
    if models.iter().any(|model| !model.intact) {
        return Err(not_ready("a network is missing or is not the pinned one"));
    }
    let disk_free = tokio::task::block_in_place(|| free_bytes(&service.settings.data))?;
    if disk_free.is_some_and(|free| free < LEAST_FREE) {
        return Err(not_ready("the disk for uploads and results is nearly full"));
    }
    let depth = tokio::task::block_in_place(|| service.depth())?;
    Ok(Json(Readiness {
        schema: "tastemaker.ready/1",
        status: "ready",
        version: env!("CARGO_PKG_VERSION"),
        runtime: child.runtime,
        provider: "CPU",
        models: models.to_vec(),
        sandbox: child.sandbox,
        jobs: depth
            .into_iter()
            .map(|(state, count)| (state.to_owned(), count))
            .collect(),
        disk_free,
    }))
}

async fn metrics(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    let depth = tokio::task::block_in_place(|| service.depth())?;
    for (state, count) in depth {
        service.metrics.jobs(state, count);
    }
    let text = service.metrics.text();
    Ok(([(header::CONTENT_TYPE, METRICS_TYPE)], text).into_response())
}
