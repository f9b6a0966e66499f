//! A profile made of two: what both know, each weighted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::profile::{Evidence, Profile};
use crate::store::Overwrite;

/// Two profiles that become one.
pub struct BlendJob {
    /// The names of both.
    pub profiles: [String; 2],
    /// How much each counts, beside the other.
    pub weights: [f64; 2],
    /// The name of the new one.
    pub name: String,
    /// Whether a profile of that name is replaced.
    pub overwrite: Overwrite,
}

/// Makes the profile; returns its path. Evidence that both have counts as much as in both together.
///
/// Errors: `Usage` for weights that leave nothing, `Exists`, and those of either profile.
pub fn blend_profiles(job: &BlendJob, workshop: &Workshop) -> Result<PathBuf> {
    let sum: f64 = job.weights.iter().sum();
    let possible = |weight: &f64| weight.is_finite() && *weight >= 0.0;
    if !job.weights.iter().all(possible) || sum <= 0.0 {
        return Err(Error::Usage {
            what: "weights are numbers that are not negative, and one of them is not 0".into(),
            hint: Hint::CheckSpelling,
        });
    }
    let library = workshop.profiles();
    let mut evidence: BTreeMap<String, (usize, Evidence)> = BTreeMap::new();
    let mut number = 0;
    for (name, weight) in job.profiles.iter().zip(job.weights) {
        for mut piece in library.find(name)?.evidence {
            let weight = 2.0 * weight / sum * piece.weight.unwrap_or(1.0);
            number += 1;
            let known = evidence.get_mut(&piece.id);
            let (before, slot) = match known {
                Some((_, known)) => (known.weight.unwrap_or(0.0), known),
                None => {
                    piece.weight = None;
                    let slot = evidence.entry(piece.id.clone());
                    (0.0, &mut slot.or_insert((number, piece)).1)
                }
            };
            slot.weight = Some(before + weight);
        }
    }
    let mut evidence: Vec<(usize, Evidence)> = evidence.into_values().collect();
    evidence.sort_by_key(|(number, piece)| (piece.at, *number));
    let mut profile = Profile::default();
    for (_, mut piece) in evidence {
        if piece.set_weight(piece.weight.unwrap_or(1.0)) {
            profile.add(piece);
        }
    }
    library.replace(&job.name, &profile, job.overwrite)
}
