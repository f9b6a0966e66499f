//! What is known of a job.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::Queue;
use crate::error::Result;
use crate::jobs::{EvidenceKind, Verdict};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits for its turn.
    Queued,
    /// It is worked on.
    Running,
    /// Its results are there.
    Done,
    /// It cannot be done; the error says why.
    Failed,
    /// It was called off.
    Canceled,
    /// Work on it ended the process that did it, again and again.
    Quarantined,
}

impl JobState {
    /// All, for lists.
    pub const ALL: [Self; 6] = [
        Self::Queued,
        Self::Running,
        Self::Done,
        Self::Failed,
        Self::Canceled,
        Self::Quarantined,
    ];

    /// Its word in JSON and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Quarantined => "quarantined",
        }
    }

    /// True where nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }

    /// A word of the table; anything else counts as failed.
    pub(super) fn of(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|state| state.name() == name);
        known.unwrap_or(Self::Failed)
    }
}

/// What is done in a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobWork {
    /// A file is checked, described and screened, and its renditions are made.
    Ingest,
    /// Files are cut into a film.
    Edit,
}

impl JobWork {
    /// Its word in JSON and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Edit => "edit",
        }
    }

    /// The document among its results.
    pub fn document(self) -> &'static str {
        match self {
            Self::Ingest => "ingested.json",
            Self::Edit => "edited.json",
        }
    }

    /// A word of the table.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "edit" => Self::Edit,
            _ => Self::Ingest,
        }
    }
}

/// What a person decided over the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overruling {
    /// What holds instead.
    pub verdict: Verdict,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How far the webhooks of a job are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WebhookReport {
    /// `pending`, `delivered`, `refused` (its address may not be reached) or `given_up`.
    pub state: String,
    /// Why it was not delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    pub id: String,
    pub tenant: String,
    pub creator: Option<String>,
    pub work: JobWork,
    /// Id of the ingest preset; empty where there is none.
    pub preset: String,
    /// Of the file, as it was given and made safe.
    pub name: String,
    pub bytes: i64,
    pub blake3: String,
    pub state: JobState,
    pub made_at: i64,
    pub begun_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub verdict: Option<String>,
    /// Why the verdict is not `pass`.
    pub reasons: Vec<EvidenceKind>,
    pub decision: Option<Overruling>,
    pub error: Option<(String, String)>,
    pub webhook: Option<WebhookReport>,
    /// Its results are those of an earlier job.
    pub reused: bool,
}

const COLUMNS: &str = "id, tenant, creator, preset, name, bytes, blake3, state, made_at, begun_at, \
                       ended_at, verdict, decision, error_code, error_message, webhook IS NOT NULL, work, \
                       reused_from IS NOT NULL, reasons";

impl JobRecord {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let decision: Option<String> = row.get(12)?;
        let reasons: Option<String> = row.get(18)?;
        let error: (Option<String>, Option<String>) = (row.get(13)?, row.get(14)?);
        let pending = WebhookReport {
            state: "pending".into(),
            code: None,
        };
        Ok(Self {
            id: row.get(0)?,
            tenant: row.get(1)?,
            creator: row.get(2)?,
            preset: row.get(3)?,
            name: row.get(4)?,
            bytes: row.get(5)?,
            blake3: row.get(6)?,
            state: JobState::of(&row.get::<_, String>(7)?),
            made_at: row.get(8)?,
            begun_at: row.get(9)?,
            ended_at: row.get(10)?,
            verdict: row.get(11)?,
            reasons: reasons
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
            decision: decision.and_then(|text| serde_json::from_str(&text).ok()),
            error: error
                .0
                .map(|code| (code, error.1.clone().unwrap_or_default())),
            webhook: row.get::<_, bool>(15)?.then_some(pending),
            work: JobWork::of(&row.get::<_, String>(16)?),
            reused: row.get(17)?,
        })
    }
}

/// The job `id` of `tenant`.
pub(super) fn find(
    ask: &Connection,
    tenant: &str,
    id: &str,
) -> rusqlite::Result<Option<JobRecord>> {
    let query = format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1 AND tenant = ?2");
    let found = ask.query_row(&query, params![id, tenant], JobRecord::of);
    found.optional()
}

impl Queue {
    /// The job `id` of `tenant`; that of another tenant is as unknown as one that never was.
    pub fn job(&self, tenant: &str, id: &str) -> Result<Option<JobRecord>> {
        self.records.read(|ask| {
            let Some(mut job) = find(ask, tenant, id)? else {
                return Ok(None);
            };
            if let Some(webhook) = &mut job.webhook {
                // The worst of its messages tells how far it is.
                let query = "SELECT state, code FROM deliveries WHERE job = ?1 ORDER BY \
                             CASE state WHEN 'refused' THEN 0 WHEN 'given_up' THEN 1 WHEN 'pending' THEN 2 \
                             ELSE 3 END, number LIMIT 1";
                let found = ask.query_row(query, [id], |row| {
                    Ok(WebhookReport {
                        state: row.get(0)?,
                        code: row.get(1)?,
                    })
                });
                if let Some(found) = found.optional()? {
                    *webhook = found;
                }
            }
            Ok(Some(job))
        })
    }

    /// Notes what a person decided over the verdict of a job that is done; false where there is no such job.
    pub fn overrule(&self, tenant: &str, id: &str, decision: &Overruling) -> Result<bool> {
        let text = serde_json::to_string(decision).unwrap_or_default();
        let changed = self.records.write(|change| {
            change.execute(
                "UPDATE jobs SET decision = ?3 WHERE id = ?1 AND tenant = ?2 AND state = 'done'",
                params![id, tenant, text],
            )
        })?;
        Ok(changed > 0)
    }

    /// Jobs in each state, for the metrics.
    pub fn counts(&self) -> Result<Vec<(JobState, u64)>> {
        let found: Vec<(String, i64)> = self.records.read(|ask| {
            let mut rows = ask.prepare("SELECT state, count(*) FROM jobs GROUP BY state")?;
            let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })?;
        let count = |state: JobState| {
            let row = found.iter().find(|(name, _)| name == state.name());
            row.map_or(0, |(_, count)| u64::try_from(*count).unwrap_or(0))
        };
        Ok(JobState::ALL
            .map(|state| (state, count(state)))
            .into_iter()
            .collect())
    }
}
