//! Tests of the library's rooms and of the program's verbs, in one binary: a module a room, with its files in a
//! folder of the same name.
//!
//! Tests that use the corpus are skipped where it is absent (`TASTEMAKER_CORPUS` names another folder);
//! `scripts/test` prints how many were.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    missing_docs
)]

mod support;

mod analysis;
mod apply;
mod architecture;
mod captions;
mod commands;
mod edit;
mod effects;
mod ingest;
mod interchange;
mod looks;
mod media;
mod models;
mod music;
mod render;
#[cfg(feature = "server")]
mod server;
