//! `tastemaker apply` as people and machines use it.

mod clips;
pub mod made;
mod matched;
mod names;
mod pictures;
mod refused;
mod resumed;
mod told;
