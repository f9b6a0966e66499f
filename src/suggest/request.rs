//! A request for suggestions: files, tracks, looks and the film.

use crate::analysis::{Analysis, Span};
use crate::error::Result;
use crate::looks::LookLibrary;
use crate::models::Models;
use crate::music::{Date, Ending, EnergyArc, Track, Usage};
use crate::profile::Taste;
use crate::suggest::LeftOut;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::word_space::WordSpace;

/// Seconds assumed for a film of unknown length.
const USUAL_LENGTH: f64 = 30.0;

/// A request for suggestions.
#[derive(Clone, Copy)]
pub struct SuggestRequest<'a> {
    /// The pictures, films and recordings that belong together.
    pub files: &'a [Analysis],
    /// The music to choose from. Tracks that may not be used as requested are left out.
    pub tracks: &'a [Track],
    /// Tracks that were not even read, because they may not be used as requested.
    pub left_out: &'a [LeftOut],
    /// The looks to choose from.
    pub looks: &'a LookLibrary,
    /// The creator's taste, if it is known. It does not override harm to the pictures.
    pub taste: Option<&'a Taste>,
    /// For comparing words.
    pub models: &'a Models,
    /// Target loudness of music, in LUFS.
    pub target_lufs: f64,
    /// The film.
    pub film: Film<'a>,
    /// The use of the music, if it is known. Then tracks whose license does not clearly permit it are left out;
    /// otherwise only expired ones are.
    pub usage: Option<&'a Usage>,
    /// The day on which licenses must be valid.
    pub today: Date,
    /// Breaks ties.
    pub seed: u64,
}

impl SuggestRequest<'_> {
    /// The pictures taken together, and the words with which tracks and looks are compared.
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

/// What is known about the film.
#[derive(Debug, Clone, Copy, Default)]
pub struct Film<'a> {
    /// Its intended length in seconds, if known.
    pub length: Option<f64>,
    /// How near to that length it has to end.
    pub ending: Ending,
    /// The course of its music's energy.
    pub arc: EnergyArc,
    /// The pace of its shots.
    pub pace: Option<ShotPace>,
    /// Times of the cuts in seconds, if they are fixed; else empty.
    pub cuts: &'a [f64],
    /// Speech in the film, in seconds, if known.
    pub speech: &'a [Span],
    /// Greatest change of the music's speed, 0..0.04.
    pub stretch: f64,
    /// The id of the platform that it is for.
    pub platform: Option<&'a str>,
    /// The request in words.
    pub words: Option<&'a str>,
    /// Whether clips with music of their own may get other music.
    pub over_music: bool,
    /// Whether a person named the one track: then it is ranked even if it fits poorly.
    pub track_named: bool,
}

impl Film<'_> {
    /// The length of the film in seconds, or the assumed one.
    pub(super) fn seconds(&self) -> f64 {
        self.length.unwrap_or(USUAL_LENGTH)
    }
}

/// The pace of a film's shots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShotPace {
    /// Beats of a shot at medium energy.
    pub beats: f64,
    /// Shortest shot in seconds.
    pub shortest: f64,
    /// Longest shot in seconds.
    pub longest: f64,
}
