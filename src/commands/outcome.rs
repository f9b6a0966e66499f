//! How a run ended, as its exit code tells.

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Done, but some inputs failed or a check found something.
    Findings,
}

impl Outcome {
    /// `Findings` where there are some.
    pub fn with_findings(findings: bool) -> Self {
        if findings { Self::Findings } else { Self::Done }
    }
}
