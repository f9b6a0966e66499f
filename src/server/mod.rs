//! The upload-time step as a service over HTTP.
//!
//! A file that is uploaded becomes a job in a queue on the disk; a child process in a sandbox does what its ingest
//! preset says; results are fetched, and events and webhooks tell of the verdict and of the end. The service itself
//! decodes nothing.

mod apart;
mod child;
mod clock;
mod disk;
mod edit_wish;
mod http_client;
mod identifiers;
mod keys;
mod known;
mod listener;
mod metrics;
mod objects;
mod otlp;
mod problem;
mod queue;
mod records;
mod reuse;
mod routes;
mod scope;
mod service;
mod settings;
mod start;
mod supervision;
mod threads;
mod tls;
mod webhooks;
mod worker;

pub use apart::{ApartAnalyzer, ApartIngester, ApartProcesses, temporary_folder};
pub use child::{ChildProgram, ChildSettings, PROFILES, SandboxMode, run_child};
pub use clock::now;
pub use keys::{Keys, WebhookSecrets};
pub use objects::{ObjectPlace, ObjectStores};
pub use otlp::collector_url;
pub use queue::Quota;
pub use records::Records;
pub use scope::{Scope, Scopes};
pub use service::{TenantPlaces, WorkshopMaker};
pub use settings::ServeSettings;
pub use start::{serve, try_child};
