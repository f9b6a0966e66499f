//! What every effect says of itself.

use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::Parameter;

/// What is the same for all uses of an effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectFacts {
    /// Its `kind` in a plan.
    pub kind: &'static str,
    /// What it does, in one sentence for the documentation.
    pub doc: &'static str,
    /// The numbers that it takes.
    pub parameters: &'static [Parameter],
}

/// An effect on one segment, with its values.
pub trait LayerEffect {
    /// Its `kind`, its doc line and its parameters.
    fn facts(&self) -> &'static EffectFacts;

    /// The values of its parameters, in their order.
    fn values(&self) -> Vec<f64>;

    /// The same, to be written to.
    fn values_mut(&mut self) -> Vec<&mut f64>;

    /// Changes the layer that the segment gives at `moment`.
    fn change(&self, layer: &mut LayerState, moment: &SegmentMoment);

    /// A few words for a table of segments.
    fn words(&self) -> String;
}
