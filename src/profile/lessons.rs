//! The journal as the model learns it: each piece of evidence as a choice among candidates.
//!
//! - What was taken in place of others is a choice among them.
//! - A single verdict is a choice between the thing and the average one; the last verdict on a thing is the one that
//!   counts.
//! - A post is a choice among it and things that are usual ([`crate::profile::population`]).

use std::collections::{BTreeMap, BTreeSet};

use crate::profile::Profile;
use crate::profile::evidence::{ChoiceThing, Evidence, EvidenceChoice, EvidenceSource};
use crate::profile::population::{completed, usual_posts};
use crate::profile::ranking::{ChoiceContext, ChoiceOffer, OfferedCandidate};
use crate::profile::taste_kind::{TasteKind, Verdict};

/// Most choices of a kind that are learned from, the newest: the model is made anew each time.
const MOST: usize = 1000;

/// One choice, as the model learns it.
#[derive(Debug, Clone)]
pub(super) struct Lesson {
    /// What was offered.
    pub offer: ChoiceOffer,
    /// The place of what was taken.
    pub taken: usize,
    /// How many times it counts.
    pub weight: f64,
    /// Set for a single verdict.
    pub verdict: Option<Verdict>,
}

impl Lesson {
    /// What was taken by name, or turned down in a single verdict.
    pub fn judged(&self) -> Option<(String, Verdict)> {
        let (place, verdict) = match self.verdict {
            Some(Verdict::Reject) => (0, Verdict::Reject),
            _ => (self.taken, Verdict::Accept),
        };
        let id = &self.offer.candidates.get(place)?.id;
        (!id.is_empty()).then(|| (id.clone(), verdict))
    }
}

/// What a profile has to learn of each kind of choice, oldest first.
pub(super) fn lessons(profile: &Profile) -> BTreeMap<TasteKind, Vec<Lesson>> {
    let mut kinds: BTreeMap<TasteKind, Vec<Lesson>> = BTreeMap::new();
    let mut judged: BTreeSet<(TasteKind, &str)> = BTreeSet::new();
    for evidence in profile.evidence.iter().rev() {
        for choice in &evidence.choices {
            // A later verdict on the same thing takes its place.
            if let Some(id) = verdict_id(choice)
                && !judged.insert((choice.kind, id))
            {
                continue;
            }
            let of_kind = kinds.entry(choice.kind).or_default();
            if of_kind.len() < MOST {
                of_kind.extend(lesson(evidence, choice));
            }
        }
    }
    kinds.values_mut().for_each(|lessons| lessons.reverse());
    kinds
}

/// The thing that alone is judged.
fn verdict_id(choice: &EvidenceChoice) -> Option<&str> {
    let thing = match (&choice.taken, choice.passed.as_slice()) {
        (Some(thing), []) | (None, [thing]) => thing,
        _ => return None,
    };
    thing.choice.as_deref()
}

fn lesson(evidence: &Evidence, choice: &EvidenceChoice) -> Option<Lesson> {
    let passed = choice
        .passed
        .iter()
        .map(|thing| candidate(choice.kind, thing));
    let (candidates, taken, verdict): (Vec<OfferedCandidate>, usize, Option<Verdict>) =
        match (&choice.taken, evidence.source) {
            (Some(thing), EvidenceSource::Post) if choice.passed.is_empty() => {
                let usual = usual_posts(choice.kind, &thing.features, &evidence.id);
                if usual.is_empty() {
                    return None;
                }
                let usual = usual.into_iter().map(|features| OfferedCandidate {
                    features: features.clone(),
                    ..OfferedCandidate::average()
                });
                (
                    std::iter::once(candidate(choice.kind, thing))
                        .chain(usual)
                        .collect(),
                    0,
                    None,
                )
            }
            (Some(thing), _) if choice.passed.is_empty() => (
                vec![candidate(choice.kind, thing), OfferedCandidate::average()],
                0,
                Some(Verdict::Accept),
            ),
            (Some(thing), _) => (
                std::iter::once(candidate(choice.kind, thing))
                    .chain(passed)
                    .collect(),
                0,
                None,
            ),
            (None, _) => {
                let mut candidates: Vec<OfferedCandidate> = passed.collect();
                candidates.push(OfferedCandidate::average());
                let taken = candidates.len() - 1;
                (candidates, taken, Some(Verdict::Reject))
            }
        };
    Some(Lesson {
        offer: ChoiceOffer {
            kind: choice.kind.name().to_owned(),
            chosen: candidates.get(taken)?.id.clone(),
            candidates,
            context: ChoiceContext {
                scene: choice.scene.clone(),
                platform: choice.platform.clone(),
            },
            at: None,
        },
        taken,
        weight: evidence.weight.unwrap_or(1.0),
        verdict,
    })
}

fn candidate(kind: TasteKind, thing: &ChoiceThing) -> OfferedCandidate {
    OfferedCandidate {
        id: thing.choice.clone().unwrap_or_default(),
        features: completed(kind, &thing.features),
        score: thing.score,
    }
}
