//! What every request passes through: its id and its line in the log, its key, and the form of what goes wrong.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::openapi::OPENAPI;
use super::signed_link::SignedLink;
use crate::server::clock::now;
use crate::server::identifiers::random_id;
use crate::server::keys::{Caller, Keys};
use crate::server::otlp::{CallerTrace, TraceSpan, request_span};
use crate::server::problem::{CONTENT_TYPE, Problem, RefusalCode};
use crate::server::scope::{Scope, Scopes};
use crate::server::service::Service;

/// The trace that a caller is in.
const TRACE: &str = "traceparent";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Addresses that are answered without a key. They tell nothing of any tenant.
const PUBLIC: [&str; 4] = ["/healthz", "/readyz", "/metrics", OPENAPI];
/// No key is longer.
const LONGEST_KEY: usize = 200;

/// Whose request it is.
#[derive(Debug, Clone)]
pub struct Tenant(pub String);

/// The job that a request was taken in as, for its span.
#[derive(Debug, Clone)]
pub struct LedTo(pub String);

/// Counts and logs a request, and gives it an id.
pub async fn observe(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let (begun, begun_at) = (Instant::now(), now());
    let caller = request.headers().get(TRACE);
    let caller = caller.and_then(|it| CallerTrace::parse(it.to_str().ok()?));
    let id = random_id().unwrap_or_default();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("unknown", MatchedPath::as_str).to_owned();
    let mut response = next.run(request).await;
    let seconds = begun.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    // Methods are a caller's words: only those that are known become a label.
    let method = match method.as_str() {
        known @ ("GET" | "POST" | "DELETE" | "HEAD" | "PUT" | "OPTIONS" | "PATCH") => known,
        _ => "other",
    };
    service.metrics.request(&route, method, status, seconds);
    let refusal = response.extensions().get::<RefusalCode>();
    let code = refusal.map_or("", |refusal| refusal.0.as_str());
    if !code.is_empty() {
        service.metrics.rejected(code);
    }
    let tenant = response.extensions().get::<Tenant>();
    let tenant = tenant.map_or("", |tenant| tenant.0.as_str());
    let milliseconds = (seconds * 1000.0) as u64;
    let job = response.extensions().get::<LedTo>();
    service.spans.add(|| {
        let start = u64::try_from(begun_at).unwrap_or(0) * 1_000_000;
        let times = [start, start + (seconds * 1e9) as u64];
        let job = job.map(|job| job.0.as_str());
        let span = request_span(&id, caller, format!("{method} {route}"), times, job)?;
        let span = span
            .with("http.request.method", method)
            .with("http.route", route.as_str())
            .with("http.response.status_code", i64::from(status))
            .with("tastemaker.request", id.as_str())
            .with("tastemaker.tenant", tenant);
        let is_broken = response.status().is_server_error();
        Some(TraceSpan {
            error: is_broken.then(|| code.to_owned()),
            ..span
        })
    });
    tracing::info!(
        request = id,
        tenant,
        method,
        route,
        status,
        code,
        milliseconds,
        "request"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Lets requests with a valid key through, and those that need none.
pub async fn authorize(
    State(service): State<Arc<Service>>,
    mut request: Request,
    next: Next,
) -> Response {
    if PUBLIC.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let found = tokio::task::block_in_place(|| caller(&service, &request));
    let caller = match found {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let tenant = Tenant(caller.tenant);
    request.extensions_mut().insert(caller.scopes);
    request.extensions_mut().insert(tenant.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(tenant);
    response
}

/// Lets requests through whose key allows what is asked.
pub async fn check_scope(State(scope): State<Scope>, request: Request, next: Next) -> Response {
    let allowed = request.extensions().get::<Scopes>();
    if allowed.is_some_and(|scopes| scopes.allow(scope)) {
        return next.run(request).await;
    }
    forbidden(scope).into_response()
}

/// The key does not allow what is asked.
pub fn forbidden(scope: Scope) -> Problem {
    let detail = format!("this key does not allow to {scope}");
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
}

/// Whose request it is, by its key or by a signed link to a result.
fn caller(service: &Service, request: &Request) -> Result<Caller, Problem> {
    if let Some(key) = key(request) {
        let caller = Keys::new(&service.records).caller(key)?;
        return caller.ok_or_else(Problem::unauthorized);
    }
    let (path, query) = (request.uri().path(), request.uri().query());
    let Some(link) = query.and_then(|query| SignedLink::parse(path, query)) else {
        return Err(Problem::unauthorized());
    };
    link.check(&service.secrets, now())?;
    let tenant = service.queue.tenant_of(&link.job)?;
    Ok(Caller {
        tenant: tenant.ok_or_else(|| Problem::not_found("result"))?,
        scopes: Scopes::new(&[Scope::Read]),
    })
}

fn key(request: &Request) -> Option<&str> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, key) = value.split_once(' ')?;
    let fits = scheme.eq_ignore_ascii_case("bearer") && key.len() <= LONGEST_KEY;
    fits.then_some(key.trim())
}

/// Turns whatever else goes wrong (an unknown method, a body that is not understood) into a problem document.
pub async fn tell_problems(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let is_told = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == CONTENT_TYPE);
    if is_told {
        return response;
    }
    let mut told = Problem::of_status(status).into_response();
    // Which methods are taken, and which part of a file there is.
    for name in [header::ALLOW, header::CONTENT_RANGE] {
        if let Some(value) = response.headers_mut().remove(&name) {
            told.headers_mut().insert(name, value);
        }
    }
    if let Some(tenant) = response.extensions_mut().remove::<Tenant>() {
        told.extensions_mut().insert(tenant);
    }
    told
}
