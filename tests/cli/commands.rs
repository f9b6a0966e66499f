//! The verbs, on the sample media.

mod analyze;
mod ask;
mod bad_input;
mod edit;
mod help;
mod look;
mod look_learn;
mod models;
mod profile;
mod profile_examples;
mod profile_files;
mod profile_score;
mod report_page;
mod resumed_render;
mod schema;
mod suggest;
