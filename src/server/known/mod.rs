//! Media that a tenant's uploads are compared with: lists of what may not be shown, and what was uploaded before.
//!
//! Both are tables of hashes. A file is known by its BLAKE3; copies of a picture by hashes that differ in few bits, for
//! which all hashes of a tenant are in memory; copies of a sound, or of a part of it, by rows of such hashes, some of
//! which are in memory. What one tenant lists or uploads is never compared with another's.

mod hash;
mod lists;
mod recognition;
mod same_sound;
mod seen;
mod sounds;

pub use hash::{HashKind, KnownHash, are_all_kept};
pub use lists::{ListedEntry, NewEntry, is_full_page};
pub use recognition::Known;
