//! One creator's taste: what they accepted and rejected, and what that predicts about the next choice.
//!
//! A [`Profile`] is a file of judgments (`tastemaker.profile/1`) that can be read, edited and copied. A [`Taste`] is
//! learned from it anew each time: a Bayesian linear model over the candidates' features, one for looks and one for
//! music.

mod judgments;
pub use judgments::{Judgment, PROFILE_SCHEMA, Profile, TasteKind, Verdict};

mod profile_library;
pub use profile_library::ProfileLibrary;

mod bayesian_regression;

mod ranking;
pub use ranking::{
    ChoiceContext, ChoiceOffer, KindTally, OfferedCandidate, RankedChoice, Ranker, Ranking, Replay,
    Top3Interval,
};

mod taste;
pub use taste::{ENOUGH, Liking, Opinion, Taste};
