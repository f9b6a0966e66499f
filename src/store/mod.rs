//! Files written safely, the cache, databases, and journals of finished work.
//!
//! Only this module creates and replaces files.

mod atomic;
mod cache;
mod database;
mod file_hashes;
mod file_stamp;
mod folder_lock;
mod hash;
mod hash_index;
mod journal;
mod record_log;
mod sound_index;
mod spool;
mod vector_file;

pub use atomic::{
    Output, Overwrite, remove_abandoned, remove_file, remove_unfinished, write_atomic,
};
pub use cache::Cache;
pub use database::{Database, DatabaseKind, is_database};
pub use file_hashes::FileHashes;
pub use file_stamp::FileStamp;
pub use folder_lock::FolderLock;
pub use hash::hash_file;
pub use hash_index::{HashIndex, NearHash};
pub use journal::Journal;
pub use record_log::RecordLog;
pub use sound_index::{SoundCandidate, SoundIndex};
pub use spool::{
    ArrivingFile, empty_folder, link_or_copy, make_new_folder, make_private_folder, move_folder,
    remove_folder, sync_folder,
};
pub use vector_file::{Near, VectorFile, VectorId, VectorStamp, VectorWriter};
