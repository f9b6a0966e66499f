//! `tastemaker doctor`: what this installation has, and what is missing.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::config::Config;
use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::words;
use crate::media;

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

#[derive(Serialize)]
struct Check {
    name: String,
    passed: bool,
    detail: String,
}

pub fn run(verb: &Doctor, common: &Common, printer: &Printer) -> Result<Outcome> {
    let mut checks = Vec::new();
    let mut add = |name: &str, result: std::result::Result<String, String>| {
        let passed = result.is_ok();
        checks.push(Check {
            name: name.into(),
            passed,
            detail: result.unwrap_or_else(|detail| detail),
        });
    };
    add("tastemaker", Ok(env!("CARGO_PKG_VERSION").into()));
    add("FFmpeg", Ok(media::ffmpeg_version()));
    for (encoder, there) in media::film_encoders() {
        let missing = || format!("{encoder} is missing from this FFmpeg: films cannot be written");
        add(
            "encoder",
            if there {
                Ok(encoder.clone())
            } else {
                Err(missing())
            },
        );
    }
    match places::open_models(common) {
        Ok(models) => {
            match models.runtime() {
                Ok(runtime) => {
                    add(
                        "ONNX Runtime",
                        Ok(format!("{} at {}", runtime.version, runtime.path.display())),
                    );
                }
                Err(problem) => add("ONNX Runtime", Err(with_hint(&problem))),
            }
            let names: Vec<String> = models
                .manifest()
                .models
                .iter()
                .map(|entry| entry.name.clone())
                .collect();
            let wrong: Vec<String> = names
                .iter()
                .filter_map(|name| models.check(name).err())
                .map(|problem| problem.to_string())
                .collect();
            let folder = places::models_folder(common).display().to_string();
            if wrong.is_empty() {
                add(
                    "networks",
                    Ok(format!("{} as pinned, in {folder}", names.len())),
                );
            } else {
                add("networks", Err(wrong.join("; ")));
            }
        }
        Err(problem) => add("networks", Err(with_hint(&problem))),
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    add("threads", Ok(threads.to_string()));
    match places::cache_folder(common) {
        Some(folder) if common.no_cache => {
            add("cache", Ok(format!("off (would be {})", folder.display())))
        }
        Some(folder) => match places::open_cache(common) {
            Some(_) => {
                let limit = common.cache_size / 1_000_000;
                add(
                    "cache",
                    Ok(format!("{}, at most {limit} MB", folder.display())),
                );
            }
            None => add(
                "cache",
                Err(format!(
                    "{} cannot be used: everything is computed anew",
                    folder.display()
                )),
            ),
        },
        None => add(
            "cache",
            Err("no home folder: everything is computed anew".into()),
        ),
    }
    match Config::read(common.config.as_deref()) {
        Ok(_) => {
            let path = common.config.clone().or_else(places::config_file);
            let path = path.map_or_else(|| "none".into(), |path| path.display().to_string());
            add("configuration", Ok(path));
        }
        Err(problem) => add("configuration", Err(with_hint(&problem))),
    }
    let outcome = if checks.iter().all(|check| check.passed) {
        Outcome::Done
    } else {
        Outcome::Findings
    };
    if verb.print.json {
        printer.json(&Report {
            schema: "tastemaker.doctor/1",
            checks,
        })?;
        return Ok(outcome);
    }
    for check in &checks {
        let word = if check.passed { "ok" } else { "FAILED" };
        printer.data(&format!("{word:>6}  {}: {}\n", check.name, check.detail))?;
    }
    Ok(outcome)
}

fn with_hint(problem: &crate::Error) -> String {
    match problem.hint() {
        Some(hint) => format!("{problem} (hint: {})", words::hint(&hint)),
        None => problem.to_string(),
    }
}
