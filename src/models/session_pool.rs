//! The sessions of one network: as many as there were concurrent callers, at most one for each processor.
//!
//! A session serves one caller at a time, so concurrent callers get one each. All are made from the same bytes and give
//! the same results.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ort::session::Session;

use crate::error::Result;

/// Idle sessions, and the number of all sessions.
#[derive(Default)]
pub(super) struct SessionPool {
    state: Mutex<State>,
    returned: Condvar,
    /// Microseconds that all its runs took.
    spent: AtomicU64,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    made: usize,
}

impl SessionPool {
    /// Does `work` with an idle session, with a new one from `make` or, once the pool is full, with the next one that
    /// is returned.
    pub(super) fn with<T>(
        &self,
        make: impl FnOnce() -> Result<Session>,
        work: impl FnOnce(&mut Session) -> T,
    ) -> Result<T> {
        let mut place = self.place();
        let mut session = match place.session.take() {
            Some(session) => session,
            None => make()?,
        };
        let answer = work(&mut session);
        place.session = Some(session);
        Ok(answer)
    }

    /// Notes how long a run took.
    pub(super) fn note(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.spent.fetch_add(took, Ordering::Relaxed);
    }

    /// How long all its runs took that were noted.
    pub(super) fn spent(&self) -> Duration {
        Duration::from_micros(self.spent.load(Ordering::Relaxed))
    }

    /// A slot with an idle session, or an empty one for a new session, which is made without holding the lock.
    fn place(&self) -> PoolSlot<'_> {
        let enough = std::thread::available_parallelism().map_or(1, usize::from);
        let mut state = self.lock();
        loop {
            let session = state.idle.pop();
            if session.is_none() {
                if state.made >= enough {
                    state = self
                        .returned
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
                state.made += 1;
            }
            return PoolSlot {
                pool: self,
                session,
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to use one session of the pool. Dropping it returns the session, or frees the slot if it has none.
struct PoolSlot<'pool> {
    pool: &'pool SessionPool,
    session: Option<Session>,
}

impl Drop for PoolSlot<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        match self.session.take() {
            Some(session) => state.idle.push(session),
            None => state.made -= 1,
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}
