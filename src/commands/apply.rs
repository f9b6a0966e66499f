//! `tastemaker apply`: one look over many files.

mod arguments;
mod preview;

pub use arguments::Apply;

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use crate::batch::{
    Applied, Batch, Job, Mode, NameTemplate, Origin, Places, Settings, Status, plan,
};
use crate::commands::Outcome;
use crate::commands::arguments::Common;
use crate::commands::files::{Input, expand, is_bystander};
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::progress::Progress;
use crate::commands::table::table;
use crate::error::Error;
use crate::looks::{Look, LookLibrary};
use crate::task::Task;

/// A result, for machines.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    file: String,
    output: String,
    look: &'a str,
    strength: f64,
    format: &'static str,
    #[serde(flatten)]
    applied: &'a Applied,
}

/// A result that would be made, for machines.
#[derive(Serialize)]
struct Planned<'a> {
    schema: &'static str,
    file: String,
    output: String,
    look: &'a str,
    strength: f64,
    format: &'static str,
    status: &'static str,
}

const SCHEMA: &str = "tastemaker.applied/1";

/// What became of the files.
#[derive(Default)]
struct Counts {
    written: usize,
    finished: usize,
    partial: usize,
    failed: usize,
    location: usize,
    bystanders: usize,
}

pub fn run(verb: &Apply, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let look = find(&LookLibrary::open(places::looks_folder())?, &verb.look)?;
    let template = verb.name.as_deref().map(NameTemplate::parse).transpose()?;
    let settings = Settings {
        look,
        strength: verb.strength,
        matching: verb.matching.choice(),
        aspect: verb.aspect,
        fit: verb.resize,
        format: verb.format.choice(),
        quality: verb.quality,
        subsampling: verb.subsampling.choice(),
        metadata: verb.metadata.policy(),
        partial: verb.partial,
        limits: common.limits.limits(),
    };
    let inputs = expand(&verb.files)?;
    let origins: Vec<Origin> = inputs
        .iter()
        .map(|input| Origin {
            path: input.path.clone(),
            folder: input.folder.clone(),
        })
        .collect();
    let places = Places {
        out: &verb.output,
        template: template.as_ref(),
        look: &settings.look.id,
        format: settings.format,
        limits: &settings.limits,
    };
    let (mut jobs, mut problems, mut counts) = (Vec::new(), Vec::new(), Counts::default());
    for (origin, planned) in plan(&origins, &places)? {
        task.check()?;
        match planned {
            Ok(job) => {
                jobs.push(Some(job));
                problems.push(None);
            }
            Err(problem) => {
                let input = Input {
                    path: origin.path.clone(),
                    folder: origin.folder,
                };
                if is_bystander(&input, &problem) {
                    counts.bystanders += 1;
                } else {
                    jobs.push(None);
                    problems.push(Some((origin.path, problem)));
                }
            }
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let needs_networks = verb.aspect.is_some() || settings.look.check_networks(None).is_err();
    let models = needs_networks
        .then(|| places::open_models(common))
        .transpose()?;
    let batch = Batch {
        settings: &settings,
        models: models.as_ref(),
        out: &verb.output,
        mode: match (verb.resume, verb.force) {
            (true, _) => Mode::Resume,
            (_, true) => Mode::Force,
            _ => Mode::Fresh,
        },
        workers: common.jobs.map_or(cores, usize::from),
        task,
    };
    let progress = Progress::new("apply", common.quiet);
    let batch = Batch {
        task: &progress.task(task),
        ..batch
    };
    let jobs: Vec<Option<&Job>> = jobs.iter().map(Option::as_ref).collect();
    let talk = Talk {
        verb,
        settings: &settings,
        printer,
    };
    if let Some(count) = verb.preview {
        let shown = batch.preview(&jobs, count.into())?;
        preview::write(verb, &settings.look.id, shown, jobs.len(), printer)?;
        return Ok(Outcome::Done);
    }
    if verb.dry_run {
        batch.refuse_conflicts(jobs.iter().copied().flatten())?;
        for (job, problem) in jobs.iter().zip(problems) {
            match (job, problem) {
                (Some(job), _) => talk.planned(job)?,
                (None, Some((path, problem))) => talk.failed(&path, &problem, &mut counts)?,
                (None, None) => {}
            }
        }
        return Ok(counts.outcome());
    }
    batch.run(&jobs, |at, answer| -> Result<()> {
        match (answer, jobs.get(at).copied().flatten()) {
            (Some(Ok(applied)), Some(job)) => talk.applied(job, &applied, &mut counts),
            (Some(Err(problem)), Some(job)) => talk.failed(&job.source, &problem, &mut counts),
            _ => match problems.get_mut(at).and_then(Option::take) {
                Some((path, problem)) => talk.failed(&path, &problem, &mut counts),
                None => Ok(()),
            },
        }
    })?;
    progress.finish();
    talk.summary(&counts)?;
    Ok(counts.outcome())
}

/// One look, or several joined with `+`, applied one after the other.
fn find(library: &LookLibrary, name: &str) -> Result<Look, Error> {
    if !name.contains('+') || Path::new(name).is_file() {
        return library.find(name);
    }
    let looks = name.split('+').map(|one| library.find(one.trim()));
    Ok(Look::stacked(&looks.collect::<Result<Vec<_>, _>>()?))
}

impl Counts {
    fn outcome(&self) -> Outcome {
        if self.failed + self.partial > 0 {
            Outcome::Findings
        } else {
            Outcome::Done
        }
    }
}

/// How the run is told.
struct Talk<'a> {
    verb: &'a Apply,
    settings: &'a Settings,
    printer: &'a Printer,
}

impl Talk<'_> {
    fn planned(&self, job: &Job) -> Result<()> {
        let (file, output) = (
            job.source.display().to_string(),
            job.target.display().to_string(),
        );
        if self.verb.json {
            return self.printer.json(&Planned {
                schema: SCHEMA,
                file,
                output,
                look: &self.settings.look.id,
                strength: self.settings.strength,
                format: job.format.name(),
                status: "planned",
            });
        }
        self.printer.data(&format!("{file} -> {output}\n"))
    }

    fn applied(&self, job: &Job, applied: &Applied, counts: &mut Counts) -> Result<()> {
        match applied.status {
            Status::Written => counts.written += 1,
            Status::Finished => counts.finished += 1,
        }
        counts.location += usize::from(applied.location);
        if let Some(partial) = &applied.partial {
            counts.partial += 1;
            self.printer.note(&format!(
                "only a part of it was written: {}",
                partial.message
            ));
        }
        if self.verb.json {
            self.printer.json(&Document {
                schema: SCHEMA,
                file: job.source.display().to_string(),
                output: job.target.display().to_string(),
                look: &self.settings.look.id,
                strength: self.settings.strength,
                format: job.format.name(),
                applied,
            })?;
        }
        Ok(())
    }

    fn failed(&self, path: &Path, problem: &Error, counts: &mut Counts) -> Result<()> {
        counts.failed += 1;
        if self.verb.json {
            self.printer.error_json(path, problem)?;
        }
        self.printer.error(problem);
        Ok(())
    }

    fn summary(&self, counts: &Counts) -> Result<()> {
        let mut table = table(&["files", "what became of them"]);
        let rows = [
            (counts.written, "written"),
            (counts.finished, "finished before, not written again"),
            (
                counts.partial,
                "of these only a part, because the original breaks off",
            ),
            (
                counts.location,
                "of these say where they were taken (--metadata strip-location takes it out)",
            ),
            (counts.failed, "failed"),
            (counts.bystanders, "no pictures, left alone"),
        ];
        for (count, what) in rows {
            if count > 0 || what == "written" {
                table.add_row([count.to_string(), what.to_owned()]);
            }
        }
        if self.verb.json {
            self.printer.talk(&table.to_string());
            return Ok(());
        }
        self.printer.data(&format!("{table}\n"))
    }
}
