//! Changes to the layers of a frame beyond color: effects on one segment, and transitions between two.
//!
//! Each effect and each transition is one file: its parameters with their ranges and units, what it does to a layer,
//! its words in a summary and its line in `docs/plan.md`. The keys of a plan, the checks of an edited plan and the
//! rounding of its numbers follow from the two lists in `list.rs`. A new effect is one more file and one more name in a
//! list. How it is drawn stands in the compositor, one file for each kind of change; `preset.rs` reads named effects.

mod layer_effect;
mod layer_state;
mod layer_transition;
mod list;
mod parameter;
mod preset;
mod segment;
mod transition;
mod transitions;
mod wander;

pub use layer_effect::{EffectFacts, LayerEffect};
pub use layer_state::{
    BackdropColor, FilmBar, FrameFinish, LayerArea, LayerState, Leak, SegmentMoment, WaveStrip,
};
pub use layer_transition::{LayerTransition, TransitionFacts};
pub use list::{Effect, TransitionEffect};
pub use parameter::{Parameter, ParameterRange};
pub use preset::{EffectPreset, PresetTransition};
#[cfg(test)]
pub(crate) use segment::Reverse;
pub use segment::{Glow, LightLeak, PunchIn, Shake, SlowPush, SpeedRamp, Waveform};
pub use transition::{SegmentTransition, TimedTransition, TransitionText};
