//! Changes to the layers of a frame beyond color: effects on one segment, and transitions between two.
//!
//! Each effect and each transition is one file: its parameters with their ranges and units, what it does to a layer,
//! its words in a summary and its line in `docs/plan.md`. The keys of a plan, the checks of an edited plan and the
//! rounding of its numbers follow from the two lists in `list.rs`. A new effect is one more file and one more name in a
//! list.

mod dissolve;
mod layer_effect;
mod layer_state;
mod layer_transition;
mod list;
mod parameter;
mod punch_in;
mod slow_push;
mod transition;

pub use dissolve::Dissolve;
pub use layer_effect::{EffectFacts, LayerEffect};
pub use layer_state::{LayerState, SegmentMoment};
pub use layer_transition::{LayerTransition, TransitionFacts};
pub use list::{Effect, TransitionEffect};
pub use parameter::{Parameter, ParameterRange};
pub use punch_in::PunchIn;
pub use slow_push::SlowPush;
pub use transition::{SegmentTransition, TimedTransition, TransitionText};
