//! What an installation has, and what is missing.

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::media;
use crate::models::Models;

/// One thing that an installation has or lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct InstallationCheck {
    /// What was checked.
    pub name: &'static str,
    /// Whether it is there and works.
    pub passed: bool,
    /// What was found.
    pub detail: String,
    /// What to do, where it is known.
    pub hint: Option<Hint>,
}

/// Checks FFmpeg and its encoders, ONNX Runtime, the networks, threads, the cache and the configuration.
pub fn check_installation(workshop: &Workshop) -> Vec<InstallationCheck> {
    let mut checks = vec![
        passed("tastemaker", env!("CARGO_PKG_VERSION")),
        passed("FFmpeg", media::ffmpeg_version()),
    ];
    checks.extend(media::film_encoders().into_iter().map(encoder));
    match workshop.models() {
        Ok(models) => checks.extend([runtime(models), networks(models, workshop)]),
        Err(problem) => checks.push(refused("networks", &problem)),
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    checks.push(passed("threads", threads.to_string()));
    checks.push(cache(workshop));
    checks.push(configuration(workshop));
    checks
}

fn passed(name: &'static str, detail: impl Into<String>) -> InstallationCheck {
    InstallationCheck {
        name,
        passed: true,
        detail: detail.into(),
        hint: None,
    }
}

fn failed(name: &'static str, detail: impl Into<String>) -> InstallationCheck {
    InstallationCheck {
        passed: false,
        ..passed(name, detail)
    }
}

fn refused(name: &'static str, problem: &Error) -> InstallationCheck {
    InstallationCheck {
        hint: problem.hint(),
        ..failed(name, problem.to_string())
    }
}

/// Passed with the detail, or failed with the error and its hint.
fn result(name: &'static str, detail: Result<String>) -> InstallationCheck {
    match detail {
        Ok(detail) => passed(name, detail),
        Err(problem) => refused(name, &problem),
    }
}

fn encoder((name, is_there): (String, bool)) -> InstallationCheck {
    if is_there {
        return passed("encoder", name);
    }
    let detail = format!("{name} is missing from this FFmpeg: films cannot be written");
    failed("encoder", detail)
}

fn runtime(models: &Models) -> InstallationCheck {
    let found = models.runtime();
    let detail = found.map(|found| format!("{} at {}", found.version, found.path.display()));
    result("ONNX Runtime", detail)
}

/// Compares every network with its pinned hash.
fn networks(models: &Models, workshop: &Workshop) -> InstallationCheck {
    let entries = &models.manifest().models;
    let wrong: Vec<String> = entries
        .iter()
        .filter_map(|entry| models.check(&entry.name).err())
        .map(|problem| problem.to_string())
        .collect();
    if !wrong.is_empty() {
        return failed("networks", wrong.join("; "));
    }
    let folder = workshop.models_folder().display();
    let detail = format!("{} as pinned, in {folder}", entries.len());
    passed("networks", detail)
}

fn cache(workshop: &Workshop) -> InstallationCheck {
    let Some(settings) = workshop.cache_settings() else {
        return failed("cache", "there is no home folder: nothing is cached");
    };
    let folder = settings.folder.display();
    if !settings.enabled {
        return passed("cache", format!("off (would be {folder})"));
    }
    if workshop.cache().is_none() {
        let detail = format!("{folder} cannot be used: nothing is cached");
        return failed("cache", detail);
    }
    let megabytes = settings.most_bytes / 1_000_000;
    passed("cache", format!("{folder}, at most {megabytes} MB"))
}

fn configuration(workshop: &Workshop) -> InstallationCheck {
    let file = workshop.config_file();
    let file = file.map_or_else(|| "none".into(), |file| file.display().to_string());
    result("configuration", workshop.config().map(|_| file))
}
