//! `tastemaker doctor`: what this installation has, and what is missing.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::config::Config;
use crate::commands::flag_names;
use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::workshop::workshop;
use crate::error::Error;
use crate::jobs::Workshop;
use crate::media;
use crate::models::Models;

/// Tell what this installation has: versions, ONNX Runtime, encoders, networks, threads, cache
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    pub print: JsonOption,
}

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    checks: Vec<Check>,
}

/// One thing that an installation has or lacks.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    passed: bool,
    detail: String,
}

impl Check {
    fn passed(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            passed: true,
            detail: detail.into(),
        }
    }

    fn failed(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            passed: false,
            detail: detail.into(),
        }
    }

    fn error(name: &'static str, problem: &Error) -> Self {
        let detail = match problem.hint() {
            Some(hint) => format!("{problem} (hint: {})", flag_names::hint(&hint)),
            None => problem.to_string(),
        };
        Self::failed(name, detail)
    }
}

pub fn run(verb: &Doctor, common: &Common, printer: &Printer) -> Result<Outcome> {
    let workshop = workshop(common);
    let mut checks = vec![
        Check::passed("tastemaker", env!("CARGO_PKG_VERSION")),
        Check::passed("FFmpeg", media::ffmpeg_version()),
    ];
    checks.extend(media::film_encoders().into_iter().map(encoder));
    match workshop.models() {
        Ok(models) => checks.extend([runtime(models), networks(models, common)]),
        Err(problem) => checks.push(Check::error("networks", &problem)),
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    checks.push(Check::passed("threads", threads.to_string()));
    checks.push(cache(&workshop, common));
    checks.push(configuration(common));
    let outcome = Outcome::with_findings(checks.iter().any(|check| !check.passed));
    if verb.print.json {
        let schema = "tastemaker.doctor/1";
        printer.json(&Report { schema, checks })?;
        return Ok(outcome);
    }
    for check in &checks {
        let word = if check.passed { "ok" } else { "FAILED" };
        printer.data(&format!("{word:>6}  {}: {}\n", check.name, check.detail))?;
    }
    Ok(outcome)
}

fn encoder((name, is_there): (String, bool)) -> Check {
    if is_there {
        return Check::passed("encoder", name);
    }
    let detail = format!("{name} is missing from this FFmpeg: films cannot be written");
    Check::failed("encoder", detail)
}

fn runtime(models: &Models) -> Check {
    match models.runtime() {
        Ok(runtime) => {
            let detail = format!("{} at {}", runtime.version, runtime.path.display());
            Check::passed("ONNX Runtime", detail)
        }
        Err(problem) => Check::error("ONNX Runtime", &problem),
    }
}

/// Compares every network with its pinned hash.
fn networks(models: &Models, common: &Common) -> Check {
    let entries = &models.manifest().models;
    let wrong: Vec<String> = entries
        .iter()
        .filter_map(|entry| models.check(&entry.name).err())
        .map(|problem| problem.to_string())
        .collect();
    if !wrong.is_empty() {
        return Check::failed("networks", wrong.join("; "));
    }
    let folder = places::models_folder(common);
    let detail = format!("{} as pinned, in {}", entries.len(), folder.display());
    Check::passed("networks", detail)
}

fn cache(workshop: &Workshop, common: &Common) -> Check {
    let Some(folder) = places::cache_folder(common) else {
        return Check::failed("cache", "no home folder: everything is computed anew");
    };
    let folder = folder.display();
    if common.no_cache {
        return Check::passed("cache", format!("off (would be {folder})"));
    }
    match workshop.cache() {
        Some(_) => {
            let limit = common.cache_size / 1_000_000;
            Check::passed("cache", format!("{folder}, at most {limit} MB"))
        }
        None => {
            let detail = format!("{folder} cannot be used: everything is computed anew");
            Check::failed("cache", detail)
        }
    }
}

fn configuration(common: &Common) -> Check {
    match Config::read(common.config.as_deref()) {
        Ok(_) => {
            let path = common.config.clone().or_else(places::config_file);
            let detail = path.map_or_else(|| "none".into(), |path| path.display().to_string());
            Check::passed("configuration", detail)
        }
        Err(problem) => Check::error("configuration", &problem),
    }
}
