//! `/v1/uploads`: takes a file in.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json, routing};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::gate::Tenant;
use super::operation::{Answer, Content, Operation, Parameter, Route, schema_of};
use super::upload_body::{limited, linger};
use super::upload_form::{UploadForm, receive};
use crate::error::Result;
use crate::server::clock::now;
use crate::server::identifiers::random_id;
use crate::server::problem::Problem;
use crate::server::queue::{Accepted, JobState, NewJob};
use crate::server::service::Service;
use crate::server::webhooks::check_receiver;

/// Bytes of a form beside its file.
const FORM_BYTES: u64 = 1 << 20;
/// Most bytes of an idempotency key.
const LONGEST_KEY: usize = 255;
/// Seconds after which there may be room again.
const COME_AGAIN: u64 = 1;

/// An upload that was taken in.
#[derive(Debug, Serialize, JsonSchema)]
struct AcceptedUpload {
    /// Id of its job.
    job: String,
    /// Where the job stands.
    state: JobState,
}

/// `POST /v1/uploads`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postUpload",
            method: "post",
            path: "/v1/uploads",
            summary: "Take a file in: it is checked, described and screened, and its renditions are made",
            parameters: &[Parameter {
                name: "Idempotency-Key",
                place: "header",
                text: "The same key with the same upload is the same job, however often it is sent",
                kind: "string",
            }],
            body: Some(Content {
                media: "multipart/form-data",
                schema: form_schema,
            }),
            answers: vec![Answer {
                status: 202,
                text: "It is in the queue",
                content: Some(Content {
                    media: "application/json",
                    schema: schema_of::<AcceptedUpload>,
                }),
            }],
            is_public: false,
        },
        // The limits of this service hold instead of the one for small bodies.
        handler: routing::post(upload).layer(DefaultBodyLimit::disable()),
    }
}

fn form_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["file", "preset"],
        "additionalProperties": false,
        "properties": {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
            "preset": {"type": "string", "description": "Name of an ingest preset"},
            "creator": {
                "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$",
                "description": "Whose upload it is, as the platform calls them",
            },
            "webhook": {"type": "string", "description": "Public address to which events are sent"},
            "blake3": {"type": "string", "description": "Of the file; another file is refused"},
        },
    })
}

async fn upload(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    request: Request,
) -> Result<Response, Problem> {
    let admitted = admit(&service, &tenant, request.headers());
    let idempotency = match admitted {
        Ok(idempotency) => idempotency,
        Err(problem) => {
            linger(request.into_body().into_data_stream());
            return Err(problem);
        }
    };
    let (parts, body) = request.into_parts();
    let most = service.settings.most_bytes.saturating_add(FORM_BYTES);
    let (body, rest, fault) = limited(body, most);
    let form = Multipart::from_request(Request::from_parts(parts, body), &());
    let form = form
        .await
        .map_err(|refused| Problem::of_status(refused.status()))?;
    let id = random_id()?;
    let form = receive(form, &service, &id, &fault).await?;
    let answer = match rest.finish().await {
        Ok(()) => take_in(&service, &tenant, &id, form, idempotency).await,
        Err(problem) => Err(problem),
    };
    if !matches!(&answer, Ok(accepted) if accepted.job == id) {
        service.forget_upload(&id);
    }
    let accepted = answer?;
    service.work.notify_one();
    let place = format!("/v1/jobs/{}", accepted.job);
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, place)],
        Json(accepted),
    )
        .into_response())
}

/// Refuses by the head alone what can be refused by it; gives the idempotency key.
fn admit(
    service: &Service,
    tenant: &Tenant,
    headers: &HeaderMap,
) -> Result<Option<String>, Problem> {
    let key = match headers.get("idempotency-key").map(|key| key.to_str()) {
        None => None,
        Some(Ok(key)) if !key.is_empty() && key.len() <= LONGEST_KEY => Some(key.to_owned()),
        Some(_) => {
            let detail = "an Idempotency-Key has 1 to 255 plain letters";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "usage", detail));
        }
    };
    let most = service.settings.most_bytes;
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|it| it.to_str().ok());
    let length: Option<u64> = length.and_then(|it| it.parse().ok());
    if length.is_some_and(|length| length > most.saturating_add(FORM_BYTES)) {
        return Err(Problem::too_large(most));
    }
    let quota = service.settings.quota;
    let full = tokio::task::block_in_place(|| {
        service.queue.would_refuse(&tenant.0, key.as_deref(), quota)
    })?;
    match full {
        true => Err(Problem::full(COME_AGAIN)),
        false => Ok(key),
    }
}

async fn take_in(
    service: &Service,
    tenant: &Tenant,
    id: &str,
    form: UploadForm,
    idempotency: Option<String>,
) -> Result<AcceptedUpload, Problem> {
    if let Some(webhook) = &form.webhook {
        let checked = check_receiver(webhook, &service.settings.webhook_allow).await;
        checked.map_err(|refusal| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                refusal.code(),
                refusal.text(),
            )
        })?;
    }
    let job = NewJob {
        id: id.into(),
        tenant: tenant.0.clone(),
        creator: form.creator,
        preset: form.preset,
        name: form.name,
        bytes: form.bytes,
        blake3: form.blake3,
        webhook: form.webhook,
        idempotency,
    };
    let accepted = |job: &str, state| AcceptedUpload {
        job: job.into(),
        state,
    };
    tokio::task::block_in_place(|| {
        let quota = service.settings.quota;
        match service.queue.accept(&job, quota, now())? {
            Accepted::New => Ok(accepted(id, JobState::Queued)),
            Accepted::Known(known) => {
                let state = service.queue.job(&tenant.0, &known)?.map(|job| job.state);
                Ok(accepted(&known, state.unwrap_or(JobState::Queued)))
            }
            Accepted::OtherRequest => {
                let detail = "this Idempotency-Key belongs to another upload";
                Err(Problem::new(StatusCode::CONFLICT, "conflict", detail))
            }
            Accepted::Full => Err(Problem::full(COME_AGAIN)),
        }
    })
}
