//! The looks of a plan, each compiled once.

use std::path::Path;

use crate::edit::Timeline;
use crate::error::Result;
use crate::looks::{CompiledLook, LookLibrary};
use crate::models::Models;

/// The look of each segment.
pub(crate) struct PlanLooks {
    looks: Vec<CompiledLook>,
    /// For each segment the number of its look, if it has one.
    of_segment: Vec<Option<usize>>,
    /// What the looks say, and how strong each is.
    content: blake3::Hash,
}

impl PlanLooks {
    /// Finds and compiles the looks; relative paths start in `folder`. Fails where a look's masks need networks and
    /// there are no `models`.
    pub fn new(
        timeline: &Timeline<'_>,
        library: &LookLibrary,
        folder: &Path,
        models: Option<&Models>,
    ) -> Result<Self> {
        let mut known: Vec<(&str, u64)> = Vec::new();
        let mut looks = Vec::new();
        let mut content = blake3::Hasher::new();
        let mut of_segment = Vec::with_capacity(timeline.segments.len());
        for entry in &timeline.segments {
            let strength = entry.segment.look_strength;
            let Some(name) = entry.segment.look.as_deref() else {
                of_segment.push(None);
                continue;
            };
            let key = (name, strength.to_bits());
            let number = match known.iter().position(|other| *other == key) {
                Some(number) => number,
                None => {
                    let is_path = name.ends_with(".toml") || name.contains(['/', '\\']);
                    let look = if is_path {
                        library.find(&folder.join(name).to_string_lossy())?
                    } else {
                        library.find(name)?
                    };
                    look.check_networks(models)?;
                    content.update(format!("{look:?} {strength:?}").as_bytes());
                    looks.push(CompiledLook::new(&look, strength)?);
                    known.push(key);
                    looks.len() - 1
                }
            };
            of_segment.push(Some(number));
        }
        Ok(Self {
            looks,
            of_segment,
            content: content.finalize(),
        })
    }

    /// No look anywhere: for checks of the cut, not of the grade.
    pub fn none(timeline: &Timeline<'_>) -> Self {
        Self {
            looks: Vec::new(),
            of_segment: vec![None; timeline.segments.len()],
            content: blake3::hash(b""),
        }
    }

    /// A hash of what the looks say and how strong each is, by which a change of one is seen.
    pub fn content(&self) -> blake3::Hash {
        self.content
    }

    /// The look of a segment, if it has one.
    pub fn of(&self, segment: usize) -> Option<&CompiledLook> {
        let number = (*self.of_segment.get(segment)?)?;
        self.looks.get(number)
    }
}
