//! The queue: jobs that outlive the process, in SQLite.
//!
//! A job is accepted in one transaction, after its file is whole and synced. One process at a time works on a queue: a
//! job that it had begun when it died is begun anew by the next, and its files are replaced. A job ends, and what is
//! told of its end is noted, in one transaction, so that an end is told once however often the process dies.

mod accept;
mod claim;
mod deliveries;
mod erase;
mod events;
mod finish;
mod job;
mod table;

pub use accept::{Accepted, NewJob, Quota};
pub use claim::ClaimedJob;
pub use deliveries::{Delivery, DeliveryEnd};
pub use erase::Erased;
pub use events::Event;
pub use finish::{JobEnd, JobFailure};
pub use job::{JobRecord, JobState, JobWork, Overruling, WebhookReport};
pub use table::Queue;
