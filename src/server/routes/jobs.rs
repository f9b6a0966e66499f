//! `/v1/jobs/{job}`: where a job stands, calling it off, and overruling its verdict.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json, routing};

use super::gate::{Tenant, forbidden};
use super::job_document::JobDocument;
use super::json_body::read_json;
use super::operation::{Answer, Content, JOB, Operation, Route, document, schema_of};
use crate::server::clock::now;
use crate::server::identifiers::is_id;
use crate::server::problem::Problem;
use crate::server::queue::{Erased, JobRecord, JobState, Overruling};
use crate::server::scope::{Scope, Scopes};
use crate::server::service::Service;

/// Most letters of a reason.
const LONGEST_REASON: usize = 2000;

/// `GET /v1/jobs/{job}`.
pub fn get() -> Route {
    Route {
        operation: Operation {
            id: "getJob",
            method: "get",
            path: "/v1/jobs/{job}",
            summary: "Tell where a job stands",
            parameters: &[JOB],
            body: None,
            answers: vec![document("The job", schema_of::<JobDocument>)],
            scope: Some(Scope::Read),
        },
        handler: routing::get(show),
    }
}

/// `DELETE /v1/jobs/{job}`.
pub fn delete() -> Route {
    Route {
        operation: Operation {
            id: "deleteJob",
            method: "delete",
            path: "/v1/jobs/{job}",
            summary: "Call a job off; erase one that has ended, with its results (this takes the scope erase)",
            parameters: &[JOB],
            body: None,
            answers: vec![Answer {
                status: 204,
                text: "It is called off, or erased",
                content: None,
            }],
            scope: Some(Scope::Upload),
        },
        handler: routing::delete(erase),
    }
}

/// `POST /v1/jobs/{job}/decision`.
pub fn decide() -> Route {
    Route {
        operation: Operation {
            id: "decideJob",
            method: "post",
            path: "/v1/jobs/{job}/decision",
            summary: "Note what a person decided over the verdict of a job that is done",
            parameters: &[JOB],
            body: Some(Content {
                media: "application/json",
                schema: schema_of::<Overruling>,
            }),
            answers: vec![document("The job", schema_of::<JobDocument>)],
            scope: Some(Scope::Review),
        },
        handler: routing::post(overrule),
    }
}

/// The job `id` of a tenant.
pub fn find(service: &Service, tenant: &Tenant, id: &str) -> Result<JobRecord, Problem> {
    let unknown = || Problem::not_found("job");
    if !is_id(id) {
        return Err(unknown());
    }
    let job = tokio::task::block_in_place(|| service.queue.job(&tenant.0, id))?;
    job.ok_or_else(unknown)
}

async fn show(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path(id): Path<String>,
) -> Result<Json<JobDocument>, Problem> {
    Ok(Json(JobDocument::of(find(&service, &tenant, &id)?)))
}

async fn erase(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Extension(scopes): Extension<Scopes>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let job = find(&service, &tenant, &id)?;
    tokio::task::block_in_place(|| {
        let may_erase = scopes.allow(Scope::Erase);
        match service.queue.erase(&tenant.0, &job.id, may_erase, now())? {
            Some(Erased::Kept) => return Err(forbidden(Scope::Erase)),
            // A worker may be at it; it lets go when it is told.
            Some(Erased::Canceled) => service.forget_upload(&job.id),
            Some(Erased::Gone) => service.forget_files(&job.id),
            None => {}
        }
        Ok::<(), Problem>(())
    })?;
    service.changed.notify_waiters();
    service.outbox.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

async fn overrule(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<JobDocument>, Problem> {
    let job = find(&service, &tenant, &id)?;
    let decision: Overruling = read_json(body).await?;
    if decision
        .reason
        .as_ref()
        .is_some_and(|reason| reason.len() > LONGEST_REASON)
    {
        return Err(Problem::usage("the reason is too long"));
    }
    if job.state != JobState::Done {
        let detail = "only the verdict of a job that is done can be overruled";
        return Err(Problem::new(StatusCode::CONFLICT, "conflict", detail));
    }
    tokio::task::block_in_place(|| service.queue.overrule(&tenant.0, &job.id, &decision))?;
    Ok(Json(JobDocument::of(find(&service, &tenant, &id)?)))
}
