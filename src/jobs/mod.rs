//! Jobs: each turns a request into a report over one [`Workshop`].
//!
//! The terminal, a server and a worker of a queue do the same work; it stands here once. A job knows no flags, prints
//! nothing and reads neither the clock nor the environment. Progress and notices go through [`crate::task::Task`].

mod workshop;
pub use workshop::{CacheSettings, Clock, Workshop, WorkshopSettings};
