//! Looks: named color and texture steps in a TOML file (`tastemaker.look/1`), the same pixels on every CPU.
//!
//! [`LookLibrary`] finds a [`Look`], [`CompiledLook`] runs it. Color steps are evaluated in f64 (`grade`) and sampled
//! into one table (`table`) that is applied in integers; textures (`texture`) run on rows in plain f32; masks (`mask`) say
//! where in a picture a step acts. Transcendental
//! functions come from `libm`, never from std, whose results differ between platforms; a test greps for them.

mod document;
pub use document::Look;

mod steps;
pub use steps::{
    Bloom, ChannelMixer, Clarity, Contrast, Even, Exposure, Fade, Grain, HighlightsShadows, Hsl,
    HueRange, Levels, LookStep, LutFile, Monochrome, Saturation, Sharpen, SoftFocus, SplitTone,
    ToneCurve, Vibrance, Vignette, WhiteBalance,
};

mod check;

mod mask;
pub use mask::{
    HueBand, LinearGradient, LumaBand, Mask, MaskPlane, MaskShape, MaskSource, MaskTracker,
    MaskedStep, Masks, MeasuredArea, RadialGradient,
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
pub use library::{LookLibrary, LookSource, read_cube};

mod compile;
pub use compile::CompiledLook;

mod change;
pub use change::LookChange;

mod color;
mod curve;
mod features;
mod grade;
mod packed;
mod planes;
mod stacked;
mod table;
mod texture;
pub use texture::grain_seed;
