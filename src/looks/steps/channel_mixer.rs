//! `channel_mixer`: new primaries from the old ones.

use serde::{Deserialize, Serialize};

use crate::looks::check::{ParameterKey, Problem, within_at};
use crate::looks::color::multiply;
use crate::looks::operations::Operations;
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Each new channel is a weighted sum of the old red, green and blue, with weights of −2..2. Rows that add up to 1 keep
/// gray neutral.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelMixer {
    /// The weights for red.
    #[serde(default = "only_red")]
    pub red: [f64; 3],
    /// The weights for green.
    #[serde(default = "only_green")]
    pub green: [f64; 3],
    /// The weights for blue.
    #[serde(default = "only_blue")]
    pub blue: [f64; 3],
}

fn only_red() -> [f64; 3] {
    [1.0, 0.0, 0.0]
}

fn only_green() -> [f64; 3] {
    [0.0, 1.0, 0.0]
}

fn only_blue() -> [f64; 3] {
    [0.0, 0.0, 1.0]
}


/// The range of a weight.
const SHARES: [f64; 2] = [-2.0, 2.0];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "channel_mixer",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || {
        "`red`, `green`, `blue`: three shares −2..2 of the old red, green and blue".into()
    },
    summary: "",
    formula: "a 3 × 3 matrix on v",
    source: "",
};

impl Step for ChannelMixer {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        let rows = [("red", self.red), ("green", self.green), ("blue", self.blue)];
        for (name, row) in rows {
            for (number, value) in row.into_iter().enumerate() {
                let path = vec![ParameterKey::Name(name), ParameterKey::Number(number)];
                within_at(path, name, value, SHARES)?;
            }
        }
        Ok(())
    }

    fn color(&self, operations: &mut Operations) {
        let matrix = [self.red, self.green, self.blue];
        operations.colors(move |color| {
            multiply(&matrix, color).map(|value| value.clamp(0.0, 1.0))
        });
    }
}
