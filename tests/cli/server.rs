//! `serve`: uploads over HTTP, as a platform meets them.

mod apart;
mod documentation;
mod films;
mod jobs;
mod objects;
mod recognition;
mod requests;
mod tracing;
mod webhooks;
