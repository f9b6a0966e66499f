//! `/v1/blocklists`: what a tenant does not want to be shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::{Extension, Json, routing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Tenant;
use super::jobs::find;
use super::json_body::read_long_json;
use super::operation::{Answer, Content, Operation, Parameter, Route, document, schema_of};
use crate::jobs::Verdict;
use crate::server::clock::now;
use crate::server::identifiers::is_id;
use crate::server::known::{HashKind, KnownHash, ListedEntry, NewEntry, is_full_page};
use crate::server::problem::Problem;
use crate::server::scope::Scope;
use crate::server::service::Service;

/// Entries of one request, also those that its jobs stand for.
const MOST_ENTRIES: usize = 10_000;
/// Bytes of one request.
const MOST_BYTES: usize = 4 << 20;
/// Most letters of a note.
const LONGEST_NOTE: usize = 500;
/// Entries of one answer where no number is given, and at most.
const COUNT: usize = 100;
const MOST_LISTED: usize = 1000;

/// What is to be listed. Each entry has one of `blake3`, `pdq`, `dct`, `chromaprint` and `job`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Additions {
    #[schemars(length(min = 1, max = MOST_ENTRIES))]
    entries: Vec<Addition>,
}

/// An entry that is to be listed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Addition {
    /// Of a file, 64 hex digits.
    blake3: Option<String>,
    /// Of a picture, 64 hex digits.
    pdq: Option<String>,
    /// Of a picture, as the analysis has it, 16 hex digits.
    dct: Option<String>,
    /// Of a sound, as `fpcalc` prints it; at least 8.5 s of it, at most two hours.
    chromaprint: Option<String>,
    /// An upload that is done: its file, its pictures and its sound.
    job: Option<String>,
    /// What becomes of uploads that are recognized; absent: `block`.
    verdict: Option<Verdict>,
    /// Why it is listed; it is told with the evidence.
    #[schemars(length(max = LONGEST_NOTE))]
    note: Option<String>,
}

/// Entries of a list, `tastemaker.blocklist/1`.
#[derive(Debug, Serialize, JsonSchema)]
struct EntryList {
    schema: &'static str,
    entries: Vec<EntryDocument>,
    /// Where the next entries begin; absent after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct EntryDocument {
    /// By which it is removed.
    id: String,
    kind: HashKind,
    /// Hex digits; of a sound what `fpcalc` prints.
    hash: String,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// What was listed, `tastemaker.blocklist-added/1`.
#[derive(Debug, Serialize, JsonSchema)]
struct Added {
    schema: &'static str,
    /// Ids of the entries, in their order; of a job one for each of its hashes.
    ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Page {
    after: Option<i64>,
    count: Option<usize>,
}

/// `POST /v1/blocklists`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postBlocklist",
            method: "post",
            path: "/v1/blocklists",
            summary: "List files, pictures and sounds that are not wanted, by their hashes or by an upload",
            parameters: &[],
            body: Some(Content {
                media: "application/json",
                schema: schema_of::<Additions>,
            }),
            answers: vec![document("What was listed", schema_of::<Added>)],
            scope: Some(Scope::Review),
        },
        handler: routing::post(add).layer(DefaultBodyLimit::disable()),
    }
}

/// `GET /v1/blocklists`.
pub fn get() -> Route {
    Route {
        operation: Operation {
            id: "getBlocklist",
            method: "get",
            path: "/v1/blocklists",
            summary: "Tell what is listed, in the order in which it was",
            parameters: &[
                Parameter {
                    name: "after",
                    place: "query",
                    text: "next of the answer before",
                    kind: "integer",
                },
                Parameter {
                    name: "count",
                    place: "query",
                    text: "Most entries, 1 to 1000",
                    kind: "integer",
                },
            ],
            body: None,
            answers: vec![document("Entries", schema_of::<EntryList>)],
            scope: Some(Scope::Review),
        },
        handler: routing::get(show),
    }
}

/// `DELETE /v1/blocklists/{entry}`.
pub fn delete() -> Route {
    Route {
        operation: Operation {
            id: "deleteBlocklistEntry",
            method: "delete",
            path: "/v1/blocklists/{entry}",
            summary: "Take an entry off the list",
            parameters: &[Parameter {
                name: "entry",
                place: "path",
                text: "Id of the entry",
                kind: "string",
            }],
            body: None,
            answers: vec![Answer {
                status: 204,
                text: "It is off the list",
                content: None,
            }],
            scope: Some(Scope::Review),
        },
        handler: routing::delete(remove),
    }
}

async fn add(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    body: Body,
) -> Result<Json<Added>, Problem> {
    let additions: Additions = read_long_json(body, MOST_BYTES).await?;
    let wrong = || Problem::usage("1 to 10000 entries are taken at a time");
    if !(1..=MOST_ENTRIES).contains(&additions.entries.len()) {
        return Err(wrong());
    }
    tokio::task::block_in_place(|| {
        let mut entries = Vec::new();
        let mut jobs = BTreeSet::new();
        for addition in additions.entries {
            // A job that is named again in the same words adds nothing.
            let again = addition
                .job
                .clone()
                .map(|job| (job, addition.verdict, addition.note.clone()));
            if again.is_some_and(|again| !jobs.insert(again)) {
                continue;
            }
            let hashes = addition.hashes(&service, &tenant)?;
            // A job stands for many: the sum is limited before anything is written.
            if entries.len().saturating_add(hashes.len()) > MOST_ENTRIES {
                return Err(wrong());
            }
            let verdict = addition.verdict.unwrap_or(Verdict::Block);
            entries.extend(hashes.into_iter().map(|hash| NewEntry {
                hash,
                verdict,
                note: addition.note.clone(),
            }));
        }
        Ok(Json(Added {
            schema: "tastemaker.blocklist-added/1",
            ids: service.known.list(&tenant.0, &entries, now())?,
        }))
    })
}

impl Addition {
    fn hashes(&self, service: &Service, tenant: &Tenant) -> Result<Vec<KnownHash>, Problem> {
        let wrong = || {
            let keys = "blake3 (64 hex digits), pdq (64), dct (16), chromaprint (base64) and job";
            Problem::usage(format!("an entry has one of {keys}"))
        };
        let letters = self.note.as_ref().map_or(0, |note| note.chars().count());
        if letters > LONGEST_NOTE {
            return Err(Problem::usage("a note has at most 500 letters"));
        }
        let given = [
            (HashKind::Blake3, &self.blake3),
            (HashKind::Pdq, &self.pdq),
            (HashKind::Dct, &self.dct),
            (HashKind::Sound, &self.chromaprint),
        ];
        let given: Vec<_> = given
            .into_iter()
            .filter_map(|(kind, text)| Some((kind, text.as_ref()?)))
            .collect();
        match (given.as_slice(), &self.job) {
            ([(kind, text)], None) => {
                let hash = KnownHash::parse(*kind, text).ok_or_else(wrong)?;
                let flat = "a sound has to be 8.5 s or longer, and more than silence or a tone";
                match hash.has_detail() {
                    true => Ok(vec![hash]),
                    false => Err(Problem::usage(flat)),
                }
            }
            ([], Some(job)) => {
                let unknown = || {
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    Problem::new(status, "unknown_name", "a job is no upload that is done")
                };
                let job = find(service, tenant, job).map_err(|_| unknown())?;
                let hashes = service.known.hashes(&tenant.0, &job.id)?;
                match hashes.is_empty() {
                    true => Err(unknown()),
                    false => Ok(hashes.into_iter().map(|it| it.hash).collect()),
                }
            }
            _ => Err(wrong()),
        }
    }
}

async fn show(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Query(page): Query<Page>,
) -> Result<Json<EntryList>, Problem> {
    let count = page.count.unwrap_or(COUNT);
    if !(1..=MOST_LISTED).contains(&count) {
        return Err(Problem::usage("count is 1 to 1000"));
    }
    let after = page.after.unwrap_or(0);
    let entries = tokio::task::block_in_place(|| service.known.entries(&tenant.0, after, count))?;
    let next = entries.last().map(|entry| entry.number);
    Ok(Json(EntryList {
        schema: "tastemaker.blocklist/1",
        next: next.filter(|_| is_full_page(&entries, count)),
        entries: entries.into_iter().map(EntryDocument::from).collect(),
    }))
}

impl From<ListedEntry> for EntryDocument {
    fn from(entry: ListedEntry) -> Self {
        Self {
            id: entry.id,
            kind: entry.hash.kind,
            hash: entry.hash.text(),
            verdict: entry.verdict,
            note: entry.note,
        }
    }
}

async fn remove(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    Path(entry): Path<String>,
) -> Result<StatusCode, Problem> {
    let unknown = || Problem::not_found("entry");
    if !is_id(&entry) {
        return Err(unknown());
    }
    let removed = tokio::task::block_in_place(|| service.known.unlist(&tenant.0, &entry))?;
    match removed {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(unknown()),
    }
}
