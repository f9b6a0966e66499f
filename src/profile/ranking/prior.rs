//! What is known before anything is learned: how the weights of a person are spread, and how consistent people are.
//!
//! Utilities are in units of the softmax: a difference of 1 makes one candidate 2.7 times as likely as another. Features
//! are scaled to spread 1. The numbers were chosen on the simulated creators 0 to 39 of a script and confirmed on
//! others; see docs/profiles.md.

/// Share of choices that say nothing about taste: a slip, a mood, a friend's wish.
pub(super) const AT_RANDOM: f64 = 0.1;

/// Choices of a kind after which the forgetting posterior knows half of what it knew. Counted in choices and not in
/// days: who posts twice a year should not begin anew each time.
pub(super) const HALF_LIFE: f64 = 20.0;

/// Probability, at each choice, that the posterior that foretells better changes. Keeps the weight of both alive.
pub(super) const SWITCH: f64 = 0.02;

/// Probability, before the first choice, that a person's taste cannot be told from features.
pub(super) const TRUST_IN_PRIOR: f64 = 0.05;

/// What a column of the model stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// What is thought of the candidate without a profile.
    Score,
    /// A feature.
    Feature,
    /// The square of a feature.
    Square,
    /// What differs of a feature's weight in one scene.
    Scene,
    /// What differs of it on one platform.
    Platform,
    /// A single candidate.
    Item,
}

/// The prior of one weight: zero, or Gaussian.
#[derive(Debug, Clone, Copy)]
pub(super) struct WeightPrior {
    /// Mean of the Gaussian.
    pub mean: f64,
    /// Standard deviation of the Gaussian.
    pub spread: f64,
    /// Probability that the weight is not zero.
    pub inclusion: f64,
}

impl Group {
    /// The prior of its weights.
    pub fn prior(self) -> WeightPrior {
        let (mean, spread, inclusion) = match self {
            // Everybody follows the score somewhat: the population's taste is in it.
            Self::Score => (1.0, 0.3, 1.0),
            // A person cares for about a third of what can be told apart.
            Self::Feature => (0.0, 1.2, 0.4),
            Self::Square => (0.0, 0.7, 0.06),
            Self::Scene => (0.0, 1.5, 0.05),
            // Most people like the same things on all platforms. Who does not shows it with every choice, so that even a
            // small probability is overcome within some dozens of them; a larger one costs all others more.
            Self::Platform => (0.0, 1.5, 0.005),
            // Few single candidates are loved or hated beyond their features, but those are so strongly.
            Self::Item => (0.0, 2.0, 0.06),
        };
        WeightPrior {
            mean,
            spread,
            inclusion,
        }
    }
}
