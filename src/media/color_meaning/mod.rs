//! What the sample values of stills and films mean: primaries, transfer, matrix, range and alpha.
//!
//! - [`code_points`]: the code points of ITU-T H.273 that films, PNG and HEIF carry.
//! - [`film_color`]: the color meaning of a film, from its tags or else by convention.
//! - [`display_map`]: conversion of films to BT.709.
//! - [`light_levels`]: how bright a film of high dynamic range is meant to be.
//! - [`icc`]: ICC profiles of stills, and conversion to sRGB.
//! - [`png_color`]: the color chunks of PNG.
//! - [`alpha`]: premultiplied alpha, and composition over a background.
//! - [`unusual_rgb`]: profiles that are RGB in name only.
//! - [`primaries`]: matrices to the primaries of BT.709.
//! - [`tone_map`]: PQ and HLG to the range of sRGB displays.
//! - [`video_signal`]: the color meaning of a film as it is passed on.

mod alpha;
mod code_points;
mod display_map;
mod film_color;
mod icc;
mod light_levels;
mod png_color;
mod primaries;
mod tone_map;
mod unusual_rgb;
mod video_signal;

pub(super) use alpha::{divide_by_alpha, lay_over, rgba_over_color};
pub use code_points::Matrix;
#[cfg(feature = "heic")]
pub(super) use code_points::Transfer;
pub(super) use code_points::{matrix_name, primaries_name, transfer_name};
pub(super) use display_map::DisplayMap;
pub(super) use film_color::{ColorTags, FilmColor, has_usual_matrix};
#[cfg(feature = "heic")]
pub(super) use icc::profile_bytes;
pub(super) use icc::{
    background_in, eight_bit, grey_to_srgb_8, grey_to_srgb_16, inks_to_srgb, is_srgb_profile,
    rgb_color_space, rgb_to_srgb_8, rgb_to_srgb_16,
};
pub use icc::{to_srgb, to_srgb_over};
pub(super) use light_levels::{ContentLight, LightLevels, MasteringDisplay};
pub(super) use png_color::PngColor;
#[cfg(any(feature = "heic", test))]
pub(super) use primaries::to_bt709;
pub(super) use tone_map::ToneMap;
pub(super) use unusual_rgb::{is_usual_rgb, usual_rgb_8, usual_rgb_16};
pub use video_signal::VideoSignal;
