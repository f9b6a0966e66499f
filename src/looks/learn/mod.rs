//! Looks learned from pictures: from pairs before and after (`pairs`), or from finished pictures alone (`finished`).

mod certainty;
mod ciede2000;
mod finished;
mod hand;
mod pair_colors;
mod pairs;
mod polynomial;
mod reference;
mod signature;

pub use finished::{FinishedDifference, LearnedFinish, learn_finished};
pub use pairs::{LearnedLook, Pair, PairDifference, learn};
