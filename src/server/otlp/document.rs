//! Spans as a collector takes them: `ExportTraceServiceRequest` of OTLP 1, in its JSON form. Ids are hex digits there,
//! and numbers of 64 bits are text.

use serde_json::{Value, json};

use super::span::{SpanKind, SpanValue, TraceSpan};

/// What is sent for `spans`.
pub(super) fn document(spans: &[TraceSpan]) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let spans: Vec<Value> = spans.iter().map(span).collect();
    json!({"resourceSpans": [{
        "resource": {"attributes": [
            attribute("service.name", &"tastemaker".into()),
            attribute("service.version", &version.into()),
        ]},
        "scopeSpans": [{
            "scope": {"name": "tastemaker", "version": version},
            "spans": spans,
        }],
    }]})
}

fn span(span: &TraceSpan) -> Value {
    let kind = match span.kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
    };
    let attributes = span.attributes.iter();
    let mut document = json!({
        "traceId": span.trace,
        "spanId": span.id,
        "name": span.name,
        "kind": kind,
        "startTimeUnixNano": span.start.to_string(),
        "endTimeUnixNano": span.end.to_string(),
        "attributes": attributes.map(|(name, value)| attribute(name, value)).collect::<Vec<_>>(),
    });
    if let Some(parent) = &span.parent {
        document["parentSpanId"] = json!(parent);
    }
    if let Some((trace, id)) = &span.link {
        document["links"] = json!([{"traceId": trace, "spanId": id}]);
    }
    if let Some(error) = &span.error {
        document["status"] = json!({"code": 2, "message": error});
    }
    document
}

fn attribute(name: &str, value: &SpanValue) -> Value {
    let value = match value {
        SpanValue::Text(text) => json!({"stringValue": text}),
        SpanValue::Number(number) => json!({"intValue": number.to_string()}),
    };
    json!({"key": name, "value": value})
}
