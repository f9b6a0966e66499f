//! Ctrl-C, termination and the signal of a file-size limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};

use crate::store;
use crate::task::Task;

/// A task that no signal stops: a process that another one ends.
#[cfg(feature = "server")]
pub fn ignore() -> Task {
    survive_full_files();
    Task::default()
}

/// With a handler in place, a write past a file-size limit fails like any other instead of killing the process.
fn survive_full_files() {
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// The task that stops on the first Ctrl-C or termination. A second one ends the process at once; either way nothing
/// half written stays behind.
pub fn watch() -> Task {
    let cancelled = Arc::new(AtomicBool::new(false));
    survive_full_files();
    if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) {
        let cancelled = cancelled.clone();
        std::thread::spawn(move || {
            for _ in signals.forever() {
                if cancelled.swap(true, Ordering::Relaxed) {
                    store::remove_unfinished();
                    std::process::exit(130);
                }
            }
        });
    }
    Task::new(cancelled)
}
