//! The looks of a plan, compiled once each.

use std::path::Path;

use crate::error::Result;
use crate::looks::{CompiledLook, LookLibrary};
use crate::models::Models;
use crate::render::timeline::Timeline;

/// The look of each span.
pub(crate) struct PlanLooks {
    looks: Vec<CompiledLook>,
    /// For each span the number of its look, if it has one.
    of_span: Vec<Option<usize>>,
}

impl PlanLooks {
    /// Finds and compiles the looks. A look named by path counts from `folder`. Fails where a look needs networks
    /// for its masks and there are no `models`.
    pub fn new(
        timeline: &Timeline<'_>,
        library: &LookLibrary,
        folder: &Path,
        models: Option<&Models>,
    ) -> Result<Self> {
        let mut known: Vec<(&str, u64)> = Vec::new();
        let mut looks = Vec::new();
        let mut of_span = Vec::with_capacity(timeline.spans.len());
        for span in &timeline.spans {
            let strength = span.segment.look_strength;
            let Some(name) = span.segment.look.as_deref() else {
                of_span.push(None);
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
                    looks.push(CompiledLook::new(&look, strength)?);
                    known.push(key);
                    looks.len() - 1
                }
            };
            of_span.push(Some(number));
        }
        Ok(Self { looks, of_span })
    }

    /// No look anywhere: for a check of what was cut, not of how it was graded.
    pub fn none(timeline: &Timeline<'_>) -> Self {
        Self {
            looks: Vec::new(),
            of_span: vec![None; timeline.spans.len()],
        }
    }

    /// The look of a span, if it has one.
    pub fn of(&self, span: usize) -> Option<&CompiledLook> {
        let number = (*self.of_span.get(span)?)?;
        self.looks.get(number)
    }
}
