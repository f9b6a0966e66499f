//! The interface of an effect.

use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::parameter::Parameter;
use crate::time::Rational;

/// The facts about an effect that do not depend on its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectFacts {
    /// Its `kind` in a plan.
    pub kind: &'static str,
    /// What it does, in one sentence for the documentation.
    pub doc: &'static str,
    /// The numbers it takes.
    pub parameters: &'static [Parameter],
}

/// An effect on one segment, with its values.
pub trait LayerEffect {
    /// Its `kind`, its doc line and its parameters.
    fn facts(&self) -> &'static EffectFacts;

    /// The values of its parameters, in their order.
    fn values(&self) -> Vec<f64>;

    /// The same values, mutable.
    fn values_mut(&mut self) -> Vec<&mut f64>;

    /// Changes the segment's layer at `moment`.
    fn change(&self, _layer: &mut LayerState, _moment: &SegmentMoment) {}

    /// The time in the source that is shown at `moment`, in seconds.
    fn source_time(&self, moment: &SegmentMoment) -> Rational {
        moment.time
    }

    /// Whether [`Self::source_time`] differs from the moment's.
    fn changes_time(&self) -> bool {
        false
    }

    /// Whether the first frame of the segment shows another time than its `in`.
    fn starts_elsewhere(&self) -> bool {
        false
    }

    /// Whether it makes the whole picture much brighter or darker for a while.
    fn changes_light(&self) -> bool {
        false
    }

    /// A few words for a table of segments.
    fn words(&self) -> String;
}
