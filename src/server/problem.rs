//! Answers to requests that cannot be met, as `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Error;

/// What a problem is sent as.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// A request that cannot be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    /// As in `tastemaker.error/1`, and a few that only requests have.
    code: String,
    detail: String,
    retry_after: Option<u64>,
}

/// The document, as RFC 9457 has it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProblemDocument {
    /// `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The words of the status.
    title: String,
    /// The status of the answer.
    status: u16,
    /// A stable word for programs.
    code: String,
    /// One sentence for people.
    detail: String,
}

impl Problem {
    /// A problem with a stable code and a sentence.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// There is nothing of that name, or it belongs to somebody else.
    pub fn not_found(what: &str) -> Self {
        let detail = format!("there is no such {what}");
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// The request does not say what it has to say.
    pub fn usage(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "usage", detail)
    }

    /// The request is too large.
    pub fn too_large(most: u64) -> Self {
        let detail = format!("the limit is {most} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "limit", detail)
    }

    /// There is no room in the queue; in `seconds` there may be.
    pub fn full(seconds: u64) -> Self {
        let detail = "too many jobs wait already";
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "queue_full", detail)
        }
    }

    /// The request carries no key that opens anything.
    pub fn unauthorized() -> Self {
        let detail = "send a valid key as Authorization: Bearer KEY";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    /// What an answer without a document of ours is turned into.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("not_found", "there is nothing here"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "this address takes other methods")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("limit", "the request is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "unsupported",
                "the body is not of the type that is taken here",
            ),
            StatusCode::RANGE_NOT_SATISFIABLE => ("usage", "the file has no such part"),
            status if status.is_server_error() => ("internal", "the service failed"),
            _ => ("usage", "the request cannot be understood"),
        };
        Self::new(status, code, detail)
    }
}

impl Problem {
    /// What is wrong with a body whose address is right: a name in it that is unknown is no unknown address.
    pub fn of_body(error: Error) -> Self {
        match error {
            Error::UnknownName { .. } | Error::Nothing { .. } => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self::new(status, error.code(), error.to_string())
            }
            other => other.into(),
        }
    }
}

impl From<Error> for Problem {
    /// What is wrong with the request is said; what is wrong with the service is not, for it names files.
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::UnknownName { .. } | Error::Nothing { .. } => StatusCode::NOT_FOUND,
            Error::Exists { .. } => StatusCode::CONFLICT,
            Error::Usage { .. } | Error::Unsupported { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Limit { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Error::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Error::Write { source, .. } if is_full(source.kind()) => {
                StatusCode::INSUFFICIENT_STORAGE
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if status.is_server_error() {
            tracing::error!(code = error.code(), "{error}");
            let mut problem = Self::of_status(status);
            problem.code = error.code().into();
            return problem;
        }
        Self::new(status, error.code(), error.to_string())
    }
}

fn is_full(kind: std::io::ErrorKind) -> bool {
    matches!(
        kind,
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
    )
}

/// The code of a problem, for the log and the metrics.
#[derive(Debug, Clone)]
pub struct RefusalCode(pub String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let refusal = RefusalCode(self.code.clone());
        let document = ProblemDocument {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error").into(),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail,
        };
        let mut response = (self.status, Json(document)).into_response();
        response.extensions_mut().insert(refusal);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"tastemaker\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
