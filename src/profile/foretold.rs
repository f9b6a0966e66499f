//! How often a profile foretold what its creator took, beside what is foretold without it.
//!
//! A choice is foretold where what was taken stands first; without a profile, first by the score. Where several
//! candidates stand equal, it counts by the share that a guess among them gets right: what nothing is known of is not
//! foretold. A single verdict is foretold without a profile by the verdict that was more frequent among the others.

use std::cmp::Ordering;

use crate::profile::learning_curve::LearningCurve;
use crate::profile::lessons::Lesson;
use crate::profile::ranking::Ranking;
use crate::profile::taste_kind::Verdict;

/// Two-sided 95 % of a Gaussian, in standard deviations.
const SIGMAS_OF_95: f64 = 1.96;
/// Two-sided 99 %: the question is put for every kind.
const SIGMAS_OF_PROOF: f64 = 2.58;
/// Fewest choices that prove anything: fewer may all be luck.
const FEWEST: usize = 10;

/// How often a profile foretold its creator's choices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Foretold {
    /// Choices that could be foretold.
    pub choices: usize,
    /// What was taken stood first.
    pub top1: f64,
    /// It stood among the first three, where there were more than three.
    pub top3: f64,
    /// It stood first without the profile.
    pub prior_top1: f64,
    /// It stood among the first three without the profile.
    pub prior_top3: f64,
    /// The sum of squares of the differences of top-1.
    squares: f64,
    verdicts: VerdictCounts,
    /// How it rises: what was taken stood first.
    pub curve: LearningCurve,
}

/// How many verdicts there were of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct VerdictCounts {
    accepted: usize,
    rejected: usize,
}

/// Where the difference to the prior lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GainInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Foretold {
    /// Counts a choice that was ranked by what was learned before it.
    pub(super) fn count(&mut self, lesson: &Lesson, ranking: &Ranking) {
        self.count_among(lesson, ranking, self.verdicts);
    }

    /// Counts a choice that was ranked by what was learned from others, which had these verdicts.
    pub(super) fn count_among(
        &mut self,
        lesson: &Lesson,
        ranking: &Ranking,
        others: VerdictCounts,
    ) {
        if ranking.probabilities.len() <= lesson.taken {
            return;
        }
        let first = by_ranking(lesson, ranking, 1);
        let (prior_first, prior_near) = match lesson.verdict {
            Some(verdict) => (others.foretell(verdict), 1.0),
            None => (by_score(lesson, 1), by_score(lesson, 3)),
        };
        self.choices += 1;
        self.top1 += first;
        self.top3 += by_ranking(lesson, ranking, 3);
        self.prior_top1 += prior_first;
        self.prior_top3 += prior_near;
        self.squares += (first - prior_first).powi(2);
        self.verdicts.add(lesson.verdict);
        self.curve.push(first, prior_first);
    }

    /// A sum as a share of the choices.
    pub fn share(&self, sum: f64) -> f64 {
        sum / self.choices.max(1) as f64
    }

    /// Whether there was anything to foretell: verdicts that all agree are no choice.
    pub fn tells(&self) -> bool {
        let VerdictCounts { accepted, rejected } = self.verdicts;
        self.choices > accepted + rejected || accepted.min(rejected) > 0
    }

    /// Share that stood first by the profile minus that without it, 95 %: the interval of Agresti and Min (2005) for
    /// matched pairs, which holds for few choices too.
    pub fn interval(&self) -> GainInterval {
        self.within(SIGMAS_OF_95)
    }

    fn within(&self, sigmas: f64) -> GainInterval {
        let count = self.choices as f64 + 2.0;
        let mean = (self.top1 - self.prior_top1) / count;
        let variance = (self.squares + 1.0) / count - mean * mean;
        let half = sigmas * (variance.max(0.0) / count).sqrt();
        GainInterval {
            low: (mean - half).max(-1.0),
            high: (mean + half).min(1.0),
        }
    }

    /// Whether the profile foretells better than the prior, beyond chance.
    pub fn better_than_prior(&self) -> bool {
        self.tells() && self.choices >= FEWEST && self.within(SIGMAS_OF_PROOF).low > 0.0
    }
}

impl VerdictCounts {
    /// Those of `lessons`.
    pub fn of<'a>(lessons: impl Iterator<Item = &'a Lesson>) -> Self {
        let mut counts = Self::default();
        lessons.for_each(|lesson| counts.add(lesson.verdict));
        counts
    }

    fn add(&mut self, verdict: Option<Verdict>) {
        match verdict {
            Some(Verdict::Accept) => self.accepted += 1,
            Some(Verdict::Reject) => self.rejected += 1,
            None => {}
        }
    }

    /// Whether the verdict is the more frequent one; a half where both are as frequent.
    fn foretell(self, verdict: Verdict) -> f64 {
        let (same, other) = match verdict {
            Verdict::Accept => (self.accepted, self.rejected),
            Verdict::Reject => (self.rejected, self.accepted),
        };
        match same.cmp(&other) {
            Ordering::Greater => 1.0,
            Ordering::Equal => 0.5,
            Ordering::Less => 0.0,
        }
    }
}

/// The share of ways to break ties by which what was taken is among the first `most` of a ranking.
fn by_ranking(lesson: &Lesson, ranking: &Ranking, most: usize) -> f64 {
    let candidates = lesson.offer.candidates.iter();
    let probabilities = ranking.probabilities.iter();
    let worth = probabilities
        .zip(candidates)
        .map(|(probability, it)| (*probability, it.score));
    among_first(worth, lesson.taken, most)
}

/// The same by the score.
fn by_score(lesson: &Lesson, most: usize) -> f64 {
    let candidates = lesson.offer.candidates.iter();
    among_first(
        candidates.map(|candidate| candidate.score),
        lesson.taken,
        most,
    )
}

fn among_first<T: PartialOrd>(
    worth: impl Iterator<Item = T> + Clone,
    taken: usize,
    most: usize,
) -> f64 {
    let Some(own) = worth.clone().nth(taken) else {
        return 0.0;
    };
    let better = worth.clone().filter(|other| *other > own).count();
    let same = worth.filter(|other| *other == own).count();
    (most.saturating_sub(better) as f64 / same.max(1) as f64).min(1.0)
}
