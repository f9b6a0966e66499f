//! The clock of the service.

use std::time::SystemTime;

/// Milliseconds since the beginning of 1970 (UTC).
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
