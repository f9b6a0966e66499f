//! Errors: what went wrong, in which file, and what to do about it.
//!
//! There is one enum for the whole library, so that a caller can match on it. Messages are lower case; [`Error::hint`]
//! says what to do; [`Error::code`] is the stable code in `tastemaker.error/1`.

use std::io;
use std::path::{Path, PathBuf};

use crate::hint::Hint;

pub use crate::hint::LimitName;

/// Shorthand for results of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong below the command line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be created, written, synced or renamed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The target of a write exists already.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file that is in the way.
        path: PathBuf,
    },
    /// The content is of a kind or variant that nothing here decodes.
    #[error("{} is not supported: {what}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// Which format, codec or variant.
        what: String,
    },
    /// The content is damaged so that nothing useful can be read.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The file breaks off: what came before it was read, what follows cannot be.
    #[error("{} breaks off: {what}", path.display())]
    BreaksOff {
        /// The file.
        path: PathBuf,
        /// Where and how.
        what: String,
    },
    /// A limit was passed, in the headers or while decoding.
    #[error("{} passes the limit of {allowed} {limit} (it has {found})", path.display())]
    Limit {
        /// The file.
        path: PathBuf,
        /// Which limit.
        limit: LimitName,
        /// What the file has; for a limit met while decoding, what was reached.
        found: u64,
        /// What is allowed.
        allowed: u64,
    },
    /// A model file or the manifest is missing.
    #[error("model file {} is missing", path.display())]
    ModelMissing {
        /// Where it was expected.
        path: PathBuf,
    },
    /// A model file is not the one that the manifest pins.
    #[error("model file {} is not the pinned one: {what}", path.display())]
    ModelMismatch {
        /// The file.
        path: PathBuf,
        /// Which value differs.
        what: String,
    },
    /// ONNX Runtime is missing or unusable.
    #[error("ONNX Runtime cannot be used: {what}")]
    Runtime {
        /// Where it was searched, or its own error message.
        what: String,
    },
    /// A network failed or returned an unexpected shape.
    #[error("network {model} failed: {what}")]
    Inference {
        /// The name in the manifest.
        model: String,
        /// What ONNX Runtime said.
        what: String,
    },
    /// A file is not the one that a plan was made from.
    #[error("{} has changed since the plan was made", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A file was written by a later version of this program.
    #[error("{} is of version {found}, which is newer than this program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// Another process keeps a file locked.
    #[error("{} is locked by another process", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// A document written by a person (config, look, style, plan …) is wrong.
    #[error("{}:{line}:{column}: {what}", path.display())]
    Document {
        /// The file, or a name such as `presets/looks/film-warm.toml` for a built-in.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// Which field, and what is wrong with it.
        what: String,
    },
    /// A name is not known: of a look, a style, a platform, a network …
    #[error("there is no {kind} named {name}")]
    UnknownName {
        /// What kind of thing was asked for.
        kind: &'static str,
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// Encoding a film, picture or sound failed.
    #[error("cannot encode {}: {what}", path.display())]
    Encode {
        /// The file that was to be made.
        path: PathBuf,
        /// What the encoder said.
        what: String,
    },
    /// A process apart, which the work was left to, says this of a file.
    #[error("{}: {what}", path.display())]
    Apart {
        /// The file.
        path: PathBuf,
        /// Its code for programs.
        code: &'static str,
        /// What it said.
        what: String,
    },
    /// There is nothing to work on.
    #[error("{what}")]
    Nothing {
        /// What is missing, as a sentence without a full stop.
        what: String,
        /// What to do.
        hint: Hint,
    },
    /// Invalid or contradictory arguments.
    #[error("{what}")]
    Usage {
        /// What is wrong, as a sentence without a full stop.
        what: String,
        /// What to do.
        hint: Hint,
    },
    /// The person or the platform stopped the work.
    #[error("interrupted")]
    Cancelled,
}

impl Error {
    /// Makes the error of a failed read of `path`.
    pub fn read(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Read {
            path: path.into(),
            source,
        }
    }

    /// Makes the error of a failed write of `path`.
    pub fn write(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Write {
            path: path.into(),
            source,
        }
    }

    /// Makes [`Error::Damaged`].
    pub fn damaged(path: impl Into<PathBuf>, what: impl ToString) -> Self {
        Self::Damaged {
            path: path.into(),
            what: what.to_string(),
        }
    }

    /// Makes [`Error::Unsupported`].
    pub fn unsupported(path: impl Into<PathBuf>, what: impl ToString) -> Self {
        Self::Unsupported {
            path: path.into(),
            what: what.to_string(),
        }
    }

    /// Makes [`Error::BreaksOff`].
    pub fn breaks_off(path: impl Into<PathBuf>, what: impl ToString) -> Self {
        Self::BreaksOff {
            path: path.into(),
            what: what.to_string(),
        }
    }

    /// Makes [`Error::Encode`].
    pub fn encode(path: impl Into<PathBuf>, what: impl ToString) -> Self {
        Self::Encode {
            path: path.into(),
            what: what.to_string(),
        }
    }

    /// Replaces the path `from` by `name`: messages should name the target, not its temporary file.
    pub fn renamed(mut self, from: &Path, name: &Path) -> Self {
        if let Some(path) = self.file_mut()
            && path == from
        {
            *path = name.into();
        }
        self
    }

    /// Makes [`Error::Document`] for the position `offset` bytes into `text`.
    pub fn document(
        path: impl Into<PathBuf>,
        text: &str,
        offset: usize,
        what: impl ToString,
    ) -> Self {
        let before = text
            .char_indices()
            .take_while(|(position, _)| *position < offset)
            .map(|(_, character)| character);
        let (mut line, mut column) = (1, 1);
        for character in before {
            if character == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        Self::Document {
            path: path.into(),
            line,
            column,
            what: what.to_string(),
        }
    }

    /// Makes [`Error::Document`] from an error of the TOML parser in `text`.
    pub fn toml(path: impl Into<PathBuf>, text: &str, error: &toml::de::Error) -> Self {
        let offset = error.span().map_or(0, |span| span.start);
        Self::document(path, text, offset, error.message())
    }

    /// The stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => "not_found",
            Self::Read { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "no_permission"
            }
            Self::Read { .. } => "unreadable",
            Self::Write { .. } => "unwritable",
            Self::Exists { .. } => "exists",
            Self::Unsupported { .. } => "unsupported",
            Self::Damaged { .. } => "damaged",
            Self::BreaksOff { .. } => "breaks_off",
            Self::Limit { .. } => "limit",
            Self::ModelMissing { .. } => "model_missing",
            Self::ModelMismatch { .. } => "model_mismatch",
            Self::Runtime { .. } => "runtime",
            Self::Inference { .. } => "inference",
            Self::Changed { .. } => "changed",
            Self::Newer { .. } => "newer",
            Self::Busy { .. } => "busy",
            Self::Document { .. } => "document",
            Self::UnknownName { .. } => "unknown_name",
            Self::Encode { .. } => "encode",
            Self::Apart { code, .. } => code,
            Self::Nothing { .. } => "nothing",
            Self::Usage { .. } => "usage",
            Self::Cancelled => "interrupted",
        }
    }

    /// The file this is about, if it is about one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Read { path, .. }
            | Self::Write { path, .. }
            | Self::Exists { path }
            | Self::Unsupported { path, .. }
            | Self::Damaged { path, .. }
            | Self::BreaksOff { path, .. }
            | Self::Limit { path, .. }
            | Self::ModelMissing { path }
            | Self::ModelMismatch { path, .. }
            | Self::Changed { path }
            | Self::Newer { path, .. }
            | Self::Busy { path }
            | Self::Document { path, .. }
            | Self::Encode { path, .. }
            | Self::Apart { path, .. } => Some(path),
            _ => None,
        }
    }

    fn file_mut(&mut self) -> Option<&mut PathBuf> {
        match self {
            Self::Read { path, .. }
            | Self::Write { path, .. }
            | Self::Exists { path }
            | Self::Unsupported { path, .. }
            | Self::Damaged { path, .. }
            | Self::BreaksOff { path, .. }
            | Self::Limit { path, .. }
            | Self::ModelMissing { path }
            | Self::ModelMismatch { path, .. }
            | Self::Changed { path }
            | Self::Newer { path, .. }
            | Self::Busy { path }
            | Self::Document { path, .. }
            | Self::Encode { path, .. }
            | Self::Apart { path, .. } => Some(path),
            _ => None,
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Read { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => Hint::CheckSpelling,
                io::ErrorKind::PermissionDenied => Hint::GainReadPermission,
                _ => Hint::CheckDisk,
            },
            Self::Write { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => Hint::ChooseWritableFolder,
                io::ErrorKind::StorageFull
                | io::ErrorKind::FileTooLarge
                | io::ErrorKind::QuotaExceeded => Hint::FreeSpace,
                _ => Hint::CheckFolder,
            },
            Self::Exists { .. } => Hint::ReplaceOrRename,
            Self::Unsupported { .. } => Hint::ConvertFile,
            Self::Damaged { .. } => Hint::ReplaceDamaged,
            Self::BreaksOff { .. } => Hint::FetchAgain,
            Self::Limit { limit, .. } => Hint::RaiseLimit(*limit),
            Self::ModelMissing { .. } | Self::ModelMismatch { .. } => Hint::RestoreModels,
            Self::Runtime { .. } => Hint::InstallRuntime,
            Self::Inference { .. } => Hint::ReportFailure,
            Self::Changed { .. } => Hint::RestoreSource,
            Self::Newer { known, .. } => Hint::UseNewerVersion { known: *known },
            Self::Busy { .. } => Hint::WaitAndRetry,
            Self::Document { .. } => Hint::CorrectLine,
            Self::UnknownName { known, .. } if !known.is_empty() => Hint::UseKnownName {
                known: known.clone(),
            },
            Self::UnknownName { .. } | Self::Cancelled | Self::Apart { .. } => return None,
            Self::Encode { .. } => Hint::CheckEncoders,
            Self::Nothing { hint, .. } | Self::Usage { hint, .. } => hint.clone(),
        };
        Some(hint)
    }

    /// True if the whole run cannot continue (arguments, configuration, models), false if only one file is affected.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::ModelMissing { .. }
                | Self::ModelMismatch { .. }
                | Self::Runtime { .. }
                | Self::UnknownName { .. }
                | Self::Usage { .. }
                | Self::Exists { .. }
                | Self::Newer { .. }
                | Self::Busy { .. }
                | Self::Nothing { .. }
                | Self::Document { .. }
                | Self::Cancelled
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_about_a_temporary_file_is_told_of_the_file_it_becomes() {
        let (temporary, film) = (Path::new(".film.mp4.part"), Path::new("film.mp4"));
        for error in [
            Error::damaged(temporary, "no frames"),
            Error::unsupported(temporary, "no picture"),
            Error::encode(temporary, "no room"),
            Error::Limit {
                path: temporary.into(),
                limit: LimitName::Pixels,
                found: 2,
                allowed: 1,
            },
        ] {
            let renamed = error.renamed(temporary, film);
            assert_eq!(renamed.file(), Some(film));
            assert!(!renamed.to_string().contains("part"), "{renamed}");
        }
    }
}
