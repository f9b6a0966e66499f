//! A rule: patterns of words, and what they mean.

use crate::ask::pattern::Found;
use crate::ask::request::{AskedFiles, AskedPlan, AskedRequest};

/// A few patterns, and what they mean.
pub(super) struct RequestRule {
    /// The patterns, the longest first.
    pub patterns: &'static [&'static str],
    /// Puts it into the request and says what it means; `None` where it means nothing here.
    pub apply: fn(&mut AskedRequest, &Found, &RuleContext<'_>) -> Option<String>,
}

/// What cannot be done, and why.
pub(super) struct Refusal {
    /// The patterns.
    pub patterns: &'static [&'static str],
    /// Why not, and what can be done instead.
    pub why: &'static str,
}

/// What a rule may know beside the words.
pub(super) struct RuleContext<'a> {
    /// The files.
    pub files: &'a AskedFiles,
}

impl RuleContext<'_> {
    /// The plan that is given in place of files.
    pub fn plan(&self) -> Option<&AskedPlan> {
        self.files.plan.as_ref()
    }

    /// The segment, from 1, that a place means: negative ones count from the end. `None` without a plan, and for one
    /// that it does not have.
    pub fn segment(&self, place: f64) -> Option<usize> {
        let plan = self.plan()?;
        let count = plan.segments as f64;
        let place = if place < 0.0 {
            count + 1.0 + place
        } else {
            place
        };
        (place >= 1.0 && place <= count).then_some(place as usize)
    }
}
