//! What a profile has learned.

use std::path::PathBuf;

use serde::Serialize;

use crate::error::Result;
use crate::jobs::Workshop;
use crate::profile::{Liking, Profile, Taste, TasteKind};
use crate::time::rounded;

/// What a profile has learned.
pub struct ProfileReport {
    /// The profile's name.
    pub name: String,
    /// The file that was written.
    pub saved: Option<PathBuf>,
    /// For each kind of choice, what it likes and how well that predicts its choices.
    pub likings: Vec<Liking>,
}

impl ProfileReport {
    /// For machines.
    pub fn document(&self) -> TasteDocument<'_> {
        TasteDocument {
            schema: "tastemaker.taste/1",
            name: &self.name,
            kinds: self.likings.iter().map(KindTaste::of).collect(),
        }
    }
}

/// What a profile has learned, `tastemaker.taste/1`.
#[derive(Serialize)]
pub struct TasteDocument<'a> {
    schema: &'static str,
    name: &'a str,
    kinds: Vec<KindTaste<'a>>,
}

#[derive(Serialize)]
struct KindTaste<'a> {
    kind: TasteKind,
    judgements: usize,
    /// Absent where all judgements agree, so that there is nothing to predict.
    #[serde(skip_serializing_if = "Option::is_none")]
    foretold: Option<f64>,
    by_chance: f64,
    weights: Vec<FeatureWeight<'a>>,
}

#[derive(Serialize)]
struct FeatureWeight<'a> {
    feature: &'a str,
    weight: f64,
}

impl<'a> KindTaste<'a> {
    fn of(liking: &'a Liking) -> Self {
        let weights = liking.features.iter();
        Self {
            kind: liking.kind,
            judgements: liking.judgments,
            foretold: liking.accuracy.map(rounded),
            by_chance: rounded(liking.by_chance),
            weights: weights
                .map(|(feature, weight)| FeatureWeight {
                    feature,
                    weight: rounded(*weight),
                })
                .collect(),
        }
    }
}

/// What the profile has learned. Fails where there is none of that name.
pub fn show_profile(name: &str, workshop: &Workshop) -> Result<ProfileReport> {
    Ok(report(name, &workshop.profiles().find(name)?, None))
}

pub(super) fn report(name: &str, profile: &Profile, saved: Option<PathBuf>) -> ProfileReport {
    ProfileReport {
        name: name.to_owned(),
        saved,
        likings: Taste::learn(profile).likings(),
    }
}
