//! How well a learned look explains the pictures that it was learned from.

use std::path::Path;

use serde::Serialize;

use crate::looks::{FinishedDifference, LookStep, PairDifference};
use crate::time::rounded;

/// How far a picture is from a finished one. For pairs in CIEDE2000; for finished pictures alone in levels of 255, of
/// tones and tints, from photographs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LookDifferences {
    /// Without a look.
    pub before: f64,
    /// With a look that was learned from the other pictures.
    pub left_out: f64,
    /// With the look that was learned from all: what it could not explain.
    pub unexplained: f64,
}

/// A picture and how well the look explains it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PictureDifferences {
    /// Its path; of a pair, that of the picture before.
    pub file: String,
    /// How far it is from the finished one.
    #[serde(flatten)]
    pub differences: LookDifferences,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnReport {
    /// The steps that finished pictures taught, none where they look like photographs without a look; absent for pairs,
    /// which teach a table.
    pub steps: Option<Vec<LookStep>>,
    /// For each picture or pair, in order.
    pub pictures: Vec<PictureDifferences>,
    /// Some picture could not be read.
    pub failed: bool,
}

/// What was learned, `tastemaker.learned-look/1`.
#[derive(Serialize)]
pub struct LearnedLookDocument<'a> {
    schema: &'static str,
    look: String,
    #[serde(flatten)]
    mean: LookDifferences,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<&'a [LookStep]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<Vec<PictureDifferences>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pictures: Option<Vec<PictureDifferences>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'static str>,
}

impl LearnReport {
    /// The mean over all pictures.
    pub fn mean(&self) -> LookDifferences {
        let count = self.pictures.len().max(1) as f64;
        let mean = |of: fn(&LookDifferences) -> f64| {
            let values = self.pictures.iter().map(|picture| of(&picture.differences));
            values.sum::<f64>() / count
        };
        LookDifferences {
            before: mean(|differences| differences.before),
            left_out: mean(|differences| differences.left_out),
            unexplained: mean(|differences| differences.unexplained),
        }
    }

    /// For machines. `unknown` says what finished pictures alone do not show; the outside words it, for it names what
    /// else to give.
    pub fn document(&self, look: &Path, unknown: &'static str) -> LearnedLookDocument<'_> {
        let rows = |wanted: bool| wanted.then(|| self.pictures.iter().map(rounded_row).collect());
        let is_finished = self.steps.is_some();
        LearnedLookDocument {
            schema: "tastemaker.learned-look/1",
            look: look.display().to_string(),
            mean: self.mean().rounded(),
            steps: self.steps.as_deref(),
            pairs: rows(!is_finished),
            pictures: rows(is_finished),
            unknown: is_finished.then_some(unknown),
        }
    }
}

fn rounded_row(picture: &PictureDifferences) -> PictureDifferences {
    PictureDifferences {
        file: picture.file.clone(),
        differences: picture.differences.rounded(),
    }
}

impl PictureDifferences {
    pub(super) fn new(path: &Path, differences: impl Into<LookDifferences>) -> Self {
        Self {
            file: path.display().to_string(),
            differences: differences.into(),
        }
    }
}

impl LookDifferences {
    fn rounded(self) -> Self {
        Self {
            before: rounded(self.before),
            left_out: rounded(self.left_out),
            unexplained: rounded(self.unexplained),
        }
    }
}

impl From<PairDifference> for LookDifferences {
    fn from(pair: PairDifference) -> Self {
        Self {
            before: pair.before,
            left_out: pair.left_out,
            unexplained: pair.unexplained,
        }
    }
}

impl From<FinishedDifference> for LookDifferences {
    fn from(picture: FinishedDifference) -> Self {
        Self {
            before: picture.before,
            left_out: picture.left_out,
            unexplained: picture.unexplained,
        }
    }
}
