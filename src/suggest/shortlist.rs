//! The shortlist: the tracks of a very large catalog that are worth a full comparison.
//!
//! A catalog stores a few numbers of each track. Terms that need no more are judged exactly as in the ranking; those
//! that need the whole analysis (windows, beats under fixed cuts, dynamics) are left out. A catalog smaller than the
//! shortlist is listed whole, except for tracks that may not be used.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::choice::Candidate;
use crate::error::Result;
use crate::music::catalog::TrackSketch;
use crate::profile::TasteKind;
use crate::suggest::license_gate::Gate;
use crate::suggest::music_weights::{MusicTerm, words_share};
use crate::suggest::picture_set::PictureSet;
use crate::suggest::taste_shift::TasteContext;
use crate::suggest::track_features::features_of;
use crate::suggest::word_space::WordSpace;
use crate::suggest::{LeftOut, SuggestRequest, track_fit};

/// Seconds in a day.
const SECONDS_OF_DAY: f64 = 86_400.0;

/// The best tracks so far.
pub struct Shortlist<'a> {
    request: &'a SuggestRequest<'a>,
    set: PictureSet,
    space: WordSpace,
    gate: Gate,
    now: i64,
    most: usize,
    /// The worst is on top.
    best: BinaryHeap<Reverse<ListedTrack>>,
    offered: usize,
}

/// The result of a shortlist.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortlistOutcome {
    /// Hashes, best first.
    pub ids: Vec<String>,
    /// The number of tracks that may be used.
    pub of: usize,
    /// The tracks that may not be used as requested.
    pub left_out: Vec<LeftOut>,
}

/// A track and its preliminary score.
#[derive(PartialEq)]
struct ListedTrack {
    score: f64,
    id: String,
}

impl Eq for ListedTrack {}

impl Ord for ListedTrack {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = self.score.total_cmp(&other.score);
        by_score.then_with(|| other.id.cmp(&self.id))
    }
}

impl PartialOrd for ListedTrack {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Shortlist<'a> {
    /// A shortlist of up to `most` tracks for `request`, whose own tracks are ignored; `now` is in seconds since 1970.
    ///
    /// Errors: those of the sentence network.
    pub fn new(request: &'a SuggestRequest<'a>, most: usize, now: i64) -> Result<Self> {
        let (set, space) = request.pictures_and_words(&[])?;
        Ok(Self {
            request,
            set,
            space,
            gate: Gate::new(request.usage, request.today),
            now,
            most,
            best: BinaryHeap::new(),
            offered: 0,
        })
    }

    /// Adds a track, if it may be used and is better than the worst on the list.
    pub fn offer(&mut self, track: &TrackSketch) {
        if !self.gate.permits(&track.license) {
            return;
        }
        self.offered += 1;
        let score = self.score(track);
        if self.best.len() >= self.most {
            let worst = self.best.peek().map_or(0.0, |Reverse(track)| track.score);
            if score < worst {
                return;
            }
        }
        self.best.push(Reverse(ListedTrack {
            score,
            id: track.id.clone(),
        }));
        if self.best.len() > self.most {
            self.best.pop();
        }
    }

    /// The list as it is now.
    pub fn finish(self) -> ShortlistOutcome {
        let best = self.best.into_sorted_vec();
        ShortlistOutcome {
            ids: best.into_iter().map(|Reverse(track)| track.id).collect(),
            of: self.offered,
            left_out: self.gate.left_out(),
        }
    }

    /// By how much taste moves the score.
    fn taste_shift(&self, track: &TrackSketch) -> f64 {
        if self.request.taste.is_none() {
            return 0.0;
        }
        let candidate = Candidate {
            id: track.id.clone(),
            features: features_of(track.axes.as_ref(), track.bpm, None),
            score: 0.0,
            confidence: 0.0,
            reasons: Vec::new(),
        };
        let context = TasteContext::new(self.request.taste, &self.set, self.request.film.platform);
        let opinion = context.opinion(TasteKind::Music, &candidate);
        opinion.map_or(0.0, |opinion| opinion.shift)
    }

    /// The weighted mean of the known terms, 0..1, moved by taste.
    fn score(&self, track: &TrackSketch) -> f64 {
        let (set, film) = (&self.set, &self.request.film);
        let axes = track.axes.as_ref();
        let mood = axes.and_then(|axes| track_fit::mood(set, axes.valence, axes.energy));
        let energy = track_fit::heard_energy(axes.map(|axes| axes.energy), track.bpm)
            .zip(track_fit::wanted_energy(set))
            .map(|(music, wanted)| track_fit::energy(music, wanted));
        let pace = film.pace.as_ref().zip(track.bpm);
        let vocals = track
            .vocals
            .and_then(|sung| track_fit::room_for_speech(set, sung));
        let length = film.seconds();
        let days = track
            .last_used
            .map(|used| self.now.saturating_sub(used).max(0) as f64 / SECONDS_OF_DAY);
        let terms = [
            (mood, MusicTerm::MoodFits.weight()),
            (energy, MusicTerm::EnergyFits.weight()),
            (
                pace.map(|(pace, bpm)| track_fit::pace(pace, bpm)),
                MusicTerm::PaceFits.weight(),
            ),
            (
                self.space.likeness_of(&track.words_vector),
                MusicTerm::WordsFit.weight() * words_share(film.words),
            ),
            (vocals, MusicTerm::VocalsLeaveRoom.weight()),
            (
                Some(track_fit::length(track.duration, length)),
                MusicTerm::LongEnough.weight(),
            ),
            (days.map(track_fit::fresh), MusicTerm::Fresh.weight()),
            (
                Some(track_fit::license(track.license.is_known())),
                MusicTerm::LicenseKnown.weight(),
            ),
        ];
        mean(&terms) + self.taste_shift(track)
    }
}

/// The weighted mean of the known terms; 0.5 without any.
fn mean(terms: &[(Option<f64>, f64)]) -> f64 {
    let known = || {
        terms
            .iter()
            .filter_map(|(value, weight)| Some(((*value)?, *weight)))
    };
    let all: f64 = known().map(|(_, weight)| weight).sum();
    let sum: f64 = known().map(|(value, weight)| value * weight).sum();
    if all > 0.0 { sum / all } else { 0.5 }
}
