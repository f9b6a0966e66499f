//! The weights of the terms that tracks are ranked by, in one table.
//!
//! A track's score is the mean of its terms, weighted by this table. `docs/music.md` has the same table, and a test
//! compares the two. Taste comes on top, with up to 3.5 by how sure it is. A term about which nothing is known is left
//! out.

use crate::suggest::scoring::Term;

/// Something that speaks for or against a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MusicTerm {
    /// Valence and arousal, compared with the pictures or with what somebody asked for.
    MoodFits,
    /// Its energy, compared with the movement of the clips.
    EnergyFits,
    /// Whether the beats of a shot last as long as the style likes.
    PaceFits,
    /// Its tags and mood words, compared with what is in the pictures.
    WordsFit,
    /// Whether a part of it begins, moves and ends well.
    StructureFits,
    /// Fixed cuts on its beats.
    CutsFit,
    /// Singing where somebody speaks.
    VocalsLeaveRoom,
    /// Even loudness under speech.
    DynamicsFit,
    /// Whether it lasts as long as the film.
    LongEnough,
    /// Whether it has a beat to cut on.
    SteadyBeat,
    /// Days since it was used.
    Fresh,
    /// Whether its license is known.
    LicenseKnown,
}

/// A row of the table: the feature's name and the weight.
struct WeightRow(&'static str, f64);

impl MusicTerm {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::MoodFits,
        Self::EnergyFits,
        Self::PaceFits,
        Self::WordsFit,
        Self::StructureFits,
        Self::CutsFit,
        Self::VocalsLeaveRoom,
        Self::DynamicsFit,
        Self::LongEnough,
        Self::SteadyBeat,
        Self::Fresh,
        Self::LicenseKnown,
    ];

    /// The table.
    const fn row(self) -> WeightRow {
        match self {
            // What people notice first when music is wrong.
            Self::MoodFits => WeightRow("mood_fits", 3.0),
            // Movement is measured, but says less than mood about what belongs together.
            Self::EnergyFits => WeightRow("energy_fits", 1.5),
            // The cut can follow most tempi.
            Self::PaceFits => WeightRow("pace_fits", 0.8),
            // Words come from networks; what a person asks for counts twice.
            Self::WordsFit => WeightRow("words_fit", 1.5),
            // Most tracks have a part that fits.
            Self::StructureFits => WeightRow("structure_fits", 1.0),
            // A cut that does not move can only be met by the right track.
            Self::CutsFit => WeightRow("cuts_fit", 5.0),
            // Two voices at a time cannot be understood.
            Self::VocalsLeaveRoom => WeightRow("vocals_leave_room", 2.0),
            // Ducking evens out most of it.
            Self::DynamicsFit => WeightRow("dynamics_fit", 0.6),
            // Most tracks can be repeated from phrase to phrase.
            Self::LongEnough => WeightRow("long_enough", 1.0),
            // Without beats a film is still cut, only less well.
            Self::SteadyBeat => WeightRow("steady_beat", 0.8),
            // Among equals the one that was not just heard.
            Self::Fresh => WeightRow("fresh", 0.8),
            // Among equals the one that can be posted without asking.
            Self::LicenseKnown => WeightRow("license_known", 0.8),
        }
    }

    /// The name of the feature, and the code of the reason.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// What it weighs.
    pub const fn weight(self) -> f64 {
        self.row().1
    }

    /// The term with its weight; `value` is 0 against .. 1 for.
    pub(super) fn judged(self, value: Option<f64>, text: impl Into<String>) -> Term {
        Term::new(self.name(), value, self.weight(), text)
    }

    /// The term with `share` of its weight.
    pub(super) fn judged_by_share(
        self,
        share: f64,
        value: Option<f64>,
        text: impl Into<String>,
    ) -> Term {
        Term::new(self.name(), value, self.weight() * share, text)
    }

    /// The term where it applies. Elsewhere it weighs nothing, so that its absence makes no score less sure.
    pub(super) fn judged_where(
        self,
        applies: bool,
        value: Option<f64>,
        text: impl Into<String>,
    ) -> Term {
        self.judged_by_share(if applies { 1.0 } else { 0.0 }, value, text)
    }
}

/// How many times `words_fit` counts: what a person says counts for more than what a network sees.
pub(super) fn words_share(words: Option<&str>) -> f64 {
    if words.is_some() { 2.0 } else { 1.0 }
}
