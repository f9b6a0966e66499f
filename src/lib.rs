//! Tastemaker looks at what people made, suggests music, filters and effects that fit it, and edits it into
//! something ready to post. Everything runs on this machine.
//!
//! # The map of the house
//!
//! ```text
//!  files ─► media ─► analysis ─► suggest ─► edit (plan) ─► render ─► verify ─► file
//! ```
//!
//! A room imports only rooms on lower floors; `tests/architecture.rs` enforces it.
//!
//! | floor | rooms | what they give |
//! |---|---|---|
//! | 8 | [`commands`] | the terminal: one file a verb |
//! | 7 | [`jobs`] | a request to a report: what terminal, server and worker have in common |
//! | 5 | [`render`] | a film from a plan, and proof that it is that film |
//! | 5 | [`batch`] | one look over many files |
//! | 5 | [`report`] | pages that people look at |
//! | 4 | [`edit`] | a plan from analyses, a style, a platform and a track |
//! | 3 | [`suggest`] | ranked choices with reasons |
//! | 2 | [`music`], [`profile`] | the catalog of tracks; a creator's taste |
//! | 1 | [`analysis`], [`looks`] | what is in a file; what a look does |
//! | 0 | [`media`], [`models`], [`store`] | codecs; networks; files written safely |
//! | – | [`error`], [`time`], [`geometry`], [`picture`], [`sound`], [`choice`], [`task`], [`notice`], [`hint`] | plain data everyone may use |

pub mod choice;
pub mod error;
pub mod geometry;
pub mod hint;
pub mod notice;
pub mod picture;
pub mod sound;
pub mod task;
pub mod time;

pub mod media;
pub mod models;
pub mod store;

pub mod analysis;
pub mod looks;

pub mod music;
pub mod profile;

pub mod suggest;

pub mod edit;

pub mod batch;
pub mod render;
pub mod report;

pub mod jobs;

pub mod commands;

pub use error::{Error, Result};
