//! Plans out to timelines of other programs and back, and timelines that others made.

mod hostile;
mod peers;
mod plans;
mod round_trips;
mod verbs;
