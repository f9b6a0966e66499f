//! The routes, one file for each kind of thing. [`table::routes`] lists them all: the service answers what is in that
//! list, and the OpenAPI document describes it.

mod asking;
mod blocklists;
mod catalog;
mod creators;
mod edits;
mod events;
mod feedback;
mod gate;
mod health;
mod intake;
mod job_document;
mod jobs;
mod json_body;
mod links;
mod looks;
mod named_object;
mod openapi;
mod operation;
mod presets;
mod results;
mod signed_link;
mod suggestions;
mod table;
mod upload_body;
mod upload_form;
mod uploads;

pub use table::router;
