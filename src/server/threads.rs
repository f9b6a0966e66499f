//! The threads that wait for requests and processes.

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, Result};

/// They wait, and work little.
const THREADS: usize = 4;

/// Starts them.
pub fn runtime() -> Result<Runtime> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build();
    runtime.map_err(|problem| Error::read("threads of the system", problem))
}
