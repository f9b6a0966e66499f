//! Looks: named color and texture steps in a TOML file (`tastemaker.look/1`), the same pixels on every CPU.
//!
//! [`LookLibrary`] finds a [`Look`], [`CompiledLook`] runs it. Each step is one file of `steps/`, and `steps/mod.rs`
//! lists them. Color steps are evaluated in f64 (`grade`) and sampled into one table (`table`) that is applied in
//! integers; textures (`texture`) run on rows in plain f32; masks (`mask`) limit where in a picture a step acts.
//! Transcendental functions come from `libm`, never from std, whose results differ between platforms; a test checks the
//! sources for them.

mod look;
pub use look::Look;

mod steps;
pub use steps::{
    Bloom, ChannelMixer, Clarity, Contrast, Dehaze, Even, Exposure, Fade, Grain, HighlightsShadows,
    Hsl, HueRange, Levels, LookStep, LutFile, MaskedStep, Monochrome, Saturation, Sharpen,
    SoftFocus, SplitTone, ToneCurve, Vibrance, Vignette, WhiteBalance, grain_seed, step_formulas,
    step_parameters,
};

mod mask;
pub use mask::{
    HueBand, LinearGradient, LumaBand, Mask, MaskPlane, MaskShape, MaskSource, MaskTracker, Masks,
    MeasuredArea, RadialGradient,
};

mod correction;
pub use correction::Correction;

mod finish;
pub use finish::Finish;

mod lut;
pub use lut::Lut;

mod learn;
pub use learn::{
    FinishedDifference, LearnedFinish, LearnedLook, Pair, PairDifference, learn, learn_finished,
};

mod library;
pub use library::{LookLibrary, LookSource, read_cube, read_lut};

mod compile;
pub use compile::CompiledLook;

mod change;
pub use change::LookChange;

mod block_lookup;
mod check;
mod color;
mod curve;
mod deep_lookup;
mod depth;
mod diagnostic;
mod export;
mod features;
mod gamut;
mod grade;
mod hue;
mod operations;
mod packed_nodes;
mod parse;
mod planes;
mod skin;
pub use skin::MOST_SKIN_TURN;

mod stacked;
mod table;
mod tetrahedron;
mod texture;
