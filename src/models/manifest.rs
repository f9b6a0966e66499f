//! `models/manifest.toml`: the task, pin (size and hash), license and attribution of each network.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};

/// The parsed manifest.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// In the order of the file.
    pub models: Vec<ModelEntry>,
    /// Label lists and tokenizers, in the order of the file.
    pub files: Vec<FileEntry>,
}

/// One network.
#[derive(Debug, Clone, Deserialize)]
pub struct ModelEntry {
    /// Such as `transnet-v2`.
    pub name: String,
    /// File name in the folder.
    pub file: String,
    /// Pin, lower-case hex.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// What it does.
    pub task: String,
    /// SPDX.
    pub license: String,
    /// Lines for the notices.
    pub attribution: Vec<String>,
    /// Tokens that a text network never produces.
    #[serde(default)]
    pub suppress_ids: Vec<usize>,
    /// Tokens that it does not begin a text with.
    #[serde(default)]
    pub suppress_ids_at_start: Vec<usize>,
}

/// A file beside the networks.
#[derive(Debug, Clone, Deserialize)]
pub struct FileEntry {
    /// File name in the folder.
    pub file: String,
    /// Pin, lower-case hex.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// What it is for.
    pub purpose: String,
    /// SPDX, or words.
    pub license: String,
}

/// The document as it is in the file.
#[derive(Deserialize)]
struct ManifestToml {
    format: toml::Spanned<u32>,
    #[serde(default, rename = "model")]
    models: Vec<toml::Spanned<ModelEntry>>,
    #[serde(default, rename = "file")]
    files: Vec<toml::Spanned<FileEntry>>,
}

impl Manifest {
    /// Reads `folder/manifest.toml`.
    ///
    /// Fails with [`Error::ModelMissing`] when there is none, and with [`Error::Document`] when it is malformed.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("manifest.toml");
        let text = std::fs::read_to_string(&path).map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                Error::ModelMissing { path: path.clone() }
            } else {
                Error::read(&path, source)
            }
        })?;
        Self::parse(&text, &path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self> {
        let wrong = |at: usize, what: String| document_error(path, text, at, what);
        let document: ManifestToml = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            wrong(at, error.message().to_string())
        })?;
        if *document.format.get_ref() != 1 {
            let what = format!("format {} is not known, only 1", document.format.get_ref());
            return Err(wrong(document.format.span().start, what));
        }

        let mut seen = BTreeSet::new();
        for entry in &document.models {
            let (at, entry) = (entry.span().start, entry.get_ref());
            check_pin(&entry.file, &entry.sha256).map_err(|what| wrong(at, what))?;
            for name in BTreeSet::from([&entry.name, &entry.file]) {
                if !seen.insert(name.clone()) {
                    return Err(wrong(at, format!("{name} is named twice")));
                }
            }
        }
        for entry in &document.files {
            let (at, entry) = (entry.span().start, entry.get_ref());
            check_pin(&entry.file, &entry.sha256).map_err(|what| wrong(at, what))?;
            if !seen.insert(entry.file.clone()) {
                return Err(wrong(at, format!("{} is named twice", entry.file)));
            }
        }
        Ok(Self {
            models: document
                .models
                .into_iter()
                .map(toml::Spanned::into_inner)
                .collect(),
            files: document
                .files
                .into_iter()
                .map(toml::Spanned::into_inner)
                .collect(),
        })
    }

    /// The entry of that name.
    pub fn find(&self, name: &str) -> Result<&ModelEntry> {
        self.models
            .iter()
            .find(|entry| entry.name == name)
            .ok_or_else(|| Error::UnknownName {
                kind: "network",
                name: name.to_string(),
                known: self.models.iter().map(|entry| entry.name.clone()).collect(),
            })
    }

    /// File name and pin of a network (by its name) or of a file beside it (by its file name).
    pub(super) fn pin(&self, name: &str) -> Result<Pin> {
        if let Some(entry) = self.files.iter().find(|entry| entry.file == name) {
            return Ok(Pin {
                file: entry.file.clone(),
                sha256: entry.sha256.clone(),
                bytes: entry.bytes,
            });
        }
        let entry = self.find(name)?;
        Ok(Pin {
            file: entry.file.clone(),
            sha256: entry.sha256.clone(),
            bytes: entry.bytes,
        })
    }
}

/// The size and hash that a file must have.
#[derive(Debug, Clone)]
pub(super) struct Pin {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) bytes: u64,
}

fn check_pin(file: &str, sha256: &str) -> Result<(), String> {
    let plain =
        Path::new(file).file_name().is_some_and(|name| name == file) && !file.contains(['/', '\\']);
    if !plain {
        return Err(format!("\"{file}\" is not a file name"));
    }
    let hex = sha256.len() == 64
        && sha256
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !hex {
        return Err(format!("the sha256 of {file} is not 64 hex digits"));
    }
    Ok(())
}

fn document_error(path: &Path, text: &str, at: usize, what: String) -> Error {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Error::Document {
        path: PathBuf::from(path),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        what,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PIN: &str = "f3b9db28118c0751c785d203d545ce75de02cf648200b2c93023a029def38fba";

    fn entry(name: &str, file: &str, sha256: &str) -> String {
        format!(
            "[[model]]\nname = \"{name}\"\nfile = \"{file}\"\nsha256 = \"{sha256}\"\nbytes = 1\ntask = \"t\"\n\
             license = \"MIT\"\nattribution = []\n"
        )
    }

    fn message(text: &str) -> String {
        Manifest::parse(text, Path::new("manifest.toml"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_shipped_manifest_is_read_in_order() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let manifest = Manifest::read(&folder).unwrap();
        assert_eq!(manifest.models.len(), 21);
        assert_eq!(manifest.models[0].name, "efficientnet-lite0");
        assert_eq!(manifest.files.len(), 10);
        assert_eq!(manifest.find("beatnet-2").unwrap().license, "CC-BY-4.0");
        for entry in &manifest.models {
            assert!(!entry.attribution.is_empty(), "{}", entry.name);
            assert!(folder.join(&entry.file).is_file(), "{}", entry.file);
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let text = format!("format = 1\n{}", entry("a", "a.onnx", PIN));
        let manifest = Manifest::parse(&text, Path::new("m")).unwrap();
        let error = manifest.find("b").unwrap_err();
        assert_eq!(error.to_string(), "there is no network named b");
        assert_eq!(error.hint().unwrap().to_string(), "known: a");
    }

    #[test]
    fn mistakes_are_named_with_line_and_column() {
        assert!(message("format = 2\n").starts_with("manifest.toml:1:10: format 2 is not known"));
        assert!(message("format = 1\n[[model]]\nname = 7\n").starts_with("manifest.toml:3:8: "));
        assert!(message("").contains("missing field `format`"));
        let outside = format!("format = 1\n{}", entry("a", "../a.onnx", PIN));
        assert_eq!(
            message(&outside),
            "manifest.toml:2:1: \"../a.onnx\" is not a file name"
        );
        let short = format!("format = 1\n{}", entry("a", "a.onnx", "abc"));
        assert!(message(&short).contains("the sha256 of a.onnx is not 64 hex digits"));
        let twice = entry("a", "a.onnx", PIN) + &entry("a", "b.onnx", PIN);
        assert!(message(&format!("format = 1\n{twice}")).contains("a is named twice"));
    }

    #[test]
    fn a_folder_without_a_manifest_is_a_missing_model() {
        let error = Manifest::read(Path::new("/nowhere")).unwrap_err();
        assert_eq!(error.code(), "model_missing");
        assert_eq!(error.file(), Some(Path::new("/nowhere/manifest.toml")));
    }
}
