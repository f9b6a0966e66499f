//! One creator's taste: what they took and what they turned down, and what that says about the next choice.
//!
//! A [`Profile`] is a file of judgments (`tastemaker.profile/1`) that can be read, edited and copied. A [`Taste`] is
//! learned from it anew each time: a Bayesian linear model over what the candidates are like, one for each kind of
//! thing.

mod judgments;
pub use judgments::{Judgment, PROFILE_SCHEMA, Profile, TasteKind, Verdict};

mod profile_library;
pub use profile_library::ProfileLibrary;

mod bayesian_regression;

mod taste;
pub use taste::{ENOUGH, Liking, Opinion, Taste};
