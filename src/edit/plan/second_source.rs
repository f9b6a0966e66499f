//! The source of a second panel: another one than its segment's.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::edit::{Plan, Segment, SourceKind};
use crate::media::{Limits, probe};
use crate::time::Rational;

/// How much earlier than its panel a source may end, in seconds: containers round lengths.
const TOLERANCE: f64 = 0.1;

/// Another source that fills the second panel of a segment. Its time runs as fast as the segment's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SecondSource {
    pub source: String,
    /// Seconds of it at which the segment begins.
    #[serde(rename = "in")]
    pub start: f64,
    #[serde(rename = "in_exact")]
    pub start_exact: Rational,
}

impl Segment {
    /// The ids of the sources that it shows: one, or two where its panels have different ones.
    pub fn shown_sources(&self) -> impl Iterator<Item = &str> {
        let second = self.second_source.iter();
        std::iter::once(self.source.as_str()).chain(second.map(|second| second.source.as_str()))
    }

    /// Seconds from the time of its source to that of its second one.
    pub(in crate::edit) fn second_shift(&self) -> Rational {
        self.second_source
            .as_ref()
            .map_or(Rational::ZERO, |second| {
                second.start_exact - self.start_exact
            })
    }
}

impl Plan {
    /// The first segment whose second source ends before its panel does, and the message about it.
    pub(crate) fn short_second_source(
        &self,
        folder: &Path,
        limits: &Limits,
    ) -> Option<(usize, String)> {
        self.picture
            .iter()
            .enumerate()
            .find_map(|(number, segment)| {
                let second = segment.second_source.as_ref()?;
                let source = self.source(&second.source).ok()?;
                if source.kind == SourceKind::Image {
                    return None;
                }
                let facts = probe(&source.path_from(folder), limits).ok()?.video?;
                let left = (facts.start + facts.duration? - second.start_exact).seconds();
                let needed = (segment.end_exact - segment.start_exact).seconds();
                (left + TOLERANCE < needed).then(|| {
                    let what = format!(
                        "needs {needed:.4} seconds of {:?} from {:.4} on, but only {:.4} are there",
                        second.source,
                        second.start,
                        left.max(0.0)
                    );
                    (number, what)
                })
            })
    }
}
