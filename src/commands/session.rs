//! One run of a verb: the workshop that jobs share, the terminal, and how the run ended.

use std::num::NonZero;

use crate::analysis::Language;
use crate::commands::clock;
use crate::commands::options::{Common, JsonOption};
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::progress::on_terminal;
use crate::jobs::{CacheSettings, ConfigPlace, Workshop, WorkshopSettings};
use crate::task::Task;

/// How a run ended, as its exit code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Done, but some inputs failed or a check found something.
    Findings,
}

impl Outcome {
    /// `Findings` where there are some.
    pub fn with_findings(findings: bool) -> Self {
        if findings { Self::Findings } else { Self::Done }
    }
}

/// What a verb works with.
pub struct Session {
    /// Prints answers and talk.
    pub printer: Printer,
    /// What every job works with.
    pub workshop: Workshop,
    interrupt: Task,
}

impl Session {
    /// The session of this run. Nothing is opened yet.
    pub fn new(common: &Common, printer: Printer, interrupt: Task) -> Self {
        Self {
            printer,
            workshop: workshop(common),
            interrupt,
        }
    }

    /// The task that a job is given: it stops on Ctrl-C; its progress shows as bars, and its notices and failed files
    /// are printed.
    pub fn task(&self, print: &JsonOption) -> Task {
        on_terminal(&self.interrupt, &self.printer, print.json)
    }

    /// The task of a job of a verb without `--json`.
    pub fn plain_task(&self) -> Task {
        on_terminal(&self.interrupt, &self.printer, false)
    }
}

/// Makes the workshop of a tenant of a service, with their profiles and catalog. It has nothing of the person who runs the
/// service: no looks, no catalog and no configuration of theirs.
#[cfg(feature = "server")]
pub fn workshop_of_tenant(common: &Common) -> crate::server::WorkshopMaker {
    let (models, limits) = (places::models_options(common), common.limits.limits());
    let language = Language(common.language.clone());
    Box::new(move |places| {
        Workshop::new(WorkshopSettings {
            models: models.clone(),
            looks: None,
            profiles: Some(places.profiles),
            catalog: places.catalog,
            config: ConfigPlace::default(),
            cache: None,
            limits,
            workers: None,
            language: language.clone(),
            clock: Box::new(clock::now),
            stopwatch: clock::elapsed,
        })
    })
}

/// Makes the workshop from the common options and the environment.
fn workshop(common: &Common) -> Workshop {
    Workshop::new(WorkshopSettings {
        models: places::models_options(common),
        looks: places::looks_folder(),
        profiles: places::profiles_folder(),
        catalog: places::catalog_file(),
        config: ConfigPlace {
            asked: common.config.clone(),
            usual: places::config_file(),
        },
        cache: places::cache_folder(common).map(|folder| CacheSettings {
            folder,
            most_bytes: common.cache_size,
            enabled: !common.no_cache,
        }),
        limits: common.limits.limits(),
        workers: common.jobs.map(usize::from).and_then(NonZero::new),
        language: Language(common.language.clone()),
        clock: Box::new(clock::now),
        stopwatch: clock::elapsed,
    })
}
