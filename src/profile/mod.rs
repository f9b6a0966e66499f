//! One creator's taste: what they accepted and rejected, and what that predicts about the next choice.
//!
//! A [`Profile`] is a journal of evidence (`tastemaker.profile/2`) that can be read, edited and copied. A [`Taste`] is
//! learned from it anew each time: a Bayesian linear model over the candidates' features, one for each kind of choice.

mod judgments;
pub use judgments::{Judgment, TasteKind, Verdict};

mod evidence;
pub use evidence::{ChoiceThing, Evidence, EvidenceChoice, EvidenceSource};

mod profile_document;
pub use profile_document::{PROFILE_SCHEMA, Profile};

mod profile_library;
pub use profile_library::{ProfileLibrary, read_profile};

mod bayesian_regression;

mod ranking;
pub use ranking::{
    ChoiceContext, ChoiceOffer, KindTally, OfferedCandidate, RankedChoice, Ranker, Ranking, Replay,
    Top3Interval,
};

mod taste;
pub use taste::{ENOUGH, Liking, Opinion, Taste};
