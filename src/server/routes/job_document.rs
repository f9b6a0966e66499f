//! A job as it is told over HTTP.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::jobs::EvidenceKind;
use crate::server::queue::{JobRecord, JobState, JobWork, Overruling, WebhookReport};

/// A job, `tastemaker.job/1`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JobDocument {
    schema: &'static str,
    /// Its id.
    id: String,
    /// Where it stands.
    state: JobState,
    /// What is done in it.
    work: JobWork,
    /// Id of the ingest preset; absent where there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    preset: String,
    /// Whose upload it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<String>,
    /// Name of the first file, made safe.
    file: String,
    /// Size of all files.
    bytes: i64,
    /// Of the file; of several, of their hashes.
    blake3: String,
    /// When it was accepted (RFC 3339).
    made_at: String,
    /// When work on it began last.
    #[serde(skip_serializing_if = "Option::is_none")]
    begun_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    /// `pass`, `review` or `block`, as soon as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
    /// Why the verdict is not `pass`: what `evidence` in the result tells more of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    reasons: Vec<EvidenceKind>,
    /// What a person decided over the verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Overruling>,
    /// Where its result is, once it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    /// True where its results are those of an earlier upload of the same file: nothing was done again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    reused: bool,
    /// Why it is not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JobError>,
    /// How far its webhooks are.
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook: Option<WebhookReport>,
}

/// Why a job is not done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JobError {
    /// As in `tastemaker.error/1`.
    code: String,
    /// One sentence.
    message: String,
}

impl JobDocument {
    /// Of a row of the table.
    pub fn of(job: JobRecord) -> Self {
        let result = format!("/v1/results/{}/{}", job.id, job.work.document());
        Self {
            schema: "tastemaker.job/1",
            state: job.state,
            work: job.work,
            preset: job.preset,
            creator: job.creator,
            file: job.name,
            bytes: job.bytes,
            blake3: job.blake3,
            made_at: time(job.made_at),
            begun_at: job.begun_at.map(time),
            ended_at: job.ended_at.map(time),
            verdict: job.verdict,
            reasons: job.reasons,
            decision: job.decision,
            result: (job.state == JobState::Done).then_some(result),
            error: job.error.map(|(code, message)| JobError { code, message }),
            webhook: job.webhook,
            reused: job.reused,
            id: job.id,
        }
    }
}

fn time(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds)
        .unwrap_or_default()
        .to_string()
}
