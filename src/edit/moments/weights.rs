//! The weights of the search for moments, in one table.
//!
//! A pick's score is a sum: each term's value, mostly 0..1, times its weight. The products that are worth telling
//! become the weights of the segment's reasons, so a plan says exactly what its moments were chosen by.
//! `docs/styles.md` has the same table, and a test compares the two.
//!
//! The weights were set by hand and by eye, relative to that of the moment itself, which is 1.

/// Something that speaks for or against showing a moment in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentTerm {
    /// How good the moment is.
    Moment,
    /// The peak of its movement falls on a beat inside the slot.
    PeakOnBeat,
    /// It moves as much as the music does there.
    EnergyFits,
    /// How good the moment is, once more, for the first segment.
    Opener,
    /// How much moves in the first segment.
    LivelyOpener,
    /// How little moves in the last segment.
    CalmEnd,
    /// The share of its source that the film has used up.
    SourceUsed,
    /// Its source was not shown before.
    NewSource,
    /// How far it is ahead of the film in its source.
    SkipsAhead,
    /// How far it is behind the film in its source.
    LagsBehind,
    /// How far a photo is from its turn in the order of the files.
    PhotoOutOfTurn,
    /// The segment before shows the same shot.
    JumpCut,
    /// The segment before is a photo, and so is this one.
    PhotoAfterPhoto,
    /// The segment before is a clip, and so is this one.
    ClipAfterClip,
}

/// A row of the table: the reason's code and the weight.
struct WeightRow(&'static str, f64);

impl MomentTerm {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 14] = [
        Self::Moment,
        Self::PeakOnBeat,
        Self::EnergyFits,
        Self::Opener,
        Self::LivelyOpener,
        Self::CalmEnd,
        Self::SourceUsed,
        Self::NewSource,
        Self::SkipsAhead,
        Self::LagsBehind,
        Self::PhotoOutOfTurn,
        Self::JumpCut,
        Self::PhotoAfterPhoto,
        Self::ClipAfterClip,
    ];

    /// The table.
    const fn row(self) -> WeightRow {
        match self {
            // The unit that all others are measured in.
            Self::Moment => WeightRow("moment", 1.0),
            // Worth a slightly weaker moment, but not a much weaker one.
            Self::PeakOnBeat => WeightRow("peak_on_beat", 0.12),
            // Wild movement in a quiet passage looks wrong; a good moment still counts for more.
            Self::EnergyFits => WeightRow("energy_fits", 0.25),
            // The first second decides whether people stay, so the best moment of all goes first.
            Self::Opener => WeightRow("opener", 1.5),
            // Of two openers that are as good, the livelier one.
            Self::LivelyOpener => WeightRow("lively_opener", 0.2),
            // A film that stops in the middle of a movement seems cut off.
            Self::CalmEnd => WeightRow("calm_end", 0.4),
            // Every source has its turn, in proportion to what it holds.
            Self::SourceUsed => WeightRow("source_used", -0.6),
            // People gave each file because they want to see it.
            Self::NewSource => WeightRow("new_source", 0.3),
            // A source runs along with the film. What is skipped is lost, so skipping costs more than lagging.
            Self::SkipsAhead => WeightRow("skips_ahead", -0.8),
            Self::LagsBehind => WeightRow("lags_behind", -0.3),
            // Photos come about in the order in which they were given.
            Self::PhotoOutOfTurn => WeightRow("photo_out_of_turn", -0.25),
            // Two pieces of one shot in a row jump.
            Self::JumpCut => WeightRow("jump_cut", -0.5),
            // Photos and clips are mixed; two clips in a row disturb less than two photos.
            Self::PhotoAfterPhoto => WeightRow("photo_after_photo", -0.4),
            Self::ClipAfterClip => WeightRow("clip_after_clip", -0.1),
        }
    }

    /// The code of its reason.
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// What a value of 1 adds to the score.
    pub const fn weight(self) -> f64 {
        self.row().1
    }
}
