//! The weights of the terms that tracks are ranked by, in one table.
//!
//! A track's score is the mean of its terms, weighted by this table. `docs/music.md` has the same table, and a test
//! compares the two. Taste moves the score afterward. A term without data is left out.

use crate::suggest::scoring::Term;

/// An argument for or against a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MusicTerm {
    /// Valence and arousal, compared with the pictures or the request.
    MoodFits,
    /// Its energy, compared with the motion of the clips.
    EnergyFits,
    /// Whether a shot of the style's beats has a length that the style allows.
    PaceFits,
    /// Its tags and mood words, compared with the content of the pictures.
    WordsFit,
    /// Whether a part of it begins, develops and ends well.
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
    /// How long it was not used.
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
            // The first thing that people notice in wrong music.
            Self::MoodFits => WeightRow("mood_fits", 3.0),
            // Motion is measured, but tells less than mood about what belongs together.
            Self::EnergyFits => WeightRow("energy_fits", 1.5),
            // The cut can follow most tempi.
            Self::PaceFits => WeightRow("pace_fits", 0.8),
            // Words come from networks; a person's own words count twice.
            Self::WordsFit => WeightRow("words_fit", 1.5),
            // Most tracks have a part that fits.
            Self::StructureFits => WeightRow("structure_fits", 1.0),
            // Only the right track meets cuts that do not move.
            Self::CutsFit => WeightRow("cuts_fit", 5.0),
            // Nobody understands two voices at once.
            Self::VocalsLeaveRoom => WeightRow("vocals_leave_room", 2.0),
            // Ducking evens out most of it.
            Self::DynamicsFit => WeightRow("dynamics_fit", 0.6),
            // Most tracks can be repeated from phrase to phrase.
            Self::LongEnough => WeightRow("long_enough", 1.0),
            // Without beats a film is still cut, only less well.
            Self::SteadyBeat => WeightRow("steady_beat", 0.8),
            // Between equals, one that was not just heard.
            Self::Fresh => WeightRow("fresh", 0.8),
            // Between equals, one that can be posted without asking.
            Self::LicenseKnown => WeightRow("license_known", 0.8),
        }
    }

    /// The name of the feature, and the code of the reason.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Its weight.
    pub const fn weight(self) -> f64 {
        self.row().1
    }

    /// The term with its weight; `value` is from 0, against, to 1, for.
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

    /// The term, if it applies. Else its weight is 0, so that its absence does not lower the confidence.
    pub(super) fn judged_where(
        self,
        applies: bool,
        value: Option<f64>,
        text: impl Into<String>,
    ) -> Term {
        self.judged_by_share(if applies { 1.0 } else { 0.0 }, value, text)
    }
}

/// How many times `words_fit` counts: a person's words count for more than a network's.
pub(super) fn words_share(words: Option<&str>) -> f64 {
    if words.is_some() { 2.0 } else { 1.0 }
}
