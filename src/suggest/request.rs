//! What suggestions are made from: files, tracks, looks and what is known of the film.

use crate::analysis::{Analysis, Span};
use crate::error::Result;
use crate::looks::LookLibrary;
use crate::models::Models;
use crate::music::{Date, EnergyArc, Track, Usage};
use crate::profile::Taste;
use crate::suggest::LeftOut;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::word_space::WordSpace;

/// Seconds of a film whose length nobody named.
const USUAL_LENGTH: f64 = 30.0;

/// What suggestions are made from.
#[derive(Clone, Copy)]
pub struct SuggestRequest<'a> {
    /// The pictures, films and recordings that belong together.
    pub files: &'a [Analysis],
    /// The music to choose from. What may not be used as asked is left out.
    pub tracks: &'a [Track],
    /// Tracks that were not even read, because they may not be used as asked.
    pub left_out: &'a [LeftOut],
    /// The looks that may be suggested.
    pub looks: &'a LookLibrary,
    /// The creator's taste, where it is known. What would harm the pictures is left out whatever taste says.
    pub taste: Option<&'a Taste>,
    /// For comparing words.
    pub models: &'a Models,
    /// Loudness that music is brought to, LUFS.
    pub target_lufs: f64,
    /// What is known of the film.
    pub film: Film<'a>,
    /// What the music is for, where somebody named it. Then a track of which nobody says that it may be used so is left
    /// out; else only what has expired is.
    pub usage: Option<&'a Usage>,
    /// The day on which licenses have to hold.
    pub today: Date,
    /// Breaks ties.
    pub seed: u64,
}

impl SuggestRequest<'_> {
    /// What is wanted: the pictures taken together, and the words that tracks and looks are compared with.
    pub(super) fn pictures_and_words(&self, tracks: &[&Track]) -> Result<(PictureSet, WordSpace)> {
        let mut set = PictureSet::new(self.files);
        let text = self.film.words.map(str::to_owned).or_else(|| set.text());
        let space = WordSpace::new(text, tracks, self.looks.looks(), |texts| {
            self.models.embed_sentences(texts)
        })?;
        if self.film.words.is_some()
            && let Some(asked) = space.mood()
        {
            set.ask(asked);
        }
        Ok((set, space))
    }
}

/// The film that choices are for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Film<'a> {
    /// Seconds that it is to last, where that is known.
    pub length: Option<f64>,
    /// It lasts exactly so long.
    pub exact: bool,
    /// How the energy of its music is to move.
    pub arc: EnergyArc,
    /// How long its shots are.
    pub pace: Option<ShotPace>,
    /// Seconds at which the picture changes, where the cut is fixed; else empty.
    pub cuts: &'a [f64],
    /// Seconds in which somebody speaks, where that is known.
    pub speech: &'a [Span],
    /// How much faster or slower music may be played, 0..0.04.
    pub stretch: f64,
    /// What somebody asked for in words.
    pub words: Option<&'a str>,
    /// Music may be laid over clips that have music of their own.
    pub over_music: bool,
}

impl Film<'_> {
    /// Seconds that the film lasts, or that tracks are compared for where nobody knows.
    pub(super) fn seconds(&self) -> f64 {
        self.length.unwrap_or(USUAL_LENGTH)
    }
}

/// How long the shots of a film are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShotPace {
    /// Beats that a shot lasts in the middle.
    pub beats: f64,
    /// Seconds that a shot lasts at least.
    pub shortest: f64,
    /// Seconds that a shot lasts at most.
    pub longest: f64,
}
