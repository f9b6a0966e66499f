//! The clock. Only this file reads the time.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// Seconds since the beginning of 1970 (UTC).
pub fn now() -> i64 {
    match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(_) => 0,
    }
}

/// Time since this was first asked, by a clock that never goes back.
pub fn elapsed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
