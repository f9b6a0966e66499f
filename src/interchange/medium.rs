//! A file that a timeline uses.

use std::path::{Path, PathBuf};

use crate::edit::{Source, SourceKind};
use crate::error::Result;
use crate::geometry::Size;
use crate::media::{Limits, MediaKind, probe};
use crate::time::Rational;

/// A file that clips use.
#[derive(Debug, Clone, PartialEq)]
pub struct Medium {
    /// Its id in the plan that it comes from; empty when it comes from a timeline.
    pub id: String,
    /// Its file name.
    pub name: String,
    /// Where it is on this machine; empty when it comes from a timeline.
    pub path: PathBuf,
    /// Its address as a timeline names it.
    pub url: String,
    /// Its kind, where that is known.
    pub kind: Option<SourceKind>,
    /// The hash of its content, where that is known.
    pub blake3: Option<String>,
    /// What its headers say.
    pub facts: MediumFacts,
}

/// What the headers of a file say; absent where the file cannot be read.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MediumFacts {
    /// Upright size of its picture.
    pub size: Option<Size>,
    /// Frames a second, for films with evenly spaced frames.
    pub frame_rate: Option<Rational>,
    /// Seconds.
    pub duration: Option<Rational>,
    /// Samples a second and channels of its sound.
    pub sound: Option<(u32, u16)>,
}

impl MediumFacts {
    /// What the headers of the file at `path` say; nothing where it cannot be read.
    pub fn read(path: &Path, limits: &Limits) -> Self {
        Self::probe(path, limits).map_or_else(|_| Self::default(), |(_, facts)| facts)
    }

    /// What the file at `path` is, and what its headers say.
    pub fn probe(path: &Path, limits: &Limits) -> Result<(SourceKind, Self)> {
        let found = probe(path, limits)?;
        let kind = match found.kind {
            MediaKind::Image => SourceKind::Image,
            MediaKind::Video => SourceKind::Video,
            MediaKind::Audio => SourceKind::Audio,
        };
        let still = found.still.map(|still| still.size);
        let video = found.video.as_ref();
        let facts = Self {
            size: still.or(video.map(|video| video.size)),
            frame_rate: video
                .filter(|video| !video.variable_frame_rate)
                .map(|video| video.frame_rate)
                .filter(|rate| *rate > Rational::ZERO),
            duration: match (video, &found.audio) {
                (Some(video), _) => video.duration.map(|duration| video.start + duration),
                (None, Some(audio)) => audio.duration,
                (None, None) => None,
            },
            sound: found.audio.map(|audio| (audio.sample_rate, audio.channels)),
        };
        Ok((kind, facts))
    }
}

impl Medium {
    /// A source of a plan whose relative paths count from `folder`.
    pub fn of_source(source: &Source, folder: &Path, limits: &Limits) -> Self {
        let path = folder.join(&source.path);
        Self {
            id: source.id.clone(),
            name: file_name(&source.path),
            facts: MediumFacts::read(&path, limits),
            path: absolute(&path),
            url: String::new(),
            kind: Some(source.kind),
            blake3: Some(source.blake3.to_ascii_lowercase()),
        }
    }

    /// A file that a timeline names.
    pub(super) fn at_url(url: &str, name: &str) -> Self {
        Self {
            id: String::new(),
            name: if name.is_empty() {
                file_name(&super::url::decoded(url))
            } else {
                name.into()
            },
            path: PathBuf::new(),
            url: url.into(),
            kind: None,
            blake3: None,
            facts: MediumFacts::default(),
        }
    }

    /// Whether it is a photo.
    pub(super) fn is_still(&self) -> bool {
        self.kind == Some(SourceKind::Image)
    }
}

/// The path from the root, with links in its folders followed, so that paths can be told apart by their parts.
pub fn absolute(path: &Path) -> PathBuf {
    let plain = std::path::absolute(path).unwrap_or_else(|_| path.into());
    match (plain.parent(), plain.file_name()) {
        (Some(folder), Some(name)) => folder
            .canonicalize()
            .unwrap_or_else(|_| folder.into())
            .join(name),
        _ => plain,
    }
}

/// What follows the last separator of either kind.
pub(super) fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().into()
}
