//! A log of choices, replayed: each is ranked by what was learned from those before it, then learned.

use std::collections::BTreeMap;

use crate::profile::learning_curve::LearningCurve;
use crate::profile::ranking::offer::ChoiceOffer;
use crate::profile::ranking::ranker::Ranker;

/// Most kinds of choice in a log: a guard against files that this program did not write.
const MOST_KINDS: usize = 64;
/// Fewest choices that prove anything: fewer may all be luck.
const FEWEST: usize = 10;
/// Two-sided 95 % of a Gaussian, in standard deviations.
const SIGMAS_OF_95: f64 = 1.96;
/// Two-sided 99 %.
const SIGMAS_OF_PROOF: f64 = 2.58;

/// A ranker for each kind of choice, and how well they did.
#[derive(Debug, Default)]
pub struct Replay {
    kinds: BTreeMap<String, (Ranker, KindTally)>,
    choices: usize,
}

/// One choice, ranked before it was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedChoice {
    /// Its number in the log, from 1.
    pub choice: usize,
    /// Places in the offer, best first.
    pub order: Vec<usize>,
    /// Place of the candidate that was taken in this order, from 1.
    pub rank: usize,
    /// Its place by the score alone.
    pub prior_rank: usize,
    /// Probability that the first is taken.
    pub confidence: f64,
}

/// How often the candidate that was taken stood first, or among the first three.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KindTally {
    /// Number of choices.
    pub choices: usize,
    /// First in the ranking.
    pub top1: usize,
    /// Among the first three.
    pub top3: usize,
    /// First by the score alone.
    pub prior_top1: usize,
    /// Among the first three by the score alone.
    pub prior_top3: usize,
    /// Among the first three of the ranking, but not by the score.
    gained: usize,
    /// The other way round.
    lost: usize,
    /// How it rises: among the first three.
    pub curve: LearningCurve,
}

/// The share among the first three, ranked by taste, minus that by the score alone: 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Top3Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Replay {
    /// Ranks a choice, then learns it.
    ///
    /// Errors: what is wrong with it, in words.
    pub fn next(&mut self, offer: &ChoiceOffer) -> Result<RankedChoice, String> {
        if let Some(fault) = offer.fault() {
            return Err(fault);
        }
        if !self.kinds.contains_key(&offer.kind) && self.kinds.len() == MOST_KINDS {
            return Err(format!("kind: more than {MOST_KINDS} of them"));
        }
        let (ranker, tally) = self.kinds.entry(offer.kind.clone()).or_default();
        self.choices += 1;
        let ranking = ranker.rank(offer);
        let taken = offer.taken().unwrap_or_default();
        let place = ranking.order.iter().position(|at| *at == taken);
        let score = offer.candidates[taken].score;
        // What has no score comes last.
        let better = offer.candidates.iter().filter(|other| other.score > score);
        let first = ranking.order.first().map(|at| ranking.probabilities[*at]);
        let ranked = RankedChoice {
            choice: self.choices,
            rank: place.unwrap_or_default() + 1,
            prior_rank: better.count() + 1,
            confidence: first.unwrap_or_default().clamp(0.0, 1.0),
            order: ranking.order,
        };
        tally.count(ranked.rank, ranked.prior_rank);
        ranker.learn(offer, taken);
        Ok(ranked)
    }

    /// How well each kind was foretold.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, &KindTally)> {
        let kinds = self.kinds.iter();
        kinds.map(|(kind, (_, tally))| (kind.as_str(), tally))
    }
}

impl KindTally {
    /// Counts a choice by its ranks, which count from 1.
    pub fn count(&mut self, rank: usize, prior_rank: usize) {
        let (near, prior_near) = (rank <= 3, prior_rank <= 3);
        self.choices += 1;
        self.top1 += usize::from(rank == 1);
        self.top3 += usize::from(near);
        self.prior_top1 += usize::from(prior_rank == 1);
        self.prior_top3 += usize::from(prior_near);
        self.gained += usize::from(near && !prior_near);
        self.lost += usize::from(prior_near && !near);
        let answers = [near, prior_near].map(|it| f64::from(u8::from(it)));
        self.curve.push(answers[0], answers[1]);
    }

    /// The interval of Agresti and Min (*Simple improved confidence intervals for comparing matched proportions*,
    /// 2005), which holds for few choices too: half a choice is added to each of the four ways in which one can end.
    pub fn interval(&self) -> Top3Interval {
        self.within(SIGMAS_OF_95)
    }

    fn within(&self, sigmas: f64) -> Top3Interval {
        let count = self.choices as f64 + 2.0;
        let (gained, lost) = (self.gained as f64 + 0.5, self.lost as f64 + 0.5);
        let mean = (gained - lost) / count;
        let variance = gained + lost - (gained - lost).powi(2) / count;
        let half = sigmas * variance.max(0.0).sqrt() / count;
        Top3Interval {
            low: (mean - half).max(-1.0),
            high: (mean + half).min(1.0),
        }
    }

    /// Whether taste foretells better than the score alone, beyond chance. Asks for more than [`Self::interval`] does:
    /// the question is put for every kind, and again after every choice.
    pub fn better_than_prior(&self) -> bool {
        self.choices >= FEWEST && self.within(SIGMAS_OF_PROOF).low > 0.0
    }

    /// A count as a share of the choices.
    pub fn share(&self, count: usize) -> f64 {
        count as f64 / self.choices.max(1) as f64
    }
}
