//! What a plan is made from.

use std::path::PathBuf;

use crate::analysis::Analysis;
use crate::choice::{Decision, Reason};
use crate::edit::{LookChoice, Plan, Platform, Style};
use crate::music::{Arrangement, Track};

/// A file that may be used. Files with sound only are left out, with a decision that says so.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// As the plan has it: relative paths count from the plan's folder.
    pub path: PathBuf,
    /// What is in it.
    pub analysis: Analysis,
}

/// The music under the film.
#[derive(Debug, Clone)]
pub struct MusicChoice<'a> {
    /// The track; the plan has its path as it is.
    pub track: &'a Track,
    /// Why this track, for the plan.
    pub reasons: Vec<Reason>,
    /// The parts of it that were chosen for the film of [`film_brief`](crate::edit::film_brief) or for the plan that is
    /// scored again; absent: they are searched.
    pub arrangement: Option<Arrangement>,
}

/// Everything an edit is made from.
#[derive(Debug, Clone)]
pub struct EditRequest<'a> {
    /// In the person's order.
    pub sources: &'a [SourceFile],
    /// Absent: the clips keep their own sound.
    pub music: Option<MusicChoice<'a>>,
    /// The recipe.
    pub style: &'a Style,
    /// Where it will be posted.
    pub platform: &'a Platform,
    /// Width to height, where it differs from the platform's.
    pub aspect: Option<(u32, u32)>,
    /// Seconds; absent: as style, platform and material allow.
    pub length: Option<f64>,
    /// How much faster or slower the music may play where cuts do not move, 0..0.04.
    pub stretch: f64,
    /// The filter.
    pub look: LookChoice,
    /// Breaks ties.
    pub seed: u64,
}

/// A plan, and what was decided without being asked.
#[derive(Debug, Clone)]
pub struct EditOutcome {
    /// The edit.
    pub plan: Plan,
    /// What was decided, in the order of deciding.
    pub decisions: Vec<Decision>,
}
