//! What the samples of a film mean, as it is passed on with its dynamic range.

use super::code_points::{primaries_name, transfer_name};
use super::light_levels::LightLevels;
use crate::picture::ChromaPlace;

/// Transfers of high dynamic range (ITU-T H.273, table 3).
const PQ: u32 = 16;
const HLG: u32 = 18;

/// Code points of ITU-T H.273, all of them known, and how bright the film is meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoSignal {
    /// Table 2.
    pub primaries: u32,
    /// Table 3.
    pub transfer: u32,
    /// Table 4.
    pub matrix: u32,
    /// Levels go from 0 to the end of the range.
    pub full_range: bool,
    /// Where its chroma lies.
    pub place: ChromaPlace,
    pub(in crate::media) light: LightLevels,
}

impl VideoSignal {
    /// Whether samples of both mean the same, so that frames of both may stand in one film.
    pub fn is_like(&self, other: &Self) -> bool {
        let meaning = |it: &Self| (it.primaries, it.transfer, it.matrix, it.full_range);
        meaning(self) == meaning(other)
    }

    /// Whether it is of high dynamic range.
    pub fn is_high_range(&self) -> bool {
        matches!(self.transfer, PQ | HLG)
    }

    /// That of a film of frames of both: as bright as the brighter one, and without what they contradict each other in.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        Self {
            light: self.light.of_both(other.light),
            ..self
        }
    }

    /// Such as `arib-std-b67 in bt2020`.
    pub fn name(&self) -> String {
        let (transfer, primaries) = (transfer_name(self.transfer), primaries_name(self.primaries));
        let range = if self.full_range { ", full range" } else { "" };
        format!("{transfer} in {primaries}{range}")
    }
}
