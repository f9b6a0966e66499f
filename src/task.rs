//! How long work reports its progress and is told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

/// Handed to everything that takes long. Cheap to clone.
#[derive(Clone, Default)]
pub struct Task {
    cancelled: Arc<AtomicBool>,
    report: Option<Arc<dyn Fn(f64) + Send + Sync>>,
}

impl Task {
    /// A task that stops when `cancelled` turns true.
    pub fn new(cancelled: Arc<AtomicBool>) -> Self {
        Self {
            cancelled,
            report: None,
        }
    }

    /// The same task, with `report` called with the share that is done, 0..1.
    pub fn reporting(&self, report: impl Fn(f64) + Send + Sync + 'static) -> Self {
        Self {
            cancelled: self.cancelled.clone(),
            report: Some(Arc::new(report)),
        }
    }

    /// Fails with [`Error::Cancelled`] once the work was told to stop. Call it at least every 100 ms.
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Says that `share` (0..1) of the work is done.
    pub fn progress(&self, share: f64) {
        if let Some(report) = &self.report {
            report(share.clamp(0.0, 1.0));
        }
    }
}
