//! The creator's taste: it moves the score of what fits, within bounds, and says so.

use std::collections::BTreeMap;

use crate::choice::{Candidate, Reason, TASTE_REASON};
use crate::profile::{ChoiceContext, DecidingFeature, Opinion, Taste, TasteKind};
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::WORTH_SAYING;
use crate::time::rounded;

/// Score of a scene word (0..1) from which taste may differ for it, as for posts.
const SURE_SCENE: f64 = 0.3;
/// The score (0..1) of what nothing speaks for or against.
const NEUTRAL: f64 = 0.5;
/// Shift of a score (0..1) from which a thing that is ruled out is said to be to somebody's taste.
const WOULD_LIKE: f64 = 0.05;

/// Whose taste counts, for what kind of scene, and for which platform.
#[derive(Clone, Copy)]
pub(super) struct TasteContext<'a> {
    taste: Option<&'a Taste>,
    scene: Option<&'a str>,
    platform: Option<&'a str>,
}

impl<'a> TasteContext<'a> {
    /// Taste for the pictures of `set`.
    pub fn new(taste: Option<&'a Taste>, set: &'a PictureSet, platform: Option<&'a str>) -> Self {
        let surest = set.scene_words().into_iter().next();
        let surest = surest.filter(|(_, share)| *share >= SURE_SCENE);
        Self {
            taste,
            scene: surest.map(|(word, _)| word),
            platform,
        }
    }

    /// What taste says; `None` while too little is known.
    pub fn opinion(&self, kind: TasteKind, candidate: &Candidate) -> Option<Opinion> {
        let context = ChoiceContext {
            scene: self.scene.map(str::to_owned),
            platform: self.platform.map(str::to_owned),
        };
        self.taste?.of(kind, candidate, &context)
    }

    /// The candidate with its score moved by taste.
    pub fn shifted(&self, kind: TasteKind, mut candidate: Candidate) -> Candidate {
        let Some(opinion) = self.opinion(kind, &candidate) else {
            return candidate;
        };
        candidate.score = rounded((candidate.score + opinion.shift).clamp(0.0, 1.0));
        let liking = rounded(opinion.liking);
        if opinion.shift.abs() >= WORTH_SAYING {
            let text = sentence(&opinion, &candidate);
            let reason = Reason::new(TASTE_REASON, opinion.shift, text);
            let reasons = &mut candidate.reasons;
            let stronger = |other: &Reason| other.weight.abs() >= reason.weight.abs();
            let place = reasons.iter().position(|other| !stronger(other));
            reasons.insert(place.unwrap_or(reasons.len()), reason);
        }
        candidate.features.insert(TASTE_REASON.to_owned(), liking);
        candidate
    }

    /// A sentence for a candidate that is ruled out although it is to the creator's taste; empty for others.
    pub fn held_back(&self, kind: TasteKind, candidate: &Candidate) -> &'static str {
        match self.opinion(kind, candidate) {
            Some(opinion) if opinion.shift >= WOULD_LIKE => {
                " It is to your taste, but this goes before taste."
            }
            _ => "",
        }
    }
}

/// A thing of that name and those features as a candidate that nothing but taste speaks for: a pace, a transition,
/// captions. `None` while too little is known of its kind.
pub fn opinion_alone(
    taste: &Taste,
    kind: TasteKind,
    id: &str,
    features: BTreeMap<String, f64>,
    platform: &str,
) -> Option<Candidate> {
    let candidate = Candidate {
        id: id.to_owned(),
        features,
        score: NEUTRAL,
        confidence: 0.0,
        reasons: Vec::new(),
    };
    let context = TasteContext {
        taste: Some(taste),
        scene: None,
        platform: Some(platform),
    };
    context.opinion(kind, &candidate)?;
    Some(context.shifted(kind, candidate))
}

fn sentence(opinion: &Opinion, candidate: &Candidate) -> String {
    let likes = opinion.shift >= 0.0;
    match (&opinion.because, opinion.judged_before, likes) {
        (_, true, true) => "You took it before.".to_owned(),
        (_, true, false) => "You turned it down before.".to_owned(),
        (Some(feature), false, true) => {
            format!(
                "It is to your taste: {}.",
                feature_words(feature, candidate)
            )
        }
        (Some(feature), false, false) => {
            format!(
                "It is not to your taste: {}.",
                feature_words(feature, candidate)
            )
        }
        (None, false, true) => "You usually take what is suggested.".to_owned(),
        (None, false, false) => "You usually turn down what is suggested.".to_owned(),
    }
}

/// `does_warmth` at −0.2 as "less warmth", `is_piano` at 0.3 as "piano", since few tracks have so much of it.
fn feature_words(feature: &DecidingFeature, candidate: &Candidate) -> String {
    let name = feature.name.as_str();
    let value = candidate.features.get(name).copied().unwrap_or(0.0);
    let word = name
        .trim_start_matches("does_")
        .trim_start_matches("is_")
        .replace('_', " ");
    match (name.starts_with("does_"), feature.is_high) {
        (true, true) if value > 0.0 => format!("more {word}"),
        (true, true) if value < 0.0 => format!("only a little less {word}"),
        (true, true) => format!("no less {word}"),
        (true, false) if value > 0.0 => format!("only a little more {word}"),
        (true, false) if value < 0.0 => format!("less {word}"),
        (true, false) => format!("no {word}"),
        (false, true) => word,
        (false, false) if value >= NEUTRAL => format!("less {word}"),
        (false, false) => format!("not {word}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::profile::{ChoiceThing, Evidence, EvidenceChoice, Profile};

    fn candidate(features: &[(&str, f64)]) -> Candidate {
        let features = features.iter();
        Candidate {
            id: "new".into(),
            features: features
                .map(|(name, value)| ((*name).to_owned(), *value))
                .collect(),
            score: NEUTRAL,
            confidence: 0.0,
            reasons: Vec::new(),
        }
    }

    /// What is said of a track for somebody whose tracks have a tag of about so much.
    fn said(feature: &str, own: f64, offered: f64) -> String {
        let mut profile = Profile::default();
        for number in 0..12 {
            let value = own + 0.02 * f64::from(number % 3);
            let thing = ChoiceThing::new(None, [(feature.to_owned(), value)].into());
            let choice = EvidenceChoice::new(TasteKind::Music, Some(thing), Vec::new());
            let at = Timestamp::UNIX_EPOCH;
            profile.add(Evidence::post(at, &number.to_string(), vec![choice]));
        }
        let taste = Taste::learn(&profile);
        let track = candidate(&[(feature, offered)]);
        let opinion = taste
            .of(TasteKind::Music, &track, &ChoiceContext::default())
            .unwrap();
        sentence(&opinion, &track)
    }

    #[test]
    fn an_instrument_is_named_where_there_is_more_of_it_than_usual() {
        // The surest tag of a track is about a half, and a piano that everybody hears about a third.
        for instrument in ["is_piano", "is_guitar", "is_orchestral"] {
            let word = instrument.trim_start_matches("is_");
            assert_eq!(
                said(instrument, 0.35, 0.36),
                format!("It is to your taste: {word}.")
            );
            assert_eq!(
                said(instrument, 0.35, 0.0),
                format!("It is not to your taste: not {word}.")
            );
        }
        assert_eq!(
            said("is_happy", 0.1, 0.12),
            "It is to your taste: not happy."
        );
    }

    #[test]
    fn words_say_on_which_side_of_the_usual_a_feature_is() {
        let words = |name: &str, value: f64, is_high: bool| {
            let feature = DecidingFeature {
                name: name.into(),
                is_high,
            };
            feature_words(&feature, &candidate(&[(name, value)]))
        };
        let cases = [
            ("does_warmth", 0.3, true, "more warmth"),
            ("does_warmth", 0.1, false, "only a little more warmth"),
            ("does_warmth", -0.3, false, "less warmth"),
            ("does_warmth", -0.1, true, "only a little less warmth"),
            ("does_grain", 0.0, false, "no grain"),
            ("does_grain", 0.0, true, "no less grain"),
            ("is_happy", 0.7, false, "less happy"),
            ("is_happy", 0.3, true, "happy"),
            ("is_happy", 0.2, false, "not happy"),
        ];
        for (name, value, is_high, wanted) in cases {
            assert_eq!(words(name, value, is_high), wanted);
        }
    }
}
