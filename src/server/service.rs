//! What all requests and workers share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Notify;

use crate::error::Result;
use crate::jobs::{IngestPreset, NetworkReport, SandboxReport, Workshop, network_reports};
use crate::server::keys::WebhookSecrets;
use crate::server::metrics::Metrics;
use crate::server::queue::Queue;
use crate::server::records::Records;
use crate::server::settings::ServeSettings;
use crate::store::{make_private_folder, remove_file, remove_folder};

/// Makes the workshop of a tenant, whose profiles are in the folder.
pub type WorkshopMaker = Box<dyn Fn(PathBuf) -> Workshop + Send + Sync>;

/// A running service.
pub struct Service {
    /// How it is to run.
    pub settings: ServeSettings,
    /// The database.
    pub records: Arc<Records>,
    /// The jobs in it.
    pub queue: Queue,
    /// With which webhooks are signed.
    pub secrets: WebhookSecrets,
    /// What it counts.
    pub metrics: Metrics,
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
            records,
            secrets,
            metrics: Metrics::new(),
            work: Notify::new(),
            outbox: Notify::new(),
            changed: Notify::new(),
            child: Mutex::default(),
            models: OnceLock::new(),
            presets: presets(&settings.presets)?,
            workshop,
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

    /// The file of a job.
    pub fn upload(&self, job: &str) -> PathBuf {
        self.uploads().join(job)
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

    /// Removes the file of a job that has ended. One that cannot be removed goes at the next start.
    pub fn forget_upload(&self, job: &str) {
        let path = self.upload(job);
        if path.exists()
            && let Err(problem) = remove_file(&path)
        {
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
    pub fn workshop(&self, tenant: &str) -> Workshop {
        let folder = self.settings.data.join("profiles").join(tenant);
        (self.workshop)(folder)
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
