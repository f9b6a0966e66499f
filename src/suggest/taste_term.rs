//! The creator's taste as one term among the others.

use std::collections::BTreeMap;

use crate::choice::Candidate;
use crate::profile::{Taste, TasteKind};
use crate::suggest::scoring::Term;

/// The weight of taste at full confidence: that of a look's mood and scene together.
const WEIGHT: f64 = 3.5;

/// How much the creator will like a candidate; the weight depends on the confidence.
pub(super) fn taste_term(
    taste: Option<&Taste>,
    kind: TasteKind,
    id: &str,
    features: &BTreeMap<String, f64>,
) -> Term {
    let candidate = Candidate {
        id: id.into(),
        features: features.clone(),
        score: 0.0,
        confidence: 0.0,
        reasons: Vec::new(),
    };
    let Some(opinion) = taste.and_then(|taste| taste.of(kind, &candidate)) else {
        // Without a profile the weight is 0, so the absence does not lower the confidence.
        return Term::new("taste", None, 0.0, "");
    };
    let likes = opinion.liking >= 0.5;
    let text = match (&opinion.because, opinion.judged_before, likes) {
        (_, true, true) => "You took it before.".to_owned(),
        (_, true, false) => "You turned it down before.".to_owned(),
        (Some(feature), false, true) => {
            format!("It is to your taste: {}.", feature_words(feature, features))
        }
        (Some(feature), false, false) => {
            format!(
                "It is not to your taste: {}.",
                feature_words(feature, features)
            )
        }
        (None, false, true) => "You usually take what is suggested.".to_owned(),
        (None, false, false) => "You usually turn down what is suggested.".to_owned(),
    };
    Term::new(
        "taste",
        Some(opinion.liking),
        WEIGHT * opinion.confidence,
        text,
    )
}

/// `does_warmth` at −0.2 as "less warmth".
fn feature_words(feature: &str, features: &BTreeMap<String, f64>) -> String {
    let value = features.get(feature).copied().unwrap_or(0.0);
    let word = feature
        .trim_start_matches("does_")
        .trim_start_matches("is_")
        .replace('_', " ");
    let does = feature.starts_with("does_");
    match (does, value) {
        (true, value) if value > 0.0 => format!("more {word}"),
        (true, value) if value < 0.0 => format!("less {word}"),
        (true, _) => format!("no {word}"),
        (false, value) if value >= 0.5 => word,
        (false, _) => format!("not {word}"),
    }
}
