//! How two profiles differ: the weights that their features have learned, side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::error::Result;
use crate::jobs::Workshop;
use crate::profile::{Taste, TasteKind};
use crate::time::rounded;

/// How two profiles differ, `tastemaker.profile-diff/1`.
#[derive(Serialize)]
pub struct ProfileDifference {
    schema: &'static str,
    a: String,
    b: String,
    kinds: Vec<KindDifference>,
}

#[derive(Serialize)]
struct KindDifference {
    kind: TasteKind,
    /// Those that differ most first.
    features: Vec<FeatureDifference>,
}

#[derive(Serialize)]
struct FeatureDifference {
    feature: String,
    a: f64,
    b: f64,
}

impl ProfileDifference {
    /// Kind, feature, and its weight in both, as rows of a table.
    pub fn rows(&self) -> Vec<[String; 4]> {
        let mut rows = Vec::new();
        for kind in &self.kinds {
            for feature in &kind.features {
                rows.push([
                    kind.kind.name().to_owned(),
                    feature.feature.clone(),
                    format!("{:+.2}", feature.a),
                    format!("{:+.2}", feature.b),
                ]);
            }
        }
        rows
    }
}

/// Compares the profiles `a` and `b`. Fails where there is none of either name.
pub fn diff_profiles(a: &str, b: &str, workshop: &Workshop) -> Result<ProfileDifference> {
    let (weights_a, weights_b) = (weights(a, workshop)?, weights(b, workshop)?);
    let kinds: BTreeSet<TasteKind> = weights_a.keys().chain(weights_b.keys()).copied().collect();
    let none = BTreeMap::new();
    let kinds = kinds.into_iter().map(|kind| {
        let of_a = weights_a.get(&kind).unwrap_or(&none);
        let of_b = weights_b.get(&kind).unwrap_or(&none);
        KindDifference {
            kind,
            features: differences(of_a, of_b),
        }
    });
    Ok(ProfileDifference {
        schema: "tastemaker.profile-diff/1",
        a: a.to_owned(),
        b: b.to_owned(),
        kinds: kinds.collect(),
    })
}

type Weights = BTreeMap<String, f64>;

fn weights(name: &str, workshop: &Workshop) -> Result<BTreeMap<TasteKind, Weights>> {
    let taste = Taste::learn(&workshop.profiles().find(name)?);
    let kinds = taste.likings().into_iter();
    Ok(kinds
        .map(|liking| (liking.kind, liking.features.into_iter().collect()))
        .collect())
}

fn differences(a: &Weights, b: &Weights) -> Vec<FeatureDifference> {
    let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let weight = |weights: &Weights, name: &String| weights.get(name).copied().unwrap_or(0.0);
    let mut features: Vec<FeatureDifference> = names
        .into_iter()
        .map(|name| FeatureDifference {
            feature: name.clone(),
            a: rounded(weight(a, name)),
            b: rounded(weight(b, name)),
        })
        .collect();
    features.sort_by(|one, other| {
        let far = |feature: &FeatureDifference| (feature.a - feature.b).abs();
        far(other).total_cmp(&far(one))
    });
    features
}
