//! Taste: what a profile's journal says of candidates, by the ranking model of each kind of choice.

use std::collections::BTreeMap;

use crate::choice::Candidate;
use crate::profile::foretold::{Foretold, VerdictCounts};
use crate::profile::lessons::{Lesson, lessons};
use crate::profile::population::{SCORES, completed, usual_things};
use crate::profile::ranking::{ChoiceContext, OfferedCandidate, Ranker, WeightDraw};
use crate::profile::readiness::Readiness;
use crate::profile::{Habits, Profile, TasteKind, Verdict};

/// Most by which taste moves a score (0..1): what fits the pictures badly is not suggested for taste alone.
const MOST_SHIFT: f64 = 0.35;
/// The weights are made anew after each of the first and of the last so many choices of a kind.
const FINELY: usize = 60;
/// Between those, after every sixteenth part of what was learned: a single choice among many moves little.
const COARSELY: usize = 16;
/// Choices that are left out in turn, the newest: each costs a model.
const LEFT_OUT: usize = 100;

/// One creator's taste: a model for each kind of choice that there is evidence of.
#[derive(Debug, Clone, Default)]
pub struct Taste {
    kinds: BTreeMap<TasteKind, LearnedKind>,
    habits: Habits,
    /// Set where variety is asked for.
    curiosity: Option<u64>,
}

/// What taste says of one candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// From 0, will be rejected, to 1, will be accepted.
    pub liking: f64,
    /// 0..1, rising with the number of choices among similar candidates.
    pub confidence: f64,
    /// By how much it moves the score.
    pub shift: f64,
    /// The feature that contributes most to it; `None` if none supports it.
    pub because: Option<DecidingFeature>,
    /// Whether the candidate itself was judged before, as it would be now.
    pub judged_before: bool,
    /// What each feature contributes to the score, strongest first.
    pub parts: Vec<(String, f64)>,
}

/// A feature that decides what is thought of a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidingFeature {
    /// Its name.
    pub name: String,
    /// Whether the candidate has more of it than there usually is. Taste is learned over the difference to that: a
    /// track with a piano tag of 0.3 has far more piano than most.
    pub is_high: bool,
}

/// What was learned about one kind of choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Liking {
    /// The kind.
    pub kind: TasteKind,
    /// Number of choices that were learned from.
    pub judgments: usize,
    /// How often each was foretold by those before it.
    pub foretold: Foretold,
    /// Features and their weights, strongest first; positive is liked, negative disliked. A weight is in units of
    /// utility: 1 makes a thing 2.7 times as likely to be taken for one standard deviation of the feature.
    pub features: Vec<(String, f64)>,
}

#[derive(Debug, Clone)]
struct LearnedKind {
    ranker: Ranker,
    foretold: Foretold,
    choices: usize,
    /// What was taken by name, and what was turned down.
    judged: BTreeMap<String, Verdict>,
}

impl Taste {
    /// Learns from `profile`.
    pub fn learn(profile: &Profile) -> Self {
        let kinds = lessons(profile).into_iter();
        let kinds = kinds.map(|(kind, lessons)| (kind, LearnedKind::learn(kind, lessons.iter())));
        Self {
            kinds: kinds.collect(),
            habits: Habits::of(profile),
            curiosity: None,
        }
    }

    /// The same with opinions that are drawn from what may be true, by `seed` (Thompson sampling): what little is known
    /// of gets a chance.
    pub fn curious(self, seed: u64) -> Self {
        Self {
            curiosity: Some(seed),
            ..self
        }
    }

    /// What the creator usually does.
    pub fn habits(&self) -> &Habits {
        &self.habits
    }

    /// The opinion on `candidate`; `None` while there is too little evidence of its kind.
    pub fn of(
        &self,
        kind: TasteKind,
        candidate: &Candidate,
        context: &ChoiceContext,
    ) -> Option<Opinion> {
        let learned = self.kinds.get(&kind)?;
        let is_ready = Readiness::of(learned.choices) > Readiness::Prior;
        let draw = self
            .curiosity
            .map(|seed| WeightDraw::new(seed, kind.name()));
        is_ready.then(|| learned.of(kind, candidate, context, draw))
    }

    /// What was learned about each kind. Looks and music are always among them.
    pub fn likings(&self) -> Vec<Liking> {
        let shown = |kind: &TasteKind| {
            matches!(kind, TasteKind::Look | TasteKind::Music) || self.kinds.contains_key(kind)
        };
        let kinds = TasteKind::ALL.into_iter().filter(shown);
        kinds
            .map(|kind| match self.kinds.get(&kind) {
                Some(learned) => learned.liking(kind),
                None => Liking {
                    kind,
                    judgments: 0,
                    foretold: Foretold::default(),
                    features: Vec::new(),
                },
            })
            .collect()
    }
}

/// How often each choice of a profile is foretold by all others: the newest are left out in turn.
pub fn foretold_left_out(profile: &Profile) -> BTreeMap<TasteKind, Foretold> {
    let left_out = |(kind, lessons): (TasteKind, Vec<Lesson>)| {
        let mut foretold = Foretold::default();
        for (place, lesson) in lessons.iter().enumerate().rev().take(LEFT_OUT) {
            let others = || {
                let others = lessons.iter().enumerate();
                others
                    .filter(|(at, _)| *at != place)
                    .map(|(_, other)| other)
            };
            let ranking = LearnedKind::learn(kind, others())
                .ranker
                .rate(&lesson.offer);
            foretold.count_among(lesson, &ranking, VerdictCounts::of(others()));
        }
        (kind, foretold)
    };
    lessons(profile).into_iter().map(left_out).collect()
}

impl LearnedKind {
    fn learn<'a>(kind: TasteKind, lessons: impl Iterator<Item = &'a Lesson> + Clone) -> Self {
        let mut learned = Self {
            ranker: Ranker::new().with_population(usual_things(kind), SCORES),
            foretold: Foretold::default(),
            choices: 0,
            judged: BTreeMap::new(),
        };
        let all = lessons.clone().count();
        let mut unsettled = 0;
        for lesson in lessons {
            let ranking = learned.ranker.rank(&lesson.offer);
            learned.foretold.count(lesson, &ranking);
            learned
                .ranker
                .take_in(&lesson.offer, lesson.taken, lesson.weight);
            learned.choices += 1;
            unsettled += 1;
            let left = all - learned.choices;
            if learned.choices.min(left) < FINELY || unsettled * COARSELY >= learned.choices {
                learned.ranker.settle();
                unsettled = 0;
            }
            learned.judged.extend(lesson.judged());
        }
        learned
    }

    fn of(
        &self,
        kind: TasteKind,
        candidate: &Candidate,
        context: &ChoiceContext,
        draw: Option<WeightDraw>,
    ) -> Opinion {
        let offered = OfferedCandidate {
            id: candidate.id.clone(),
            features: completed(kind, &candidate.features),
            score: None,
        };
        let leaning = self.ranker.leaning(&offered, context, draw);
        let worth = self.ranker.score_of_utility();
        let mut parts = leaning.features.clone();
        parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        let strongest = parts.iter().find(|(_, part)| part * leaning.utility > 0.0);
        let because = strongest.map(|(name, _)| DecidingFeature {
            is_high: {
                let value = offered.features.get(name).copied().unwrap_or(0.0);
                self.ranker.is_above_mean(name, value)
            },
            name: name.clone(),
        });
        let judged = self.judged.get(&candidate.id);
        let likes = leaning.utility >= 0.0;
        Opinion {
            liking: 1.0 / (1.0 + (-leaning.utility).exp()),
            confidence: 1.0 / (1.0 + leaning.variance),
            shift: MOST_SHIFT * (leaning.utility * worth / MOST_SHIFT).tanh(),
            judged_before: judged.is_some_and(|verdict| likes == (*verdict == Verdict::Accept)),
            because,
            parts: parts
                .into_iter()
                .map(|(name, part)| (name, part * worth))
                .collect(),
        }
    }

    fn liking(&self, kind: TasteKind) -> Liking {
        let mut features = self.ranker.weights();
        features.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        Liking {
            kind,
            judgments: self.choices,
            foretold: self.foretold.clone(),
            features,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::profile::{ChoiceThing, Evidence, EvidenceChoice};

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
        let opinion = |id: &str, warmth, grain| {
            let thing = candidate(id, &[("does_warmth", warmth), ("does_grain", grain)]);
            taste
                .of(TasteKind::Look, &thing, &ChoiceContext::default())
                .unwrap()
        };
        let (warm, cold) = (opinion("new", 0.9, 0.1), opinion("other", -0.9, 0.9));
        assert!(
            warm.liking > 0.75 && cold.liking < 0.25,
            "{warm:?} {cold:?}"
        );
        assert!(warm.shift > 0.05 && cold.shift < -0.05, "{warm:?} {cold:?}");
        let because = warm.because.unwrap();
        assert_eq!(
            (because.name.as_str(), because.is_high),
            ("does_warmth", true)
        );
        assert!(!cold.because.unwrap().is_high);
        assert!(!warm.judged_before);
        let liking = taste.likings().remove(0);
        assert_eq!((liking.kind, liking.judgments), (TasteKind::Look, 30));
        assert_eq!(liking.features[0].0, "does_warmth");
        assert!(liking.features.iter().all(|(name, _)| name != "scene_fits"));
    }

    #[test]
    fn curiosity_tries_what_is_not_known_follows_what_is_and_repeats_itself() {
        let context = ChoiceContext::default();
        let of = |taste: &Taste, name: &str, value| {
            let thing = candidate("new", &[(name, value)]);
            taste.of(TasteKind::Look, &thing, &context).unwrap().shift
        };
        // Warmth is well known, tint was never offered apart from nothing.
        let taste = Taste::learn(&somebody(60));
        let spread = |name: &str, value| {
            let shifts: Vec<f64> = (0..40)
                .map(|seed| of(&taste.clone().curious(seed), name, value))
                .collect();
            let mean = shifts.iter().sum::<f64>() / 40.0;
            let square = shifts
                .iter()
                .map(|shift| (shift - mean).powi(2))
                .sum::<f64>();
            ((square / 40.0).sqrt(), mean)
        };
        let (spread_known, mean) = spread("does_warmth", 0.9);
        assert!(spread_known > 0.0 && mean > 0.05, "{spread_known} {mean}");
        let few = Taste::learn(&somebody(5));
        let shifts: Vec<f64> = (0..40)
            .map(|seed| of(&few.clone().curious(seed), "does_warmth", 0.9))
            .collect();
        assert!(shifts.iter().any(|shift| *shift < 0.0) && shifts.iter().any(|it| *it > 0.1));
        let again = |seed| of(&few.clone().curious(seed), "does_warmth", 0.9);
        assert_eq!(again(3), again(3));
        assert_ne!(again(3), again(4));
    }

    #[test]
    fn five_choices_are_enough_and_fewer_are_not() {
        let thing = candidate("a", &[("does_warmth", 0.5)]);
        let of = |count| {
            Taste::learn(&somebody(count)).of(TasteKind::Look, &thing, &ChoiceContext::default())
        };
        assert!(of(4).is_none());
        let (few, many) = (of(5).unwrap(), of(40).unwrap());
        assert!(few.confidence < many.confidence, "{few:?} {many:?}");
        let taste = Taste::learn(&somebody(9));
        assert!(
            taste
                .of(TasteKind::Music, &thing, &ChoiceContext::default())
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
        let liking = Taste::learn(&profile).likings().remove(0);
        assert_eq!(liking.judgments, 12);
    }

    /// Posts whose framing has these features.
    fn framed(count: usize, features: &[(&str, f64)]) -> Profile {
        let mut profile = Profile::default();
        for number in 0..count {
            let thing = ChoiceThing::new(None, candidate("", features).features);
            let choice = EvidenceChoice::new(TasteKind::Framing, Some(thing), Vec::new());
            let at = Timestamp::UNIX_EPOCH;
            profile.add(Evidence::post(at, &number.to_string(), vec![choice]));
        }
        profile
    }

    #[test]
    fn what_is_like_everything_else_is_not_foretold() {
        // Before anything is known, all twelve stand equal.
        let first = Taste::learn(&framed(1, &[("is_peopled", 1.0), ("is_near", 0.9)]));
        let share = first.kinds[&TasteKind::Framing].foretold.top1;
        assert!((share - 1.0 / 12.0).abs() < 1e-9, "{share}");
        // Most photos show nobody.
        let empty = Taste::learn(&framed(40, &[("is_peopled", 0.0)]));
        let foretold = &empty.kinds[&TasteKind::Framing].foretold;
        assert!(!foretold.better_than_prior(), "{foretold:?}");
        let near = Taste::learn(&framed(20, &[("is_peopled", 1.0), ("is_near", 0.9)]));
        assert!(near.kinds[&TasteKind::Framing].foretold.better_than_prior());
    }

    #[test]
    fn one_verdict_alone_foretells_nothing() {
        let mut profile = Profile::default();
        for at in 0..6 {
            let thing = candidate(&format!("{at}"), &[("does_warmth", f64::from(at) / 6.0)]);
            profile.note(
                Timestamp::UNIX_EPOCH,
                TasteKind::Look,
                &thing,
                Verdict::Accept,
            );
        }
        let liking = Taste::learn(&profile).likings().remove(0);
        assert!(!liking.foretold.tells() && !liking.foretold.better_than_prior());
    }

    #[test]
    fn what_is_foretold_beats_the_prior_only_where_there_is_a_taste() {
        for (seed, is_told) in [(0, true), (1, false)] {
            let mut profile = Profile::default();
            for at in 0..60_u64 {
                let noise = |salt: u64| {
                    let hash = blake3::hash(&(at * 8 + salt).to_le_bytes());
                    f64::from(hash.as_bytes()[0]) / 255.0
                };
                let look = candidate(
                    &format!("{at}"),
                    &[("does_warmth", noise(0) - 0.5), ("does_grain", noise(1))],
                );
                let likes = if seed == 0 {
                    noise(0) > 0.5
                } else {
                    noise(2) > 0.5
                };
                let verdict = if likes {
                    Verdict::Accept
                } else {
                    Verdict::Reject
                };
                profile.note(Timestamp::UNIX_EPOCH, TasteKind::Look, &look, verdict);
            }
            let ahead = Taste::learn(&profile).likings().remove(0).foretold;
            let left_out = &foretold_left_out(&profile)[&TasteKind::Look];
            for foretold in [&ahead, left_out] {
                assert_eq!(foretold.better_than_prior(), is_told, "{foretold:?}");
                assert!(foretold.interval().low < foretold.interval().high);
            }
        }
    }
}
