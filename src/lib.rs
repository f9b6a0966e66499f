//! Tastemaker looks at what people made, suggests music, filters and effects that fit it, and edits it into
//! something ready to post. Everything runs on this machine.
//!
//! # The map of the house
//!
//! ```text
//!  files ─► media ─► analysis ─► suggest ─► edit (plan) ─► render ─► verify ─► file
//! ```
//!
//! A room imports only rooms on lower floors; plain data may know plain data. `tests/cli/architecture.rs` reads this
//! table and the sources, and fails on any other import and where files use each other in a circle.
//!
//! | floor | rooms | what they give |
//! |---|---|---|
//! | 9 | [`commands`] | the terminal: one file a verb; `flags_in_messages` has the flags that messages and hints name |
//! | 8 | `server` | the upload-time step over HTTP: a queue on the disk, work in processes apart |
//! | 7 | [`jobs`] | a request to a report: what terminal, server and worker have in common |
//! | 6 | [`render`] | a film from a plan, and proof that it is that film |
//! | 6 | [`batch`] | one look over many files |
//! | 6 | [`report`] | what people look at: pages, and rows of tables |
//! | 6 | [`interchange`] | timelines of other editing programs, in and out |
//! | 5 | [`edit`] | a plan from analyses, a style, a platform and a track; the timeline of a plan |
//! | 4 | [`suggest`] | ranked choices with reasons |
//! | 3 | [`music`], [`profile`] | the catalog of tracks; a creator's taste |
//! | 3 | [`compositor`] | layers of source pictures into finished frames |
//! | 2 | [`analysis`], [`looks`] | what is in a file; what a look does |
//! | 2 | [`effects`] | what effects and transitions do to the layers of a frame |
//! | 1 | [`media`], [`models`], [`store`] | codecs; networks; files written safely |
//! | 1 | [`captions`] | text with times: read, broken into captions, styled |
//! | 1 | [`ask`] | a request in plain English, read |
//! | 0 | [`error`], [`task`], [`notice`], [`hint`], [`choice`] | plain data for all: progress, errors, decisions |
//! | 0 | [`time`], [`geometry`], [`picture`], [`sound`] | plain data for all: time, geometry, samples |
//! | 0 | `preset` | presets in files that are compiled into the program |

pub mod choice;
pub mod error;
pub mod geometry;
pub mod hint;
pub mod notice;
pub mod picture;
mod preset;
pub mod sound;
pub mod task;
pub mod time;

pub mod ask;
pub mod captions;
pub mod media;
pub mod models;
pub mod store;

pub mod analysis;
pub mod effects;
pub mod looks;

pub mod compositor;
pub mod music;
pub mod profile;

pub mod suggest;

pub mod edit;

pub mod batch;
pub mod interchange;
pub mod render;
pub mod report;

pub mod jobs;

#[cfg(feature = "server")]
mod server;

pub mod commands;

pub use error::{Error, Result};
