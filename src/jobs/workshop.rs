//! What every job works with: networks, looks, cache, limits and folders. Made once, shared by all jobs.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;

use crate::analysis::Language;
use crate::error::Result;
use crate::jobs::config::{Config, ConfigPlace};
use crate::looks::LookLibrary;
use crate::media::Limits;
use crate::models::{Models, ModelsOptions};
use crate::music::Date;
use crate::profile::ProfileLibrary;
use crate::store::{Cache, FileHashes};

/// Gives the seconds since the beginning of 1970 (UTC).
pub type Clock = Box<dyn Fn() -> i64 + Send + Sync>;

/// Gives the time since some moment that stays the same, by a clock that never goes back.
pub type Stopwatch = fn() -> Duration;

/// Where the cache lies, how large it may grow, and whether it is used.
#[derive(Debug, Clone)]
pub struct CacheSettings {
    /// Its folder, made where it does not exist.
    pub folder: PathBuf,
    /// Bytes that it may take.
    pub most_bytes: u64,
    /// False: nothing is read from it or written to it.
    pub enabled: bool,
}

/// What a [`Workshop`] is made from.
pub struct WorkshopSettings {
    /// Where the networks and ONNX Runtime are.
    pub models: ModelsOptions,
    /// The folder of the person's own looks, where there is one.
    pub looks: Option<PathBuf>,
    /// The folder of named profiles, whether it exists or not.
    pub profiles: Option<PathBuf>,
    /// The person's catalog of music, whether it exists or not.
    pub catalog: Option<PathBuf>,
    /// The person's configuration.
    pub config: ConfigPlace,
    /// The cache; absent where there is no folder for it.
    pub cache: Option<CacheSettings>,
    /// What a file may have.
    pub limits: Limits,
    /// Files worked on at a time; absent: one for each core.
    pub workers: Option<NonZero<usize>>,
    /// The language of speech.
    pub language: Language,
    /// The time.
    pub clock: Clock,
    /// Measures how long steps take.
    pub stopwatch: Stopwatch,
}

/// What every job works with. Networks, looks and cache are opened when they are first needed, so that a job without
/// them runs where they are missing.
pub struct Workshop {
    settings: WorkshopSettings,
    models: OnceLock<Models>,
    looks: OnceLock<LookLibrary>,
    cache: OnceLock<Option<Cache>>,
    hashes: FileHashes,
}

impl Workshop {
    /// Opens nothing yet.
    pub fn new(settings: WorkshopSettings) -> Self {
        Self {
            settings,
            models: OnceLock::new(),
            looks: OnceLock::new(),
            cache: OnceLock::new(),
            hashes: FileHashes::default(),
        }
    }

    /// The networks; each is loaded when it is first used.
    ///
    /// Errors: those of a missing or wrong manifest.
    pub fn models(&self) -> Result<&Models> {
        if let Some(models) = self.models.get() {
            return Ok(models);
        }
        let models = Models::open(self.settings.models.clone())?;
        let models = models.timed_by(self.settings.stopwatch);
        Ok(self.models.get_or_init(|| models))
    }

    /// The built-in looks and the person's own.
    ///
    /// Errors: those of a look that cannot be read.
    pub fn looks(&self) -> Result<&LookLibrary> {
        if let Some(looks) = self.looks.get() {
            return Ok(looks);
        }
        let looks = LookLibrary::open(self.settings.looks.clone())?;
        Ok(self.looks.get_or_init(|| looks))
    }

    /// The cache; `None` where it is switched off or cannot be opened. Work without it is only slower.
    pub fn cache(&self) -> Option<&Cache> {
        let open = || {
            let settings = self.settings.cache.as_ref()?;
            if !settings.enabled {
                return None;
            }
            Cache::open(&settings.folder, settings.most_bytes).ok()
        };
        self.cache.get_or_init(open).as_ref()
    }

    /// What the cache was asked to be; absent where there is no folder for it.
    pub fn cache_settings(&self) -> Option<&CacheSettings> {
        self.settings.cache.as_ref()
    }

    /// The folder in which the networks are looked for.
    pub fn models_folder(&self) -> &Path {
        &self.settings.models.folder
    }

    /// The person's configuration, read anew.
    pub fn config(&self) -> Result<Config> {
        Config::read(&self.settings.config)
    }

    /// The file that the configuration is read from, whether it exists or not.
    pub fn config_file(&self) -> Option<&Path> {
        let place = &self.settings.config;
        place.asked.as_deref().or(place.usual.as_deref())
    }

    /// The hashes of the files that were read.
    pub fn hashes(&self) -> &FileHashes {
        &self.hashes
    }

    /// The named profiles.
    pub fn profiles(&self) -> ProfileLibrary {
        ProfileLibrary::new(self.settings.profiles.clone())
    }

    /// The person's catalog of music, whether it exists or not.
    pub fn catalog(&self) -> Option<&Path> {
        self.settings.catalog.as_deref()
    }

    /// What a file may have.
    pub fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    /// Files worked on at a time: as many as were asked for, or one for each core.
    pub fn workers(&self) -> usize {
        self.settings.workers.map_or_else(cores, NonZero::get)
    }

    /// Threads that one piece of work may use; 0 leaves it to that work.
    pub fn threads(&self) -> usize {
        self.settings.workers.map_or(0, NonZero::get)
    }

    /// The language of speech.
    pub fn language(&self) -> &Language {
        &self.settings.language
    }

    /// What `work` gives, and how long it took.
    pub fn timed<T>(&self, work: impl FnOnce() -> T) -> (T, Duration) {
        let begun = (self.settings.stopwatch)();
        let made = work();
        (made, (self.settings.stopwatch)().saturating_sub(begun))
    }

    /// Seconds since the beginning of 1970 (UTC).
    pub fn now(&self) -> i64 {
        (self.settings.clock)()
    }

    /// The time, as it is noted down.
    pub fn timestamp(&self) -> Timestamp {
        Timestamp::from_second(self.now()).unwrap_or_default()
    }

    /// The day (UTC) that it is.
    pub fn today(&self) -> Date {
        Date::from_unix(self.now())
    }
}

/// Cores of this machine.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
