//! A film that is planned, with what was decided on the way.

use serde::Serialize;

use crate::choice::Decision;
use crate::edit::{Hook, Plan};
use crate::jobs::edit_job::EditTarget;

/// A film that is planned.
pub struct PlannedEdit {
    /// The plan.
    pub plan: Plan,
    /// What was decided without being asked.
    pub decisions: Vec<Decision>,
    /// What in its first seconds holds people; absent where only the music is new.
    pub hook: Option<Hook>,
    /// The track that it is cut to and leaves out.
    pub guide_track: Option<GuideTrack>,
    /// Where several films were asked for: the share of its time for which it shows something else than the first.
    pub distance: Option<f64>,
    /// Some file failed, or only a part of it could be read.
    pub failed: bool,
    /// Where it goes.
    pub target: EditTarget,
    /// The id of the track under it.
    pub(super) track: Option<String>,
}

/// A track that a film is cut to and leaves out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuideTrack {
    /// Its path.
    pub file: String,
    /// The second of the track that belongs to the film's first.
    pub start: f64,
}

impl PlannedEdit {
    /// A plan that was changed without planning anew.
    pub(super) fn changed(plan: Plan, target: EditTarget, failed: bool) -> Self {
        Self {
            plan,
            decisions: Vec::new(),
            hook: None,
            guide_track: None,
            distance: None,
            failed,
            target,
            track: None,
        }
    }
}
