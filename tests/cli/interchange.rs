//! Plans out to timelines of other programs and back, and timelines that others made.

mod fuzz;
mod hostile;
mod peers;
mod plans;
mod round_trips;
mod verbs;
