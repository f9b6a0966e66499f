//! The weights of the search for moments, in one table.
//!
//! A pick's score is the sum of each term's value, mostly 0..1, times its weight. Products that are not negligible
//! become the weights of the segment's reasons, so a plan states exactly why its moments were chosen. `docs/styles.md`
//! has the same table, and a test compares the two.
//!
//! The weights were set by hand, watching the results, relative to that of the moment itself, which is 1.

/// An argument for or against showing a moment in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentTerm {
    /// The quality of the moment.
    Moment,
    /// The peak of its motion falls on a beat inside the slot.
    PeakOnBeat,
    /// It moves as much as the music does there.
    EnergyFits,
    /// The quality of the moment once more, for the first segment.
    Opener,
    /// The motion in the first segment.
    LivelyOpener,
    /// The stillness of the last segment.
    CalmEnd,
    /// The share of its source that the film has already used.
    SourceUsed,
    /// Its source was not shown before.
    NewSource,
    /// How far it is ahead in its source, compared with the film's progress.
    SkipsAhead,
    /// How far it is behind in its source, compared with the film's progress.
    LagsBehind,
    /// How far a photo is from its turn in the order of the files.
    PhotoOutOfTurn,
    /// The segment before shows the same shot.
    JumpCut,
    /// The segment before is a photo, and so is this one.
    PhotoAfterPhoto,
    /// The segment before is a clip, and so is this one.
    ClipAfterClip,
    /// The share of it that is spoiled.
    Spoiled,
    /// A photo without faces opens the film though there are clips.
    StillOpener,
    /// A third of the film ends with it without a clip or without a photo.
    ThirdLacks,
    /// How much moves in it, where the style asks for that.
    Moves,
    /// How far its source is from its place among the files, where the style keeps their order.
    OutOfOrder,
    /// The share of it that another film of the same material shows.
    ShownBefore,
    /// How often the film has shown its shot before, beyond once.
    SameShotAgain,
}

/// A row of the table: the code of the reason, and the weight.
struct WeightRow(&'static str, f64);

impl MomentTerm {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 21] = [
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
        Self::Spoiled,
        Self::StillOpener,
        Self::ThirdLacks,
        Self::Moves,
        Self::OutOfOrder,
        Self::ShownBefore,
        Self::SameShotAgain,
    ];

    /// The table.
    const fn row(self) -> WeightRow {
        match self {
            // The unit that all others are measured in.
            Self::Moment => WeightRow("moment", 1.0),
            // Worth a slightly weaker moment, but not a much weaker one.
            Self::PeakOnBeat => WeightRow("peak_on_beat", 0.12),
            // Fast motion in a quiet passage looks wrong; a good moment still counts for more.
            Self::EnergyFits => WeightRow("energy_fits", 0.25),
            // The first second decides whether people keep watching, so the best moment of all goes first.
            Self::Opener => WeightRow("opener", 1.5),
            // Of two equally good openers, the livelier one.
            Self::LivelyOpener => WeightRow("lively_opener", 0.2),
            // A film that ends in the middle of a movement seems cut off.
            Self::CalmEnd => WeightRow("calm_end", 0.4),
            // Every source gets its share, in proportion to its length.
            Self::SourceUsed => WeightRow("source_used", -0.6),
            // People choose each file because they want to see it.
            Self::NewSource => WeightRow("new_source", 0.3),
            // A source keeps pace with the film. Skipped material is lost, so skipping costs more than lagging.
            Self::SkipsAhead => WeightRow("skips_ahead", -0.8),
            Self::LagsBehind => WeightRow("lags_behind", -0.3),
            // Photos keep the order in which they were given and spread over the film: used up early, they are missing
            // later.
            Self::PhotoOutOfTurn => WeightRow("photo_out_of_turn", -0.7),
            // Two pieces of one shot in a row make a jump cut.
            Self::JumpCut => WeightRow("jump_cut", -0.5),
            // Photos and clips alternate; two clips in a row disturb less than two photos.
            Self::PhotoAfterPhoto => WeightRow("photo_after_photo", -0.4),
            Self::ClipAfterClip => WeightRow("clip_after_clip", -0.1),
            // More than all that can speak for a moment: it is shown only where nothing else is left.
            Self::Spoiled => WeightRow("spoiled", -4.0),
            // A film opens with something that moves, or with a face.
            Self::StillOpener => WeightRow("still_opener", -2.0),
            // People gave clips and photos because they want to see both, and not all of one kind first.
            Self::ThirdLacks => WeightRow("third_lacks", -1.5),
            // A style for sports takes a lively moment over one that is as much better as good ones differ.
            Self::Moves => WeightRow("moves", 0.5),
            // More than all that speaks for a moment elsewhere: half a film out of place costs a whole moment.
            Self::OutOfOrder => WeightRow("out_of_order", -2.0),
            // How much films are to differ is decided where several are made; this is its unit.
            Self::ShownBefore => WeightRow("shown_before", -1.0),
            // A third piece of one shot is worth less than a first one of another, if they are about as good.
            Self::SameShotAgain => WeightRow("same_shot_again", -0.2),
        }
    }

    /// The code of its reason.
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// The contribution of a value of 1 to the score.
    pub const fn weight(self) -> f64 {
        self.row().1
    }
}
