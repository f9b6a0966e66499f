//! Ranked choices with reasons: `tastemaker.suggestions/1`.
//!
//! Everything is judged by a few named terms, each from 0 (speaks against) to 1 (speaks for), with a weight. The score is
//! their weighted mean, so that each reason's weight is exactly what the term moved the score by; terms that nothing is
//! known about are left out and make the answer less sure.

mod contract;
pub use contract::*;

mod effects;
mod fit;
mod guard;
mod looks;
pub use looks::look_features;

mod photo;
pub use photo::{LookRequest, suggest_looks};

mod music;
pub use music::MUSIC_WEIGHTS;
mod rights;
pub use rights::permitted;
mod set;
mod shortlist;
pub use shortlist::{Shortlist, Shortlisted};
mod taste;
mod weigh;
mod words;

use crate::analysis::{Analysis, Span};
use crate::error::Result;
use crate::looks::LookLibrary;
use crate::models::Models;
use crate::music::{Arc, Date, Track, Use};
use crate::profile::Taste;

use set::PictureSet;
use words::WordSpace;

/// What suggestions are made from.
#[derive(Clone, Copy)]
pub struct SuggestRequest<'a> {
    /// The pictures, films and recordings that belong together.
    pub files: &'a [Analysis],
    /// The music to choose from. What may not be used as asked is left out.
    pub tracks: &'a [Track],
    /// What was not even taken into `tracks`, because it may not be used as asked.
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
    pub usage: Option<&'a Use>,
    /// The day on which licenses have to hold.
    pub today: Date,
    /// Breaks ties.
    pub seed: u64,
}

/// The film that choices are for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Film<'a> {
    /// Seconds that it is to last, where that is known.
    pub length: Option<f64>,
    /// It lasts exactly so long.
    pub exact: bool,
    /// How the energy of its music is to move.
    pub arc: Arc,
    /// How long its shots are.
    pub pace: Option<Pace>,
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

/// How long the shots of a film are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Beats that a shot lasts in the middle.
    pub beats: f64,
    /// Seconds that a shot lasts at least.
    pub shortest: f64,
    /// Seconds that a shot lasts at most.
    pub longest: f64,
}

/// Ranks music, looks and effects for a set of files.
///
/// Errors: those of the sentence network. Nothing to suggest is no error: see [`Suggestions::abstained`].
pub fn suggest(request: &SuggestRequest<'_>) -> Result<Suggestions> {
    let (tracks, mut left_out) = permitted(
        request.tracks,
        |track| &track.license,
        request.usage,
        request.today,
    );
    left_out.extend_from_slice(request.left_out);
    let (set, space) = set_and_words(request, &tracks)?;
    let mut abstained = Vec::new();
    Ok(Suggestions {
        schema: SUGGESTIONS_SCHEMA.into(),
        files: request
            .files
            .iter()
            .map(|file| file.file.path.clone())
            .collect(),
        music: music::rank(request, &tracks, &set, &space, &mut abstained),
        looks: looks::rank(request, &set, &space, &mut abstained),
        effects: effects::rank(request, &mut abstained),
        abstained,
        left_out,
    })
}

/// What is wanted: the pictures as one, and the words that tracks and looks are compared by.
fn set_and_words(
    request: &SuggestRequest<'_>,
    tracks: &[&Track],
) -> Result<(PictureSet, WordSpace)> {
    let mut set = PictureSet::new(request.files);
    let text = request.film.words.map(str::to_owned).or_else(|| set.text());
    let space = WordSpace::new(text, tracks, request.looks.looks(), |texts| {
        request.models.embed_sentences(texts)
    })?;
    if request.film.words.is_some()
        && let Some(asked) = space.mood()
    {
        set.ask(asked);
    }
    Ok((set, space))
}

fn abstain(abstained: &mut Vec<Abstention>, what: impl Into<String>, why: impl Into<String>) {
    abstained.push(Abstention {
        what: what.into(),
        why: why.into(),
        nearest: Vec::new(),
    });
}

#[cfg(test)]
mod tests;
