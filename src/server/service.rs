//! What all requests and workers share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::{Notify, Semaphore};

use crate::error::Result;
use crate::jobs::{IngestPreset, NetworkReport, SandboxReport, Workshop, network_reports};
use crate::server::child::SpentTime;
use crate::server::keys::WebhookSecrets;
use crate::server::known::Known;
use crate::server::metrics::Metrics;
use crate::server::otlp::SpanQueue;
use crate::server::queue::Queue;
use crate::server::records::Records;
use crate::server::settings::ServeSettings;
use crate::store::{make_private_folder, remove_file, remove_folder};

/// Makes the workshop of a tenant.
pub type WorkshopMaker = Box<dyn Fn(TenantPlaces) -> Workshop + Send + Sync>;

/// Workshops that are kept with the networks that they have loaded: those of the tenants that asked last.
const KEPT_WORKSHOPS: usize = 4;

/// What belongs to one tenant.
#[derive(Debug, Clone)]
pub struct TenantPlaces {
    /// The folder of profiles.
    pub profiles: PathBuf,
    /// The catalog of music, where there is one.
    pub catalog: Option<PathBuf>,
}

/// Rankings at a time; who comes later waits.
const RANKINGS: usize = 2;

/// Steps of an ingest whose time is counted.
const STEPS: [&str; 4] = ["analysis", "screening", "suggestions", "renditions"];
/// Seconds above which a process is not believed.
const MOST_SPENT: f64 = 86_400.0;

/// A running service.
pub struct Service {
    /// How it is to run.
    pub settings: ServeSettings,
    /// The database.
    pub records: Arc<Records>,
    /// The jobs in it.
    pub queue: Queue,
    /// What uploads are compared with.
    pub known: Known,
    /// With which webhooks are signed.
    pub secrets: WebhookSecrets,
    /// What it counts.
    pub metrics: Metrics,
    /// What took time, for a collector.
    pub spans: Arc<SpanQueue>,
    /// Wakes workers when a job is there.
    pub work: Notify,
    /// Wakes the sender of webhooks.
    pub outbox: Notify,
    /// Wakes those who listen to events, and those who work on a job that was called off.
    pub changed: Notify,
    /// What the newest child said of itself.
    child: Mutex<Option<ChildFacts>>,
    models: OnceLock<Vec<ModelFacts>>,
    presets: BTreeMap<String, ServedPreset>,
    workshop: WorkshopMaker,
    /// By tenant, the latest last.
    workshops: Mutex<Vec<(String, Arc<Workshop>)>>,
    /// Who ranks suggestions: that takes a core for a while. A permit goes with the work, which goes on where the
    /// caller hangs up.
    pub ranking: Arc<Semaphore>,
}

/// What a child says of itself.
#[derive(Debug, Clone)]
pub struct ChildFacts {
    /// What it gave up.
    pub sandbox: SandboxReport,
    /// Version of ONNX Runtime.
    pub runtime: String,
}

/// A network, as the service found it when it started.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ModelFacts {
    /// Its name in the manifest.
    name: String,
    /// The pin.
    sha256: String,
    /// Whether the file is the pinned one.
    pub intact: bool,
}

/// A preset that can be named.
pub struct ServedPreset {
    /// What it says.
    pub preset: IngestPreset,
    /// By what a child finds it: its name, or the path of its file.
    pub source: String,
}

/// Those that are built in and those in `files`, by name.
fn presets(files: &[PathBuf]) -> Result<BTreeMap<String, ServedPreset>> {
    let mut served = BTreeMap::new();
    let mut add = |preset: IngestPreset, source: String| {
        served.insert(preset.id.clone(), ServedPreset { preset, source });
    };
    for preset in IngestPreset::all()? {
        add(preset.clone(), preset.id.clone());
    }
    for file in files {
        let source = file.to_string_lossy().into_owned();
        add(IngestPreset::find(&source)?, source);
    }
    Ok(served)
}

impl Service {
    /// Opens what is kept in the folder of data.
    pub fn open(settings: ServeSettings, workshop: WorkshopMaker) -> Result<Self> {
        let records = Arc::new(Records::open(&settings.data)?);
        let secrets = WebhookSecrets::open(&settings.data)?;
        let service = Self {
            queue: Queue::new(records.clone()),
            known: Known::new(records.clone()),
            records,
            secrets,
            metrics: Metrics::new(),
            spans: Arc::default(),
            work: Notify::new(),
            outbox: Notify::new(),
            changed: Notify::new(),
            child: Mutex::default(),
            models: OnceLock::new(),
            presets: presets(&settings.presets)?,
            workshop,
            workshops: Mutex::default(),
            ranking: Arc::new(Semaphore::new(RANKINGS)),
            settings,
        };
        for folder in [service.uploads(), service.results(), service.scratch()] {
            make_private_folder(&folder)?;
        }
        Ok(service)
    }

    /// The folder of files that wait.
    pub fn uploads(&self) -> PathBuf {
        self.settings.data.join("uploads")
    }

    /// The folder of a job's files.
    pub fn upload(&self, job: &str) -> PathBuf {
        self.uploads().join(job)
    }

    /// The files `names` of a job. An earlier version kept the only file of a job under its id.
    pub fn upload_files(&self, job: &str, names: Vec<String>) -> Vec<(PathBuf, String)> {
        let folder = self.upload(job);
        let is_file = folder.is_file();
        let place = |name: String| match is_file {
            true => (folder.clone(), name),
            false => (folder.join(&name), name),
        };
        names.into_iter().map(place).collect()
    }

    /// The folder of results.
    pub fn results(&self) -> PathBuf {
        self.settings.data.join("results")
    }

    /// The folder of a job's results.
    pub fn result(&self, job: &str) -> PathBuf {
        self.results().join(job)
    }

    /// The folder of work in progress.
    pub fn scratch(&self) -> PathBuf {
        self.settings.data.join("scratch")
    }

    /// Removes the files of a job that has ended. What cannot be removed goes at the next start.
    pub fn forget_upload(&self, job: &str) {
        let path = self.upload(job);
        let removed = match path.is_file() {
            true => remove_file(&path),
            false => remove_folder(&path),
        };
        if let Err(problem) = removed {
            tracing::warn!(job, "{problem}");
        }
    }

    /// Removes all files of a job.
    pub fn forget_files(&self, job: &str) {
        self.forget_upload(job);
        if let Err(problem) = remove_folder(&self.result(job)) {
            tracing::warn!(job, "{problem}");
        }
    }

    /// The workshop of a tenant.
    pub fn workshop(&self, tenant: &str) -> Arc<Workshop> {
        let kept = &self.workshops;
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(name, _)| name == tenant);
        let (name, workshop) = match found {
            Some(at) => kept.remove(at),
            None => {
                let data = &self.settings.data;
                let places = TenantPlaces {
                    profiles: data.join("profiles").join(tenant),
                    catalog: Some(data.join("catalogs").join(format!("{tenant}.catalog"))),
                };
                (tenant.to_owned(), Arc::new((self.workshop)(places)))
            }
        };
        kept.push((name, workshop.clone()));
        if kept.len() > KEPT_WORKSHOPS {
            kept.remove(0);
        }
        workshop
    }

    /// The file of a creator's profile, where there is one.
    pub fn profile_file(&self, tenant: &str, creator: &str) -> Option<PathBuf> {
        let path = self.workshop(tenant).profiles().path(creator).ok()?;
        path.is_file().then_some(path)
    }

    /// The presets that can be named, in order: a request never names a file.
    pub fn presets(&self) -> impl Iterator<Item = &IngestPreset> {
        self.presets.values().map(|served| &served.preset)
    }

    /// The preset `name`.
    pub fn preset(&self, name: &str) -> Option<&ServedPreset> {
        self.presets.get(name)
    }

    /// What the newest child said of itself; `None` before the first one.
    pub fn child(&self) -> Option<ChildFacts> {
        self.facts().clone()
    }

    /// Notes what a child said of itself.
    pub fn note_child(&self, facts: ChildFacts) {
        *self.facts() = Some(facts);
    }

    fn facts(&self) -> MutexGuard<'_, Option<ChildFacts>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts where the time of a job went. Its process was in the hands of the file: only steps and networks that
    /// exist are counted, and only times that can be.
    pub fn count_spent(&self, spent: &SpentTime) {
        let plausible = |seconds: &&f64| (0.0..=MOST_SPENT).contains(*seconds);
        for step in STEPS {
            if let Some(seconds) = spent.steps.get(step).filter(plausible) {
                self.metrics.step(step, *seconds);
            }
        }
        let workshop = self.workshop("");
        let Ok(models) = workshop.models() else {
            return;
        };
        for network in models.manifest().models.iter().map(|entry| &entry.name) {
            if let Some(seconds) = spent.networks.get(network).filter(plausible) {
                self.metrics.network(network, *seconds);
            }
        }
    }

    /// The networks; `None` until they were checked.
    pub fn models(&self) -> Option<&[ModelFacts]> {
        self.models.get().map(Vec::as_slice)
    }

    /// Compares each network with its pin. This reads all of them.
    pub fn check_models(&self) -> Result<()> {
        let workshop = self.workshop("");
        let facts = |report: NetworkReport<'_>| ModelFacts {
            name: report.name.into(),
            sha256: report.sha256.into(),
            intact: report.intact == Some(true),
        };
        let models = network_reports(workshop.models()?, true)
            .map(facts)
            .collect();
        self.models.get_or_init(|| models);
        Ok(())
    }

    /// Jobs in each state.
    pub fn depth(&self) -> Result<BTreeMap<&'static str, u64>> {
        let counts = self.queue.counts()?;
        Ok(counts
            .into_iter()
            .map(|(state, count)| (state.name(), count))
            .collect())
    }
}
