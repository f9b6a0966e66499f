//! The tables of the queue. What is done with them stands in the files beside this one.

use std::sync::Arc;

use crate::server::records::Records;

/// The jobs in the database.
#[derive(Clone)]
pub struct Queue {
    pub(super) records: Arc<Records>,
}

impl Queue {
    /// The queue in `records`.
    pub fn new(records: Arc<Records>) -> Self {
        Self { records }
    }
}
