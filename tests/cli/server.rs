//! `serve`: uploads over HTTP, as a platform meets them.

mod jobs;
mod requests;
mod webhooks;
