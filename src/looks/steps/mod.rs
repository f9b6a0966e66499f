//! The steps of looks, one file each, and their list.
//!
//! A step's file has its parameters with their ranges and units, its pass (over single colors or rows of pixels), its
//! feature for suggestions, and its rows in `docs/looks.md`. To add a step, write its file and name it in the list
//! below; `docs/looks.md` says how to update its tables.
//!
//! Amounts are percent: 0 changes nothing, 100 is the most that is in good taste, and steps that work both ways go down
//! to −100. Hues are degrees on the color wheel (0 red, 60 yellow, 120 green, 240 blue). Sizes of textures are percent
//! of the picture's shorter side, so that a look is the same on a preview and on the original.

mod documentation;
mod field;
mod masked;
mod order;
mod step;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use toml::de::ValueDeserializer;

use crate::looks::check::Problem;
use crate::looks::mask::Mask;

pub use documentation::{step_formulas, step_parameters};
pub use masked::MaskedStep;
pub(in crate::looks) use step::{MeasuredPass, Step, StepInfo, StepStage};

/// Declares the modules of the steps, [`LookStep`], and the lookups by kind.
macro_rules! steps {
    ($($(#[doc = $doc:literal])+ $module:ident: $Variant:ident($Parameters:ident),)+) => {
        $(
            pub(in crate::looks) mod $module;
            pub use $module::$Parameters;
        )+

        /// One step. Steps that measure the picture come first, then color steps in the order written, then textures;
        /// the first and the last are in the order of this list, each at most once.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum LookStep {
            $($(#[doc = $doc])+ $Variant($Parameters),)+
            /// One of the others, limited by masks.
            #[serde(untagged)]
            Masked(Box<MaskedStep>),
        }

        /// All kinds, in the order of the list.
        static ALL: &[&StepInfo] = &[$(&$module::INFO),+];

        impl LookStep {
            /// The words in a look file, in the order of the list.
            pub const KINDS: &'static [&'static str] = &[$($module::INFO.kind),+];

            /// Reads the parameters of a step of `kind`; `None` if the kind is unknown.
            pub(in crate::looks) fn read(
                kind: &str,
                parameters: ValueDeserializer<'_>,
            ) -> Option<Result<Self, toml::de::Error>> {
                $(
                    if kind == $module::INFO.kind {
                        return Some(Deserialize::deserialize(parameters).map(Self::$Variant));
                    }
                )+
                None
            }

            /// The step without its masks.
            pub(in crate::looks) fn step(&self) -> &dyn Step {
                match self {
                    $(Self::$Variant(step) => step,)+
                    Self::Masked(masked) => masked.step.step(),
                }
            }
        }
    };
}

steps! {
    /// Exposure and white balance measured on each picture.
    even: Even(Even),
    /// Removes haze.
    dehaze: Dehaze(Dehaze),
    /// More or less light.
    exposure: Exposure(Exposure),
    /// Warmer or colder, greener or more magenta light.
    white_balance: WhiteBalance(WhiteBalance),
    /// Steeper or flatter around a pivot.
    contrast: Contrast(Contrast),
    /// Free curves.
    tone_curve: ToneCurve(ToneCurve),
    /// Black point and white point.
    levels: Levels(Levels),
    /// Brightness of highlights and shadows.
    highlights_shadows: HighlightsShadows(HighlightsShadows),
    /// Stronger or weaker colors.
    saturation: Saturation(Saturation),
    /// Stronger weak colors; skin is protected.
    vibrance: Vibrance(Vibrance),
    /// Single ranges of hue.
    hsl: Hsl(Hsl),
    /// Tints of shadows and highlights.
    split_tone: SplitTone(SplitTone),
    /// New primaries from the old ones.
    channel_mixer: ChannelMixer(ChannelMixer),
    /// Black and white.
    monochrome: Monochrome(Monochrome),
    /// A look-up table of another program.
    lut_file: Lut(LutFile),
    /// Lifted blacks and soft whites.
    fade: Fade(Fade),
    /// Local contrast.
    clarity: Clarity(Clarity),
    /// Crisper edges.
    sharpen: Sharpen(Sharpen),
    /// A blurred copy mixed into the picture.
    soft_focus: SoftFocus(SoftFocus),
    /// Light that spreads from highlights (halation when warm).
    bloom: Bloom(Bloom),
    /// Darker or lighter corners.
    vignette: Vignette(Vignette),
    /// Film grain, new on every frame.
    grain: Grain(Grain),
}

pub use grain::grain_seed;
pub use hsl::HueRange;

impl LookStep {
    /// The word in the file.
    pub fn kind(&self) -> &'static str {
        self.step().info().kind
    }

    /// Its masks; empty means everywhere.
    pub fn masks(&self) -> &[Mask] {
        match self {
            Self::Masked(masked) => &masked.masks,
            _ => &[],
        }
    }

    /// The step without its masks.
    pub fn unmasked(&self) -> &Self {
        match self {
            Self::Masked(masked) => &masked.step,
            step => step,
        }
    }

    /// Like [`Self::unmasked`], mutable.
    pub(in crate::looks) fn unmasked_mut(&mut self) -> &mut Self {
        match self {
            Self::Masked(masked) => &mut masked.step,
            step => step,
        }
    }

    /// Whether it depends on the color only, and not on the picture or the position.
    pub fn fits_a_table(&self) -> bool {
        self.stage() == StepStage::Color && self.masks().iter().all(Mask::fits_a_table)
    }

    /// Checks every parameter against its range.
    pub(in crate::looks) fn check(&self) -> Result<(), Problem> {
        if let Self::Masked(masked) = self {
            masked.check_masks()?;
        }
        self.step().check()
    }

    /// The stage in which it runs.
    pub(in crate::looks) fn stage(&self) -> StepStage {
        self.step().info().stage
    }

    /// Its index in the list.
    pub(in crate::looks) fn order(&self) -> usize {
        let kind = self.kind();
        ALL.iter()
            .position(|info| info.kind == kind)
            .unwrap_or(ALL.len())
    }
}

/// The features of steps that do not change single colors, as fractions: those of `steps`, and 0 for all others.
pub(in crate::looks) fn step_features(steps: &[LookStep]) -> BTreeMap<&'static str, f64> {
    let known = ALL.iter().filter_map(|info| info.feature);
    let mut features: BTreeMap<&str, f64> = known.map(|name| (name, 0.0)).collect();
    for step in steps.iter().map(LookStep::step) {
        if let Some(name) = step.info().feature {
            features.insert(name, step.amount() / 100.0);
        }
    }
    features
}

/// The passes before color among `steps`, at a strength.
pub(in crate::looks) fn measured_passes(
    steps: &[LookStep],
    strength: f64,
) -> Vec<Arc<dyn MeasuredPass>> {
    let of = |step: &LookStep| step.step().measured_pass(strength);
    steps.iter().filter_map(of).collect()
}
