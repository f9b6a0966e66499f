//! A step limited by masks.

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use crate::looks::check::{ParameterKey, Problem, problem};
use crate::looks::mask::Mask;
use crate::looks::steps::{LookStep, StepStage};

/// Most masks of a step. A longer list is a mistake, and each measured mask costs memory.
const MOST_MASKS: usize = 8;

/// A step that acts with the product of its masks' weights.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskedStep {
    /// The step.
    pub step: LookStep,
    /// The masks; not empty.
    pub masks: Vec<Mask>,
}

impl MaskedStep {
    /// Checks the masks, but not the step itself.
    pub(in crate::looks) fn check_masks(&self) -> Result<(), Problem> {
        let at = || vec![ParameterKey::Name("mask")];
        let kind = self.step.kind();
        if !self.step.step().info().takes_masks || matches!(self.step, LookStep::Masked(_)) {
            let what = format!("{kind} acts everywhere: it takes no mask");
            return Err(problem(at(), what));
        }
        let count = self.masks.len();
        if !(1..=MOST_MASKS).contains(&count) {
            let what = format!("there are {count} masks, allowed are 1 to {MOST_MASKS}");
            return Err(problem(at(), what));
        }
        for (number, mask) in self.masks.iter().enumerate() {
            let mut at = at();
            if count > 1 {
                at.push(ParameterKey::Number(number));
            }
            if self.step.stage() == StepStage::Texture && mask.fits_a_table() {
                let what = format!(
                    "a mask of kind {} is for color steps: {kind} takes subject, person, sky, linear or radial",
                    mask.kind()
                );
                return Err(problem(at, what));
            }
            mask.check(&at)?;
        }
        Ok(())
    }
}

/// The step's own keys, its kind first, and `mask`: a table for one, a list for several.
impl Serialize for MaskedStep {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Serialize through a value: nesting the step's serializer would make an infinite type.
        let step = toml::Value::try_from(&self.step).map_err(S::Error::custom)?;
        let own = || step.as_table().into_iter().flatten();
        let mut map = to.serialize_map(None)?;
        for (key, value) in own().filter(|(key, _)| *key == "kind") {
            map.serialize_entry(key, value)?;
        }
        for (key, value) in own().filter(|(key, _)| *key != "kind") {
            map.serialize_entry(key, value)?;
        }
        match self.masks.as_slice() {
            [only] => map.serialize_entry("mask", only)?,
            several => map.serialize_entry("mask", several)?,
        }
        map.end()
    }
}
