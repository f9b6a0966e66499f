//! From common options and environment to the workshop that all jobs share.

use std::num::NonZero;

use crate::analysis::Language;
use crate::commands::clock;
use crate::commands::options::Common;
use crate::commands::places;
use crate::jobs::{CacheSettings, Workshop, WorkshopSettings};

/// The workshop of this run. Nothing is opened yet.
pub fn workshop(common: &Common) -> Workshop {
    let cache = places::cache_folder(common).filter(|_| !common.no_cache);
    Workshop::new(WorkshopSettings {
        models: places::models_options(common),
        looks: places::looks_folder(),
        profiles: places::profiles_folder(),
        catalog: places::catalog_file(),
        cache: cache.map(|folder| CacheSettings {
            folder,
            most_bytes: common.cache_size,
        }),
        limits: common.limits.limits(),
        workers: common.jobs.map(usize::from).and_then(NonZero::new),
        language: Language(common.language.clone()),
        clock: Box::new(clock::now),
    })
}
