//! Spans of requests and jobs for a collector of OpenTelemetry, where the operator names one: OTLP over HTTP, as JSON.
//!
//! The crates of OpenTelemetry would bring 29 more, prost and rand among them; the little that is needed of the
//! protocol (<https://opentelemetry.io/docs/specs/otlp/>) is written here.

mod document;
mod exporter;
mod queue;
mod request_spans;
mod span;

pub use exporter::{collector_url, export_spans};
pub use queue::SpanQueue;
pub use request_spans::{CallerTrace, request_span};
pub use span::{TraceSpan, job_span_id};
