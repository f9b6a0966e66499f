//! What the numbers of a picture mean: primaries, transfer, matrix and range, for stills and films alike.
//!
//! - [`code_points`]: the numbers of ITU-T H.273 that films, PNG and HEIF carry.
//! - [`icc`]: ICC profiles of stills, and the way from them to sRGB.
//! - [`png_color`]: the color chunks of PNG.
//! - [`alpha`]: colors that were multiplied with their opacity.
//! - [`tone_map`]: PQ and HLG, brought to the range of sRGB displays.

mod alpha;
mod code_points;
mod icc;
mod png_color;
mod tone_map;

pub(super) use alpha::divide_by_alpha;
pub use code_points::Matrix;
pub(super) use code_points::{
    Transfer, matrix, matrix_name, primaries_name, transfer, transfer_name,
};
#[cfg(feature = "heic")]
pub(super) use icc::profile_bytes;
pub use icc::to_srgb;
pub(super) use icc::{
    eight_bit, grey_to_srgb_8, grey_to_srgb_16, inks_to_srgb, is_srgb_profile, lay_over,
    rgb_color_space, rgb_to_srgb_8, rgb_to_srgb_16,
};
pub(super) use png_color::PngColor;
pub(super) use tone_map::ToneMap;
