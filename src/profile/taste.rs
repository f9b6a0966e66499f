//! Taste: predicts from a profile's judgments how much a candidate will be liked, with a confidence and a reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::choice::Candidate;
use crate::profile::bayesian_regression::BayesianRegression;
use crate::profile::ranking::is_about_taste;
use crate::profile::{Judgment, Profile, TasteKind, Verdict};

/// Judgments of a kind that it takes before taste has a say.
pub const ENOUGH: usize = 5;
/// How much more an earlier verdict on the same candidate counts than a feature of standard deviation 1.
const SAME_THING: f64 = 1.5;
/// Most judgments of a kind that are learned from, the newest: learning costs their number cubed.
const MOST: usize = 500;
/// Standard deviation over the judgments below which a feature is ignored: it hardly varies.
const LEAST_SPREAD: f64 = 1e-3;

/// One creator's taste: a model for each kind that has enough judgments.
#[derive(Debug, Clone, Default)]
pub struct Taste {
    models: BTreeMap<TasteKind, Model>,
    counts: BTreeMap<TasteKind, usize>,
}

/// The prediction for one candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// From 0, will be rejected, to 1, will be accepted.
    pub liking: f64,
    /// 0..1, rising with the number of judgments of similar candidates.
    pub confidence: f64,
    /// The feature that contributes most to the prediction; `None` if none supports it.
    pub because: Option<String>,
    /// Whether the candidate itself was judged before.
    pub judged_before: bool,
}

/// What was learned about one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Liking {
    /// The kind.
    pub kind: TasteKind,
    /// Number of judgments.
    pub judgments: usize,
    /// Share of judgments that the others predict right, leaving out one at a time; `None` if they are too few or all
    /// alike.
    pub accuracy: Option<f64>,
    /// Share that always predicting the more frequent verdict would get right.
    pub by_chance: f64,
    /// Features and their weights, strongest first; positive is liked, negative disliked.
    pub features: Vec<(String, f64)>,
}

#[derive(Debug, Clone)]
struct Model {
    scale: Scale,
    linear: BayesianRegression,
    liking: Liking,
    /// The mean verdict, −1..1: the prediction for a candidate without features.
    usual: f64,
}

/// Normalizes features to mean 0 and standard deviation 1 over the judgments.
#[derive(Debug, Clone)]
struct Scale {
    features: Vec<(String, f64, f64)>,
    ids: Vec<String>,
}

impl Taste {
    /// Learns from `profile`.
    pub fn learn(profile: &Profile) -> Self {
        let mut taste = Self::default();
        let judgments = profile.judgments();
        for kind in TasteKind::ALL {
            let mut judged: Vec<&Judgment> = judgments
                .iter()
                .filter(|judgment| judgment.kind == kind)
                .collect();
            // Looks and tracks are suggested, so that it is worth saying that nothing is known of them.
            if !judged.is_empty() || kind != TasteKind::Pace {
                taste.counts.insert(kind, judged.len());
            }
            judged.drain(..judged.len().saturating_sub(MOST));
            if judged.len() >= ENOUGH
                && let Some(model) = Model::new(kind, &judged)
            {
                taste.models.insert(kind, model);
            }
        }
        taste
    }

    /// The opinion on `candidate`; `None` with fewer than [`ENOUGH`] judgments of its kind.
    pub fn of(&self, kind: TasteKind, candidate: &Candidate) -> Option<Opinion> {
        Some(self.models.get(&kind)?.of(candidate))
    }

    /// What was learned about each kind; kinds with too few judgments have only their count.
    pub fn likings(&self) -> Vec<Liking> {
        self.counts
            .iter()
            .map(|(kind, count)| match self.models.get(kind) {
                Some(model) => model.liking.clone(),
                None => Liking {
                    kind: *kind,
                    judgments: *count,
                    accuracy: None,
                    by_chance: 0.5,
                    features: Vec::new(),
                },
            })
            .collect()
    }
}

impl Model {
    fn new(kind: TasteKind, judged: &[&Judgment]) -> Option<Self> {
        let scale = Scale::new(judged);
        let signs: Vec<f64> = judged
            .iter()
            .map(|judgment| match judgment.verdict {
                Verdict::Accept => 1.0,
                Verdict::Reject => -1.0,
            })
            .collect();
        let count = signs.len() as f64;
        let usual = signs.iter().sum::<f64>() / count;
        let rows = judged
            .iter()
            .map(|judgment| scale.row(&judgment.id, &judgment.features))
            .collect();
        let targets: Vec<f64> = signs.iter().map(|sign| sign - usual).collect();
        let linear = BayesianRegression::fit(rows, &targets)?;
        let accuracy = linear
            .left_out()
            .iter()
            .zip(&signs)
            .filter(|(said, sign)| (*said + usual) * *sign > 0.0)
            .count() as f64
            / count;
        let mut features: Vec<(String, f64)> = scale
            .features
            .iter()
            .map(|(name, _, _)| name.clone())
            .zip(linear.weights())
            .collect();
        features.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        let mixed = usual.abs() < 1.0;
        Some(Self {
            liking: Liking {
                kind,
                judgments: judged.len(),
                accuracy: mixed.then_some(accuracy),
                by_chance: (1.0 + usual.abs()) / 2.0,
                features,
            },
            scale,
            linear,
            usual,
        })
    }

    fn of(&self, candidate: &Candidate) -> Opinion {
        let row = self.scale.row(&candidate.id, &candidate.features);
        let (mean, spread) = self.linear.predict(&row);
        let value = mean + self.usual;
        let own = self.scale.ids.contains(&candidate.id);
        let because = self
            .scale
            .features
            .iter()
            .zip(row.iter().zip(self.linear.weights()))
            .map(|((name, _, _), (value, weight))| (name, value * weight))
            .filter(|(_, part)| *part * mean > 0.0)
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(b.0.cmp(a.0)))
            .map(|(name, _)| name.clone());
        Opinion {
            liking: ((1.0 + value) / 2.0).clamp(0.0, 1.0),
            confidence: 1.0 / (1.0 + spread * spread * 4.0),
            because,
            judged_before: own,
        }
    }
}

impl Scale {
    fn new(judged: &[&Judgment]) -> Self {
        let names: BTreeSet<&String> = judged
            .iter()
            .flat_map(|judgment| judgment.features.keys())
            .filter(|name| is_about_taste(name))
            .collect();
        let count = judged.len() as f64;
        let features = names
            .into_iter()
            .filter_map(|name| {
                let values = judged.iter().map(|judgment| value(judgment, name));
                let mean = values.clone().sum::<f64>() / count;
                let spread =
                    (values.map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
                (spread > LEAST_SPREAD).then(|| (name.clone(), mean, spread))
            })
            .collect();
        Self {
            features,
            ids: judged.iter().map(|judgment| judgment.id.clone()).collect(),
        }
    }

    /// The model's input: all features, scaled so that together they count like one, then a column for each judged
    /// candidate.
    fn row(&self, id: &str, features: &BTreeMap<String, f64>) -> Vec<f64> {
        let together = (self.features.len() as f64).sqrt().max(1.0);
        let known = self.features.iter().map(|(name, mean, spread)| {
            let value = features.get(name).copied().unwrap_or(0.0);
            ((value - mean) / spread).clamp(-3.0, 3.0) / together * 2.0
        });
        let same = self
            .ids
            .iter()
            .map(|other| if other == id { SAME_THING } else { 0.0 });
        known.chain(same).collect()
    }
}

/// The value of a feature. A missing one is 0: a look without grain has no feature for grain.
fn value(judgment: &Judgment, name: &str) -> f64 {
    judgment.features.get(name).copied().unwrap_or(0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn candidate(id: &str, features: &[(&str, f64)]) -> Candidate {
        Candidate {
            id: id.into(),
            features: features
                .iter()
                .map(|(name, value)| ((*name).to_owned(), *value))
                .collect(),
            score: 0.5,
            confidence: 0.5,
            reasons: vec![],
        }
    }

    /// A creator who likes warm looks without grain and does not care about anything else.
    fn somebody(count: usize) -> Profile {
        let mut profile = Profile::default();
        for at in 0..count {
            let warmth = (at * 7 % 11) as f64 / 5.0 - 1.0;
            let grain = (at * 5 % 9) as f64 / 8.0;
            let other = (at * 3 % 7) as f64 / 3.0 - 1.0;
            let liked = warmth - 0.8 * (grain - 0.5) > 0.0;
            let looks = candidate(
                &format!("look-{at}"),
                &[
                    ("does_warmth", warmth),
                    ("does_grain", grain),
                    ("does_contrast", other),
                    ("scene_fits", other),
                ],
            );
            let verdict = if liked {
                Verdict::Accept
            } else {
                Verdict::Reject
            };
            profile.note(Timestamp::UNIX_EPOCH, TasteKind::Look, &looks, verdict);
        }
        profile
    }

    #[test]
    fn taste_is_learned_and_said_why() {
        let taste = Taste::learn(&somebody(30));
        let warm = taste
            .of(
                TasteKind::Look,
                &candidate("new", &[("does_warmth", 0.9), ("does_grain", 0.1)]),
            )
            .unwrap();
        let cold = taste
            .of(
                TasteKind::Look,
                &candidate("other", &[("does_warmth", -0.9), ("does_grain", 0.9)]),
            )
            .unwrap();
        assert!(
            warm.liking > 0.75 && cold.liking < 0.25,
            "{warm:?} {cold:?}"
        );
        assert_eq!(warm.because.as_deref(), Some("does_warmth"));
        assert!(!warm.judged_before);
        let liking = taste.likings().remove(0);
        assert_eq!((liking.kind, liking.judgments), (TasteKind::Look, 30));
        assert!(liking.accuracy.unwrap() > 0.8 && liking.accuracy.unwrap() > liking.by_chance);
        assert_eq!(liking.features[0].0, "does_warmth");
        assert!(liking.features.iter().all(|(name, _)| name != "scene_fits"));
    }

    #[test]
    fn five_judgments_are_enough_and_fewer_are_not() {
        assert!(
            Taste::learn(&somebody(4))
                .of(TasteKind::Look, &candidate("a", &[]))
                .is_none()
        );
        let few = Taste::learn(&somebody(5));
        let many = Taste::learn(&somebody(40));
        let thing = candidate("a", &[("does_warmth", 0.5)]);
        let (few, many) = (
            few.of(TasteKind::Look, &thing).unwrap(),
            many.of(TasteKind::Look, &thing).unwrap(),
        );
        assert!(few.confidence < many.confidence, "{few:?} {many:?}");
        assert!(
            Taste::learn(&somebody(9))
                .of(TasteKind::Music, &thing)
                .is_none()
        );
    }

    #[test]
    fn the_last_word_on_a_thing_is_the_one_that_counts() {
        let mut profile = somebody(12);
        let thing = candidate("look-3", &[("does_warmth", 0.4)]);
        for verdict in [Verdict::Accept, Verdict::Reject] {
            profile.note(Timestamp::UNIX_EPOCH, TasteKind::Look, &thing, verdict);
        }
        assert_eq!(profile.judgments().len(), 12);
        let said = Taste::learn(&profile).of(TasteKind::Look, &thing).unwrap();
        assert!(said.judged_before && said.liking < 0.4, "{said:?}");
    }

    #[test]
    fn one_verdict_alone_has_no_accuracy() {
        let mut profile = Profile::default();
        for at in 0..6 {
            profile.note(
                Timestamp::UNIX_EPOCH,
                TasteKind::Look,
                &candidate(&format!("{at}"), &[("does_warmth", f64::from(at))]),
                Verdict::Accept,
            );
        }
        let taste = Taste::learn(&profile);
        assert_eq!(taste.likings().remove(0).accuracy, None);
        assert!(
            taste
                .of(TasteKind::Look, &candidate("new", &[]))
                .unwrap()
                .liking
                > 0.9
        );
    }
}
