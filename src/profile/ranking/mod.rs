//! How a creator chooses: one Bayesian ranking model for each kind of choice.
//!
//! A choice offers candidates, of which one is taken. Each candidate has a utility, linear in the columns of
//! [`features::FeatureSpace`]: what is thought of it without a profile; its features; their squares, for what is liked
//! "but not too much"; what differs from that in one scene or on one platform; and the candidate itself. The probability of taking a
//! candidate is the softmax of the utilities, but for the share of choices that are made at random.
//!
//! The weights have a spike-and-slab prior: each is zero, or drawn from a Gaussian ([`prior`]). So a few weights explain
//! the choices, and where no feature tells, the ranking remains what it is without a profile.
//!
//! Learning one choice, in order:
//! 1. [`posterior::SparsePosterior`] forgets a little of what it knows.
//! 2. It replaces the log likelihood of the choice by a parabola around the current weights and adds it to what it
//!    knows: a matrix and a vector, whatever the number of choices.
//! 3. Coordinate ascent makes the posterior of the weights anew from these two (Carbonetto and Stephens, *Scalable
//!    variational inference for Bayesian variable selection*, 2012).
//!
//! Three memories run side by side in a [`Ranker`]: one forgets nothing, one forgets half of everything within twenty
//! choices, one learns nothing. Each counts by how well it foretold the choices so far. So a taste that changes is
//! followed, one that stays is known better and better, and one that no feature tells does no harm.
//!
//! Nothing is random and nothing depends on what is chosen later: the same choices give the same ranking to the bit. Where
//! variety is asked for, the weights are drawn from the posterior by a seed ([`WeightDraw`]).

mod draw;
pub use draw::WeightDraw;

mod features;
mod posterior;
mod prior;

mod offer;
pub(super) use offer::is_about_taste;
pub use offer::{ChoiceContext, ChoiceOffer, OfferedCandidate};

mod ranker;
pub use ranker::{Leaning, Ranker, Ranking};

#[cfg(test)]
mod tests;

mod replay;
pub use replay::{KindTally, RankedChoice, Replay, Top3Interval};
