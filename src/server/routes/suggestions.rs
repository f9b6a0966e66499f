//! `/v1/suggest`: music, looks and effects for uploads that are done, or for words alone. No file is opened: what an
//! upload's preset found is ranked.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json, routing};
use schemars::JsonSchema;
use serde::Deserialize;

use super::gate::Tenant;
use super::jobs::find;
use super::json_body::read_json;
use super::operation::{Content, Operation, Route, document, schema_of};
use crate::analysis::Analysis;
use crate::error::{Error, Result};
use crate::jobs::{SuggestJob, Workshop, suggest_for_analyses};
use crate::server::identifiers::is_name;
use crate::server::problem::Problem;
use crate::server::queue::{JobRecord, JobState, JobWork};
use crate::server::scope::Scope;
use crate::server::service::Service;
use crate::store::{Overwrite, is_database};
use crate::suggest::Suggestions;
use crate::task::Task;

/// Uploads that one request names.
const MOST_JOBS: usize = 50;
/// Most bytes of what was found in one upload. A process that was in the hands of the file wrote it.
const MOST_BYTES: u64 = 64 << 20;
/// Most bytes of what was found in all uploads of one request: they are in memory together.
const MOST_BYTES_OF_ALL: u64 = 256 << 20;
/// Most letters of the words.
const LONGEST_WORDS: usize = 1000;
/// Choices of each kind where no number is given, and at most.
const COUNT: usize = 5;
const MOST_CHOICES: usize = 50;

/// What suggestions are asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SuggestWish {
    /// Uploads that are done, by the ids of their jobs; may be empty where words are given.
    #[serde(default)]
    #[schemars(length(max = MOST_JOBS))]
    jobs: Vec<String>,
    /// What the film is to feel like.
    #[schemars(length(max = LONGEST_WORDS))]
    words: Option<String>,
    /// Where it will be posted, such as `instagram-reels`.
    platform: Option<String>,
    /// What the music is for; only tracks that allow it are suggested.
    #[serde(rename = "use")]
    usage: Option<String>,
    /// Seconds of film.
    #[schemars(range(min = 0.5, max = 3600.0))]
    length: Option<f64>,
    /// Whose taste counts, where they have a profile.
    #[schemars(regex(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
    creator: Option<String>,
    /// Whether what their profile knows little of gets a chance: other suggestions for other seeds.
    #[serde(default)]
    curious: bool,
    /// Most choices of each kind.
    #[schemars(range(min = 1, max = MOST_CHOICES))]
    count: Option<usize>,
    /// Decides between what is as good as equal.
    seed: Option<u64>,
}

/// `POST /v1/suggest`.
pub fn post() -> Route {
    Route {
        operation: Operation {
            id: "postSuggest",
            method: "post",
            path: "/v1/suggest",
            summary: "Suggest music of the tenant's catalog, looks and effects for uploads that are done, or for words",
            parameters: &[],
            body: Some(Content {
                media: "application/json",
                schema: schema_of::<SuggestWish>,
            }),
            answers: vec![document(
                "What fits, best first, tastemaker.suggestions/1",
                schema_of::<Suggestions>,
            )],
            scope: Some(Scope::Read),
        },
        handler: routing::post(suggest),
    }
}

async fn suggest(
    State(service): State<Arc<Service>>,
    Extension(tenant): Extension<Tenant>,
    body: Body,
) -> Result<Json<Suggestions>, Problem> {
    let wish: SuggestWish = read_json(body).await?;
    wish.check()?;
    let mut jobs = Vec::new();
    let mut named = BTreeSet::new();
    for id in wish.jobs.iter().filter(|id| named.insert(*id)) {
        jobs.push(done_upload(&service, &tenant, id)?);
    }
    // The queue of those who wait is in the order in which they came.
    let turn = service.ranking.clone().acquire_owned().await;
    let ranking = service.clone();
    let ranked = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let workshop = ranking.workshop(&tenant.0);
        let mut analyses = Vec::with_capacity(jobs.len());
        let mut left = MOST_BYTES_OF_ALL;
        for job in &jobs {
            let path = ranking.result(&job.id).join(job.work.document());
            analyses.push(read_analysis(&path, &job.name, &mut left)?);
        }
        rank(&wish, analyses, &workshop)
    });
    match ranked.await {
        Ok(ranked) => ranked.map(Json),
        Err(problem) => {
            tracing::error!("ranking ended: {problem}");
            Err(Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

impl SuggestWish {
    fn check(&self) -> Result<(), Problem> {
        let words = self.words.as_deref().unwrap_or_default();
        let wrong = if self.jobs.is_empty() && words.trim().is_empty() {
            "name jobs that are done, or give words"
        } else if self.jobs.len() > MOST_JOBS {
            "at most 50 jobs are taken at a time"
        } else if words.chars().count() > LONGEST_WORDS {
            "at most 1000 letters of words are taken"
        } else if !self.creator.as_deref().is_none_or(is_name) {
            "a creator is named by letters, digits, - and _"
        } else if !self
            .count
            .is_none_or(|count| (1..=MOST_CHOICES).contains(&count))
        {
            "count is 1 to 50"
        } else if !self
            .length
            .is_none_or(|length| (0.5..=3600.0).contains(&length))
        {
            "length is 0.5 to 3600 seconds"
        } else {
            return Ok(());
        };
        Err(Problem::usage(wrong))
    }
}

/// An upload of the tenant whose results are there. A job that is none of theirs is as unknown as one that never was.
fn done_upload(service: &Service, tenant: &Tenant, id: &str) -> Result<JobRecord, Problem> {
    let unknown = || {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Problem::new(status, "unknown_name", "a job is no upload that is done")
    };
    let job = find(service, tenant, id).map_err(|_| unknown())?;
    match job.state == JobState::Done && job.work == JobWork::Ingest {
        true => Ok(job),
        false => Err(unknown()),
    }
}

/// What was found in an upload, from its document; `left` bytes may be read.
fn read_analysis(path: &Path, name: &str, left: &mut u64) -> Result<Analysis, Problem> {
    #[derive(Deserialize)]
    struct Document {
        analysis: Analysis,
    }
    let told = |problem| Error::read(path, problem);
    let mut text = String::new();
    let file = File::open(path).map_err(told)?;
    let bytes = file.metadata().map_err(told)?.len().min(MOST_BYTES);
    *left = left.checked_sub(bytes).ok_or_else(|| {
        let detail = "there is too much to rank in these jobs; name fewer";
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "limit", detail)
    })?;
    file.take(bytes).read_to_string(&mut text).map_err(told)?;
    let document: Document =
        serde_json::from_str(&text).map_err(|problem| Error::damaged(name, problem))?;
    Ok(document.analysis)
}

fn rank(
    wish: &SuggestWish,
    analyses: Vec<Analysis>,
    workshop: &Workshop,
) -> Result<Suggestions, Problem> {
    let profiles = workshop.profiles();
    let has_profile = |name: &String| profiles.path(name).is_ok_and(|path| path.is_file());
    let job = SuggestJob {
        files: Vec::new(),
        music: workshop
            .catalog()
            .filter(|catalog| is_database(catalog))
            .map(Path::to_path_buf),
        words: wish.words.clone(),
        over_music: false,
        stretch: 0.0,
        platform: wish.platform.clone(),
        usage: wish.usage.clone(),
        length: wish.length,
        profile: wish.creator.clone().filter(has_profile),
        curious: wish.curious,
        seed: wish.seed.unwrap_or(0),
        output: None,
        overwrite: Overwrite::Refuse,
    };
    let report = suggest_for_analyses(&job, analyses, workshop, &Task::default());
    let mut suggestions = report.map_err(Problem::of_body)?.suggestions;
    let count = wish.count.unwrap_or(COUNT);
    suggestions.music.truncate(count);
    suggestions.looks.truncate(count);
    suggestions.effects.truncate(count);
    for track in &mut suggestions.music {
        // Where the operator keeps it is nobody's business.
        let name = Path::new(&track.path).file_name().unwrap_or_default();
        track.path = name.to_string_lossy().into_owned();
    }
    Ok(suggestions)
}
