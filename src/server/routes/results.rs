//! `/v1/results/{job}/{file}`: what was found and made.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, routing};
use schemars::{Schema, SchemaGenerator, json_schema};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::gate::Tenant;
use super::jobs::find;
use super::operation::{Answer, Content, JOB, Operation, Parameter, Route};
use crate::server::problem::Problem;
use crate::server::queue::JobState;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// `GET /v1/results/{job}/{file}`.
pub fn get() -> Route {
    const ANY: Option<Content> = Some(Content {
        media: "*/*",
        schema: anything,
    });
    Route {
        operation: Operation {
            id: "getResult",
            method: "get",
            path: "/v1/results/{job}/{file}",
            summary: "Fetch ingested.json (tastemaker.ingested/1) or a rendition of a job that is done",
            parameters: &[
                JOB,
                Parameter {
                    name: "file",
                    place: "path",
                    text: "ingested.json, or the path of a rendition in it",
                    kind: "string",
                },
                Parameter {
                    name: "Range",
                    place: "header",
                    text: "Part of the file",
                    kind: "string",
                },
            ],
            body: None,
            answers: vec![
                Answer {
                    status: 200,
                    text: "The file",
                    content: ANY,
                },
                Answer {
                    status: 206,
                    text: "The part that was asked for",
                    content: ANY,
                },
            ],
            scope: Some(Scope::Read),
        },
        handler: routing::get(fetch),
    }
}

fn anything(_: &mut SchemaGenerator) -> Schema {
    json_schema!({})
}

/// True for the name of a file of results: nothing that leads elsewhere.
pub fn is_result(name: &str) -> bool {
    let allowed =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    !name.starts_with('.') && name.len() <= 100 && !name.is_empty() && name.chars().all(allowed)
}

async fn fetch(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("result");
    let job = find(&service, &tenant, &id).map_err(|_| unknown())?;
    if job.state != JobState::Done || !is_result(&name) {
        return Err(unknown());
    }
    let path = service.result(&job.id).join(&name);
    // A link is not followed: the process that made the folder may have been in the hands of the file.
    let facts = std::fs::symlink_metadata(&path);
    if !facts.is_ok_and(|facts| facts.is_file()) {
        return Err(unknown());
    }
    let mut response = match ServeFile::new(&path).oneshot(request).await {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    };
    let headers = response.headers_mut();
    // A browser that is sent here shows the file and runs nothing in it.
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private"));
    Ok(response)
}
