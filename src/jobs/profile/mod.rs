//! Jobs on profiles: teaching one, showing what it has learned and what it keeps, carrying it elsewhere, forgetting.

mod report;
pub use report::{ProfileReport, TasteDocument, show_profile};

mod feedback;
pub use feedback::{ChoiceSwap, TeachJob, teach_profile};

mod posts;
pub use posts::{LearnPostsJob, learn_posts};

mod transfer;
pub use transfer::{ImportProfileJob, export_profile, import_profile, new_profile};

mod forgetting;
pub use forgetting::{Forgetting, forget};

mod privacy;
pub use privacy::{PrivacyDocument, PrivacyReport, profile_privacy};

mod replay;
pub use replay::{ReplayReport, ReplaySummary, ReplayedChoice, replay_choices};

mod taste;
pub use taste::learned_taste;
