//! Files written safely, the cache, and records of what is done. Every file this program makes is named, created and replaced here.

mod atomic;
mod cache;
mod hash;
mod journal;
mod vectors;

pub use atomic::{Output, Overwrite, remove_abandoned, remove_unfinished, write_atomic};
pub use cache::Cache;
pub use hash::hash_file;
pub use journal::Journal;
pub use vectors::{Near, VectorFile, VectorId, VectorWriter};
