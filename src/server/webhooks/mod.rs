//! Webhooks: signed as Standard Webhooks has it, sent to public addresses only, tried again until they are taken.

mod address;
mod client;
mod outbox;
mod signature;

pub use address::check_receiver;
pub use outbox::send_webhooks;
