//! The facts by which a pick is scored, and the contribution of each term.

use crate::edit::moments::weights::MomentTerm;

/// The contribution of each term to a pick's score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::edit) struct Amounts([f64; MomentTerm::ALL.len()]);

impl Amounts {
    /// Adds `value` times the term's weight.
    pub fn add(&mut self, term: MomentTerm, value: f64) {
        self.0[term as usize] += term.weight() * value;
    }

    /// The contribution of `term`.
    pub fn of(&self, term: MomentTerm) -> f64 {
        self.0[term as usize]
    }

    /// The pick's score.
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }
}

/// The position of a slot in the film.
#[derive(Debug, Clone, Copy)]
pub(super) struct SlotPosition {
    /// Its index.
    pub number: usize,
    /// The number of slots in the film.
    pub count: usize,
}

impl SlotPosition {
    /// 0 at the beginning of the film, rising towards 1 at its end.
    pub fn progress(self) -> f64 {
        self.number as f64 / self.count as f64
    }

    pub fn is_first_of_many(self) -> bool {
        self.number == 0 && self.count > 1
    }

    pub fn is_last(self) -> bool {
        self.number + 1 == self.count
    }
}

/// The segment before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    /// It is a photo.
    pub still: bool,
    /// It shows the same shot.
    pub same_shot: bool,
}

/// All facts by which a pick is scored.
#[derive(Debug, Clone, Copy)]
pub(super) struct PickFacts {
    pub slot: SlotPosition,
    /// The quality of the moment, 0..1.
    pub worth: f64,
    /// The moment's peak falls on a beat.
    pub peak_on_beat: bool,
    /// How well its movement fits the music, 0..1.
    pub energy_fit: f64,
    /// How much moves in it, 0 least .. 1 most of all subclips.
    pub moving: f64,
    /// It is a photo.
    pub still: bool,
    /// The used share of its source, 0..1.
    pub used: f64,
    /// The position of its source among all: 0 the first, 1 the last.
    pub turn: f64,
    /// Its start between the first and the last possible one in its source, 0..1; `None` without room to choose.
    pub progress_in_source: Option<f64>,
    /// How often the film has room for each source, beyond once, 0..1: a source that comes once has no pace to keep.
    pub comes_again: f64,
    /// `None` at the beginning of the film.
    pub before: Option<Before>,
    /// The share of it that is spoiled, 0..1.
    pub spoiled: f64,
    /// It is a photo without faces, and there are clips.
    pub plain_still: bool,
    /// How much moves in it, times how much the style wants that.
    pub wanted_motion: f64,
    /// The place of its source among the files, 0..1, where the style keeps their order.
    pub file_turn: Option<f64>,
    /// The share of it that another film shows, times how much that counts.
    pub shown_before: f64,
    /// How often its shot was shown before, beyond once; less where the style wants motion, whatever shows it.
    pub shot_again: f64,
    /// Thirds of the film that end with it without having shown both clips and photos.
    pub lacking_thirds: usize,
}
