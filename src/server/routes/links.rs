//! `/v1/jobs/{job}/links`: links to results that open without a key, until they end.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::{Extension, Json, routing};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Tenant;
use super::jobs::find;
use super::json_body::read_json;
use super::operation::{Content, JOB, Operation, Route, document, schema_of};
use super::results::is_result;
use super::signed_link::SignedLink;
use crate::server::clock::now;
use crate::server::problem::Problem;
use crate::server::queue::JobState;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// How long a link opens where nothing is said, and at most: a week.
const HOUR: u64 = 3600;
const LONGEST: u64 = 7 * 24 * HOUR;

/// A link that is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LinkWish {
    /// The path of a result, such as `preview.jpg`.
    file: String,
    /// How long it opens; absent: an hour.
    #[schemars(range(min = 1, max = LONGEST))]
    seconds: Option<u64>,
}

/// A link, `tastemaker.link/1`.
#[derive(Debug, Serialize, JsonSchema)]
struct LinkDocument {
    schema: &'static str,
    /// From the root of the service.
    url: String,
    /// When it ends (RFC 3339).
    expires_at: String,
}

/// `POST /v1/jobs/{job}/links`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postLink",
            method: "post",
            path: "/v1/jobs/{job}/links",
            summary: "Make a link to a result of a job that is done, which opens without a key until it ends",
            parameters: &[JOB],
            body: Some(Content {
                media: "application/json",
                schema: schema_of::<LinkWish>,
            }),
            answers: vec![document("The link", schema_of::<LinkDocument>)],
            scope: Some(Scope::Read),
        },
        handler: routing::post(link),
    }
}

async fn link(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<LinkDocument>, Problem> {
    let job = find(&service, &tenant, &id)?;
    let wish: LinkWish = read_json(body).await?;
    let seconds = wish.seconds.unwrap_or(HOUR);
    if !(1..=LONGEST).contains(&seconds) {
        return Err(Problem::usage("seconds are 1 to 604800"));
    }
    let is_there = is_result(&wish.file)
        && job.state == JobState::Done
        && service.result(&job.id).join(&wish.file).is_file();
    if !is_there {
        return Err(Problem::usage("the job has no result of that name"));
    }
    let milliseconds = i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
    let expires = now().saturating_add(milliseconds);
    let link = SignedLink::new(&job.id, &wish.file, expires, &service.secrets);
    Ok(Json(LinkDocument {
        schema: "tastemaker.link/1",
        url: link.address(),
        expires_at: Timestamp::from_millisecond(expires)
            .unwrap_or_default()
            .to_string(),
    }))
}
