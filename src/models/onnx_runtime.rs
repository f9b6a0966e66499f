//! Finds, loads and initializes ONNX Runtime, once for the whole process.
//!
//! The library cannot be unloaded or replaced, so it is shared by all [`Models`](super::Models) of the process. A
//! failed attempt leaves nothing behind and can be repeated.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;

use crate::error::{Error, Result};

/// The library that was loaded.
#[derive(Debug, Clone)]
pub struct RuntimeInfo {
    /// Path of the library.
    pub path: PathBuf,
    /// Such as `1.26.0`.
    pub version: String,
}

/// The library in use.
#[derive(Clone)]
pub(super) struct Runtime {
    pub(super) environment: Environment,
    pub(super) info: RuntimeInfo,
}

static LOADED: Mutex<Option<Runtime>> = Mutex::new(None);

/// Loads the first of `candidates` that exists, unless it is loaded already.
pub(super) fn load(candidates: &[PathBuf]) -> Result<Runtime> {
    // Always an absolute path: for a bare name, `ort` and the system would search directories of their own.
    let path = first_existing(candidates)?;
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = &*loaded {
        if runtime.info.path == path {
            return Ok(runtime.clone());
        }
        // Using the loaded one instead would silently change results.
        return Err(unusable(format!(
            "{} was asked for, but this process has loaded {} and can load only one",
            path.display(),
            runtime.info.path.display()
        )));
    }
    let environment = ort::init_from(&path)
        .map_err(unusable)?
        .with_name("tastemaker")
        .with_telemetry(false)
        .build()
        .map_err(|error| unusable(format!("{}: {error}", path.display())))?;
    environment.set_log_level(LogLevel::Error);
    let version = version(ort::info(), &path);
    let runtime = Runtime {
        environment,
        info: RuntimeInfo { path, version },
    };
    *loaded = Some(runtime.clone());
    Ok(runtime)
}

fn first_existing(candidates: &[PathBuf]) -> Result<PathBuf> {
    for candidate in candidates {
        if candidate.exists() {
            return candidate
                .canonicalize()
                .map_err(|error| unusable(format!("{}: {error}", candidate.display())));
        }
    }
    if candidates.is_empty() {
        return Err(unusable("no place to look for its library was named"));
    }
    let places: Vec<String> = candidates
        .iter()
        .map(|candidate| candidate.display().to_string())
        .collect();
    Err(unusable(format!(
        "its library was not found; looked for {}",
        places.join(", ")
    )))
}

fn unusable(what: impl ToString) -> Error {
    Error::Runtime {
        what: what.to_string(),
    }
}

/// The version, from the library's build information (`… git-branch=rel-1.26.0, …`), or else from its file name.
fn version(build: &str, path: &Path) -> String {
    let numbers = |text: &str| {
        let end = text
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .unwrap_or(text.len());
        let number = text[..end].trim_matches('.');
        (number.matches('.').count() == 2).then(|| number.to_string())
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    build
        .split_once("git-branch=rel-")
        .and_then(|(_, rest)| numbers(rest))
        .or_else(|| name.split_once(".so.").and_then(|(_, rest)| numbers(rest)))
        .or_else(|| name.split_once('.').and_then(|(_, rest)| numbers(rest)))
        .unwrap_or_else(|| "unknown".to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_build_or_the_name() {
        let build = "ORT Build Info: git-branch=rel-1.26.0, git-commit-id=8f7e, build type=Release";
        assert_eq!(version(build, Path::new("/x/lib.so")), "1.26.0");
        let plain = "ORT Build Info: build type=Release";
        let linux = Path::new("/x/libonnxruntime.so.1.24.4");
        assert_eq!(version(plain, linux), "1.24.4");
        let mac = Path::new("/x/libonnxruntime.1.24.4.dylib");
        assert_eq!(version(plain, mac), "1.24.4");
        assert_eq!(
            version(plain, Path::new("/x/libonnxruntime.so.1")),
            "unknown"
        );
    }

    #[test]
    fn a_missing_library_says_where_it_was_looked_for() {
        let error = first_existing(&["/nowhere/a.so".into(), "/nowhere/b.so".into()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ONNX Runtime cannot be used: its library was not found; looked for /nowhere/a.so, /nowhere/b.so"
        );
        assert_eq!(first_existing(&[]).unwrap_err().code(), "runtime");
    }
}
