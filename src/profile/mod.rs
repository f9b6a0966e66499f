//! One creator's taste: what they accepted and rejected, and what that predicts about the next choice.
//!
//! A [`Profile`] is a journal of evidence (`tastemaker.profile/2`) that can be read, edited and copied. A [`Taste`] is
//! learned from it anew each time: a [`Ranker`] for each kind of choice, the same that replays a log of choices.

mod taste_kind;
pub use taste_kind::{TasteKind, Verdict};

mod film_scales;
pub use film_scales::{cuts_often, runs_long, spans_beats, tallness};

mod color_pairs;
pub use color_pairs::ColorPairs;

mod post_grade;
pub use post_grade::{GradedPicture, PostGrade};

mod shot_lengths;
pub use shot_lengths::{ShotLengthBin, ShotLengths};

mod evidence;
pub use evidence::{ChoiceThing, Evidence, EvidenceChoice, EvidenceSource};

mod profile_document;
pub use profile_document::{PROFILE_SCHEMA, Profile};

mod profile_library;
pub use profile_library::{ProfileLibrary, read_profile};

mod ranking;
pub use ranking::{
    ChoiceContext, ChoiceOffer, KindTally, Leaning, OfferedCandidate, RankedChoice, Ranker,
    Ranking, Replay, Top3Interval, WeightDraw,
};

mod learning_curve;
pub use learning_curve::{CurvePoint, LearningCurve};

mod lessons;
mod population;

mod readiness;
pub use readiness::{ENOUGH, MANY, Readiness};

mod pace_error;
pub use pace_error::{PaceError, pace_errors};

mod habits;
pub use habits::Habits;

mod portrait;
mod portrait_sentences;
pub use portrait::{ColorSource, Portrait, TrackPoint};

mod foretold;
pub use foretold::{Foretold, GainInterval};

mod telling_pairs;
pub use telling_pairs::telling_pairs;

mod taste;
pub use taste::{DecidingFeature, Liking, Opinion, Taste, foretold_left_out};
