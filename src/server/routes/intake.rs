//! Taking a request with files in as a job, whatever is done in it: refused by its head where that is possible,
//! received whole, then queued, once for each idempotency key.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use schemars::JsonSchema;
use serde::Serialize;

use super::gate::{LedTo, Tenant};
use super::named_object::fetch_named;
use super::operation::{Answer, Content, Parameter, schema_of};
use super::upload_body::linger;
use super::upload_form::{FORM_BYTES, FormRules, ReceivedForm, receive};
use crate::server::clock::now;
use crate::server::identifiers::random_id;
use crate::server::problem::Problem;
use crate::server::queue::{Accepted, JobState, JobWork, NewJob};
use crate::server::service::Service;
use crate::server::webhooks::check_receiver;

/// Most bytes of an idempotency key.
const LONGEST_KEY: usize = 255;
/// Seconds after which there may be room again.
const COME_AGAIN: u64 = 1;

/// The header that makes a request the same however often it is sent.
pub const IDEMPOTENCY_KEY: Parameter = Parameter {
    name: "Idempotency-Key",
    place: "header",
    text: "The same key with the same request is the same job, however often it is sent",
    kind: "string",
};

/// A request that was taken in.
#[derive(Debug, Serialize, JsonSchema)]
struct AcceptedJob {
    /// Id of the job.
    job: String,
    /// Where the job stands.
    state: JobState,
}

/// The answer to a request that was taken in.
pub fn accepted_answer() -> Answer {
    Answer {
        status: 202,
        text: "It is in the queue",
        content: Some(Content {
            media: "application/json",
            schema: schema_of::<AcceptedJob>,
        }),
    }
}

/// What a form asks for.
pub struct JobWish {
    /// What is done.
    pub work: JobWork,
    /// Id of the ingest preset; empty where there is none.
    pub preset: String,
    /// What is asked for beside the preset, as JSON.
    pub wish: Option<String>,
    /// Where events are told, unless the form says so.
    pub webhook: Option<String>,
}

/// Takes a request in. `understand` says what its form asks for, before anything is kept.
pub async fn take_in(
    service: &Service,
    tenant: &Tenant,
    request: Request,
    rules: &FormRules,
    understand: impl Fn(&ReceivedForm) -> Result<JobWish, Problem>,
) -> Result<Response, Problem> {
    let idempotency = match admit(service, tenant, request.headers()) {
        Ok(idempotency) => idempotency,
        Err(problem) => {
            linger(request.into_body().into_data_stream());
            return Err(problem);
        }
    };
    let id = random_id()?;
    let mut folder = ArrivingFolder {
        service,
        job: &id,
        is_kept: false,
    };
    let arrival = Arrival {
        service,
        tenant,
        id: &id,
        idempotency,
    };
    let answer = match receive(request, service, &id, rules).await {
        Ok(form) => arrival.accept(form, rules, understand).await,
        Err(problem) => Err(problem),
    };
    let accepted = answer?;
    folder.is_kept = accepted.job == id;
    service.work.notify_one();
    let place = [(header::LOCATION, format!("/v1/jobs/{}", accepted.job))];
    let led_to = Extension(LedTo(accepted.job.clone()));
    Ok((StatusCode::ACCEPTED, place, led_to, Json(accepted)).into_response())
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

/// The folder of a job that may not come to be: its caller may also be gone in the middle.
struct ArrivingFolder<'a> {
    service: &'a Service,
    job: &'a str,
    is_kept: bool,
}

impl Drop for ArrivingFolder<'_> {
    fn drop(&mut self) {
        if !self.is_kept {
            self.service.forget_upload(self.job);
        }
    }
}

/// A request on its way into the queue.
struct Arrival<'a> {
    service: &'a Service,
    tenant: &'a Tenant,
    id: &'a str,
    idempotency: Option<String>,
}

impl Arrival<'_> {
    async fn accept(
        &self,
        mut form: ReceivedForm,
        rules: &FormRules,
        understand: impl Fn(&ReceivedForm) -> Result<JobWish, Problem>,
    ) -> Result<AcceptedJob, Problem> {
        fetch_named(&mut form, self.service, self.tenant, self.id, rules).await?;
        let wish = understand(&form)?;
        self.queue(form, wish).await
    }

    async fn queue(&self, form: ReceivedForm, wish: JobWish) -> Result<AcceptedJob, Problem> {
        let (service, tenant) = (self.service, &self.tenant.0);
        let webhook = form.text("webhook").or(wish.webhook);
        if let Some(webhook) = &webhook {
            let checked = check_receiver(webhook, &service.settings.webhook_allow).await;
            checked.map_err(|refusal| {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Problem::new(status, refusal.code(), refusal.text())
            })?;
        }
        let creator = form.creator()?;
        let name = form.files.first().map(|file| file.name.clone());
        let (bytes, blake3) = form.keep(service, self.id)?;
        let job = NewJob {
            id: self.id.into(),
            tenant: tenant.clone(),
            creator,
            work: wish.work,
            preset: wish.preset,
            wish: wish.wish,
            name: name.unwrap_or_default(),
            bytes,
            blake3,
            webhook,
            idempotency: self.idempotency.clone(),
        };
        let accepted = |job: &str, state| AcceptedJob {
            job: job.into(),
            state,
        };
        tokio::task::block_in_place(|| {
            let quota = service.settings.quota;
            match service.queue.accept(&job, quota, now())? {
                Accepted::New => Ok(accepted(self.id, JobState::Queued)),
                Accepted::Known(known) => {
                    let state = service.queue.job(tenant, &known)?.map(|job| job.state);
                    Ok(accepted(&known, state.unwrap_or(JobState::Queued)))
                }
                Accepted::OtherRequest => {
                    let detail = "this Idempotency-Key belongs to another request";
                    Err(Problem::new(StatusCode::CONFLICT, "conflict", detail))
                }
                Accepted::Full => Err(Problem::full(COME_AGAIN)),
            }
        })
    }
}
