//! Checks the order of steps: a file lists them in the order in which they run.

use crate::looks::check::{Problem, problem};
use crate::looks::steps::{LookStep, StepStage};

impl LookStep {
    /// Checks that the step may follow `before`.
    pub(in crate::looks) fn check_order(&self, before: Option<&LookStep>) -> Result<(), Problem> {
        let Some(before) = before else {
            return Ok(());
        };
        let (kind, kind_before) = (self.kind(), before.kind());
        let (stage, stage_before) = (self.stage(), before.stage());
        let wrong = |what: String| Err(problem(vec![], what));
        if stage != StepStage::Color && kind == kind_before {
            return wrong(format!("there is {} {kind} already", article(kind)));
        }
        match (stage, stage_before) {
            (StepStage::Measured, StepStage::Measured) if self.order() > before.order() => Ok(()),
            (StepStage::Measured, _) => wrong(format!(
                "{kind} measures the picture as it was: move it above {kind_before}"
            )),
            (StepStage::Color, StepStage::Texture) => wrong(format!(
                "color comes before texture: move {kind} above {kind_before}"
            )),
            (StepStage::Texture, StepStage::Texture) if self.order() < before.order() => {
                wrong(format!("{kind} runs before {kind_before}: move it above"))
            }
            _ => Ok(()),
        }
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}
