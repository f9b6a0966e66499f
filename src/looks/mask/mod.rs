//! Masks limit where in a picture a step acts.
//!
//! Masks by color (`luma`, `hue`) become part of the color table. Gradients are computed row by row. The others
//! (`subject`, `person`, `sky`, and the haze for `dehaze`) are measured beforehand on a small copy of the picture
//! ([`Masks`]; in clips by a [`MaskTracker`]), handed to [`crate::looks::CompiledLook::with_masks`], and refined at the
//! picture's edges by a guided filter. A look runs no network, so the same masks give the same pixels on every machine.

mod check;
mod color_weight;
mod gradient;
mod guide;
mod guided;
mod haze;
mod layers;
mod measure;
mod plane;
mod read;
mod refined;
mod sky;
mod spec;
mod tracker;

pub use measure::Masks;
pub use plane::MaskPlane;
pub use spec::{
    HueBand, LinearGradient, LumaBand, Mask, MaskShape, MaskSource, MeasuredArea, RadialGradient,
};
pub use tracker::MaskTracker;

pub(super) use color_weight::ColorWeight;
pub(super) use guide::Guide;
pub(super) use guided::{GuidedMask, GuidedRows};
pub(super) use haze::Air;
pub(super) use layers::Layers;
pub(super) use measure::no_networks;
pub(super) use read::read_masks;
