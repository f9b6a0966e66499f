//! Tests of the library's rooms and of the program's verbs, in one binary; a module a room or verb.
//!
//! Tests that use the corpus skip, saying so, when it is absent (`TASTEMAKER_CORPUS` overrides the place).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    missing_docs
)]

mod support;

mod apply;
mod architecture;
mod bad_input;
mod captions;
mod edit;
mod film;
mod film_people;
mod hearing;
mod look_verbs;
mod looks;
mod looks_fuzz;
mod looks_learn;
mod looks_luts;
mod looks_masks;
mod looks_page;
mod looks_planes;
mod media_film;
mod media_sound;
mod media_still;
mod models;
mod music;
mod music_catalog;
mod profile;
mod render;
mod report;
mod schema;
mod scope;
mod still;
mod still_facts;
mod verbs;
