//! What every step says of itself.

use std::fmt::Debug;
use std::sync::Arc;

use crate::looks::check::Problem;
use crate::looks::mask::{MaskSource, Masks};
use crate::looks::operations::Operations;
use crate::looks::texture::Texture;
use crate::picture::{Rgb8, Rgb16};

/// When a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::looks) enum StepStage {
    /// Measures the picture as it came: stands before all color, at most once.
    Measured,
    /// Acts on one color at a time, in the order written. All such steps become one table.
    Color,
    /// Reads neighbors or the position in the picture: stands after all color, at most once.
    Texture,
}

/// What holds for all steps of a kind.
#[derive(Debug)]
pub(in crate::looks) struct StepInfo {
    /// The word in a look file.
    pub(in crate::looks) kind: &'static str,
    pub(in crate::looks) stage: StepStage,
    /// Whether masks may limit where it acts.
    pub(in crate::looks) takes_masks: bool,
    /// The feature that suggestions and profiles see: [`Step::amount`] over 100. Color steps need none, because the
    /// colors themselves are measured.
    pub(in crate::looks) feature: Option<&'static str>,
    /// Its parameters as Markdown, for `docs/looks.md`.
    pub(in crate::looks) parameters: fn() -> String,
    /// What follows the parameters there: what the step does, in a sentence. May be empty.
    pub(in crate::looks) summary: &'static str,
    /// What it computes, and where that comes from.
    pub(in crate::looks) formula: &'static str,
    pub(in crate::looks) source: &'static str,
}

/// What a step does to the whole picture before any color, by what was measured on it.
pub(in crate::looks) trait MeasuredPass: Debug + Send + Sync {
    /// What has to be measured; without, the pass changes nothing.
    fn source(&self) -> MaskSource;

    /// Changes a picture of 8 bits.
    fn eight(&self, picture: &mut Rgb8, masks: &Masks);

    /// Changes a picture of 16 bits.
    fn sixteen(&self, picture: &mut Rgb16, masks: &Masks);
}

/// A step with its parameters.
pub(in crate::looks) trait Step: Debug {
    fn info(&self) -> &'static StepInfo;

    /// Checks every parameter against its range.
    fn check(&self) -> Result<(), Problem>;

    /// Adds what the step does to single colors.
    fn color(&self, _: &mut Operations) {}

    /// What the step does to rows of pixels at a strength (1 is as written); `None` where that is nothing.
    fn texture(&self, _: f64) -> Option<Arc<dyn Texture>> {
        None
    }

    /// What the step does before any color at a strength; `None` where that is nothing.
    fn measured_pass(&self, _: f64) -> Option<Arc<dyn MeasuredPass>> {
        None
    }

    /// How strong a step is that can be there once, percent; 0 for color steps.
    fn amount(&self) -> f64 {
        0.0
    }
}
