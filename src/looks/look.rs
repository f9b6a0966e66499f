//! A look: its descriptions and its steps.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::looks::mask::{MaskSource, no_networks};
use crate::looks::steps::{LookStep, measured_passes};
use crate::models::Models;

/// A parsed look.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Look {
    /// Stable id: the file name without extension.
    pub id: String,
    /// One sentence for people.
    pub summary: String,
    /// Family: clean, film, warm, cold …
    pub family: String,
    /// Words for matching.
    pub tags: Vec<String>,
    /// Mood words.
    pub mood: Vec<String>,
    /// When it suits, in prose.
    pub suits: String,
    /// When to avoid it, in prose.
    pub avoid: String,
    /// Safe range of strength, within 0..2.
    pub strength: (f64, f64),
    /// Kinds of steps that it removes from the looks under it in a stack (`A+B`); its own steps are appended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replace: Vec<String>,
    /// In the order of [`LookStep`].
    #[serde(rename = "step")]
    pub steps: Vec<LookStep>,
}

impl Look {
    /// The look that does nothing.
    pub fn none() -> Self {
        Self {
            id: "none".into(),
            summary: "Leaves everything as it is.".into(),
            family: "none".into(),
            tags: vec![],
            mood: vec![],
            suits: String::new(),
            avoid: String::new(),
            strength: (0.0, 1.0),
            replace: vec![],
            steps: vec![],
        }
    }

    /// Whether it has an `even` step, for which each picture is measured.
    pub fn evens(&self) -> bool {
        let is_even = |step: &LookStep| matches!(step, LookStep::Even(_));
        self.steps.iter().any(is_even)
    }

    /// The mask sources to measure on a picture before this look is applied; empty for most looks.
    pub fn mask_sources(&self) -> BTreeSet<MaskSource> {
        let masks = self.steps.iter().flat_map(LookStep::masks);
        let masks = masks.filter_map(|mask| Some(mask.measured()?.0));
        let passes = measured_passes(&self.steps, 1.0).into_iter();
        masks.chain(passes.map(|pass| pass.source())).collect()
    }

    /// Checks the parameters and the order of steps that were not read from a file.
    pub(crate) fn check(&self) -> Result<()> {
        let mut before = None;
        for step in &self.steps {
            step.check()
                .and_then(|()| step.check_order(before))
                .map_err(|problem| Error::Usage {
                    what: format!("look {}, step {}: {}", self.id, step.kind(), problem.what),
                    hint: Hint::CorrectStep,
                })?;
            if let LookStep::Lut(lut) = step.unmasked()
                && lut.table.is_none()
            {
                return Err(Error::Usage {
                    what: format!("look {}: {} has not been read", self.id, lut.file),
                    hint: Hint::OpenLookByPath,
                });
            }
            before = Some(step);
        }
        Ok(())
    }
    /// Fails with [`Error::Usage`] if a mask needs networks and there are none.
    pub fn check_networks(&self, models: Option<&Models>) -> Result<()> {
        match self
            .mask_sources()
            .into_iter()
            .find(|source| source.needs_networks())
        {
            Some(source) if models.is_none() => Err(no_networks(source)),
            _ => Ok(()),
        }
    }
}
