//! Which moment of which source fills each slot of a film.

pub(super) mod search;
