//! Files written safely, and the cache. Every file this program makes is named, created and replaced here.

mod atomic;
mod cache;
mod hash;

pub use atomic::{Output, Overwrite, remove_unfinished, write_atomic};
pub use cache::Cache;
pub use hash::hash_file;
