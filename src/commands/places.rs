//! Paths of the networks, ONNX Runtime, the cache, and the person's own presets.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::commands::options::Common;
use crate::models::ModelsOptions;

/// The version that `scripts/setup` fetches.
const RUNTIME_VERSION: &str = "1.26.0";

/// How many folders above the program are looked at: enough for `target/release/deps`.
const FOLDERS_ABOVE: usize = 4;

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "tastemaker")
}

/// The folder of the program and those above it.
fn around_program() -> Vec<PathBuf> {
    let program = std::env::current_exe()
        .and_then(|path| path.canonicalize())
        .unwrap_or_default();
    program
        .ancestors()
        .skip(1)
        .take(FOLDERS_ABOVE)
        .map(Path::to_path_buf)
        .collect()
}

/// The folder of the networks: `--models`, `TASTEMAKER_MODELS`, beside the program, in its `share`, in the user's data.
/// Where none of them has a manifest, the first, so that its error says where the networks were expected.
pub fn models_folder(common: &Common) -> PathBuf {
    if let Some(folder) = &common.models {
        return folder.clone();
    }
    let mut candidates: Vec<PathBuf> = Vec::new();
    for folder in around_program() {
        candidates.push(folder.join("models"));
        candidates.push(folder.join("share/tastemaker/models"));
    }
    if let Some(project) = project() {
        candidates.push(project.data_dir().join("models"));
    }
    let found = candidates
        .iter()
        .find(|folder| folder.join("manifest.toml").is_file());
    let expected = found.or(candidates.first()).cloned();
    expected.unwrap_or_else(|| "models".into())
}

/// Where ONNX Runtime may be, best first. A path that was asked for by name is the only one.
pub fn runtime_candidates(common: &Common) -> Vec<PathBuf> {
    if let Some(library) = &common.onnxruntime {
        return vec![library.clone()];
    }
    let names = [
        format!("libonnxruntime.so.{RUNTIME_VERSION}"),
        "libonnxruntime.so".into(),
        "libonnxruntime.dylib".into(),
        "onnxruntime.dll".into(),
    ];
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in around_program() {
        folders.push(folder.join("lib"));
        folders.push(folder.join("lib/tastemaker"));
        folders.push(folder.join("onnxruntime").join(RUNTIME_VERSION));
    }
    if let Some(project) = project() {
        folders.push(project.data_dir().join("onnxruntime").join(RUNTIME_VERSION));
    }
    folders
        .iter()
        .flat_map(|folder| names.iter().map(|name| folder.join(name)))
        .collect()
}

/// Where the networks and ONNX Runtime are.
pub fn models_options(common: &Common) -> ModelsOptions {
    ModelsOptions {
        folder: models_folder(common),
        runtime: runtime_candidates(common),
    }
}

/// The folder of the cache, whether it exists or not.
pub fn cache_folder(common: &Common) -> Option<PathBuf> {
    common
        .cache
        .clone()
        .or_else(|| project().map(|project| project.cache_dir().to_path_buf()))
}

/// The person's configuration file, whether it exists or not.
pub fn config_file() -> Option<PathBuf> {
    project().map(|project| project.config_dir().join("config.toml"))
}

/// The person's own looks, if the folder exists.
pub fn looks_folder() -> Option<PathBuf> {
    project()
        .map(|project| project.config_dir().join("looks"))
        .filter(|folder| folder.is_dir())
}

/// The folder of named profiles, whether it exists or not.
pub fn profiles_folder() -> Option<PathBuf> {
    project().map(|project| project.data_dir().join("profiles"))
}

/// The folder of a service, whether it exists or not.
#[cfg(feature = "server")]
pub fn service_folder() -> Option<PathBuf> {
    project().map(|project| project.data_dir().join("service"))
}

/// The person's catalog of music, whether it exists or not.
pub fn catalog_file() -> Option<PathBuf> {
    project().map(|project| project.data_dir().join("music.catalog"))
}
