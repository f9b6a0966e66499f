//! Looks learned from pictures: from pairs before and after (`pairs`), or from finished pictures alone (`finished`).

mod ciede2000;
mod finished;
mod pairs;
mod polynomial;
mod reference;
mod signature;

pub use finished::{FinishedDifference, LearnedFinish, learn_finished};
pub use pairs::{LearnedLook, Pair, PairDifference, learn};
