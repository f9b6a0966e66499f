//! `serve`: uploads over HTTP, as a platform meets them.

mod documentation;
mod films;
mod jobs;
mod requests;
mod webhooks;
