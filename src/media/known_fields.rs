//! How the fields of films are scanned, told once for each film.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::media::ffmpeg::FieldFacts;

/// What is known of the fields of films, by path. It lives as long as a run, in which films do not change.
#[derive(Default)]
pub struct KnownFields(Mutex<HashMap<PathBuf, FieldFacts>>);

impl KnownFields {
    pub(super) fn of(&self, path: &Path) -> Option<FieldFacts> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(path).copied()
    }

    pub(super) fn keep(&self, path: &Path, fields: FieldFacts) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(path.into(), fields);
    }
}
