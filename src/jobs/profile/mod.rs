//! Jobs on profiles: teaching one, showing what it has learned and what it keeps, carrying it elsewhere, forgetting.

mod report;
pub use report::{ProfileReport, TasteDocument, show_profile, write_portrait};

mod compare;
pub use compare::{AskedPair, CompareJob, answer_pairs, ask_pairs, write_pairs};

mod feedback;
pub use feedback::{ChoiceSwap, TeachJob, teach_profile};

mod engagement;
mod pace;
mod plan_feedback;
mod plan_things;
pub use plan_feedback::{ComparedPlans, PlanFeedbackJob, teach_from_plans};

mod explain;
pub use explain::{ExplainJob, ExplainedPart, Explanation, explain_suggestion};

mod blend;
pub use blend::{BlendJob, blend_profiles};

mod post_score;
pub use post_score::{KindLiking, PostScore, score_posts};

mod post_things;
mod posts;
pub use posts::{LearnPostsJob, learn_posts};

mod own_edits;
pub(super) use own_edits::own_look;
pub use own_edits::{LearnEditsJob, learn_edits};

mod transfer;
pub use transfer::{ImportProfileJob, export_profile, import_profile, new_profile};

mod forgetting;
pub use forgetting::{Forgetting, forget};

mod privacy;
pub use privacy::{PrivacyDocument, PrivacyReport, profile_privacy};

mod score;
pub use score::{
    EditScore, GainRange, KindScore, PaceScore, ProfileScore, ProfileScoreDocument, score_profile,
    write_score_page,
};

mod difference;
pub use difference::{ProfileDifference, diff_profiles};

mod replay;
pub use replay::{ReplayReport, ReplaySummary, ReplayedChoice, replay_choices};

mod taste;
pub use taste::learned_taste;
