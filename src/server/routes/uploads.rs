//! `/v1/uploads`: takes a file in.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, routing};
use schemars::{Schema, SchemaGenerator, json_schema};

use super::gate::Tenant;
use super::intake::{IDEMPOTENCY_KEY, JobWish, accepted_answer, take_in};
use super::named_object::OBJECT;
use super::operation::{Content, Operation, Route};
use super::upload_form::{FormRules, ReceivedForm};
use crate::server::problem::Problem;
use crate::server::queue::JobWork;
use crate::server::scope::Scope;
use crate::server::service::Service;

const RULES: FormRules = FormRules {
    texts: &["preset", "creator", "webhook", "blake3", OBJECT],
    files: &[("file", 1)],
    most_bytes,
};

/// `POST /v1/uploads`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postUpload",
            method: "post",
            path: "/v1/uploads",
            summary: "Take a file in: it is checked, described and screened, and its renditions are made",
            parameters: &[IDEMPOTENCY_KEY],
            body: Some(Content {
                media: "multipart/form-data",
                schema: form_schema,
            }),
            answers: vec![accepted_answer()],
            scope: Some(Scope::Upload),
        },
        // The limits of this service hold instead of the one for small bodies.
        handler: routing::post(upload).layer(DefaultBodyLimit::disable()),
    }
}

fn form_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["preset"],
        "oneOf": [{"required": ["file"]}, {"required": ["object"]}],
        "additionalProperties": false,
        "properties": {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
            "object": {"type": "string", "description": "Name of the file in the store of the tenant, where it is not sent"},
            "preset": {"type": "string", "description": "Name of an ingest preset"},
            "creator": {
                "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$",
                "description": "Whose upload it is, as the platform calls them",
            },
            "webhook": {"type": "string", "description": "Public address to which events are sent; absent: that of the preset, if any"},
            "blake3": {"type": "string", "description": "Of the file; another file is refused"},
        },
    })
}

async fn upload(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    request: Request,
) -> Result<Response, Problem> {
    let understand = |form: &ReceivedForm| understand(form, &service);
    take_in(&service, &tenant, request, &RULES, understand).await
}

fn understand(form: &ReceivedForm, service: &Service) -> Result<JobWish, Problem> {
    let preset = form.texts.get("preset");
    let preset = preset.ok_or_else(|| Problem::usage("the field preset is missing"))?;
    let most = most_bytes(service, &form.texts)?;
    let file = form.files.first();
    let file = file.ok_or_else(|| Problem::usage("neither file nor object is there"))?;
    match file.file.bytes() {
        0 => return Err(Problem::usage("the file is empty")),
        bytes if bytes > most => return Err(Problem::too_large(most)),
        _ => {}
    }
    let declared = form
        .texts
        .get("blake3")
        .map(|hash| hash.to_ascii_lowercase());
    if declared.is_some_and(|declared| declared != file.file.blake3()) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let detail = "the file is not the one that its blake3 tells of";
        return Err(Problem::new(status, "changed", detail));
    }
    Ok(JobWish {
        work: JobWork::Ingest,
        preset: preset.clone(),
        wish: None,
        webhook: service
            .preset(preset)
            .and_then(|served| served.preset.webhook.clone()),
    })
}

/// Most bytes of a file of the preset; before that is known, of the service.
fn most_bytes(service: &Service, texts: &BTreeMap<String, String>) -> Result<u64, Problem> {
    let most = service.settings.most_bytes;
    let Some(name) = texts.get("preset") else {
        return Ok(most);
    };
    let Some(served) = service.preset(name) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let detail = "there is no ingest preset of that name";
        return Err(Problem::new(status, "unknown_name", detail));
    };
    Ok(served.preset.most_bytes(most))
}
