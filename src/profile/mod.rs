//! One creator's taste: what they took and what they turned down, and what that says about the next choice.
//!
//! A [`Profile`] is a file of judgements (`tastemaker.profile/1`) that can be read, edited and copied. A [`Taste`] is
//! made of it anew each time: a Bayesian linear model over what the candidates are like, one for each kind of thing.

mod document;
pub use document::{Judgement, Kind, PROFILE_SCHEMA, Profile, Verdict};

mod library;
pub use library::ProfileLibrary;

mod linear;

mod taste;
pub use taste::{ENOUGH, Liking, Opinion, Taste};
