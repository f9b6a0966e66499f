//! The interface of a step.

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
    /// Depends on measurements of the original picture: comes before all color steps, at most once.
    Measured,
    /// Acts on one color at a time, in the order written. All such steps become one table.
    Color,
    /// Reads neighbors or the position in the picture: comes after all color steps, at most once.
    Texture,
}

/// The facts about a kind of step.
#[derive(Debug)]
pub(in crate::looks) struct StepInfo {
    /// The word in a look file.
    pub(in crate::looks) kind: &'static str,
    pub(in crate::looks) stage: StepStage,
    /// Whether masks may limit where it acts.
    pub(in crate::looks) takes_masks: bool,
    /// The feature for suggestions and profiles: [`Step::amount`] over 100. Color steps need none, because their effect
    /// on colors is measured.
    pub(in crate::looks) feature: Option<&'static str>,
    /// Its parameters as Markdown, for `docs/looks.md`.
    pub(in crate::looks) parameters: fn() -> String,
    /// A sentence on what the step does, which follows the parameters there. May be empty.
    pub(in crate::looks) summary: &'static str,
    /// The formula, and its source in the literature.
    pub(in crate::looks) formula: &'static str,
    pub(in crate::looks) source: &'static str,
}

/// A pass over the whole picture before color, by a mask that was measured on it.
pub(in crate::looks) trait MeasuredPass: Debug + Send + Sync {
    /// The mask to measure; without it the pass changes nothing.
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

    /// Adds the step's operations on single colors.
    fn color(&self, _: &mut Operations) {}

    /// The step's texture at a strength (1 is as written); `None` if it changes nothing.
    fn texture(&self, _: f64) -> Option<Arc<dyn Texture>> {
        None
    }

    /// The step's pass before color at a strength; `None` if it changes nothing.
    fn measured_pass(&self, _: f64) -> Option<Arc<dyn MeasuredPass>> {
        None
    }

    /// The strength of a measured or texture step, in percent; 0 for color steps.
    fn amount(&self) -> f64 {
        0.0
    }
}
