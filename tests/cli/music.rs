//! Music: the parts of tracks that films use, and the catalog.

mod catalog;
mod parts;
