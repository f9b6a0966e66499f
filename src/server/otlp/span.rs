//! A span: something that took time, and what it was.

/// Bytes of a span's id.
const ID: usize = 8;

/// What a span is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// Work inside.
    Internal,
    /// A request that is answered.
    Server,
}

/// A value that is told with a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpanValue {
    Text(String),
    Number(i64),
}

impl From<&str> for SpanValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for SpanValue {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// Something that took time. Times are nanoseconds since the beginning of 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceSpan {
    /// 32 hex digits: of a request its id or the trace of its caller, of a job its id.
    pub trace: String,
    /// 16 hex digits.
    pub id: String,
    /// The span that it is a part of.
    pub parent: Option<String>,
    pub name: String,
    pub kind: SpanKind,
    pub start: u64,
    pub end: u64,
    pub attributes: Vec<(&'static str, SpanValue)>,
    /// Trace and id of a span that this one led to.
    pub link: Option<(String, String)>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Ids are made of what they are of: who knows the job knows them, after a restart, too.
pub(super) fn span_id(of: &str, name: &str) -> String {
    let hash = blake3::Hasher::new()
        .update(of.as_bytes())
        .update(name.as_bytes())
        .finalize();
    let bytes = hash.as_bytes().iter().take(ID);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// The id of the span of a whole job.
pub fn job_span_id(job: &str) -> String {
    span_id(job, "job")
}

impl TraceSpan {
    /// A part of the job `job` from `start` to `end`, in milliseconds since the beginning of 1970.
    pub fn of_job(job: &str, name: &str, start: i64, end: i64) -> Self {
        let nanoseconds = |milliseconds: i64| u64::try_from(milliseconds).unwrap_or(0) * 1_000_000;
        Self {
            trace: job.into(),
            id: span_id(job, name),
            parent: Some(job_span_id(job)),
            name: name.into(),
            kind: SpanKind::Internal,
            start: nanoseconds(start),
            end: nanoseconds(end.max(start)),
            attributes: Vec::new(),
            link: None,
            error: None,
        }
    }

    /// With a value that is told.
    pub fn with(mut self, name: &'static str, value: impl Into<SpanValue>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }
}
