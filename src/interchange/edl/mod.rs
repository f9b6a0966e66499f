//! Edit decision lists, CMX 3600: one track of pictures as lines of timecode.
//!
//! ```text
//! 002  FLOWER   V     C        00:00:03:00 00:00:04:00 01:00:05:05 01:00:06:05
//! * FROM CLIP NAME:  flower.mp4
//! ```
//!
//! A list says neither its frame rate nor where its files are. Ours say both in comments, which other programs pass
//! over; of others' the rate is the first of the usual ones at which every timecode and length is right.

mod event;
mod notes;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;
