//! ONNX Runtime and the sessions, loaded when first needed and shared.

use std::path::PathBuf;

use crate::error::Result;
use crate::models::Manifest;

/// Where things are; the caller has read flags and environment.
#[derive(Debug, Clone, Default)]
pub struct ModelsOptions {
    /// The folder with `manifest.toml`.
    pub folder: PathBuf,
    /// Candidate paths of the ONNX Runtime library, best first; the first that exists is used.
    pub runtime: Vec<PathBuf>,
}

/// What was loaded.
#[derive(Debug, Clone)]
pub struct RuntimeInfo {
    /// Where the library is.
    pub path: PathBuf,
    /// Such as `1.32.0`.
    pub version: String,
}

/// All networks. Share it by reference between threads.
pub struct Models {}

impl Models {
    /// Reads the manifest; networks and ONNX Runtime are loaded when first needed, each file's sha256 checked once.
    pub fn open(options: ModelsOptions) -> Result<Self> {
        let _ = options;
        unimplemented!()
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        unimplemented!()
    }

    /// Loads ONNX Runtime if it is not loaded, and says which.
    pub fn runtime(&self) -> Result<RuntimeInfo> {
        unimplemented!()
    }

    /// Checks one file against its pin, by its name in the manifest.
    pub fn check(&self, name: &str) -> Result<()> {
        let _ = name;
        unimplemented!()
    }

    /// One hash over all pins, for cache keys.
    pub fn fingerprint(&self) -> String {
        unimplemented!()
    }
}
