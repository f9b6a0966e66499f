//! `tastemaker apply` as people and machines use it.

mod made;
mod names;
mod pictures;
mod refused;
mod resumed;
mod told;
