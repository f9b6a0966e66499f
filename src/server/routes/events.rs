//! `/v1/jobs/{job}/events`: what happens to a job, as it happens (server-sent events).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event as Sent, KeepAlive};
use axum::{Extension, routing};
use futures_util::stream::{Stream, unfold};
use schemars::{Schema, SchemaGenerator, json_schema};

use super::gate::Tenant;
use super::jobs::find;
use super::operation::{Answer, Content, JOB, Operation, Parameter, Route};
use crate::server::problem::Problem;
use crate::server::queue::Event;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// What is looked up again after this time even where nobody was woken: an erased job ends its streams.
const PAUSE: Duration = Duration::from_secs(5);

/// `GET /v1/jobs/{job}/events`.
pub fn get() -> Route {
    Route {
        operation: Operation {
            id: "getJobEvents",
            method: "get",
            path: "/v1/jobs/{job}/events",
            summary: "Tell what happens to a job, as it happens: screened, then done, failed or canceled",
            parameters: &[
                JOB,
                Parameter {
                    name: "Last-Event-ID",
                    place: "header",
                    text: "What comes after this event is told",
                    kind: "string",
                },
            ],
            body: None,
            answers: vec![Answer {
                status: 200,
                text: "Events, until the job has ended",
                content: Some(Content {
                    media: "text/event-stream",
                    schema: event_schema,
                }),
            }],
            scope: Some(Scope::Read),
        },
        handler: routing::get(events),
    }
}

/// One event, as readers of OpenAPI 3.1 understand the schema of a stream.
fn event_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["event", "id", "data"],
        "properties": {
            "event": {"enum": ["screened", "done", "failed", "canceled"]},
            "id": {"type": "string", "pattern": "^[0-9]+$", "description": "Grows from event to event of a job"},
            "data": {
                "type": "string", "contentMediaType": "application/json",
                "description": "A document tastemaker.job-event/1",
            },
        },
    })
}

async fn events(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, Problem> {
    let job = find(&service, &tenant, &id)?;
    let seen = headers.get("last-event-id").and_then(|it| it.to_str().ok());
    let follower = Follower {
        service,
        job: job.id,
        seen: seen.and_then(|it| it.parse().ok()).unwrap_or(0),
        ready: VecDeque::new(),
        over: false,
    };
    let stream = unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        let sent = Sent::default()
            .event(&event.kind)
            .id(event.number.to_string())
            .data(&event.body);
        Some((Ok(sent), follower))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

/// Follows one job.
struct Follower {
    service: Arc<Service>,
    job: String,
    seen: i64,
    ready: VecDeque<Event>,
    over: bool,
}

impl Follower {
    /// The next event; `None` after the last.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.seen = event.number;
                self.over |= event.is_last();
                return Some(event);
            }
            if self.over {
                return None;
            }
            let service = self.service.clone();
            let changed = service.changed.notified();
            let found = tokio::task::block_in_place(|| {
                let events = service.queue.events(&self.job, self.seen)?;
                let waits = service.queue.needs_upload(&self.job)?;
                Ok::<_, crate::Error>((events, waits))
            });
            let (events, waits) = found.ok()?;
            self.over = events.is_empty() && !waits;
            self.ready = events.into();
            if self.ready.is_empty() && !self.over {
                tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    }
}
