//! The span of a request. It goes on with the trace of its caller, where that tells of one (`traceparent`, W3C Trace
//! Context); else its trace is named by the id that the log and the answer have.

use super::span::{SpanKind, TraceSpan, job_span_id, span_id};

/// The trace that a caller is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerTrace {
    trace: String,
    span: String,
    /// False where the caller keeps nothing of this trace: then nobody does.
    is_sampled: bool,
}

impl CallerTrace {
    /// Of the header `traceparent`; `None` where it says nothing that is valid.
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, trace, span, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str, length: usize| {
            let is_digit = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
            text.len() == length && text.bytes().all(is_digit)
        };
        let is_set = |text: &str| text.bytes().any(|digit| digit != b'0');
        // Later versions may have more parts.
        let fits = version != "ff" && (version != "00" || parts.next().is_none());
        let is_valid = fits
            && is_hex(version, 2)
            && is_hex(trace, 32)
            && is_hex(span, 16)
            && is_hex(flags, 2)
            && is_set(trace)
            && is_set(span);
        let flags = u8::from_str_radix(flags, 16).ok()?;
        is_valid.then(|| Self {
            trace: trace.into(),
            span: span.into(),
            is_sampled: flags & 1 == 1,
        })
    }
}

/// The span of the request `id`, which took its name and its time; `None` where its caller keeps nothing. `job` is
/// what it led to.
pub fn request_span(
    id: &str,
    caller: Option<CallerTrace>,
    name: String,
    [start, end]: [u64; 2],
    job: Option<&str>,
) -> Option<TraceSpan> {
    if caller.as_ref().is_some_and(|caller| !caller.is_sampled) {
        return None;
    }
    let (trace, parent) = match caller {
        Some(caller) => (caller.trace, Some(caller.span)),
        None => (id.to_owned(), None),
    };
    let span = TraceSpan {
        trace,
        id: span_id(id, "request"),
        parent,
        name,
        kind: SpanKind::Server,
        start,
        end,
        attributes: Vec::new(),
        link: job.map(|job| (job.to_owned(), job_span_id(job))),
        error: None,
    };
    Some(match job {
        Some(job) => span.with("tastemaker.job", job),
        None => span,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    #[test]
    fn a_request_is_in_the_trace_of_its_caller() {
        let header = format!("00-{TRACE}-b7ad6b7169203331-01");
        let id = "f".repeat(32);
        let named = |header: &str| {
            let caller = CallerTrace::parse(header);
            request_span(&id, caller, "GET /".into(), [1, 2], None)
        };
        let span = named(&header).unwrap();
        assert_eq!(
            (span.trace.as_str(), span.parent.as_deref()),
            (TRACE, Some("b7ad6b7169203331"))
        );
        assert_eq!(named(&header.replace("-01", "-00")), None);
        let later = named(&format!("{}-more", header.replacen("00", "01", 1))).unwrap();
        assert_eq!(later.trace, TRACE);
        let short = &header[..50];
        let zero = header.replace(TRACE, &"0".repeat(32));
        let wrong = [
            format!("{header}-more"),
            header.to_uppercase(),
            short.into(),
            zero,
            "ä-ö-ü-ß".into(),
        ];
        for wrong in wrong {
            let span = named(&wrong).unwrap();
            assert_eq!((span.trace, span.parent), (id.clone(), None), "{wrong}");
        }
    }
}
