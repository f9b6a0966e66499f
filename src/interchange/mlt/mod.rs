//! Writes the XML of MLT: it plays in `melt`, and Shotcut and Kdenlive are built on it.
//!
//! Each clip has a producer of its own with its filters: a crop as the rectangle into which the whole picture is put, a
//! gain as keyframes. A dissolve is a tractor of both clips in the playlist. All times are frames of the film.

mod entry;
mod playlists;
mod producers;
mod write;
mod writer;

pub(super) use write::write;
