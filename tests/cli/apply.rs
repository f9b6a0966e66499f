//! `tastemaker apply`.

mod clips;
mod containers;
mod faces;
#[cfg(feature = "heic")]
mod gain_map;
mod heic;
mod matched;
mod metadata;
mod names;
mod pictures;
mod refused;
mod resumed;
mod scenes;
mod told;
