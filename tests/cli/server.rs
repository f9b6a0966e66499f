//! `serve`: uploads over HTTP, as a platform meets them.

mod documentation;
mod jobs;
mod requests;
mod webhooks;
